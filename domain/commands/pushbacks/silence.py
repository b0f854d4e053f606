"""What time does to a pushback whose holder says nothing to an answer: one reminder, then it lapses."""

from datetime import datetime
from typing import Final

from domain.authority import Authority, Who
from domain.commands.deadlines import deadline
from domain.commands.pushbacks.standing import heir, still_open
from domain.decision import Decided, decided
from domain.events import PushbackHolderReminded, PushbackLapsed, PushbackReassigned
from domain.refusals import NobodyIsSilent, NotYetDue
from domain.state.item import Item
from domain.state.pushback import Silence

REMINDED_BY: Final = "silence-is-reminded/1"
LAPSED_BY: Final = "silence-lapses/1"
REMINDERS: Final = 1
"""How many there are before a pushback lapses."""


def patience(who: Who) -> datetime:
    """How long a holder may be silent from now on."""
    return deadline(who, who.policy.lapse_days)


def begun_anew(item: Item, who: Who, pushback: int) -> datetime | None:
    """Until when a holder who says something meanwhile may be silent; None where nothing waits for their word."""
    raised = item.pushbacks[pushback]
    return patience(who) if raised.silence and raised.holder_id == who.person_id else None


def may_remind(item: Item, who: Who, pushback: int) -> Authority:
    """Time alone, once."""
    _silence(item, pushback, reminders=0)
    return who.as_system(REMINDED_BY)


def remind_holder(item: Item, who: Who, pushback: int) -> Decided:
    """Remind whose pushback it is that an answer waits for them."""
    authority = may_remind(item, who, pushback)
    silence = _over(_silence(item, pushback, reminders=0), who)
    reminded = PushbackHolderReminded(pushback=pushback, silent_since=silence.since, due_at=patience(who))
    return decided(authority, reminded)


def may_lapse(item: Item, who: Who, pushback: int) -> Authority:
    """Time alone, after the reminder."""
    _silence(item, pushback, reminders=REMINDERS)
    return who.as_system(LAPSED_BY)


def lapse_pushback(item: Item, who: Who, pushback: int) -> Decided:
    """End a pushback whose holder was reminded in vain; where somebody joined who is here, it becomes theirs."""
    authority = may_lapse(item, who, pushback)
    silence = _over(_silence(item, pushback, reminders=REMINDERS), who)
    if (heir_id := heir(item, who, pushback)) is not None:
        return decided(authority, PushbackReassigned(pushback=pushback, person_id=heir_id, due_at=patience(who)))
    return decided(authority, PushbackLapsed(pushback=pushback, reminders=REMINDERS, silent_since=silence.since))


def _silence(item: Item, pushback: int, *, reminders: int) -> Silence:
    silence = still_open(item, pushback).silence
    if silence is None or silence.reminders != reminders:
        raise NobodyIsSilent
    return silence


def _over(silence: Silence, who: Who) -> Silence:
    if who.now < silence.due_at:
        raise NotYetDue
    return silence
