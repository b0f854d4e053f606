"""The demo's simulated time: office hours of half a year that ends shortly before now."""

from datetime import datetime, timedelta
from random import Random
from typing import Final, NamedTuple

SPAN: Final = timedelta(days=190)
"""From the opening of the workspace to its last entry."""

_QUIET: Final = timedelta(hours=2)
_MORNING_HOUR: Final = 7
_EVENING_HOUR: Final = 16
_SATURDAY: Final = 5
_MORNING_SECONDS: Final = 3 * 3600


class Period(NamedTuple):
    """The time that the demo tells of."""

    start: datetime
    end: datetime


def period(opened_at: datetime) -> Period:
    """The time told of in a workspace that was opened then; a resumed demo ends where the killed one would have."""
    return Period(opened_at, opened_at + SPAN)


def opening(now: datetime) -> datetime:
    """When a demo that is made now was opened: its last entries are a few hours old."""
    return (now - _QUIET - SPAN).replace(minute=0, second=0, microsecond=0)


def later(at: datetime, hours: float, chance: Random) -> datetime:
    """About so many hours after, at a moment when people are in the office (UTC)."""
    moment = at + timedelta(hours=hours * chance.uniform(0.6, 1.4), seconds=chance.uniform(1, 60))
    if moment.hour >= _EVENING_HOUR:
        moment += timedelta(days=1)
    elif moment.hour >= _MORNING_HOUR and moment.weekday() < _SATURDAY:
        return moment
    moment += timedelta(days=max(0, 7 - moment.weekday()) if moment.weekday() >= _SATURDAY else 0)
    return moment.replace(hour=_MORNING_HOUR, minute=0, second=0) + timedelta(
        seconds=chance.uniform(0, _MORNING_SECONDS)
    )
