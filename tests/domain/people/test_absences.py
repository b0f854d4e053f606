"""Being away: who says so, when it begins and ends, and that no time does it without an event."""

from datetime import datetime
from typing import Any

import pytest
from msgspec.structs import replace

from domain.authority import Who
from domain.commands.people.absences import begin_absence, declare_absence, end_absence, end_absence_on_time
from domain.decision import Decided
from domain.entry import ActorKind
from domain.events import AbsenceBegan, AbsenceDeclared, AbsenceEnded, PersonRegistered
from domain.events.people import Role
from domain.ids import SYSTEM
from domain.refusals import (
    AbsenceStands,
    EndsBeforeItStarts,
    NoAbsence,
    NoRoleHere,
    NotAuthorised,
    NotYetDue,
    StartsInThePast,
    UnknownPerson,
    UnknownTeam,
)
from domain.state.person import Person
from domain.state.team import Team
from tests.domain.people.test_rules import DAY
from tests.given import NOW, given_person, given_team, refused, together, who

PAULA, SAM, ANNA = together(
    who("paula", Role.PRODUCT_OWNER), who("sam", Role.SCRUM_MASTER), who("anna", Role.ADMINISTRATOR)
)
REGISTERED = ("anna", PersonRegistered(commitment="c"))
LATER = AbsenceDeclared(absence=1, starts_at=NOW + DAY, ends_at=NOW + 2 * DAY)
NOW_ON = (AbsenceDeclared(absence=1, starts_at=NOW, ends_at=NOW + DAY), AbsenceBegan(absence=1))


def paula(*said: Any) -> Person:
    return given_person("paula", REGISTERED, *(("paula", event) for event in said))


def away(person: Person, by: Who = PAULA, until: datetime = NOW + DAY, **said: Any) -> Decided:
    return declare_absence(person, by, until=until, **said)


def clock(now: datetime) -> Who:
    return Who(person_id=SYSTEM, kind=ActorKind.SYSTEM, now=now, salt="")


def test_who_is_away_from_now_on_is_so_at_once() -> None:
    outcome = away(paula(), note="In the hills")
    declared = AbsenceDeclared(absence=1, starts_at=NOW, ends_at=NOW + DAY, note="In the hills")
    assert outcome.events == (declared, AbsenceBegan(absence=1))
    absence = paula(*outcome.events).absence
    assert absence is not None
    assert absence.is_begun


def test_one_said_beforehand_begins_and_ends_in_its_time() -> None:
    assert away(paula(), until=NOW + 2 * DAY, starts_at=NOW + DAY).events == (LATER,)
    with refused(NotYetDue):
        begin_absence(paula(LATER), clock(NOW))
    begun = begin_absence(paula(LATER), clock(NOW + DAY))
    assert (begun.events, begun.authority.authorised_by) == ((AbsenceBegan(absence=1),), "absence-begins/1")
    with refused(NotYetDue):
        begin_absence(paula(*NOW_ON), clock(NOW))
    with refused(NotYetDue):
        end_absence_on_time(paula(*NOW_ON), clock(NOW))
    ended = end_absence_on_time(paula(*NOW_ON), clock(NOW + DAY))
    assert (ended.events, ended.authority.authorised_by) == ((AbsenceEnded(absence=1),), "absence-over/1")


@pytest.mark.parametrize("time", [begin_absence, end_absence_on_time])
def test_time_does_nothing_where_no_absence_stands_and_nobody_does_what_time_does(time: Any) -> None:
    with refused(NoAbsence):
        time(paula(*NOW_ON, AbsenceEnded(absence=1)), clock(NOW + 9 * DAY))
    with refused(NotAuthorised):
        time(paula(LATER), PAULA)


def test_one_comes_back_early_or_does_not_leave_and_may_leave_again() -> None:
    for said in (NOW_ON, (LATER,)):
        assert end_absence(paula(*said), PAULA).events == (AbsenceEnded(absence=1),)
    again = away(paula(*NOW_ON, AbsenceEnded(absence=1))).events[0]
    assert isinstance(again, AbsenceDeclared)
    assert again.absence == 2
    with refused(NoAbsence):
        end_absence(paula(), PAULA)


def test_one_absence_at_a_time_with_a_term_ahead() -> None:
    with refused(AbsenceStands):
        away(paula(LATER))
    with refused(StartsInThePast):
        away(paula(), starts_at=NOW - DAY)
    with refused(EndsBeforeItStarts):
        away(paula(), until=NOW)
    with refused(UnknownPerson):
        away(Person())


def test_an_administrator_says_it_of_everybody_a_scrum_master_of_the_team_and_nobody_else_of_another() -> None:
    assert away(paula(), ANNA).authority.role is Role.ADMINISTRATOR
    assert away(paula(), SAM, team=given_team()).authority.role is Role.SCRUM_MASTER
    stranger = given_person("ben", REGISTERED)
    with refused(NoRoleHere):
        away(stranger, SAM, team=given_team())
    with refused(NotAuthorised):
        away(stranger, PAULA)
    with refused(NotAuthorised):
        end_absence(given_person("ben", REGISTERED, *(("ben", event) for event in NOW_ON)), PAULA)


def test_somebody_without_a_role_and_no_program_says_it_of_themselves() -> None:
    assert away(paula(), who("paula")).authority.authorised_by == "own-absence/1"
    with refused(NotAuthorised):
        away(paula(), replace(who("paula"), kind=ActorKind.SERVICE))


def test_a_team_that_is_not_there_is_told_first() -> None:
    with refused(UnknownTeam):
        declare_absence(given_person("dora"), who("sam"), until=NOW, team=Team())
