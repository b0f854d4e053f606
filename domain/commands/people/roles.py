"""Giving and ending roles. One primary owner per team, nobody both kinds of owner, nobody locked out."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final, TypeVar

from msgspec.structs import replace

from domain.authority import DECISIONS, HOLDERS, Authority, Delegation, Grant, Power, Who
from domain.commands.people.registry import may_administer
from domain.decision import NAMED_MAX, Decided, decided
from domain.events import RoleAssigned, RoleAssignmentEnded
from domain.events.item import Track
from domain.events.people import Mode, PersonKind, Role
from domain.ids import ItemId, PersonId
from domain.policy import Rule
from domain.refusals import (
    AlreadyAssigned,
    EndsBeforeItStarts,
    ItemsMissing,
    LastAdministrator,
    NotOfThisRole,
    OwnerIsWhole,
    OwnerOfBothKinds,
    RoleNotHere,
    SecondProductOwner,
    ServiceCannotDecide,
    StartsInThePast,
    TooManyNamed,
    UnknownAssignment,
    UnknownItem,
    UnknownPerson,
    UnknownTeam,
    UnknownWorkspace,
)
from domain.state.item import Item
from domain.state.person import Person
from domain.state.team import Team, Workspace
from domain.text import line, optional

CHIEFS: Final = frozenset({Role.CHIEF_PRODUCT_OWNER, Role.CHIEF_TECHNICAL_PRODUCT_OWNER})
WORKSPACE_ROLES: Final = CHIEFS | {
    Role.ARCHITECT,
    Role.STAKEHOLDER,
    Role.OBSERVER,
    Role.AUDITOR,
    Role.ADMINISTRATOR,
}
TEAM_ROLES: Final = frozenset(Role) - CHIEFS - {Role.AUDITOR, Role.ADMINISTRATOR}


def may_assign(_team: Team, who: Who, *_ordinal: int) -> Authority:
    """An administrator, or one of the two chief product owners."""
    return who.by_role(Power.ASSIGN_ROLES)


def assign_role(
    team: Team,
    who: Who,
    *,
    person: Person,
    role: Role,
    mode: Mode = Mode.FORMAL,
    track: Track | None = None,
    items: tuple[Item, ...] | None = None,
    powers: tuple[Power, ...] | None = None,
    title: str | None = None,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    why: str | None = None,
) -> Decided:
    """Give a person a role in a team, from now or a time on. A team has exactly one Product Owner at a time.

    It holds for all items of the team unless you name a track or items, and with every power of the role unless you
    name some. INFORMAL holds for the items named, ADVISER speaks and decides nothing.
    """
    authority = may_assign(team, who)
    _must_be_given_here(team, role)
    assigned = RoleAssigned(
        assignment=team.assignments + 1,
        person_id=known(person),
        role=role,
        is_service=person.kind is PersonKind.SERVICE,
        mode=mode,
        track=track,
        items=_of_the_team(team, items or ()),
        powers=tuple(sorted(set(powers or ()))),
        starts_at=starts_at or who.now,
        ends_at=ends_at,
        title=None if title is None else line("title", title),
        why=optional("why", why),
    )
    _must_be_a_mandate(assigned)
    return decided(authority, fitting(team.grants.values(), who, assigned))


def _must_be_given_here(team: Team, role: Role) -> None:
    if not team.id:
        raise UnknownTeam(path="team")
    if role not in TEAM_ROLES:
        raise RoleNotHere(path="role")


def _of_the_team(team: Team, items: tuple[Item, ...]) -> tuple[ItemId, ...]:
    if len(items) > NAMED_MAX:
        raise TooManyNamed(path="items")
    if any(item.team_id != team.id for item in items):
        raise UnknownItem(path="items")
    return tuple(item.id for item in items)


def assign_workspace_role(
    workspace: Workspace,
    who: Who,
    *,
    person: Person,
    role: Role,
    title: str | None = None,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    why: str | None = None,
) -> Decided:
    """Give a person a role in the whole workspace: chief, architect of all teams, auditor, administrator ..."""
    authority = may_administer(workspace, who)
    if not workspace.id:
        raise UnknownWorkspace(path="workspace")
    if role not in WORKSPACE_ROLES:
        raise RoleNotHere(path="role")
    assigned = RoleAssigned(
        assignment=workspace.assignments + 1,
        person_id=known(person),
        role=role,
        is_service=person.kind is PersonKind.SERVICE,
        starts_at=starts_at or who.now,
        ends_at=ends_at,
        title=None if title is None else line("title", title),
        why=optional("why", why),
    )
    return decided(authority, fitting(workspace.grants.values(), who, assigned))


def end_role(team: Team, who: Who, assignment: int, *, why: str | None = None) -> Decided:
    """End a role assignment; what was done in the role stays valid. A Product Owner hands over instead."""
    authority, ended = may_assign(team, who), _ended(team, assignment, why)
    if team.grants[assignment].role is Role.PRODUCT_OWNER:
        raise OwnerIsWhole
    return decided(authority, ended)


def end_workspace_role(workspace: Workspace, who: Who, assignment: int, *, why: str | None = None) -> Decided:
    """End a role assignment of the whole workspace; what was done in the role stays valid."""
    authority, ended = may_administer(workspace, who), _ended(workspace, assignment, why)
    others = [grant for key, grant in workspace.grants.items() if key != assignment]
    if not any(grant.role is Role.ADMINISTRATOR and _stays(grant, who.now) for grant in others):
        raise LastAdministrator
    return decided(authority, ended)


def _stays(grant: Grant, now: datetime) -> bool:
    return grant.holds(now) and grant.ends_at is None


def _ended(place: Team, assignment: int, why: str | None) -> RoleAssignmentEnded:
    if not place.id or assignment not in place.grants:
        raise UnknownAssignment(path="assignment")
    return RoleAssignmentEnded(assignment=assignment, why=optional("why", why))


def known(person: Person) -> PersonId:
    """Their id, if they exist."""
    if not person.id:
        raise UnknownPerson(path="person")
    return person.id


def _must_be_a_mandate(assigned: RoleAssigned) -> None:
    """Refuses a narrowing that narrows nothing, and any of the primary owner."""
    if assigned.mode is Mode.INFORMAL and not assigned.items:
        raise ItemsMissing(path="items")
    if any(assigned.role not in HOLDERS[power] for power in assigned.powers):
        raise NotOfThisRole(path="powers")
    is_narrow = assigned.mode is not Mode.FORMAL or assigned.track or assigned.items or assigned.ends_at
    if assigned.role is Role.PRODUCT_OWNER and is_narrow:
        raise OwnerIsWhole(path="role")


def fitting(grants: Iterable[Grant], who: Who, assigned: RoleAssigned) -> RoleAssigned:
    """What is assigned, with the rules it does not meet; refuses a term or a role that does not fit the others."""
    if assigned.is_service and assigned.role is Role.PRODUCT_OWNER:
        raise ServiceCannotDecide(path="person")
    if assigned.starts_at < who.now:
        raise StartsInThePast(path="startsAt")
    if assigned.ends_at is not None and assigned.ends_at <= assigned.starts_at:
        raise EndsBeforeItStarts(path="endsAt")
    _refuse_overlap(_during(grants, assigned), assigned)
    held = _during((*who.place, *who.delegations, *who.elsewhere), assigned)
    own = [each for each in held if each.person_id == assigned.person_id]
    unmet = who.policy.weigh(Rule.AUDITOR_DOES_NOT_DECIDE, is_met=_is_apart(own, assigned.role))
    return replace(assigned, unmet=unmet)


def _is_apart(own: list[Grant | Delegation], role: Role) -> bool:
    """Whether nobody audits and decides, who gets this role and may already do so much."""
    deciding = {role for power in DECISIONS for role in HOLDERS[power]}
    roles = {role} | {each.role for each in own if isinstance(each, Grant)}
    lent = {power for each in own if isinstance(each, Delegation) for power in each.powers}
    return Role.AUDITOR not in roles or not (roles & deciding or lent & DECISIONS)


def _refuse_overlap(overlapping: list[Grant], assigned: RoleAssigned) -> None:
    """Refuses a second primary owner, an owner of both kinds, and a role twice for one person."""
    held = {grant.role for grant in overlapping if grant.person_id == assigned.person_id}
    if assigned.role in held:
        raise AlreadyAssigned(path="role")
    if assigned.role is Role.PRODUCT_OWNER and any(grant.role is Role.PRODUCT_OWNER for grant in overlapping):
        raise SecondProductOwner(path="role")
    if {Role.PRODUCT_OWNER, Role.TECHNICAL_PRODUCT_OWNER} <= held | {assigned.role}:
        raise OwnerOfBothKinds(path="role")


Held = TypeVar("Held", Grant, Grant | Delegation)


def _during(held: Iterable[Held], assigned: RoleAssigned) -> list[Held]:
    """What holds for a part of the same time."""
    return [each for each in held if _overlap(each, assigned)]


def _overlap(held: Grant | Delegation, assigned: RoleAssigned) -> bool:
    starts_before_end = assigned.ends_at is None or held.starts_at < assigned.ends_at
    return starts_before_end and (held.ends_at is None or assigned.starts_at < held.ends_at)
