"""Roles that end when their term is over. Nobody gives these commands: the scheduler does, in their time."""

from typing import Final

from domain.authority import Authority, Who
from domain.decision import Decided, decided
from domain.events import RoleAssignmentEnded
from domain.refusals import NotYetDue, UnknownAssignment
from domain.state.team import Team, Workspace

ENDED_BY: Final = "role-term-over/1"


def end_role_on_time(team: Team, who: Who, assignment: int) -> Decided:
    """End a role assignment of a team whose term is over."""
    return decided(_over(team, who, assignment), RoleAssignmentEnded(assignment=assignment))


def end_workspace_role_on_time(workspace: Workspace, who: Who, assignment: int) -> Decided:
    """End a role assignment of the whole workspace whose term is over."""
    return decided(_over(workspace, who, assignment), RoleAssignmentEnded(assignment=assignment))


def _over(place: Team, who: Who, assignment: int) -> Authority:
    authority = who.as_system(ENDED_BY)
    grant = place.grants.get(assignment)
    if grant is None:
        raise UnknownAssignment(path="assignment")
    if grant.ends_at is None or who.now < grant.ends_at:
        raise NotYetDue
    return authority
