"""What is owed on an item after a pushback ended: the outcome stays as it is, this is seen to later."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

import msgspec

from domain.entry import Entry
from domain.events import (
    OverrideRatified,
    PushbackDebtDropped,
    PushbackOverridden,
    PushbackUpheld,
    RequiredChangeMade,
    RequiredChangeRejected,
    RequiredChangeVerified,
    RequiredChangeWaived,
)
from domain.events.endings import Debt
from domain.ids import PersonId
from domain.state.pushback import Pushbacks


class Owing(msgspec.Struct, frozen=True, kw_only=True):
    """What is owed; `barred` are those who cannot see to it, because they had a part in it.

    `made_in` is the revision that has to be looked at, 0 where there is none; whoever revised since the last look is
    barred from looking, and in whose name.
    """

    debt: Debt
    barred: frozenset[PersonId] = frozenset()
    made_in: int = 0


Owed = Mapping[int, Owing]
NOTHING_OWED: Final[Owed] = MappingProxyType({})


def evolve(owed: Owed, entry: Entry[Any], pushbacks: Pushbacks) -> Owed:
    """What is owed after an entry, by the pushback's ordinal, given the pushbacks before it; total."""
    match entry.event:
        case PushbackOverridden(pushback=ordinal, proposer_id=proposer_id, seconder_id=str(seconder_id)):
            by = {proposer_id, PersonId(seconder_id), PersonId(entry.act.on_behalf_of or seconder_id)}
            override = pushbacks[ordinal].override if ordinal in pushbacks else None
            proposers = override.proposers if override else frozenset()
            return {**owed, ordinal: Owing(debt=Debt.RATIFICATION, barred=proposers | by)}
        case PushbackUpheld(pushback=ordinal) | RequiredChangeRejected(pushback=ordinal):
            return {**owed, ordinal: Owing(debt=Debt.REQUIRED_CHANGE)}
        case RequiredChangeMade(pushback=ordinal, revision=revision):
            looked = owed[ordinal].barred if ordinal in owed else frozenset()
            barred = looked | {PersonId(name) for name in (entry.act.actor, entry.act.on_behalf_of) if name}
            return {**owed, ordinal: Owing(debt=Debt.REQUIRED_CHANGE, barred=barred, made_in=revision)}
        case OverrideRatified(pushback=ordinal) | RequiredChangeVerified(pushback=ordinal):
            return _without(owed, ordinal)
        case PushbackDebtDropped(pushback=ordinal) | RequiredChangeWaived(pushback=ordinal):
            return _without(owed, ordinal)
        case _:
            return owed


def _without(owed: Owed, ordinal: int) -> Owed:
    return {key: owing for key, owing in owed.items() if key != ordinal}
