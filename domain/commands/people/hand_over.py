"""Handing the primary ownership of a team over: one step, so that the team never has two owners or none."""

from domain.authority import Authority, Grant, Power, Who
from domain.commands.people.roles import fitting, known
from domain.decision import Decided, decided
from domain.entry import ActorKind
from domain.events import ProductOwnerHandedOver, RoleAssigned, RoleAssignmentEnded
from domain.events.people import PersonKind, Role
from domain.refusals import AlreadyAssigned, NobodyHandsOver, ServiceCannotDecide, UnknownTeam
from domain.state.person import Person
from domain.state.team import Team
from domain.text import prose


def may_hand_over(team: Team, who: Who) -> Authority:
    """The Product Owner, or whoever gives roles in the team."""
    _, owner = _owner(team, who)
    if who.kind is ActorKind.SERVICE:
        raise ServiceCannotDecide
    if owner.person_id == who.person_id:
        return Authority(owner.role, owner.assignment_id)
    return who.by_role(Power.ASSIGN_ROLES)


def hand_over_product_owner(team: Team, who: Who, *, person: Person, why: str) -> Decided:
    """Make another person the Product Owner of a team, in one step: the team has exactly one before and after it."""
    authority = may_hand_over(team, who)
    ordinal, _ = _owner(team, who)
    assigned = RoleAssigned(
        assignment=team.assignments + 1,
        person_id=known(person),
        role=Role.PRODUCT_OWNER,
        is_service=person.kind is PersonKind.SERVICE,
        starts_at=who.now,
    )
    assigned = fitting([grant for key, grant in team.grants.items() if key != ordinal], who, assigned)
    if person.id == team.grants[ordinal].person_id:
        raise AlreadyAssigned(path="person")
    handed = ProductOwnerHandedOver(
        assignment=assigned.assignment,
        ended_assignment=ordinal,
        person_id=assigned.person_id,
        starts_at=assigned.starts_at,
        unmet=assigned.unmet,
        why=prose("why", why),
    )
    return decided(authority, handed, RoleAssignmentEnded(assignment=ordinal, why=handed.why))


def _owner(team: Team, who: Who) -> tuple[int, Grant]:
    if not team.id:
        raise UnknownTeam(path="team")
    for ordinal, grant in team.grants.items():
        if grant.role is Role.PRODUCT_OWNER and grant.holds(who.now):
            return ordinal, grant
    raise NobodyHandsOver
