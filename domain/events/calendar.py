"""When a team works."""

from datetime import date

from domain.calendar import Weekday
from domain.entry import Event


class TeamCalendarSet(Event, frozen=True, kw_only=True):
    """A team said when it works; deadlines that start from then on are counted so."""

    time_zone: str
    working_days: tuple[Weekday, ...]
    holidays: tuple[date, ...] = ()
