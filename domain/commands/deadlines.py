"""When a number of working days from now is over; it is stored in the event that starts it."""

from datetime import datetime
from typing import Final

from domain.authority import Who
from domain.refusals import DaysOffScale

DAYS_MAX: Final = 1000


def deadline(who: Who, days: int, path: str | None = None) -> datetime:
    """So many working days from now in the team's calendar; refuses what is no sensible number of them."""
    if not 0 <= days <= DAYS_MAX:
        raise DaysOffScale(path=path)
    return who.calendar.deadline(who.now, days)
