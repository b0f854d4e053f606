"""What time does where an answer gets no word: one reminder, then the pushback lapses."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

import pytest
from msgspec.structs import replace

from domain.authority import Who
from domain.commands.item import revise_item
from domain.commands.pushbacks.escalation import escalate_pushback
from domain.commands.pushbacks.pushback import answer_pushback, reject_answer, settle_pushback, sort_pushback
from domain.commands.pushbacks.silence import lapse_pushback, remind_holder
from domain.commands.pushbacks.terms import amend_pushback, change_stance, reassign_pushback
from domain.decision import Decided
from domain.events import PushbackHolderReminded, PushbackLapsed, PushbackResponded
from domain.events.endings import Outcome
from domain.events.pushback import Reason, Stance
from domain.ids import RevisionId, thing_key
from domain.policy import Policy
from domain.refusals import AlreadyTerminal, NobodyIsSilent, NotAuthorised, NotYetDue
from domain.state.item import Item
from domain.state.person import Person
from tests.domain.pushbacks.test_escalation import ADA, DANA, the_item
from tests.domain.pushbacks.test_override import clock
from tests.given import ITEM_ID, NOW, after, person_id, refused

WEEK: Final = timedelta(days=7)
"""Five working days from a Monday."""
SINCE: Final = NOW + timedelta(minutes=1)
"""When the answer was recorded, in these histories."""


def answered(item: Item | None = None, **said: Any) -> Item:
    item = the_item() if item is None else item
    return after(item, DANA, answer_pushback(item, DANA, 1, text="Ten a second", **said))


def reminded(item: Item | None = None) -> Item:
    item = answered() if item is None else item
    return after(item, clock(7), remind_holder(item, clock(7), 1))


def at(moment: datetime) -> Who:
    return replace(clock(0), now=moment)


def test_a_holder_who_says_nothing_is_reminded_once_and_then_it_lapses() -> None:
    item = answered()
    with refused(NotYetDue):
        remind_holder(item, clock(6.9), 1)
    with refused(NobodyIsSilent):
        lapse_pushback(item, clock(30), 1)
    outcome = remind_holder(item, clock(7), 1)
    assert outcome.authority.authorised_by == "silence-is-reminded/1"
    assert outcome.events == (PushbackHolderReminded(pushback=1, silent_since=SINCE, due_at=NOW + 2 * WEEK),)
    item = after(item, clock(7), outcome)
    with refused(NobodyIsSilent):
        remind_holder(item, clock(30), 1)
    with refused(NotYetDue):
        lapse_pushback(item, clock(13.9), 1)
    outcome = lapse_pushback(item, clock(14), 1)
    assert outcome.events == (PushbackLapsed(pushback=1, reminders=1, silent_since=SINCE),)
    item = after(item, clock(14), outcome)
    assert (item.pushbacks[1].outcome, item.blocks) == (Outcome.LAPSED, ())
    with refused(AlreadyTerminal):
        lapse_pushback(item, clock(30), 1)


def test_it_lapses_where_a_revision_is_said_to_address_it_too() -> None:
    item = the_item()
    item = after(item, DANA, revise_item(item, DANA, expected_digest=item.digest, title="Pay by invoice"))
    item = reminded(answered(item, fixed_in=RevisionId(thing_key("rev", ITEM_ID, 2))))
    assert lapse_pushback(item, clock(14), 1).events


def test_nobody_but_time_reminds_or_lets_it_lapse() -> None:
    with refused(NotAuthorised):
        remind_holder(answered(), replace(DANA, now=NOW + 5 * WEEK), 1)
    with refused(NotAuthorised):
        lapse_pushback(reminded(), replace(DANA, now=NOW + 5 * WEEK), 1)


def test_nobody_is_silent_where_it_is_the_other_side_s_turn() -> None:
    item = answered()
    rejected = after(item, ADA, reject_answer(item, ADA, 1, why="Per country?"))
    escalated = after(item, ADA, escalate_pushback(item, ADA, 1, why="In circles"))
    old = the_item(("dana", PushbackResponded(pushback=1)))
    for other in (the_item(), rejected, escalated, old):
        with refused(NobodyIsSilent):
            remind_holder(other, clock(30), 1)
    settled = after(item, ADA, settle_pushback(item, ADA, 1))
    with refused(AlreadyTerminal):
        remind_holder(settled, clock(30), 1)


@pytest.mark.parametrize("again", ["a new answer", "a new holder"])
def test_the_time_begins_anew(again: str) -> None:
    item = reminded()
    by = replace(DANA if again == "a new answer" else ADA, now=NOW + timedelta(days=10))
    if again == "a new answer":
        outcome = answer_pushback(item, by, 1, text="Twenty, then")
    else:
        outcome = reassign_pushback(item, by, 1, person=Person(id=person_id("zoe")), why="I leave")
    item = after(item, by, outcome)
    with refused(NobodyIsSilent):
        lapse_pushback(item, clock(60), 1)
    with refused(NotYetDue):
        remind_holder(item, clock(14), 1)
    assert remind_holder(item, at(NOW + timedelta(days=17)), 1).events


@pytest.mark.parametrize(
    "said",
    [
        lambda item, by: amend_pushback(item, by, 1, why="Clearer", statement="Ten a second is too little"),
        lambda item, by: change_stance(item, by, 1, stance=Stance.ADVISORY, why="It can go live"),
        lambda item, by: sort_pushback(item, by, 1, reason=Reason.TOO_LARGE),
    ],
    ids=["amended", "eased", "sorted"],
)
def test_a_holder_who_says_anything_is_not_silent(said: Callable[[Item, Who], Decided]) -> None:
    item, by = reminded(), replace(ADA, now=NOW + timedelta(days=10))
    item = after(item, by, said(item, by))
    with refused(NobodyIsSilent):
        lapse_pushback(item, clock(60), 1)
    with refused(NotYetDue):
        remind_holder(item, clock(14), 1)
    assert remind_holder(item, at(NOW + timedelta(days=17)), 1).events


def test_what_the_other_side_says_of_the_reason_gives_no_more_time() -> None:
    item = reminded()
    item = after(item, DANA, sort_pushback(item, DANA, 1, reason=Reason.TOO_LARGE))
    assert lapse_pushback(item, clock(14), 1).events


def test_who_takes_over_what_waits_for_the_item_s_side_has_all_the_time_there_is() -> None:
    outcome = reassign_pushback(the_item(), ADA, 1, person=Person(id=person_id("zoe")), why="I leave")
    with refused(NobodyIsSilent):
        remind_holder(after(the_item(), ADA, outcome), clock(90), 1)


def test_policy_says_how_long() -> None:
    dana = replace(DANA, policy=Policy(lapse_days=1))
    (event,) = answer_pushback(the_item(), dana, 1, text="Ten").events
    assert isinstance(event, PushbackResponded)
    assert event.due_at == NOW + timedelta(days=1)
