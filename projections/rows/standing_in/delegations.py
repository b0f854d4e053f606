"""Who may use whose powers in a team, and until when."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any

from msgspec.structs import replace

from domain.entry import Entry
from domain.events import DelegationExpired, DelegationGranted, DelegationRevoked
from domain.events.people import Power
from domain.ids import DelegationId, PersonId, TeamId, stream_key, thing_key
from projections.declare import Points, Projection, Row, one, said


class Delegation(Row, frozen=True, kw_only=True):
    """That one person may use some powers of another in a team for a time, as long as the other holds them."""

    id: DelegationId
    team_id: TeamId
    from_id: PersonId
    person_id: PersonId
    powers: tuple[Power, ...]
    starts_at: datetime
    ends_at: datetime
    granted: Annotated[int, Points(DelegationGranted)]
    ended: Annotated[int, Points(DelegationRevoked, DelegationExpired)] | None = None
    due_at: datetime | None
    due: str | None

    team = one("Team", "team_id", doc="Where it holds.")
    from_person = one("Person", "from_id", doc="Whose powers they are.")
    person = one("Person", "person_id", doc="Who may use them.")
    why = said("granted", "why", doc="Why, in the words of who gave it; null once erased.")
    unmet = said("granted", "unmet", doc="Rules of policy that it did not meet and that only advise.")


def _keys(entry: Entry[Any]) -> Iterable[str]:
    return (thing_key("dlg", stream_key("tem", entry.stream_id), entry.event.delegation),)


def _evolve(row: Delegation | None, entry: Entry[Any], _item: object) -> Delegation | None:
    match entry.event:
        case DelegationGranted() as event:
            team = stream_key("tem", entry.stream_id)
            return Delegation(
                id=DelegationId(thing_key("dlg", team, event.delegation)),
                team_id=TeamId(team),
                from_id=event.from_id,
                person_id=event.person_id,
                powers=event.powers,
                starts_at=event.starts_at,
                ends_at=event.ends_at,
                granted=entry.position,
                due_at=event.ends_at,
                due="expire_delegation",
            )
        case DelegationRevoked() | DelegationExpired() if row:
            return replace(row, ended=entry.position, due_at=None, due=None)
        case _:
            return row


PROJECTION = Projection(
    Delegation, frozenset({DelegationGranted, DelegationRevoked, DelegationExpired}), _keys, _evolve
)
