"""The rows of a pushback that others rule on, whose turn it is then, and what it still blocks."""

from msgspec.structs import replace

from domain.events import (
    ArbiterRecused,
    DissentRecorded,
    PushbackAmended,
    PushbackEscalated,
    PushbackHolderReminded,
    PushbackLapsed,
    PushbackOverruled,
    PushbackRaised,
    PushbackReasonSorted,
    PushbackReassigned,
    PushbackResponded,
    PushbackStanceChanged,
    PushbackUpheld,
    RequiredChangeMade,
    RequiredChangeRejected,
    RequiredChangeVerified,
    RequiredChangeWaived,
)
from domain.events.endings import Debt, Outcome
from domain.events.pushback import Reason, Stance
from domain.ids import thing_key
from projections.pushback_turns import whose
from projections.rows.pushback_row import PushbackState
from projections.turns import TurnRule
from tests.given import ITEM, ITEM_ID, NOW, drafted, entries, person_id
from tests.projections.rows import item, row_of, thing

PAULA, ADA, TOM, ZOE = map(person_id, ("paula", "ada", "tom", "zoe"))
BEGUN = (
    ("paula", drafted()),
    ("ada", PushbackRaised(pushback=1, revision=1, digest="d", stance=Stance.ADVISORY, reason=Reason.OTHER)),
)
ESCALATED = ("ada", PushbackEscalated(pushback=1, parties=(ADA, PAULA), arbiters=(TOM, ZOE)))
UPHELD = ("zoe", PushbackUpheld(pushback=1))
MADE = ("paula", RequiredChangeMade(pushback=1, revision=2))
MINUTE = 60.0


def test_an_escalated_pushback_is_the_turn_of_those_who_may_rule_and_their_time_is_counted() -> None:
    row = thing("Pushback", "pbk", *BEGUN, ESCALATED)
    assert (row.state, row.turn_id, row.arbiter_ids, row.due) == (PushbackState.ESCALATED, None, (TOM, ZOE), None)
    told = whose(row)
    assert told
    assert (told.rule, told.person_ids, told.not_ids) == (TurnRule.RULE_ON_ESCALATION, (TOM, ZOE), (ADA, PAULA))
    recused = ("tom", ArbiterRecused(pushback=1, arbiters=(ZOE,)))
    row = thing("Pushback", "pbk", *BEGUN, ESCALATED, recused)
    assert (row.turn_id, row.arbiter_ids, row.barred_ids) == (ZOE, (ZOE,), (ADA, PAULA, TOM))
    row = thing("Pushback", "pbk", *BEGUN, ESCALATED, recused, ("zoe", PushbackOverruled(pushback=1)))
    assert (row.outcome, row.turn_id, row.owed, row.ruled) == (Outcome.OVERRULED, None, None, 5)
    assert (row.item_side_seconds, row.arbiter_seconds, row.turn_since) == (MINUTE, 2 * MINUTE, None)


def test_the_change_that_a_ruling_asks_for_goes_from_the_author_to_the_raiser_and_back() -> None:
    upheld = (*BEGUN, ESCALATED, UPHELD)
    seen = []
    for said in ((), (MADE,), (MADE, ("ada", RequiredChangeRejected(pushback=1, revision=2)))):
        row = thing("Pushback", "pbk", *upheld, *said)
        told = whose(row)
        assert told
        seen.append((row.outcome, row.owed, row.turn_id, told.rule))
    owes = (Outcome.UPHELD, Debt.REQUIRED_CHANGE)
    assert seen == [
        (*owes, PAULA, TurnRule.MAKE_REQUIRED_CHANGE),
        (*owes, ADA, TurnRule.VERIFY_REQUIRED_CHANGE),
        (*owes, PAULA, TurnRule.MAKE_REQUIRED_CHANGE),
    ]
    assert row.item_side_seconds == MINUTE, "the time after the end is nobody's"


def test_a_change_that_the_holder_made_is_looked_at_by_somebody_else() -> None:
    row = thing("Pushback", "pbk", *BEGUN, ESCALATED, UPHELD, ("ada", RequiredChangeMade(pushback=1, revision=2)))
    told = whose(row)
    assert told
    assert (told.rule, told.person_id) == (TurnRule.VERIFY_REQUIRED_CHANGE, None)
    assert ADA in told.not_ids


def test_a_change_that_was_made_in_the_holder_s_name_is_looked_at_by_somebody_else_too() -> None:
    *before, made = entries(ITEM, *BEGUN, ESCALATED, UPHELD, ("sam", RequiredChangeMade(pushback=1, revision=2)))
    for name, turn_id in ((ADA, None), (PAULA, ADA)):
        history = [*before, replace(made, act=replace(made.act, on_behalf_of=name))]
        assert row_of(history, "Pushback", thing_key("pbk", ITEM_ID, 1)).turn_id == turn_id


def test_an_item_is_blocked_until_the_change_is_verified_or_let_go_of() -> None:
    upheld = (*BEGUN, ESCALATED, UPHELD)
    assert (item(*upheld).blocking, item(*upheld).open_pushback_count) == ((1,), 0)
    for end in (RequiredChangeVerified(pushback=1, revision=2), RequiredChangeWaived(pushback=1)):
        assert item(*upheld, MADE, ("ada", end)).blocking == ()
        row = thing("Pushback", "pbk", *upheld, MADE, ("ada", end))
        assert (row.owed, row.turn_id, whose(row)) == (None, None, None)


def test_dissents_are_counted_and_change_nothing_else() -> None:
    ended = (*BEGUN, ESCALATED, ("zoe", PushbackOverruled(pushback=1)))
    row = thing("Pushback", "pbk", *ended, *[("ada", DissentRecorded(pushback=1))] * 2)
    assert (row.outcome, row.dissent_count, row.dissented, row.turn_id) == (Outcome.OVERRULED, 2, 6, None)


def test_a_reminder_says_when_it_lapses_and_who_takes_over_has_all_the_time_there_is() -> None:
    answered = (*BEGUN, ("paula", PushbackResponded(pushback=1, due_at=NOW)))
    row = thing("Pushback", "pbk", *answered)
    assert (row.due, row.due_at, row.turn_id) == ("remind_holder", NOW, ADA)
    reminded = (*answered, ("clock", PushbackHolderReminded(pushback=1, silent_since=NOW, due_at=NOW)))
    row = thing("Pushback", "pbk", *reminded)
    assert (row.due, row.reminded, row.turn_id) == ("lapse_pushback", 4, ADA)
    handed = ("ada", PushbackReassigned(pushback=1, person_id=ZOE, due_at=NOW))
    row = thing("Pushback", "pbk", *reminded, handed)
    assert (row.due, row.turn_id) == ("remind_holder", ZOE)
    for word in (
        PushbackAmended(pushback=1, amended=("statement",), due_at=NOW),
        PushbackStanceChanged(pushback=1, stance=Stance.BLOCKING, due_at=NOW),
        PushbackReasonSorted(pushback=1, reason=Reason.TOO_LARGE, due_at=NOW),
    ):
        row = thing("Pushback", "pbk", *reminded, ("ada", word))
        assert (row.due, row.due_at, row.turn_id) == ("remind_holder", NOW, ADA)
    lapsed = ("clock", PushbackLapsed(pushback=1, reminders=1, silent_since=NOW))
    row = thing("Pushback", "pbk", *reminded, lapsed)
    assert (row.outcome, row.due, row.due_at, row.turn_id) == (Outcome.LAPSED, None, None, None)
