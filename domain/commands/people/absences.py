"""Being away: said beforehand or at once, begun and ended by events, so that nothing changes by time passing."""

from datetime import datetime
from typing import Final

from domain.authority import Authority, Power, Who
from domain.decision import Decided, decided
from domain.entry import ActorKind
from domain.events import AbsenceBegan, AbsenceDeclared, AbsenceEnded
from domain.refusals import (
    AbsenceStands,
    EndsBeforeItStarts,
    NoAbsence,
    NoRoleHere,
    NotYetDue,
    StartsInThePast,
    UnknownPerson,
    UnknownTeam,
)
from domain.state.person import Absence, Person
from domain.state.team import Team
from domain.text import optional

BEGINS_BY: Final = "absence-begins/1"
ENDS_BY: Final = "absence-over/1"


def may_declare(person: Person, who: Who) -> Authority:
    """The person, or an administrator; a Scrum Master for a team of the person's, which they name."""
    if not person.id:
        raise UnknownPerson(path="person")
    if person.id == who.person_id and who.kind is not ActorKind.SERVICE:
        return who.as_oneself("own-absence/1")
    return who.by(Power.SET_CALENDAR)


def declare_absence(
    person: Person,
    who: Who,
    *,
    until: datetime,
    starts_at: datetime | None = None,
    team: Team | None = None,
    note: str | None = None,
) -> Decided:
    """Say that somebody is away, from now or a time on: what waits for them falls to who stands in for them.

    You may say it of yourself, a Scrum Master of somebody in the team named, an administrator of everybody.
    """
    authority = _here(person, who, team)
    if person.absence is not None:
        raise AbsenceStands
    declared = AbsenceDeclared(
        absence=person.absences + 1, starts_at=starts_at or who.now, ends_at=until, note=optional("note", note)
    )
    if declared.starts_at < who.now:
        raise StartsInThePast(path="startsAt")
    if declared.ends_at <= declared.starts_at:
        raise EndsBeforeItStarts(path="until")
    begun = (AbsenceBegan(absence=declared.absence),) if declared.starts_at == who.now else ()
    return decided(authority, declared, *begun)


def end_absence(person: Person, who: Who, *, team: Team | None = None) -> Decided:
    """Say that somebody is there again, or will not be away after all."""
    authority = _here(person, who, team)
    _standing(person)
    return decided(authority, AbsenceEnded(absence=person.absences))


def begin_absence(person: Person, who: Who) -> Decided:
    """Begin an absence that was said beforehand, in its time."""
    authority, absence = who.as_system(BEGINS_BY), _standing(person)
    if absence.is_begun or who.now < absence.starts_at:
        raise NotYetDue
    return decided(authority, AbsenceBegan(absence=person.absences))


def end_absence_on_time(person: Person, who: Who) -> Decided:
    """End an absence whose time is over."""
    authority, absence = who.as_system(ENDS_BY), _standing(person)
    if who.now < absence.ends_at:
        raise NotYetDue
    return decided(authority, AbsenceEnded(absence=person.absences))


def _here(person: Person, who: Who, team: Team | None) -> Authority:
    if team is not None and not team.id:
        raise UnknownTeam(path="team")
    authority = may_declare(person, who)
    if team is not None and not who.meets(person.id):
        raise NoRoleHere(path="person")
    return authority


def _standing(person: Person) -> Absence:
    if person.absence is None:
        raise NoAbsence
    return person.absence
