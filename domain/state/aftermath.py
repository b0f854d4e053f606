"""What is owed on an item after a pushback ended: the outcome stays as it is, this is seen to later."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

import msgspec

from domain.entry import Entry
from domain.events import OverrideRatified, PushbackDebtDropped, PushbackOverridden
from domain.events.endings import Debt
from domain.ids import PersonId


class Owing(msgspec.Struct, frozen=True, kw_only=True):
    """What is owed; `barred` are those who cannot see to it, because they had a part in it."""

    debt: Debt
    barred: frozenset[PersonId] = frozenset()


Owed = Mapping[int, Owing]
NOTHING_OWED: Final[Owed] = MappingProxyType({})


def evolve(owed: Owed, entry: Entry[Any]) -> Owed:
    """What is owed after an entry, by the pushback's ordinal; total."""
    match entry.event:
        case PushbackOverridden(pushback=ordinal, proposer_id=proposer_id, seconder_id=str(seconder_id)):
            barred = frozenset({proposer_id, PersonId(seconder_id)})
            return {**owed, ordinal: Owing(debt=Debt.RATIFICATION, barred=barred)}
        case OverrideRatified(pushback=ordinal) | PushbackDebtDropped(pushback=ordinal):
            return {key: owing for key, owing in owed.items() if key != ordinal}
        case _:
            return owed
