"""The state of teams and of the workspace, as rules read it: who holds which role there."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, ClassVar, TypeVar

import msgspec
from msgspec.structs import replace

from domain.authority import Grant
from domain.calendar import Calendar
from domain.entry import Entry
from domain.events import (
    DefinitionAdopted,
    DelegationExpired,
    DelegationGranted,
    DelegationRevoked,
    PolicyAdopted,
    ProductOwnerHandedOver,
    ReasonAdded,
    ReasonRetired,
    RoleAssigned,
    RoleAssignmentEnded,
    TeamCalendarSet,
    TeamFormed,
    WebhookRegistered,
    WebhookRevoked,
    WorkspaceOpened,
)
from domain.events.people import Role
from domain.ids import AssignmentId, stream_key, thing_key
from domain.state import definition, delegation, policy, reason
from domain.state.definition import NO_DEFINITIONS, Definitions
from domain.state.delegation import NO_DELEGATIONS, Delegations
from domain.state.policy import NO_POLICIES, Policies
from domain.state.reason import NO_REASONS, Reasons


class Team(msgspec.Struct, frozen=True, kw_only=True):
    """A team's role assignments by ordinal, the policies it adopted, when it works; an empty id is no team."""

    PREFIX: ClassVar[str] = "tem"

    id: str = ""
    grants: Mapping[int, Grant] = MappingProxyType({})
    assignments: int = 0
    calendar: Calendar = Calendar()
    policies: Policies = NO_POLICIES
    adoptions: int = 0
    delegations: Delegations = NO_DELEGATIONS
    delegated: int = 0
    definitions: Definitions = NO_DEFINITIONS
    defined: int = 0


class Workspace(Team, frozen=True, kw_only=True):
    """The workspace's own role assignments: administrators, auditors, architects of all teams; its live webhooks."""

    PREFIX: ClassVar[str] = "wsp"

    reasons: Reasons = NO_REASONS
    webhooks: frozenset[int] = frozenset()
    webhooks_registered: int = 0


def evolve_team(team: Team, entry: Entry[Any]) -> Team:
    """The team after an entry; total."""
    match entry.event:
        case TeamFormed():
            return replace(team, id=stream_key("tem", entry.stream_id))
        case TeamCalendarSet() as said:
            calendar = Calendar(
                time_zone=said.time_zone, working_days=said.working_days, holidays=frozenset(said.holidays)
            )
            return replace(team, calendar=calendar)
        case DelegationGranted() | DelegationRevoked() | DelegationExpired() as said:
            delegated = max(team.delegated, said.delegation)
            return replace(team, delegations=delegation.evolve(team.delegations, entry), delegated=delegated)
        case _:
            return _assigned(team, entry)


def evolve_workspace(workspace: Workspace, entry: Entry[Any]) -> Workspace:
    """The workspace after an entry; total."""
    match entry.event:
        case WorkspaceOpened():
            return replace(workspace, id=stream_key("wsp", entry.stream_id))
        case ReasonAdded() | ReasonRetired():
            return replace(workspace, reasons=reason.evolve(workspace.reasons, entry))
        case WebhookRegistered(webhook=ordinal):
            count = max(workspace.webhooks_registered, ordinal)
            return replace(workspace, webhooks=workspace.webhooks | {ordinal}, webhooks_registered=count)
        case WebhookRevoked(webhook=ordinal):
            return replace(workspace, webhooks=workspace.webhooks - {ordinal})
        case _:
            return _assigned(workspace, entry)


T = TypeVar("T", bound=Team)


def _assigned(place: T, entry: Entry[Any]) -> T:
    match entry.event:
        case RoleAssigned() as event:
            grant = Grant(
                assignment_id=_assignment_id(place, entry, event.assignment),
                person_id=event.person_id,
                role=event.role,
                starts_at=event.starts_at,
                ends_at=event.ends_at,
                mode=event.mode,
                track=event.track,
                items=frozenset(event.items),
                powers=frozenset(event.powers),
                is_service=event.is_service,
            )
            return _with(place, event.assignment, grant)
        case RoleAssignmentEnded(assignment=ordinal):
            return _without(place, ordinal)
        case ProductOwnerHandedOver() as event:
            owner = Grant(
                assignment_id=_assignment_id(place, entry, event.assignment),
                person_id=event.person_id,
                role=Role.PRODUCT_OWNER,
                starts_at=event.starts_at,
            )
            return _with(_without(place, event.ended_assignment), event.assignment, owner)
        case PolicyAdopted(policy=ordinal):
            adopted = policy.evolve(place.policies, entry, stream_key(place.PREFIX, entry.stream_id))
            return replace(place, policies=adopted, adoptions=max(place.adoptions, ordinal))
        case DefinitionAdopted(definition=ordinal):
            defined = definition.evolve(place.definitions, entry, stream_key(place.PREFIX, entry.stream_id))
            return replace(place, definitions=defined, defined=max(place.defined, ordinal))
        case _:
            return place


def _assignment_id(place: Team, entry: Entry[Any], ordinal: int) -> AssignmentId:
    return AssignmentId(thing_key("asg", stream_key(place.PREFIX, entry.stream_id), ordinal))


def _with(place: T, ordinal: int, grant: Grant) -> T:
    count = max(place.assignments, ordinal)
    return replace(place, grants={**place.grants, ordinal: grant}, assignments=count)


def _without(place: T, ordinal: int) -> T:
    return replace(place, grants={key: grant for key, grant in place.grants.items() if key != ordinal})
