"""Opening a workspace, registering people, forming teams, assigning roles and issuing credentials."""

from datetime import datetime
from typing import Final

from domain.authority import Authority, Grant, Power, Who
from domain.decision import Decided, decided
from domain.events import (
    CredentialIssued,
    CredentialRevoked,
    PersonRegistered,
    RoleAssigned,
    RoleAssignmentEnded,
    TeamFormed,
)
from domain.events.people import PersonKind, Role, TeamKind
from domain.refusals import (
    AlreadyAssigned,
    EndsBeforeItStarts,
    LastAdministrator,
    OwnerOfBothKinds,
    RoleNotHere,
    SecondProductOwner,
    StartsInThePast,
    UnknownAssignment,
    UnknownCredential,
    UnknownPerson,
    UnknownTeam,
    UnknownWorkspace,
)
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


def may_administer(_state: Team | Workspace | Person, who: Who, *_ordinal: int) -> Authority:
    """An administrator of the workspace."""
    return who.by(Power.ADMINISTER)


def may_assign(_team: Team, who: Who, *_ordinal: int) -> Authority:
    """An administrator, or one of the two chief product owners."""
    return who.by(Power.ASSIGN_ROLES)


def register_person(
    person: Person, who: Who, *, commitment: str, kind: PersonKind = PersonKind.HUMAN, account: str | None = None
) -> Decided:
    """Make a person or a program known; the commitment binds the name, which is kept outside the ledger."""
    authority = may_administer(person, who)
    known_as = None if account is None else line("account", account)
    return decided(authority, PersonRegistered(commitment=line("commitment", commitment), kind=kind, account=known_as))


def issue_credential(person: Person, who: Who, *, label: str, expires_at: datetime | None = None) -> Decided:
    """Record that a person got an access token."""
    authority = who.by(Power.ADMINISTER)
    if not person.id:
        raise UnknownPerson(path="person")
    if expires_at is not None and expires_at <= who.now:
        raise EndsBeforeItStarts(path="expiresAt")
    ordinal = person.credentials + 1
    return decided(authority, CredentialIssued(credential=ordinal, label=line("label", label), expires_at=expires_at))


def revoke_credential(person: Person, who: Who, credential: int) -> Decided:
    """Record that an access token is no longer valid; people may revoke their own."""
    if credential not in person.live_credentials:
        raise UnknownCredential(path="credential")
    is_own = person.id == who.person_id
    authority = who.as_oneself("own-token/1") if is_own else who.by(Power.ADMINISTER)
    return decided(authority, CredentialRevoked(credential=credential))


def form_team(team: Team, who: Who, *, name: str, kind: TeamKind = TeamKind.FEATURE) -> Decided:
    """Form a team with an empty backlog."""
    return decided(may_administer(team, who), TeamFormed(kind=kind, name=line("name", name)))


def assign_role(
    team: Team,
    who: Who,
    *,
    person: Person,
    role: Role,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    why: str | None = None,
) -> Decided:
    """Give a person a role in a team, from now or a time on. A team has exactly one Product Owner at a time."""
    authority = may_assign(team, who)
    if not team.id:
        raise UnknownTeam(path="team")
    if role not in TEAM_ROLES:
        raise RoleNotHere(path="role")
    return decided(authority, _assigned(team, person, role, _term(who, starts_at, ends_at), why))


def assign_workspace_role(
    workspace: Workspace,
    who: Who,
    *,
    person: Person,
    role: Role,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    why: str | None = None,
) -> Decided:
    """Give a person a role in the whole workspace: chief, architect of all teams, auditor, administrator ..."""
    authority = who.by(Power.ADMINISTER)
    if not workspace.id:
        raise UnknownWorkspace(path="workspace")
    if role not in WORKSPACE_ROLES:
        raise RoleNotHere(path="role")
    return decided(authority, _assigned(workspace, person, role, _term(who, starts_at, ends_at), why))


def end_role(team: Team, who: Who, assignment: int, *, why: str | None = None) -> Decided:
    """End a role assignment; what was done in the role stays valid."""
    return decided(may_assign(team, who), _ended(team, assignment, why))


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


def _term(who: Who, starts_at: datetime | None, ends_at: datetime | None) -> tuple[datetime, datetime | None]:
    start = starts_at or who.now
    if start < who.now:
        raise StartsInThePast(path="startsAt")
    if ends_at is not None and ends_at <= start:
        raise EndsBeforeItStarts(path="endsAt")
    return start, ends_at


def _assigned(
    place: Team, person: Person, role: Role, term: tuple[datetime, datetime | None], why: str | None
) -> RoleAssigned:
    if not person.id:
        raise UnknownPerson(path="person")
    assigned = RoleAssigned(
        assignment=place.assignments + 1,
        person_id=person.id,
        role=role,
        starts_at=term[0],
        ends_at=term[1],
        why=optional("why", why),
    )
    _refuse_overlap([grant for grant in place.grants.values() if _overlap(grant, assigned)], assigned)
    return assigned


def _refuse_overlap(overlapping: list[Grant], assigned: RoleAssigned) -> None:
    held = {grant.role for grant in overlapping if grant.person_id == assigned.person_id}
    if assigned.role in held:
        raise AlreadyAssigned(path="role")
    if assigned.role is Role.PRODUCT_OWNER and any(grant.role is Role.PRODUCT_OWNER for grant in overlapping):
        raise SecondProductOwner(path="role")
    if {Role.PRODUCT_OWNER, Role.TECHNICAL_PRODUCT_OWNER} <= held | {assigned.role}:
        raise OwnerOfBothKinds(path="role")


def _overlap(grant: Grant, assigned: RoleAssigned) -> bool:
    starts_before_end = assigned.ends_at is None or grant.starts_at < assigned.ends_at
    return starts_before_end and (grant.ends_at is None or assigned.starts_at < grant.ends_at)
