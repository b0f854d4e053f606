"""A pushback may point at sections and single criteria, and says when what it points at has changed."""

from typing import Any, Final

import pytest

from domain.commands.item import revise_item
from domain.commands.pushbacks.pushback import answer_pushback, raise_pushback, withdraw_pushback
from domain.events import ItemRevised, PushbackAnchorOutdated, PushbackRaised
from domain.events.people import Role
from domain.ids import RevisionId, thing_key
from domain.refusals import AnchorNotFound
from domain.state.item import Item
from domain.state.pushback import Phase
from domain.tracker_history import revise
from tests.given import ITEM_ID, after, drafted, given, refused, who

ADA: Final = who("ada", Role.ARCHITECT)
DANA: Final = who("dana", Role.DEVELOPER)
DIGESTS: Final = {"title": "a" * 64, "why": "b" * 64, "criteria": "c" * 64}
SAID: Final[dict[str, Any]] = {"why": "The law", "criteria": ("Kept", "Deleted"), "section_digests": DIGESTS}


def the_item() -> Item:
    """What Dana drafted: a title, a why, and two criteria."""
    return given(("dana", drafted(**SAID)))


def pointing_at(*anchors: str) -> Item:
    """The item once Ada pushed back on these places."""
    item = the_item()
    return after(item, ADA, raise_pushback(item, ADA, statement="No", anchors=anchors))


def revised(item: Item, **said: Any) -> tuple[Item, list[PushbackAnchorOutdated]]:
    """The item after Dana's revision, and what the revision says about pushbacks."""
    outcome = revise_item(item, DANA, expected_digest=item.digest, **said)
    assert isinstance(outcome.events[0], ItemRevised)
    marks = [event for event in outcome.events if isinstance(event, PushbackAnchorOutdated)]
    return after(item, DANA, outcome), marks


def test_an_anchor_is_kept_with_the_digest_of_the_section_it_points_into() -> None:
    said = ("criteria/2", "why", "criteria/1", "criteria/2")
    (event,) = raise_pushback(the_item(), ADA, statement="No", anchors=said).events
    assert isinstance(event, PushbackRaised)
    assert event.anchors == ("criteria/2", "why", "criteria/1")
    assert event.quoted_digests == {"why": "b" * 64, "criteria": "c" * 64}


@pytest.mark.parametrize(
    "anchor",
    ["value", "criteria/3", "criteria/0", "criteria/01", "criteria/-1", "why/1", "criteria/", "salt", "", "Why"],
)
def test_a_place_where_the_item_says_nothing_is_no_anchor(anchor: str) -> None:
    with refused(AnchorNotFound) as raised:
        raise_pushback(the_item(), ADA, statement="No", anchors=("why", anchor))
    assert (raised.value.path, raised.value.unmet) == ("anchors", (anchor,))


def test_a_criterion_whose_text_was_erased_cannot_be_pointed_at() -> None:
    item = given(("dana", drafted(section_digests=DIGESTS)))
    assert raise_pushback(item, ADA, statement="No", anchors=("criteria",))
    with refused(AnchorNotFound):
        raise_pushback(item, ADA, statement="No", anchors=("criteria/1",))


def test_a_revision_marks_each_changed_section_that_an_open_pushback_points_into() -> None:
    item, marks = revised(pointing_at("why", "criteria/1", "title"), why="Money", criteria=("Kept", "Deleted", "Sold"))
    assert marks == [
        PushbackAnchorOutdated(pushback=1, revision=2, section="why"),
        PushbackAnchorOutdated(pushback=1, revision=2, section="criteria"),
    ]
    assert item.pushbacks[1].sections == {"title"}


def test_what_was_marked_once_is_not_marked_again_and_the_rest_never_is() -> None:
    item, _ = revised(pointing_at("why"), why="Money")
    _, marks = revised(item, why="Fame", value="Much")
    assert marks == []


def test_a_pushback_that_has_ended_is_not_marked() -> None:
    item = pointing_at("why")
    _, marks = revised(after(item, ADA, withdraw_pushback(item, ADA, 1)), why="Money")
    assert marks == []


def test_a_revision_moves_nobody_s_turn() -> None:
    item, _ = revised(pointing_at("why"), why="Money")
    assert item.pushbacks[1].phase is Phase.OPEN
    fixed = RevisionId(thing_key("rev", ITEM_ID, 2))
    item = after(item, DANA, answer_pushback(item, DANA, 1, text="See there", fixed_in=fixed))
    item, _ = revised(item, why="Fame")
    assert item.pushbacks[1].phase is Phase.AWAITING_VERIFICATION


def test_a_revision_that_an_import_brings_marks_them_as_well() -> None:
    item = pointing_at("title")
    told = revise(item, {"title": "Another title"}, "5" * 64)
    assert PushbackAnchorOutdated(pushback=1, revision=2, section="title") in told
