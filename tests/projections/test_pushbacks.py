"""What a pushback's row says: whose turn it is, and how it ended."""

import pytest

from domain.entry import Event
from domain.events import (
    PushbackAnswered,
    PushbackClaimedAddressed,
    PushbackConceded,
    PushbackRaised,
    PushbackReasonSorted,
    PushbackResponded,
    PushbackSettledByRevision,
    PushbackVerificationRejected,
    PushbackWithdrawn,
)
from domain.events.pushback import Reason, Stance
from projections.pushbacks import Outcome, PushbackState
from tests.given import ITEM_ID, TEAM_ID, drafted, person_id
from tests.projections.rows import thing

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
