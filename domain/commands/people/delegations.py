"""Letting somebody else use one's powers in a team: some of them, for a time, and never further on."""

from datetime import datetime, timedelta
from typing import Final

from domain.authority import DECISIONS, Authority, Delegation, Power, Who
from domain.commands.people.roles import known
from domain.decision import Decided, decided
from domain.entry import ActorKind
from domain.events import DelegationExpired, DelegationGranted, DelegationRevoked
from domain.events.people import Role
from domain.ids import PersonId
from domain.policy import Rule
from domain.refusals import (
    DelegatedToOneself,
    DelegationTooLong,
    EndsBeforeItStarts,
    NotAuthorised,
    NotYetDue,
    PowerNotHeld,
    StartsInThePast,
    UnknownDelegation,
    UnknownTeam,
)
from domain.state.person import Person
from domain.state.team import Team
from domain.text import optional, prose

EXPIRED_BY: Final = "delegation-over/1"
NEVER: Final = frozenset({Power.ASSIGN_ROLES, Power.ADMINISTER})
"""Powers that are not delegated: who should have them gets a role."""


def may_delegate(team: Team, who: Who) -> Authority:
    """Anybody who holds a power here by a role of their own."""
    if not team.id:
        raise UnknownTeam(path="team")
    authority = who.as_party()
    if not _own(who):
        raise NotAuthorised
    return authority


def grant_delegation(
    team: Team,
    who: Who,
    *,
    person: Person,
    powers: tuple[Power, ...] | None = None,
    starts_at: datetime | None = None,
    ends_at: datetime,
    why: str,
) -> Decided:
    """Let somebody else use your powers in a team until a time: those you name, or all you hold there by a role."""
    authority = may_delegate(team, who)
    own = _own(who)
    given = tuple(dict.fromkeys(powers or own))
    if not set(given) <= set(own):
        raise PowerNotHeld(path="powers")
    granted = DelegationGranted(
        delegation=team.delegated + 1,
        from_id=who.person_id,
        person_id=known(person),
        powers=given,
        starts_at=starts_at or who.now,
        ends_at=ends_at,
        unmet=_weighed(who, known(person), given),
        why=prose("why", why),
    )
    if granted.person_id == who.person_id:
        raise DelegatedToOneself(path="person")
    _must_be_a_term(who, granted)
    return decided(authority, granted)


def may_revoke(team: Team, who: Who, delegation: int) -> Authority:
    """Who gave it, who got it, or whoever gives roles in the team."""
    standing = _standing(team, delegation)
    if who.kind is not ActorKind.SERVICE and who.person_id in (standing.from_id, standing.person_id):
        return who.as_oneself("own-delegation/1")
    return who.by_role(Power.ASSIGN_ROLES)


def revoke_delegation(team: Team, who: Who, delegation: int, *, why: str | None = None) -> Decided:
    """End a delegation before its time; what was done by it stays valid."""
    authority = may_revoke(team, who, delegation)
    return decided(authority, DelegationRevoked(delegation=delegation, why=optional("why", why)))


def expire_delegation(team: Team, who: Who, delegation: int) -> Decided:
    """End a delegation whose time is over."""
    authority = who.as_system(EXPIRED_BY)
    if who.now < _standing(team, delegation).ends_at:
        raise NotYetDue
    return decided(authority, DelegationExpired(delegation=delegation))


def _standing(team: Team, ordinal: int) -> Delegation:
    delegation = team.delegations.get(ordinal)
    if delegation is None or delegation.is_expired:
        raise UnknownDelegation(path="delegation")
    return delegation


def _own(who: Who) -> tuple[Power, ...]:
    """What they could delegate: the powers their roles give, wherever those are narrowed to."""
    own = [grant for grant in who.present if grant.person_id == who.person_id]
    return tuple(power for power in Power if power not in NEVER and any(grant.gives(power) for grant in own))


def _weighed(who: Who, person_id: PersonId, powers: tuple[Power, ...]) -> tuple[Rule, ...]:
    audits = any(grant.person_id == person_id and grant.role is Role.AUDITOR for grant in who.present)
    return who.policy.weigh(Rule.AUDITOR_DOES_NOT_DECIDE, is_met=not audits or DECISIONS.isdisjoint(powers))


def _must_be_a_term(who: Who, granted: DelegationGranted) -> None:
    if granted.starts_at < who.now:
        raise StartsInThePast(path="startsAt")
    if granted.ends_at <= granted.starts_at:
        raise EndsBeforeItStarts(path="endsAt")
    if granted.ends_at - who.now > timedelta(days=who.policy.delegation_days_max):
        raise DelegationTooLong(path="endsAt")
