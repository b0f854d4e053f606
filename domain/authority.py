"""Which role gives which power, and by what assignment a person acts."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Final, NamedTuple

import msgspec

from domain.calendar import Calendar
from domain.entry import ActorKind
from domain.events.definition import DefinitionUse
from domain.events.item import ItemKind, Track
from domain.events.people import Role
from domain.ids import AssignmentId, PersonId
from domain.policy import Policy
from domain.refusals import NotAuthorised, ServiceCannotDecide
from domain.state.definition import Definition, Definitions, holding
from domain.state.policy import NO_POLICIES, Policies


class Power(StrEnum):
    """Something that not everybody may do."""

    ASK = "ASK"
    DRAFT_ITEM = "DRAFT_ITEM"
    OWN_FUNCTIONAL_ITEMS = "OWN_FUNCTIONAL_ITEMS"
    OWN_TECHNICAL_ITEMS = "OWN_TECHNICAL_ITEMS"
    RAISE_PUSHBACK = "RAISE_PUSHBACK"
    BLOCK_FUNCTIONAL_ITEMS = "BLOCK_FUNCTIONAL_ITEMS"
    BLOCK_TECHNICAL_ITEMS = "BLOCK_TECHNICAL_ITEMS"
    OVERRIDE = "OVERRIDE"
    RULE_ON_ESCALATION = "RULE_ON_ESCALATION"
    ESTIMATE = "ESTIMATE"
    SIGN_READY = "SIGN_READY"
    SIGN_ARCHITECTURE = "SIGN_ARCHITECTURE"
    ASSIGN_ROLES = "ASSIGN_ROLES"
    SET_CALENDAR = "SET_CALENDAR"
    ADOPT_POLICY = "ADOPT_POLICY"
    ADMINISTER = "ADMINISTER"


_PO, _TPO = Role.PRODUCT_OWNER, Role.TECHNICAL_PRODUCT_OWNER
_ARCHITECT, _DEVELOPER, _MASTER = Role.ARCHITECT, Role.DEVELOPER, Role.SCRUM_MASTER
_CHIEFS = (Role.CHIEF_PRODUCT_OWNER, Role.CHIEF_TECHNICAL_PRODUCT_OWNER)

HOLDERS: Final[dict[Power, tuple[Role, ...]]] = {
    Power.ASK: (_PO, _TPO, _ARCHITECT, _DEVELOPER, _MASTER, *_CHIEFS, Role.STAKEHOLDER),
    Power.DRAFT_ITEM: (_PO, _TPO, _ARCHITECT, _DEVELOPER, _MASTER, *_CHIEFS),
    Power.OWN_FUNCTIONAL_ITEMS: (_PO,),
    Power.OWN_TECHNICAL_ITEMS: (_TPO, _PO),
    Power.RAISE_PUSHBACK: (_ARCHITECT, _DEVELOPER, _TPO, _PO, _MASTER, *_CHIEFS, Role.STAKEHOLDER),
    Power.BLOCK_FUNCTIONAL_ITEMS: (_ARCHITECT, _DEVELOPER, _TPO, *_CHIEFS),
    Power.BLOCK_TECHNICAL_ITEMS: (_ARCHITECT, _DEVELOPER, _TPO, _PO, *_CHIEFS),
    Power.OVERRIDE: (_PO, *_CHIEFS),
    Power.RULE_ON_ESCALATION: _CHIEFS,
    Power.ESTIMATE: (_DEVELOPER,),
    Power.SIGN_READY: (_DEVELOPER, _TPO, _PO),
    Power.SIGN_ARCHITECTURE: (_ARCHITECT,),
    Power.ASSIGN_ROLES: (Role.ADMINISTRATOR, *_CHIEFS),
    Power.ADOPT_POLICY: (_MASTER, _PO, *_CHIEFS, Role.ADMINISTRATOR),
    Power.SET_CALENDAR: (_MASTER, Role.ADMINISTRATOR),
    Power.ADMINISTER: (Role.ADMINISTRATOR,),
}
"""Who holds a power, in the order in which one acts who has several of these roles (DOMAIN.md C6)."""

DECISIONS: Final = frozenset(Power) - {
    Power.ASK,
    Power.DRAFT_ITEM,
    Power.RAISE_PUSHBACK,
    Power.ASSIGN_ROLES,
    Power.SET_CALENDAR,
    Power.ADMINISTER,
}
"""Powers that a service account never exercises, whatever role it holds."""

READERS: Final = frozenset({Role.OBSERVER, Role.AUDITOR})
"""Roles that read and never act: whoever holds no other counts nowhere and takes no turn."""

ACTORS: Final = tuple(role for role in Role if role not in READERS)
"""Every other role."""


def ownership(track: Track) -> Power:
    """The power to order, revise and accept the items of a track."""
    return Power.OWN_TECHNICAL_ITEMS if track is Track.TECHNICAL else Power.OWN_FUNCTIONAL_ITEMS


def blocking(track: Track) -> Power:
    """The power to stop an item of a track; a Product Owner orders functional ones and has no need to."""
    return Power.BLOCK_TECHNICAL_ITEMS if track is Track.TECHNICAL else Power.BLOCK_FUNCTIONAL_ITEMS


class Grant(msgspec.Struct, frozen=True, kw_only=True):
    """A role assignment as rules read it."""

    assignment_id: AssignmentId
    person_id: PersonId
    role: Role
    starts_at: datetime
    ends_at: datetime | None = None

    def holds(self, now: datetime) -> bool:
        """Whether it gives powers at this time."""
        return self.starts_at <= now and (self.ends_at is None or now < self.ends_at)


class Authority(NamedTuple):
    """What somebody relied on to act: the role, and the assignment or delegation that gave it, of whom if delegated."""

    role: str
    authorised_by: str
    on_behalf_of: PersonId | None = None


class Who(msgspec.Struct, frozen=True, kw_only=True):
    """Who acts, when, with the grants that hold then; `salt` is 32 random bytes as hex for what they write.

    `place` is every grant of the team and the workspace they act in, whosever it is and whether or not it holds;
    `policy` is the one that holds there, `workspace_policies` what the workspace adopted for all teams,
    `definitions` are the team's and the workspace's, and `calendar` says when the team works.
    """

    person_id: PersonId
    kind: ActorKind
    now: datetime
    salt: str
    grants: tuple[Grant, ...] = ()
    place: tuple[Grant, ...] = ()
    policy: Policy = Policy()
    calendar: Calendar = Calendar()
    workspace_policies: Policies = NO_POLICIES
    definitions: tuple[Definitions, ...] = ()

    def definition(self, use: DefinitionUse, track: Track, kind: ItemKind) -> Definition | None:
        """What ready or done means here for such an item; None where nothing is asked for."""
        return holding(self.definitions, use, track, kind)

    @property
    def present(self) -> tuple[Grant, ...]:
        """What everybody holds here now."""
        return tuple(grant for grant in self.place if grant.holds(self.now))

    def meets(self, person_id: PersonId) -> bool:
        """Whether that person holds any role here now in which one acts."""
        return any(grant.person_id == person_id and grant.role not in READERS for grant in self.present)

    def by(self, power: Power) -> Authority:
        """The authority for an act that needs `power`; refuses who does not hold it."""
        if self.kind is ActorKind.SERVICE and power in DECISIONS:
            raise ServiceCannotDecide
        held = {grant.role: grant for grant in reversed(self.grants)}
        for role in HOLDERS[power]:
            if role in held:
                return Authority(role, held[role].assignment_id)
        raise NotAuthorised(who_could=HOLDERS[power])

    def holds(self, power: Power) -> bool:
        """Whether `by` would give an authority."""
        may_decide = self.kind is not ActorKind.SERVICE or power not in DECISIONS
        return may_decide and any(grant.role in HOLDERS[power] for grant in self.grants)

    def as_party(self) -> Authority:
        """The authority of a person who decides on what is their own: whatever role they hold here but to read."""
        if self.kind is ActorKind.SERVICE:
            raise ServiceCannotDecide
        return self.as_holder()

    def as_holder(self) -> Authority:
        """The authority of anybody, also a service, who takes back what is their own: whatever role they hold here."""
        for grant in self.grants:
            if grant.role not in READERS:
                return Authority(grant.role, grant.assignment_id)
        raise NotAuthorised(who_could=ACTORS)

    def as_oneself(self, rule: str) -> Authority:
        """The authority over what is nobody else's, like one's own token: any role at all, or else the rule."""
        for grant in self.grants:
            return Authority(grant.role, grant.assignment_id)
        return Authority("PERSON", rule)

    def as_system(self, rule: str) -> Authority:
        """The authority of the scheduler, which does only what a rule says happens by itself."""
        if self.kind is not ActorKind.SYSTEM:
            raise NotAuthorised
        return Authority(ActorKind.SYSTEM, rule)


def live_grants(grants: Iterable[Grant], person_id: PersonId, now: datetime) -> tuple[Grant, ...]:
    """The grants of one person that hold at a time."""
    return tuple(grant for grant in grants if grant.person_id == person_id and grant.holds(now))
