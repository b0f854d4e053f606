"""What an item's row says after what was said on it."""

import pytest
from msgspec.structs import replace

from domain.entry import ActorKind, Event
from domain.events import (
    EstimateRecorded,
    EstimateStaled,
    ItemRanked,
    ItemRevised,
    PushbackAnswered,
    PushbackConceded,
    PushbackRaised,
    PushbackResponded,
    PushbackSettledByRevision,
    PushbackWithdrawn,
    SignOffGranted,
    SignOffRevoked,
    SignOffSuperseded,
    SignOffVoided,
)
from domain.events.item import ChangeKind
from domain.events.pushback import Reason, Stance
from domain.events.sign_off import Label
from domain.ids import SYSTEM, thing_key
from projections.rows.items import ItemStatus
from tests.given import ITEM, ITEM_ID, TEAM_ID, drafted, entries, person_id
from tests.projections.rows import item, row_of, thing

DRAFTED = ("paula", drafted())
REVISED = ItemRevised(
    revision=2, change_kind=ChangeKind.SUBSTANTIVE, changed_sections=("why",), section_digests={}, digest="second"
)
ENDINGS = (
    PushbackAnswered(pushback=1),
    PushbackSettledByRevision(pushback=1, revision=2),
    PushbackConceded(pushback=1),
    PushbackWithdrawn(pushback=1),
)


def raised(ordinal: int = 1, stance: Stance = Stance.BLOCKING) -> PushbackRaised:
    return PushbackRaised(pushback=ordinal, revision=1, digest="d", stance=stance, reason=Reason.OTHER)


def granted(ordinal: int = 1, label: Label = Label.ACCEPTANCE) -> SignOffGranted:
    return SignOffGranted(sign_off=ordinal, label=label, revision=1, digest_signed="d", section_digests={})


def test_a_drafted_item_stands_on_its_teams_backlog_in_its_first_revision() -> None:
    row = item(DRAFTED)
    assert (row.team_id, row.author_id, row.revision, row.status) == (TEAM_ID, person_id("paula"), 1, ItemStatus.OPEN)
    assert (row.drafted, row.content, row.changed, row.source) == (1, 1, 1, None)


def test_a_revision_moves_the_content_and_keeps_where_it_was_drafted() -> None:
    row = item(DRAFTED, ("paula", REVISED))
    assert (row.revision, row.revision_id, row.digest) == (2, thing_key("rev", ITEM_ID, 2), "second")
    assert (row.drafted, row.content, row.changed) == (1, 2, 2)


def test_every_revision_has_a_row_of_its_own_that_never_changes() -> None:
    first = thing("Revision", "rev", DRAFTED, ("paula", REVISED))
    second = thing("Revision", "rev", DRAFTED, ("olaf", REVISED), ordinal=2)
    assert (first.number, first.change_kind, first.content) == (1, None, 1)
    assert (second.number, second.change_kind, second.changed_sections) == (2, ChangeKind.SUBSTANTIVE, ("why",))
    assert second.author_id == person_id("olaf")


def test_a_rank_moves_the_item() -> None:
    assert item(DRAFTED, ("paula", ItemRanked(rank="Z"))).rank == "Z"


@pytest.mark.parametrize("ending", ENDINGS, ids=lambda event: type(event).__name__)
def test_a_block_stands_until_it_ends_however_it_ends(ending: Event) -> None:
    open_ = item(DRAFTED, ("ada", raised()), ("paula", PushbackResponded(pushback=1)))
    ended = item(DRAFTED, ("ada", raised()), ("ada", ending))
    assert (open_.blocking, open_.pushback_count, open_.open_pushback_count) == ((1,), 1, 1)
    assert (ended.blocking, ended.pushback_count, ended.open_pushback_count) == ((), 1, 0)


def test_an_advisory_pushback_counts_and_does_not_block() -> None:
    row = item(DRAFTED, ("ada", raised(stance=Stance.ADVISORY)))
    assert (row.blocking, row.open_pushback_count) == ((), 1)


def test_an_item_is_accepted_by_a_live_acceptance_while_nothing_blocks() -> None:
    assert item(DRAFTED, ("olaf", granted())).status is ItemStatus.ACCEPTED
    assert item(DRAFTED, ("olaf", granted(label=Label.READY))).status is ItemStatus.OPEN
    assert item(DRAFTED, ("olaf", granted()), ("ada", raised())).status is ItemStatus.OPEN
    blocked_then_free = item(DRAFTED, ("olaf", granted()), ("ada", raised()), ("ada", PushbackWithdrawn(pushback=1)))
    assert blocked_then_free.status is ItemStatus.ACCEPTED


@pytest.mark.parametrize(
    "ending",
    [
        SignOffVoided(sign_off=1, by_revision=2, changed_sections=(), rule="substantive"),
        SignOffRevoked(sign_off=1),
        SignOffSuperseded(sign_off=1, by_sign_off=2),
    ],
    ids=lambda event: type(event).__name__,
)
def test_an_acceptance_that_ended_accepts_nothing(ending: Event) -> None:
    row = item(DRAFTED, ("olaf", granted()), ("olaf", ending))
    assert (row.status, row.sign_off_count) == (ItemStatus.OPEN, 1)


def test_an_item_has_the_points_of_the_estimate_that_still_speaks_of_it() -> None:
    estimated = EstimateRecorded(estimate=1, revision=1, digest="d", points=5.0)
    row = item(DRAFTED, ("dora", estimated))
    assert (row.points, row.estimate_id) == (5.0, thing_key("est", ITEM_ID, 1))
    staled = ("paula", EstimateStaled(estimate=1, by_revision=2))
    assert item(DRAFTED, ("dora", estimated), staled).points is None
    kept = thing("Estimate", "est", DRAFTED, ("dora", estimated), staled)
    assert (kept.points, kept.is_stale, kept.recorded, kept.staled) == (5.0, True, 2, 3)


def test_who_drafted_an_item_is_null_when_nobody_knows() -> None:
    first, second = entries(ITEM, DRAFTED, ("ada", raised()))
    imported = [replace(first, act=replace(first.act, actor=SYSTEM, actor_kind=ActorKind.SYSTEM)), second]
    assert row_of(imported, "Item", ITEM_ID).author_id is None
    assert row_of(imported, "Revision", thing_key("rev", ITEM_ID, 1)).author_id is None
    pushback = row_of(imported, "Pushback", thing_key("pbk", ITEM_ID, 1))
    assert (pushback.author_id, pushback.turn_id, pushback.holder_id) == (None, None, person_id("ada"))
