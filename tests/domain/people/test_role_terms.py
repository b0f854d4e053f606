"""A role whose term is over ends by an event, which only time brings about."""

from datetime import timedelta
from typing import Final

import pytest

from domain.authority import Who
from domain.commands.role_terms import end_role_on_time, end_workspace_role_on_time
from domain.entry import ActorKind
from domain.events import RoleAssigned, RoleAssignmentEnded
from domain.events.people import Role
from domain.refusals import NotAuthorised, NotYetDue, UnknownAssignment
from domain.state.team import Team, Workspace
from tests.given import NOW, given_team, given_workspace, person_id, refused, who

DAY: Final = timedelta(days=1)


def time(after: timedelta) -> Who:
    """The scheduler, so long after now."""
    return who("nobody", kind=ActorKind.SYSTEM, now=NOW + after)


def assigned(role: Role, ends_at: timedelta | None = DAY) -> RoleAssigned:
    end = None if ends_at is None else NOW + ends_at
    return RoleAssigned(assignment=1, person_id=person_id("ada"), role=role, starts_at=NOW, ends_at=end)


@pytest.fixture
def team() -> Team:
    return given_team(("anna", assigned(Role.DEVELOPER)))


@pytest.fixture
def workspace() -> Workspace:
    return given_workspace(("anna", assigned(Role.AUDITOR)))


def test_it_ends_when_its_term_is_over(team: Team, workspace: Workspace) -> None:
    ended = end_role_on_time(team, time(DAY), 1)
    assert ended.events == (RoleAssignmentEnded(assignment=1),)
    assert ended.authority == ("SYSTEM", "role-term-over/1", None)
    assert end_workspace_role_on_time(workspace, time(DAY), 1) == ended


def test_not_before(team: Team, workspace: Workspace) -> None:
    with refused(NotYetDue):
        end_role_on_time(team, time(DAY - timedelta(microseconds=1)), 1)
    with refused(NotYetDue):
        end_workspace_role_on_time(workspace, time(timedelta(0)), 1)


def test_nor_one_without_a_term() -> None:
    with refused(NotYetDue):
        end_role_on_time(given_team(("anna", assigned(Role.DEVELOPER, None))), time(DAY), 1)


def test_nor_one_that_has_ended(team: Team) -> None:
    with refused(UnknownAssignment):
        end_role_on_time(team, time(DAY), 2)


def test_nobody_does_it_by_hand(team: Team) -> None:
    with refused(NotAuthorised):
        end_role_on_time(team, who("anna", Role.ADMINISTRATOR, now=NOW + DAY), 1)
