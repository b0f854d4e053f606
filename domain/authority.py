"""Which role gives which power, and by what assignment a person acts."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Final, NamedTuple

import msgspec

from domain.calendar import Calendar
from domain.entry import ActorKind
from domain.events.definition import DefinitionUse
from domain.events.item import ItemKind, Track
from domain.events.people import Mode, Power, Role
from domain.ids import AssignmentId, DelegationId, ItemId, PersonId
from domain.policy import Policy, Rule
from domain.refusals import ActsForParty, DelegationEnded, MandateExceeded, NotAuthorised, ServiceCannotDecide
from domain.state.definition import Definition, Definitions, holding
from domain.state.policy import NO_POLICIES, Policies
from domain.state.reason import NO_REASONS, Reasons

__all__ = [
    "ACTORS", "DECISIONS", "HOLDERS", "READERS", "About", "Authority", "Delegation", "Grant", "Power", "Who",
    "blocking", "live_grants", "ownership",
]  # fmt: skip


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
    Power.SECOND_OVERRIDE: (*_CHIEFS, _TPO, _PO, _ARCHITECT, _MASTER),
    Power.ESCALATE: (_MASTER,),
    Power.RULE_ON_ESCALATION: _CHIEFS,
    Power.STAND_IN_FOR_CHIEFS: (_PO, _TPO, _ARCHITECT),
    Power.ESTIMATE: (_DEVELOPER,),
    Power.SIGN_READY: (_DEVELOPER, _TPO, _PO),
    Power.SIGN_ARCHITECTURE: (_ARCHITECT,),
    Power.ASSIGN_ROLES: (Role.ADMINISTRATOR, *_CHIEFS),
    Power.ADOPT_POLICY: (_MASTER, _PO, *_CHIEFS, Role.ADMINISTRATOR),
    Power.SET_CALENDAR: (_MASTER, Role.ADMINISTRATOR),
    Power.FACILITATE_ROUNDS: (_MASTER, _DEVELOPER, _TPO, _PO),
    Power.ADMINISTER: (Role.ADMINISTRATOR,),
}
"""Who holds a power, in the order in which one acts who has several of these roles."""

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


class About(NamedTuple):
    """What an act is about, as far as an assignment may be narrowed to it: the item and its track."""

    item_id: ItemId
    track: Track


class Grant(msgspec.Struct, frozen=True, kw_only=True):
    """A role assignment as rules read it; no `items` means all, no `powers` every one of the role."""

    assignment_id: AssignmentId
    person_id: PersonId
    role: Role
    starts_at: datetime
    ends_at: datetime | None = None
    mode: Mode = Mode.FORMAL
    track: Track | None = None
    items: frozenset[ItemId] = frozenset()
    powers: frozenset[Power] = frozenset()
    is_service: bool = False

    def holds(self, now: datetime) -> bool:
        """Whether it gives powers at this time."""
        return self.starts_at <= now and (self.ends_at is None or now < self.ends_at)

    def covers(self, about: About | None) -> bool:
        """Whether it holds for this item, or for what is about none."""
        if about is None:
            return self.track is None and not self.items
        return self.track in (None, about.track) and (not self.items or about.item_id in self.items)

    def gives(self, power: Power) -> bool:
        """Whether the role has this power and the mandate leaves it; an adviser decides nothing."""
        is_kept = not self.powers or power in self.powers
        is_usable = self.mode is not Mode.ADVISER or power not in DECISIONS
        return self.role in HOLDERS[power] and is_kept and is_usable


class Delegation(msgspec.Struct, frozen=True, kw_only=True):
    """That one person lets another use some powers, as rules read it. It gives what the first still holds by a role."""

    delegation_id: DelegationId
    from_id: PersonId
    person_id: PersonId
    powers: frozenset[Power]
    starts_at: datetime
    ends_at: datetime
    is_expired: bool = False

    def holds(self, now: datetime) -> bool:
        """Whether it may be used at this time."""
        return not self.is_expired and self.starts_at <= now < self.ends_at


Parties = Collection[PersonId | None]


class Authority(NamedTuple):
    """What somebody relied on to act: the role, and the assignment or delegation that gave it, of whom if delegated."""

    role: str
    authorised_by: str
    on_behalf_of: PersonId | None = None

    def is_apart(self, actor_id: PersonId, party_ids: Parties) -> bool:
        """Whether neither who acts nor for whom is one of these."""
        return actor_id not in party_ids and (self.on_behalf_of is None or self.on_behalf_of not in party_ids)


class Who(msgspec.Struct, frozen=True, kw_only=True):
    """Who acts, when, with the grants that hold then; `salt` is 32 random bytes as hex for what they write.

    `grants` are their own that hold for what the act is `about`, `place` is every grant of the team and the workspace
    they act in, whosever and whether or not it holds, `delegations` likewise, `elsewhere` both in all teams if asked
    for; `policy` holds there, `workspace_policies` hold in all teams, `reasons` are those the workspace added.
    """

    person_id: PersonId
    kind: ActorKind
    now: datetime
    salt: str
    grants: tuple[Grant, ...] = ()
    place: tuple[Grant, ...] = ()
    delegations: tuple[Delegation, ...] = ()
    elsewhere: tuple[Grant | Delegation, ...] = ()
    about: About | None = None
    policy: Policy = Policy()
    calendar: Calendar = Calendar()
    workspace_policies: Policies = NO_POLICIES
    definitions: tuple[Definitions, ...] = ()
    reasons: Reasons = NO_REASONS

    def definition(self, use: DefinitionUse, track: Track, kind: ItemKind) -> Definition | None:
        """What ready or done means here for such an item; None where nothing is asked for."""
        return holding(self.definitions, use, track, kind)

    @property
    def present(self) -> tuple[Grant, ...]:
        """What everybody holds here now."""
        return tuple(grant for grant in self.place if grant.holds(self.now))

    def people_with(self, power: Power, about: About) -> tuple[PersonId, ...]:
        """The people who hold a power over this item now, each once, in the order in which they got their roles."""
        giving = [grant for grant in self.present if grant.gives(power) and grant.covers(about)]
        held = [grant.person_id for grant in giving if not grant.is_service]
        return tuple(dict.fromkeys(held))

    def meets(self, person_id: PersonId) -> bool:
        """Whether that person holds any role here now in which one acts."""
        return any(grant.person_id == person_id and grant.role not in READERS for grant in self.present)

    def by(self, *powers: Power) -> Authority:
        """The authority for an act that needs one of these powers, of the first that is held; refuses who has none."""
        if (authority := self._first_of(powers)) is not None:
            return authority
        theirs = [each for power in powers for each in self._to_them(power)]
        if any(each.is_expired or each.ends_at <= self.now for each in theirs):
            raise DelegationEnded(who_could=_holders(powers), powers=powers)
        raise self._lacking(powers)

    def by_apart(self, *powers: Power, not_for: Parties) -> Authority:
        """The same where those in `not_for` are on the other side of what is decided: nobody acts in their name."""
        if (authority := self._first_of(powers, not_for)) is not None:
            return authority
        if any(self._delegated(power) for power in powers):
            raise ActsForParty(powers=powers)
        return self.by(*powers)

    def by_role(self, *powers: Power) -> Authority:
        """The same by a role of one's own alone: where nothing is delegated, like in the whole workspace."""
        if (authority := self._first_of(powers, is_own=True)) is not None:
            return authority
        raise self._lacking(powers)

    def _first_of(self, powers: tuple[Power, ...], not_for: Parties = (), *, is_own: bool = False) -> Authority | None:
        delegated = () if is_own else tuple(self._delegated(power, not_for) for power in powers)
        authority = next((each for each in (*map(self._own, powers), *delegated) if each is not None), None)
        return self.to_decide(authority) if DECISIONS.issuperset(powers) else authority

    def to_decide(self, authority: Authority | None) -> Authority | None:
        """An authority to decide: a service has none, nor has an auditor where policy keeps them apart."""
        if self.kind is ActorKind.SERVICE:
            raise ServiceCannotDecide
        if authority is not None:
            self.policy.weigh(Rule.AUDITOR_DOES_NOT_DECIDE, is_met=Role.AUDITOR not in {g.role for g in self.grants})
        return authority

    def holds(self, power: Power) -> bool:
        """Whether they have an authority for it."""
        return self._own(power) is not None or self._delegated(power) is not None

    def _own(self, power: Power) -> Authority | None:
        """By the role that `HOLDERS` names first, and of it by the assignment given first."""
        if self.kind is ActorKind.SERVICE and power in DECISIONS:
            return None
        first = _first(self.grants, power)
        return None if first is None else Authority(first.role, first.assignment_id)

    def _delegated(self, power: Power, not_for: Parties = ()) -> Authority | None:
        """By what somebody lets them do who holds it now by a role: a delegation is never delegated further."""
        if self.kind is ActorKind.SERVICE and power in DECISIONS:
            return None
        for delegation in self._to_them(power):
            theirs = live_grants(self.place, delegation.from_id, self.now, self.about)
            first = _first(theirs, power)
            if delegation.holds(self.now) and first is not None and delegation.from_id not in not_for:
                return Authority(first.role, delegation.delegation_id, delegation.from_id)
        return None

    def _to_them(self, power: Power) -> list[Delegation]:
        return [each for each in self.delegations if each.person_id == self.person_id and power in each.powers]

    def _lacking(self, powers: tuple[Power, ...]) -> NotAuthorised:
        """Why not: the role is another's, or their own mandate stops short of this."""
        roles, own = _holders(powers), [grant for grant in self.present if grant.person_id == self.person_id]
        is_narrowed = any(grant.role in roles for grant in (*own, *self.grants))
        return (MandateExceeded if is_narrowed else NotAuthorised)(who_could=roles, powers=powers)

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


def _holders(powers: Iterable[Power]) -> tuple[Role, ...]:
    return tuple(dict.fromkeys(role for power in powers for role in HOLDERS[power]))


def _first(grants: Iterable[Grant], power: Power) -> Grant | None:
    """The grant that gives the power by the role that `HOLDERS` names first."""
    giving = [grant for grant in grants if grant.gives(power)]
    return min(giving, key=lambda grant: HOLDERS[power].index(grant.role), default=None)


def live_grants(
    grants: Iterable[Grant], person_id: PersonId, now: datetime, about: About | None = None
) -> tuple[Grant, ...]:
    """The grants of one person that hold at a time, for what the act is about."""
    return tuple(g for g in grants if g.person_id == person_id and g.holds(now) and g.covers(about))
