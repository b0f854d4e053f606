"""Drafting, revising, ranking and estimating: what a command answers with, and when it is refused."""

from datetime import timedelta
from typing import Any, Final

import pytest
from msgspec.structs import replace

from domain.commands.item import POINTS_MAX, draft_item, rank_item, record_estimate, revise_item
from domain.content import Content, revision_digest, section_digests
from domain.entry import ActorKind
from domain.events import EstimateStaled, ItemDrafted, ItemRanked, ItemRevised
from domain.events.item import ChangeKind, Edge, ItemKind, Track
from domain.events.people import Role
from domain.ids import TeamId
from domain.refusals import (
    NotAuthorised,
    NotEditorial,
    NothingChanged,
    OffScale,
    RankNeedsNeighbour,
    RankOutOfOrder,
    ServiceCannotDecide,
    StaleDigest,
    TextMissing,
    UnknownItem,
    UnknownTeam,
)
from domain.state.item import Item
from domain.state.team import Team
from tests.given import ITEM_ID, NEW_ITEM, NOW, TEAM_ID, after, drafted, given, given_team, refused, who

PAULA: Final = who("paula", Role.PRODUCT_OWNER)
DANA: Final = who("dana", Role.DEVELOPER)
ADA: Final = who("ada", Role.ARCHITECT)


def an_item(**said: Any) -> Item:
    """What Dana drafted."""
    sections = {"title": "Pay by card", "narrative": "As a reader", "criteria": ("charged once",), **said}
    return after(NEW_ITEM, DANA, draft_item(NEW_ITEM, DANA, team=given_team(), **sections))


def at_place(rank: str, key: str = "itm_" + "7" * 26, team_id: TeamId = TEAM_ID) -> Item:
    """Another item of the backlog."""
    return replace(given(("dana", drafted(rank=rank, team_id=team_id))), id=key)


def test_a_draft_is_the_first_revision_and_needs_only_a_title() -> None:
    outcome = draft_item(NEW_ITEM, DANA, team=given_team(), title="Pay by card")
    (event,) = outcome.events
    assert isinstance(event, ItemDrafted)
    assert (event.team_id, event.track, event.kind) == (TEAM_ID, Track.FUNCTIONAL, ItemKind.STORY)
    assert event.digest == revision_digest(section_digests(DANA.salt, Content(title="Pay by card")))
    item = after(NEW_ITEM, DANA, outcome)
    assert (item.id, item.revision, item.digest, item.author_id) == (ITEM_ID, 1, event.digest, DANA.person_id)


def test_a_later_draft_stands_below_an_earlier_one() -> None:
    later = replace(DANA, now=NOW + timedelta(microseconds=1))
    ranks = [after(NEW_ITEM, by, draft_item(NEW_ITEM, by, team=given_team(), title="A")).rank for by in (DANA, later)]
    assert ranks[0] < ranks[1]


def test_an_item_is_drafted_for_a_team_that_exists() -> None:
    with refused(UnknownTeam):
        draft_item(NEW_ITEM, DANA, team=Team(), title="Pay by card")


def test_a_service_may_draft_but_not_revise() -> None:
    service = who("bot", Role.DEVELOPER, kind=ActorKind.SERVICE)
    item = after(NEW_ITEM, service, draft_item(NEW_ITEM, service, team=given_team(), title="Pay"))
    with refused(ServiceCannotDecide):
        revise_item(item, service, expected_digest=item.digest, title="Pay by card")


def test_a_revision_keeps_what_it_leaves_out_and_clears_what_it_gives_as_empty() -> None:
    item = an_item(why="Readers ask")
    outcome = revise_item(item, PAULA, expected_digest=item.digest, criteria=("charged once", "receipt"), why="")
    (event,) = outcome.events
    assert isinstance(event, ItemRevised)
    assert event.changed_sections == ("why", "criteria")
    assert (event.title, event.narrative, event.why) == ("Pay by card", "As a reader", None)
    assert set(event.section_digests) == {"title", "narrative", "criteria"}


def test_revisions_are_numbered_without_gaps() -> None:
    item = an_item()
    for number in range(2, 6):
        item = after(item, PAULA, revise_item(item, PAULA, expected_digest=item.digest, title=f"Pay {number}"))
        assert item.revision == number


def test_going_back_to_an_old_text_does_not_bring_back_its_digest() -> None:
    first = an_item()
    second = after(first, PAULA, revise_item(first, PAULA, expected_digest=first.digest, title="Pay"))
    later = replace(PAULA, salt="cd" * 32)
    third = after(second, later, revise_item(second, later, expected_digest=second.digest, title="Pay by card"))
    assert third.content == first.content
    assert third.digest != first.digest


def test_a_revision_is_made_on_what_its_author_was_shown() -> None:
    item = an_item()
    with refused(StaleDigest) as raised:
        revise_item(item, PAULA, expected_digest="0" * 64, title="Pay")
    assert (raised.value.path, raised.value.current) == ("expectedDigest", item.digest)


@pytest.mark.parametrize("said", [{}, {"title": "Pay by card"}, {"why": " "}, {"narrative": "As a reader"}])
def test_a_revision_changes_something(said: dict[str, Any]) -> None:
    item = an_item()
    with refused(NothingChanged):
        revise_item(item, PAULA, expected_digest=item.digest, **said)


def test_an_item_keeps_a_title() -> None:
    item = an_item()
    with refused(TextMissing):
        revise_item(item, PAULA, expected_digest=item.digest, title=" ")


@pytest.mark.parametrize("said", [{"title": "Pay by any card"}, {"narrative": "As a customer"}])
def test_the_wording_of_title_and_narrative_can_change_editorially(said: dict[str, Any]) -> None:
    item = an_item()
    (event,) = revise_item(item, PAULA, expected_digest=item.digest, editorial=True, **said).events
    assert isinstance(event, ItemRevised)
    assert event.change_kind is ChangeKind.EDITORIAL


def test_nothing_else_changes_editorially() -> None:
    item = an_item()
    with refused(NotEditorial) as raised:
        revise_item(item, PAULA, expected_digest=item.digest, editorial=True, title="Pay", criteria=("twice",))
    assert raised.value.unmet == ("criteria",)


def test_nothing_is_editorial_once_what_the_item_said_was_erased() -> None:
    item = replace(an_item(), content=Content())
    with refused(NotEditorial) as raised:
        revise_item(item, PAULA, expected_digest=item.digest, editorial=True, title="Pay by card")
    assert raised.value.unmet == ("criteria",)
    (event,) = revise_item(item, PAULA, expected_digest=item.digest, title="Pay by card").events
    assert isinstance(event, ItemRevised)
    assert event.changed_sections == ("title", "narrative", "criteria")


def test_authors_revise_their_own_items_and_nobody_else_s() -> None:
    item = an_item()
    assert revise_item(item, DANA, expected_digest=item.digest, title="Pay").authority.role == Role.DEVELOPER
    with refused(NotAuthorised) as raised:
        revise_item(item, who("dirk", Role.DEVELOPER), expected_digest=item.digest, title="Pay")
    assert raised.value.who_could == (Role.PRODUCT_OWNER,)


def test_an_author_without_any_role_any_more_revises_nothing() -> None:
    item = an_item()
    with refused(NotAuthorised):
        revise_item(item, who("dana"), expected_digest=item.digest, title="Pay")


def test_a_substantive_revision_makes_the_estimate_stale_and_an_editorial_one_does_not() -> None:
    item = an_item()
    item = after(item, DANA, record_estimate(item, DANA, points=5, expected_digest=item.digest))
    editorial = revise_item(item, PAULA, expected_digest=item.digest, editorial=True, title="Pay").events
    assert not any(isinstance(event, EstimateStaled) for event in editorial)
    outcome = revise_item(item, PAULA, expected_digest=item.digest, title="Pay")
    assert outcome.events[1:] == (EstimateStaled(estimate=1, by_revision=2),)
    stale = after(item, PAULA, outcome)
    (revised,) = revise_item(stale, PAULA, expected_digest=stale.digest, title="Pay once").events
    assert isinstance(revised, ItemRevised)


def test_estimates_are_numbered_and_speak_of_what_was_shown() -> None:
    item = an_item()
    for ordinal in (1, 2):
        outcome = record_estimate(item, DANA, points=0.5, expected_digest=item.digest)
        item = after(item, DANA, outcome)
        assert (item.estimates, item.live_estimate) == (ordinal, ordinal)
    with refused(StaleDigest):
        record_estimate(item, DANA, points=1, expected_digest="0" * 64)


@pytest.mark.parametrize("points", [-0.5, POINTS_MAX + 1, float("nan"), float("inf")])
def test_an_estimate_is_on_the_scale(points: float) -> None:
    item = an_item()
    with refused(OffScale):
        record_estimate(item, DANA, points=points, expected_digest=item.digest)


def test_only_developers_estimate_and_no_service_does() -> None:
    item = an_item()
    for name in (PAULA, ADA):
        with refused(NotAuthorised):
            record_estimate(item, name, points=1, expected_digest=item.digest)
    with refused(ServiceCannotDecide):
        bot = who("bot", Role.DEVELOPER, kind=ActorKind.SERVICE)
        record_estimate(item, bot, points=1, expected_digest=item.digest)


def ranked(above: Item | None, below: Item | None) -> str:
    """The place Paula gives an item."""
    (event,) = rank_item(an_item(), PAULA, above=above, below=below, why="sooner").events
    assert isinstance(event, ItemRanked)
    named = (above.id, below.id) if above and below else (None, None)
    assert (event.above, event.below) == named
    return event.rank


def test_an_item_goes_where_its_owner_says() -> None:
    high, low = at_place("V1"), at_place("V3")
    assert high.rank < ranked(high, low) < low.rank
    assert ranked(None, high) < high.rank
    assert ranked(low, None) > low.rank


def test_the_top_is_the_top_whatever_the_reader_took_for_the_first_item() -> None:
    actual_first = at_place(ranked(None, at_place("V3")), key="itm_" + "6" * 26)
    later = replace(PAULA, now=NOW + timedelta(seconds=1))
    (event,) = rank_item(an_item(), later, below=at_place("V3")).events
    assert isinstance(event, ItemRanked)
    assert event.rank < actual_first.rank


def test_a_place_needs_a_neighbour() -> None:
    with refused(RankNeedsNeighbour):
        rank_item(an_item(), PAULA)


@pytest.mark.parametrize(
    ("above", "below", "path"),
    [
        (at_place("V3"), at_place("V1"), "below"),
        (at_place("V3"), at_place("V3"), "below"),
        (at_place("V3", key=ITEM_ID), None, "above"),
        (None, at_place("V3", key=ITEM_ID), "below"),
        (at_place("V3", team_id=TeamId("tem_" + "7" * 26)), None, "above"),
    ],
    ids=["swapped", "same place", "itself above", "itself below", "another team's"],
)
def test_neighbours_are_others_of_the_same_backlog_in_their_order(
    above: Item | None, below: Item | None, path: str
) -> None:
    with refused(RankOutOfOrder) as raised:
        rank_item(an_item(), PAULA, above=above, below=below)
    assert raised.value.path == path


def test_what_does_not_exist_is_unknown_whatever_is_asked_of_it() -> None:
    nothing = Item()
    with refused(UnknownItem):
        revise_item(nothing, PAULA, expected_digest="", title="Pay")
    with refused(UnknownItem):
        rank_item(nothing, PAULA, above=at_place("V1"))
    with refused(UnknownItem):
        rank_item(an_item(), PAULA, above=nothing)
    with refused(UnknownItem):
        record_estimate(nothing, DANA, points=1, expected_digest="")


def test_one_neighbour_alone_means_the_edge_and_the_event_names_no_neighbour() -> None:
    (ranked,) = rank_item(an_item(), PAULA, above=at_place("V1")).events
    assert (ranked.above, ranked.below, ranked.edge) == (None, None, Edge.END)  # type: ignore[attr-defined]
    (ranked,) = rank_item(an_item(), PAULA, below=at_place("V1")).events
    assert (ranked.above, ranked.below, ranked.edge) == (None, None, Edge.TOP)  # type: ignore[attr-defined]
