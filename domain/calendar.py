"""When a number of working days is over: in a team's own time zone, week and holidays.

A deadline is computed once, when it starts, and stored: nothing here decides anything later.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

import msgspec

from domain.entry import Choice

_DAY: Final = timedelta(days=1)
_SECOND: Final = timedelta(seconds=1)


class Weekday(Choice):
    """A day of the week."""

    MONDAY = "MONDAY", "Day 1 of ISO 8601's week."
    TUESDAY = "TUESDAY", "Day 2 of ISO 8601's week."
    WEDNESDAY = "WEDNESDAY", "Day 3 of ISO 8601's week."
    THURSDAY = "THURSDAY", "Day 4 of ISO 8601's week."
    FRIDAY = "FRIDAY", "Day 5 of ISO 8601's week."
    SATURDAY = "SATURDAY", "Day 6 of ISO 8601's week."
    SUNDAY = "SUNDAY", "Day 7 of ISO 8601's week."


WEEKDAYS: Final = tuple(Weekday)
WORKING_DAYS: Final = WEEKDAYS[:5]
"""The days a team works that decided nothing else."""


class Calendar(msgspec.Struct, frozen=True, kw_only=True):
    """A time zone (IANA), the days of the week that are worked, and the dates on which nobody works all the same."""

    time_zone: str = "UTC"
    working_days: tuple[Weekday, ...] = WORKING_DAYS
    holidays: frozenset[date] = frozenset()

    def is_working(self, day: date) -> bool:
        """Whether work is done on this date."""
        return WEEKDAYS[day.weekday()] in self.working_days and day not in self.holidays

    def deadline(self, start: datetime, working_days: int) -> datetime:
        """The same time of day so many working days later, as UTC.

        What starts on a day off counts from the beginning of the next working day. A time of day that the clocks
        leave out becomes the first that they show again; one they show twice means the first.
        """
        zone = _zone(self.time_zone)
        wall = start.astimezone(zone).replace(tzinfo=None, fold=0)
        if working_days <= 0 and self.is_working(wall.date()):
            return start.astimezone(UTC)
        wall = self._on_working_day(wall)
        for _ in range(working_days):
            wall = self._on_working_day(wall + _DAY, wall.time())
        return self._instant(wall, zone)

    def _on_working_day(self, wall: datetime, at: time = time()) -> datetime:
        """This day, or the next one that is worked at a time of day."""
        if self.is_working(wall.date()):
            return wall
        day = wall.date() + _DAY
        while not self.is_working(day):
            day += _DAY
        return datetime.combine(day, at)

    def _instant(self, wall: datetime, zone: ZoneInfo) -> datetime:
        early, late = (wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (1, 0))
        if early >= late:
            return late
        shown = _gap_end(early, late, zone)
        again = self._on_working_day(shown.astimezone(zone).replace(tzinfo=None))
        return again.replace(tzinfo=zone).astimezone(UTC)


def _gap_end(early: datetime, late: datetime, zone: ZoneInfo) -> datetime:
    """The moment between two at which the clocks go forward."""
    before = early.astimezone(zone).utcoffset()
    while late - early > _SECOND:
        middle = early + (late - early) // 2
        early, late = (middle, late) if middle.astimezone(zone).utcoffset() == before else (early, middle)
    return late.replace(microsecond=0)


@cache
def time_zones() -> frozenset[str]:
    """Every time zone there is a name for, without those that mean what the machine is set to."""
    return frozenset(available_timezones()) - {"localtime", "Factory"}


@cache
def _zone(name: str) -> ZoneInfo:
    """UTC for a zone that this machine does not know: what was once said is never refused later."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")
