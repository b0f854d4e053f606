"""Saying when a team works."""

from datetime import date
from typing import Final

from domain.authority import Authority, Power, Who
from domain.calendar import WEEKDAYS, WORKING_DAYS, Weekday, time_zones
from domain.decision import Decided, decided
from domain.events import TeamCalendarSet
from domain.refusals import NoWorkingDay, TooManyHolidays, UnknownTeam, UnknownTimeZone
from domain.state.team import Team

HOLIDAYS_MAX: Final = 500


def may_set_calendar(_team: Team, who: Who) -> Authority:
    """The team's Scrum Master or an administrator."""
    return who.by(Power.SET_CALENDAR)


def set_calendar(
    team: Team,
    who: Who,
    *,
    time_zone: str,
    working_days: tuple[Weekday, ...] | None = None,
    holidays: tuple[date, ...] | None = None,
) -> Decided:
    """Say when a team works, in place of what was said before; deadlines that have started stay as they are."""
    authority = may_set_calendar(team, who)
    if not team.id:
        raise UnknownTeam(path="team")
    if time_zone not in time_zones():
        raise UnknownTimeZone(path="timeZone")
    worked = WORKING_DAYS if working_days is None else working_days
    week = tuple(day for day in WEEKDAYS if day in worked)
    if not week:
        raise NoWorkingDay(path="workingDays")
    days_off = tuple(sorted(set(holidays or ())))
    if len(days_off) > HOLIDAYS_MAX:
        raise TooManyHolidays(path="holidays")
    return decided(authority, TeamCalendarSet(time_zone=time_zone, working_days=week, holidays=days_off))
