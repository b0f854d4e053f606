"""What a held item's rows say: whose turn it is, what ends by itself, and what takes the place of what was said."""

from datetime import timedelta

from msgspec.structs import replace

from domain.events import HoldExpired, HoldSubstantiated, PushbackRaised
from domain.events.endings import Outcome
from domain.events.pushback import Reason, ReasonCategory, Stance
from domain.ids import thing_key, turn_key
from projections.rows.pushback_row import PushbackState
from projections.turns import TurnRule
from tests.given import ITEM_ID, NOW, drafted, person_id
from tests.projections.rows import item, thing

DUE = NOW + timedelta(days=2)
DRAFTED = ("paula", drafted())
HELD = (
    "ada",
    PushbackRaised(
        pushback=1, revision=1, digest="d", stance=Stance.BLOCKING, reason=Reason.UNSORTED, anchors=("why",), due_at=DUE
    ),
)
SAID = HoldSubstantiated(pushback=1, revision=2, digest="e", stance=Stance.ADVISORY, reason=Reason.TOO_LARGE)
EXPIRED = ("clock", HoldExpired(pushback=1))


def test_a_hold_is_its_raiser_s_turn_and_ends_by_itself() -> None:
    row = thing("Pushback", "pbk", DRAFTED, HELD)
    assert (row.state, row.turn_id, row.due, row.due_at) == (PushbackState.HELD, person_id("ada"), "expire_hold", DUE)
    assert item(DRAFTED, HELD).blocking == (1,)
    row = thing("Pushback", "pbk", DRAFTED, HELD, EXPIRED)
    assert (row.state, row.outcome, row.turn_id) == (PushbackState.CLOSED, Outcome.LAPSED, None)
    assert (row.due, row.due_at, row.raiser_side_seconds, row.item_side_seconds) == (None, None, 60.0, 0.0)
    assert item(DRAFTED, HELD, EXPIRED).blocking == ()


def test_nobody_else_says_what_the_concern_is_so_that_falls_to_the_ladder() -> None:
    turn = thing("Turn", "trn_pbk", DRAFTED, HELD)
    assert (turn.id, turn.rule) == (turn_key(thing_key("pbk", ITEM_ID, 1)), TurnRule.SUBSTANTIATE_HOLD)
    assert (turn.person_id, turn.roles, turn.not_ids) == (person_id("ada"), (), (person_id("paula"),))


def test_the_concern_takes_the_place_of_what_was_looked_into() -> None:
    row = thing("Pushback", "pbk", DRAFTED, HELD, ("ada", SAID))
    assert (row.state, row.turn_id, row.due, row.due_at) == (PushbackState.OPEN, person_id("paula"), None, None)
    assert (row.stance, row.reason_category) == (Stance.ADVISORY, ReasonCategory.SMALL)
    assert (row.raised, row.substantiated, row.worded, row.lifting, row.pointing) == (2, 3, 3, 3, 3)
    assert row.revision_id == thing_key("rev", ITEM_ID, 2)
    assert item(DRAFTED, HELD, ("ada", SAID)).blocking == ()
    assert item(DRAFTED, HELD, ("ada", replace(SAID, stance=Stance.BLOCKING))).blocking == (1,)
