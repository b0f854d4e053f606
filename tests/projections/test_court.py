"""Court time: how long each side of a pushback had the move."""

from datetime import timedelta

from hypothesis import given

from domain.entry import Entry, Event
from domain.events import (
    PushbackAmended,
    PushbackAnswered,
    PushbackRaised,
    PushbackResponded,
    PushbackVerificationRejected,
)
from domain.events.pushback import Reason, Stance
from tests.given import NOW, drafted
from tests.histories import valid_histories
from tests.projections.rows import thing
from tests.read_tables import folded

MINUTE = 60.0
DRAFTED = ("paula", drafted())
RAISED = ("ada", PushbackRaised(pushback=1, revision=1, digest="d", stance=Stance.ADVISORY, reason=Reason.OTHER))
RESPONDED = ("paula", PushbackResponded(pushback=1))
REJECTED = ("ada", PushbackVerificationRejected(pushback=1))
AMENDED = ("ada", PushbackAmended(pushback=1, amended=("statement",)))
SETTLED = ("ada", PushbackAnswered(pushback=1))


def test_each_side_is_counted_for_as_long_as_it_had_the_move() -> None:
    """One event a minute."""
    row = thing("Pushback", "pbk", DRAFTED, RAISED, AMENDED, RESPONDED, REJECTED, RESPONDED, RESPONDED, SETTLED)
    assert (row.item_side_seconds, row.raiser_side_seconds, row.arbiter_seconds) == (3 * MINUTE, 3 * MINUTE, 0.0)
    assert row.turn_since is None


def test_the_side_that_has_the_move_is_counted_from_when_it_got_it() -> None:
    row = thing("Pushback", "pbk", DRAFTED, RAISED, AMENDED)
    assert (row.item_side_seconds, row.turn_since) == (0.0, NOW + timedelta(minutes=2))
    row = thing("Pushback", "pbk", DRAFTED, RAISED, AMENDED, RESPONDED)
    assert (row.item_side_seconds, row.turn_since) == (2 * MINUTE, NOW + timedelta(minutes=4))


@given(valid_histories())
def test_the_sides_share_the_whole_life_of_a_pushback(history: list[Entry[Event]]) -> None:
    for version in folded(history).current["Pushback"].values():
        row: object = version and version.row
        if row is None:
            continue
        shared = row.item_side_seconds + row.raiser_side_seconds + row.arbiter_seconds  # type: ignore[attr-defined]
        until = row.closed_at or row.turn_since  # type: ignore[attr-defined]
        assert shared == (until - row.raised_at).total_seconds()  # type: ignore[attr-defined]
