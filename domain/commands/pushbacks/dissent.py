"""Dissent: what somebody whose view did not prevail puts on record after the end."""

from domain.authority import Authority, Who
from domain.commands.pushbacks.standing import known
from domain.decision import Decided, decided
from domain.events import DissentRecorded
from domain.events.endings import Outcome
from domain.ids import PersonId
from domain.refusals import DissentersOnly, NothingToDissentFrom
from domain.state.item import Item
from domain.state.pushback import PushbackState
from domain.text import prose


def may_dissent(item: Item, who: Who, pushback: int) -> Authority:
    """Whose view an override or a ruling went against, and who recused themselves."""
    if who.person_id not in _dissenters(known(item, pushback)):
        raise DissentersOnly
    return who.as_holder()


def record_dissent(item: Item, who: Who, pushback: int, *, text: str) -> Decided:
    """Put on record that you still disagree with an override or a ruling, as often as there is something to say.

    Nothing else changes by it.
    """
    authority = may_dissent(item, who, pushback)
    return decided(authority, DissentRecorded(pushback=pushback, text=prose("text", text)))


def _dissenters(raised: PushbackState) -> frozenset[PersonId]:
    own = raised.raisers
    parties, recused = (raised.escalation.parties, raised.escalation.recused) if raised.escalation else (own, own)
    match raised.outcome:
        case Outcome.OVERRIDDEN:
            return own
        case Outcome.OVERRULED:
            return own | recused
        case Outcome.UPHELD:
            return (parties - own) | recused
        case _:
            raise NothingToDissentFrom
