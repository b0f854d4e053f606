"""The delegations of a team, as rules read them; those whose time is over stay, so that a refusal can say so."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from msgspec.structs import replace

from domain.authority import Delegation
from domain.entry import Entry
from domain.events import DelegationExpired, DelegationGranted, DelegationRevoked
from domain.ids import DelegationId, stream_key, thing_key

Delegations = Mapping[int, Delegation]
NO_DELEGATIONS: Final[Delegations] = MappingProxyType({})


def evolve(delegations: Delegations, entry: Entry[Any]) -> Delegations:
    """The delegations after an entry; total."""
    match entry.event:
        case DelegationGranted(delegation=ordinal) as event:
            granted = Delegation(
                delegation_id=DelegationId(thing_key("dlg", stream_key("tem", entry.stream_id), ordinal)),
                from_id=event.from_id,
                person_id=event.person_id,
                powers=frozenset(event.powers),
                starts_at=event.starts_at,
                ends_at=event.ends_at,
            )
            return {**delegations, ordinal: granted}
        case DelegationRevoked(delegation=ordinal):
            return {key: each for key, each in delegations.items() if key != ordinal}
        case DelegationExpired(delegation=ordinal) if ordinal in delegations:
            return {**delegations, ordinal: replace(delegations[ordinal], is_expired=True)}
        case _:
            return delegations
