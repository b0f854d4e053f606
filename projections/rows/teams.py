"""Teams, and who holds which role in them or in the whole workspace."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, Any

import msgspec

from domain.calendar import WORKING_DAYS, Weekday
from domain.entry import Entry
from domain.events import ProductOwnerHandedOver, RoleAssigned, RoleAssignmentEnded, TeamCalendarSet, TeamFormed
from domain.events.item import Track
from domain.events.people import Mode, Power, Role, TeamKind
from domain.ids import AssignmentId, ItemId, PersonId, TeamId, stream_key, thing_key
from projections.declare import Points, Projection, Row, many, one, said
from projections.rows.items import WITHDRAWN


class Team(Row, frozen=True, kw_only=True):
    """A team with one backlog, in which functional and technical items have one order."""

    id: TeamId
    kind: TeamKind
    formed: Annotated[int, Points(TeamFormed)]
    time_zone: str = "UTC"
    working_days: tuple[Weekday, ...] = WORKING_DAYS
    holidays: tuple[date, ...] = ()
    calendar: Annotated[int, Points(TeamCalendarSet)] | None = None

    name = said("formed", "name", doc="What the team is called.")
    backlog = many(
        "Item",
        "team_id",
        order="rank, id",
        by=("track", "kind", "status"),
        doc="Its items in their order, without withdrawn ones unless their status is asked for.",
        hides=WITHDRAWN,
    )
    assignments = many(
        "RoleAssignment", "team_id", order="id", by=("role", "person_id"), doc="Who holds which role in it."
    )
    turns = many(
        "Turn", "team_id", order="given, id", by=("rule", "person_id"), doc="What is open in it, waiting longest first."
    )
    pushbacks = many("Pushback", "team_id", order="raised DESC", by=("state", "stance", "reason"), doc="Newest first.")


class RoleAssignment(Row, frozen=True, kw_only=True):
    """A role that a person holds or held, in a team or (team null) in the whole workspace."""

    id: AssignmentId
    person_id: PersonId
    team_id: TeamId | None
    role: Role
    starts_at: datetime
    ends_at: datetime | None
    assigned: Annotated[int, Points(RoleAssigned, ProductOwnerHandedOver)]
    ended: Annotated[int, Points(RoleAssignmentEnded)] | None = None
    mode: Mode = Mode.FORMAL
    track: Track | None = None
    item_ids: tuple[ItemId, ...] = ()
    powers: tuple[Power, ...] = ()
    due_at: datetime | None = None
    due: str | None = None

    person = one("Person", "person_id", doc="Who holds it.")
    team = one("Team", "team_id", doc="Where it holds; null for the whole workspace.")
    title = said("assigned", "title", doc="What the holder is called here; no rule reads it.")


def _team_keys(entry: Entry[Any]) -> Iterable[str]:
    return (stream_key("tem", entry.stream_id),)


def _team(row: Team | None, entry: Entry[Any], _item: object) -> Team | None:
    match entry.event:
        case TeamFormed(kind=kind):
            return Team(id=TeamId(stream_key("tem", entry.stream_id)), kind=kind, formed=entry.position)
        case TeamCalendarSet() as said if row:
            return msgspec.structs.replace(
                row,
                time_zone=said.time_zone,
                working_days=said.working_days,
                holidays=said.holidays,
                calendar=entry.position,
            )
        case _:
            return row


def _owner(entry: Entry[Any]) -> str:
    return stream_key("wsp" if entry.stream_id == entry.workspace_id else "tem", entry.stream_id)


def _assignment_keys(entry: Entry[Any]) -> Iterable[str]:
    return (thing_key("asg", _owner(entry), entry.event.assignment),)


def _due(row: RoleAssignment) -> str:
    return "end_role_on_time" if row.team_id else "end_workspace_role_on_time"


def _assignment(row: RoleAssignment | None, entry: Entry[Any], _item: object) -> RoleAssignment | None:
    match entry.event:
        case RoleAssigned() | ProductOwnerHandedOver():
            return _begun(entry)
        case RoleAssignmentEnded() if row:
            return msgspec.structs.replace(row, ended=entry.position, due_at=None, due=None)
        case _:
            return row


def _begun(entry: Entry[Any]) -> RoleAssignment:
    owner, event = _owner(entry), entry.event
    begun = RoleAssignment(
        id=AssignmentId(thing_key("asg", owner, event.assignment)),
        person_id=event.person_id,
        team_id=TeamId(owner) if owner.startswith("tem") else None,
        role=Role.PRODUCT_OWNER,
        starts_at=event.starts_at,
        ends_at=None,
        assigned=entry.position,
    )
    return begun if isinstance(event, ProductOwnerHandedOver) else _narrowed(begun, event)


def _narrowed(begun: RoleAssignment, event: RoleAssigned) -> RoleAssignment:
    return msgspec.structs.replace(
        begun,
        role=event.role,
        ends_at=event.ends_at,
        due_at=event.ends_at,
        due=_due(begun) if event.ends_at else None,
        mode=event.mode,
        track=event.track,
        item_ids=event.items,
        powers=event.powers,
    )


TEAMS = Projection(Team, frozenset({TeamFormed, TeamCalendarSet}), _team_keys, _team)
ASSIGNMENTS = Projection(
    RoleAssignment,
    frozenset({RoleAssigned, RoleAssignmentEnded, ProductOwnerHandedOver}),
    _assignment_keys,
    _assignment,
)
