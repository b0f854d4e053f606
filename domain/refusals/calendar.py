"""Refusals about when a team works."""

from domain.refusals.refused import Refused


class UnknownTimeZone(Refused):
    """There is no such time zone; name one of the IANA database, like Europe/Vienna."""


class NoWorkingDay(Refused):
    """Nothing would ever be due; name at least one day of the week on which the team works."""


class TooManyHolidays(Refused):
    """A calendar holds at most 500 holidays; leave out those that have passed."""
