"""What a pushback's row says: whose turn it is, and how it ended."""

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from domain.entry import Event
from domain.events import (
    ItemWithdrawn,
    OverrideProposed,
    OverrideRatified,
    OverrideRescinded,
    PushbackAmended,
    PushbackAnchorOutdated,
    PushbackAnswered,
    PushbackClaimedAddressed,
    PushbackConceded,
    PushbackDebtDropped,
    PushbackJoined,
    PushbackLeft,
    PushbackMooted,
    PushbackOverridden,
    PushbackRaised,
    PushbackReasonSorted,
    PushbackReassigned,
    PushbackResponded,
    PushbackSettledByRevision,
    PushbackStanceChanged,
    PushbackVerificationRejected,
    PushbackWithdrawn,
    UnderstandingConfirmed,
    UnderstandingDisputed,
)
from domain.events.endings import Debt, Outcome
from domain.events.override import Understanding
from domain.events.pushback import Reason, ReasonCategory, Stance
from domain.ids import thing_key
from projections.rows.items import ItemStatus
from projections.rows.pushback_row import PushbackState
from tests.given import ITEM_ID, NOW, TEAM_ID, drafted, person_id
from tests.projections.rows import item, thing

DRAFTED = ("paula", drafted())
RAISED = ("ada", PushbackRaised(pushback=1, revision=1, digest="d", stance=Stance.BLOCKING, reason=Reason.UNSORTED))
RESPONDED = ("paula", PushbackResponded(pushback=1))
CLAIMED = ("paula", PushbackClaimedAddressed(pushback=1, revision=2))
REJECTED = ("ada", PushbackVerificationRejected(pushback=1))


def test_a_pushback_begins_with_the_turn_of_the_items_author() -> None:
    row = thing("Pushback", "pbk", DRAFTED, RAISED)
    assert (row.item_id, row.team_id, row.number, row.raised) == (ITEM_ID, TEAM_ID, 1, 2)
    assert (row.raiser_id, row.author_id, row.turn_id) == (person_id("ada"), person_id("paula"), person_id("paula"))
    assert (row.state, row.outcome) == (PushbackState.OPEN, None)


@pytest.mark.parametrize(
    ("answer", "state"), [(RESPONDED, PushbackState.RESPONDED), (CLAIMED, PushbackState.AWAITING_VERIFICATION)]
)
def test_an_answer_gives_the_turn_to_the_raiser(answer: tuple[str, Event], state: PushbackState) -> None:
    row = thing("Pushback", "pbk", DRAFTED, RAISED, answer)
    assert (row.state, row.turn_id, row.response, row.response_count) == (state, person_id("ada"), 3, 1)


def test_not_yet_gives_the_turn_back() -> None:
    row = thing("Pushback", "pbk", DRAFTED, RAISED, RESPONDED, REJECTED)
    assert (row.state, row.turn_id) == (PushbackState.OPEN, person_id("paula"))
    assert (row.rejection, row.rejection_count, row.response_count) == (4, 1, 1)


@pytest.mark.parametrize(
    ("ending", "outcome"),
    [
        (PushbackAnswered(pushback=1), Outcome.ANSWERED),
        (PushbackSettledByRevision(pushback=1, revision=2), Outcome.REVISED),
        (PushbackConceded(pushback=1), Outcome.CONCEDED),
        (PushbackWithdrawn(pushback=1), Outcome.WITHDRAWN),
        (PushbackMooted(pushback=1), Outcome.MOOT),
    ],
)
def test_an_outcome_closes_it_and_nobody_has_the_turn(ending: Event, outcome: Outcome) -> None:
    row = thing("Pushback", "pbk", DRAFTED, RAISED, RESPONDED, ("ada", ending))
    assert (row.state, row.outcome, row.turn_id, row.closed) == (PushbackState.CLOSED, outcome, None, 4)
    assert row.closed_at > row.raised_at


def test_a_reason_may_be_sorted_later() -> None:
    row = thing(
        "Pushback", "pbk", DRAFTED, RAISED, ("paula", PushbackReasonSorted(pushback=1, reason=Reason.TOO_LARGE))
    )
    assert row.reason is Reason.TOO_LARGE


def test_a_row_says_what_sort_of_reason_it_has_also_after_sorting() -> None:
    assert thing("Pushback", "pbk", DRAFTED, RAISED).reason_category is ReasonCategory.UNSORTED
    told = ("paula", PushbackReasonSorted(pushback=1, reason=Reason.TOO_LARGE))
    assert thing("Pushback", "pbk", DRAFTED, RAISED, told).reason_category is ReasonCategory.SMALL


@pytest.mark.parametrize(
    ("amended", "worded", "lifting"),
    [(("statement",), 3, 2), (("lifts_when",), 2, 3), (("statement", "lifts_when"), 3, 3)],
)
def test_a_row_points_at_the_newest_words_also_when_they_were_erased(
    amended: tuple[str, ...], worded: int, lifting: int
) -> None:
    row = thing("Pushback", "pbk", DRAFTED, RAISED, ("ada", PushbackAmended(pushback=1, amended=amended)))
    assert (row.worded, row.lifting) == (worded, lifting)


def test_a_changed_stance_changes_whether_the_item_is_blocked() -> None:
    eased = ("ada", PushbackStanceChanged(pushback=1, stance=Stance.ADVISORY))
    assert item(DRAFTED, RAISED).blocking == (1,)
    assert item(DRAFTED, RAISED, eased).blocking == ()
    assert item(DRAFTED, RAISED, eased, ("ada", PushbackStanceChanged(pushback=1, stance=Stance.BLOCKING))).blocking
    assert thing("Pushback", "pbk", DRAFTED, RAISED, eased).stance is Stance.ADVISORY


def test_who_takes_a_pushback_over_gets_the_turn_that_was_the_raiser_s() -> None:
    handed = ("ada", PushbackReassigned(pushback=1, person_id=person_id("zoe")))
    row = thing("Pushback", "pbk", DRAFTED, RAISED, handed)
    assert (row.raiser_id, row.holder_id, row.turn_id) == (person_id("ada"), person_id("zoe"), person_id("paula"))
    assert thing("Pushback", "pbk", DRAFTED, RAISED, RESPONDED, handed).turn_id == person_id("zoe")
    assert thing("Pushback", "pbk", DRAFTED, RAISED, handed, RESPONDED).turn_id == person_id("zoe")


def test_who_joined_takes_no_turn_and_holds_it_when_it_becomes_theirs() -> None:
    joined = [(name, PushbackJoined(pushback=1)) for name in ("zoe", "tess")]
    assert thing("Pushback", "pbk", DRAFTED, RAISED, *joined).joined_ids == (person_id("zoe"), person_id("tess"))
    assert person_id("zoe") in thing("Turn", "trn_pbk", DRAFTED, RAISED, *joined).not_ids
    handed = ("ada", PushbackReassigned(pushback=1, person_id=person_id("zoe")))
    row = thing("Pushback", "pbk", DRAFTED, RAISED, *joined, RESPONDED, handed)
    assert (row.holder_id, row.turn_id, row.joined_ids) == (person_id("zoe"), person_id("zoe"), (person_id("tess"),))
    left = ("tess", PushbackLeft(pushback=1))
    assert thing("Pushback", "pbk", DRAFTED, RAISED, *joined, left).joined_ids == (person_id("zoe"),)


def test_a_row_names_each_changed_section_that_it_points_into_once_and_keeps_the_turn() -> None:
    marks = [
        ("paula", PushbackAnchorOutdated(pushback=1, revision=revision, section=section))
        for revision, section in ((2, "why"), (3, "criteria"), (4, "why"))
    ]
    row = thing("Pushback", "pbk", DRAFTED, RAISED, RESPONDED, *marks)
    assert (row.outdated_sections, row.turn_id) == (("why", "criteria"), person_id("ada"))


def test_what_is_back_names_what_it_was() -> None:
    raised: Any = RAISED[1]
    again = ("ada", replace(raised, pushback=2, recurrence_of=1))
    row = thing("Pushback", "pbk", DRAFTED, RAISED, ("ada", PushbackWithdrawn(pushback=1)), again, ordinal=2)
    assert row.recurrence_of_id == thing_key("pbk", ITEM_ID, 1)
    assert thing("Pushback", "pbk", DRAFTED, RAISED).recurrence_of_id is None


def test_a_withdrawn_item_stays_withdrawn_and_nothing_is_open_on_it() -> None:
    row = item(DRAFTED, RAISED, ("paula", ItemWithdrawn()), ("paula", PushbackMooted(pushback=1)))
    assert (row.status, row.open_pushback_count, row.blocking) == (ItemStatus.WITHDRAWN, 0, ())


DUE = NOW + timedelta(days=1)
PROPOSED = ("petra", OverrideProposed(pushback=1, due_at=DUE, is_emergency=False))
OVERRIDDEN = PushbackOverridden(pushback=1, understanding=Understanding.NO_REPLY, proposer_id=person_id("petra"))


def test_a_pending_override_is_the_raisers_turn_until_they_reply_and_names_what_comes_by_itself() -> None:
    row = thing("Pushback", "pbk", DRAFTED, RAISED, PROPOSED)
    assert (row.state, row.turn_id, row.overrider_id) == (
        PushbackState.OVERRIDE_PENDING,
        person_id("ada"),
        person_id("petra"),
    )
    assert (row.due, row.due_at) == ("take_override_effect", DUE)
    for reply, said in (
        (UnderstandingConfirmed(pushback=1), Understanding.CONFIRMED),
        (UnderstandingDisputed(pushback=1), Understanding.DISPUTED),
    ):
        row = thing("Pushback", "pbk", DRAFTED, RAISED, PROPOSED, ("ada", reply))
        assert (row.turn_id, row.understanding, row.due_at) == (person_id("petra"), said, DUE)


def test_a_rescinded_override_leaves_nothing_due() -> None:
    row = thing("Pushback", "pbk", DRAFTED, RAISED, PROPOSED, ("petra", OverrideRescinded(pushback=1)))
    assert (row.state, row.turn_id, row.due, row.due_at) == (PushbackState.OPEN, person_id("paula"), None, None)
    assert (row.override, row.rescinded) == (3, 4)


def test_an_override_that_took_effect_says_what_the_raiser_replied_and_blocks_nothing() -> None:
    said = (DRAFTED, RAISED, PROPOSED, ("clock", OVERRIDDEN))
    row = thing("Pushback", "pbk", *said)
    assert (row.outcome, row.understanding, row.turn_id, row.due) == (
        Outcome.OVERRIDDEN,
        Understanding.NO_REPLY,
        None,
        None,
    )
    assert item(*said).blocking == ()


def test_an_emergency_override_owes_a_ratification_and_somebody_has_the_turn_for_it() -> None:
    urgent = replace(OVERRIDDEN, seconder_id=person_id("tom"), ratifier_id=person_id("sam"))
    said = (DRAFTED, RAISED, PROPOSED, ("tom", urgent))
    row = thing("Pushback", "pbk", *said)
    assert (row.state, row.owed, row.turn_id) == (PushbackState.CLOSED, Debt.RATIFICATION, person_id("sam"))
    row = thing("Pushback", "pbk", *said, ("sam", OverrideRatified(pushback=1)))
    assert (row.outcome, row.owed, row.turn_id, row.ratified) == (Outcome.OVERRIDDEN, None, None, 5)
    gone = thing("Pushback", "pbk", *said, ("dana", ItemWithdrawn()), ("dana", PushbackDebtDropped(pushback=1)))
    assert (gone.outcome, gone.owed, gone.turn_id) == (Outcome.OVERRIDDEN, None, None)
