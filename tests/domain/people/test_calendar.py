"""When a team works: deadlines in its own time zone, week and holidays."""

from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain.authority import Who
from domain.calendar import WEEKDAYS, WORKING_DAYS, Calendar, Weekday
from domain.commands.calendar import HOLIDAYS_MAX, set_calendar
from domain.entry import ActorKind
from domain.events import TeamCalendarSet
from domain.events.people import Role
from domain.refusals import NotAuthorised, NoWorkingDay, TooManyHolidays, UnknownTeam, UnknownTimeZone
from domain.state.team import Team
from tests.given import given_team, refused, who

SAM: Final = who("sam", Role.SCRUM_MASTER)
ANNA: Final = who("anna", Role.ADMINISTRATOR)
VIENNA: Final = Calendar(time_zone="Europe/Vienna")
ZONES: Final = ("UTC", "Europe/Vienna", "America/New_York", "Africa/Cairo", "Australia/Lord_Howe", "America/Nuuk")
FRIDAY: Final = date(2026, 5, 1)
START: Final = datetime(2026, 1, 1, tzinfo=UTC)

calendars = st.builds(
    Calendar,
    time_zone=st.sampled_from(ZONES),
    working_days=st.sets(st.sampled_from(WEEKDAYS), min_size=1).map(tuple),
    holidays=st.frozensets(st.dates(date(2026, 1, 1), date(2027, 12, 31)), max_size=30),
)
starts = st.timedeltas(timedelta(0), timedelta(days=700)).map(START.__add__)
days = st.integers(0, 40)


def local(calendar: Calendar, moment: datetime) -> datetime:
    return moment.astimezone(ZoneInfo(calendar.time_zone)).replace(tzinfo=None)


@pytest.mark.parametrize(
    ("start", "working_days", "due"),
    [
        ("2026-03-02T09:00", 2, "2026-03-04T09:00"),
        ("2026-03-05T17:00", 2, "2026-03-09T17:00"),  # over a weekend
        ("2026-03-27T09:00", 1, "2026-03-30T09:00"),  # over the weekend on which the clocks change
        ("2026-04-30T09:00", 1, "2026-05-04T09:00"),  # over a holiday and a weekend
        ("2026-03-07T12:00", 0, "2026-03-09T00:00"),  # from a Saturday: it begins on Monday
        ("2026-03-07T12:00", 1, "2026-03-10T00:00"),
        ("2026-03-02T09:00", 0, "2026-03-02T09:00"),
    ],
)
def test_a_deadline_keeps_the_time_of_day_and_skips_days_off(start: str, working_days: int, due: str) -> None:
    calendar = Calendar(time_zone="Europe/Vienna", holidays=frozenset({FRIDAY}))
    zone = ZoneInfo("Europe/Vienna")
    deadline = calendar.deadline(datetime.fromisoformat(start).replace(tzinfo=zone), working_days)
    assert deadline == datetime.fromisoformat(due).replace(tzinfo=zone)
    assert deadline.tzinfo is UTC


def test_a_time_of_day_that_the_clocks_leave_out_is_the_first_they_show_again() -> None:
    everyday = Calendar(time_zone="Europe/Vienna", working_days=WEEKDAYS)
    half_past_two = datetime(2026, 3, 28, 1, 30, tzinfo=UTC)
    assert everyday.deadline(half_past_two, 1) == datetime(2026, 3, 29, 1, tzinfo=UTC)  # 03:00 there


def test_a_time_of_day_shown_twice_is_the_first() -> None:
    everyday = Calendar(time_zone="Europe/Vienna", working_days=WEEKDAYS)
    half_past_two = datetime(2026, 10, 24, 0, 30, tzinfo=UTC)
    assert everyday.deadline(half_past_two, 1) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@given(calendar=calendars, start=starts, working_days=days)
@example(
    calendar=Calendar(time_zone="America/Nuuk", working_days=(Weekday.SATURDAY,)),
    start=datetime(2026, 3, 22, 1, 30, tzinfo=UTC),
    working_days=1,
)
def test_a_deadline_is_on_a_working_day_and_never_before_its_start(
    calendar: Calendar, start: datetime, working_days: int
) -> None:
    due = calendar.deadline(start, working_days)
    assert calendar.is_working(local(calendar, due).date())
    assert due >= start
    passed = [start.date() + timedelta(days=n) for n in range((due - start).days + 3)]
    assert sum(map(calendar.is_working, passed)) >= working_days


@given(calendar=calendars, start=starts, fewer=days, more=days)
def test_more_days_are_never_over_earlier(calendar: Calendar, start: datetime, fewer: int, more: int) -> None:
    fewer, more = sorted((fewer, more))
    assert calendar.deadline(start, fewer) <= calendar.deadline(start, more)


@given(calendar=calendars, one=starts, other=starts, working_days=days)
@example(
    calendar=Calendar(time_zone="Europe/Vienna", working_days=WEEKDAYS),
    one=datetime(2026, 3, 28, 1, 30, tzinfo=UTC),
    other=datetime(2026, 3, 28, 2, 10, tzinfo=UTC),
    working_days=1,
)
def test_what_starts_later_by_the_clock_is_never_due_earlier(
    calendar: Calendar, one: datetime, other: datetime, working_days: int
) -> None:
    one, other = sorted((one, other), key=lambda moment: local(calendar, moment))
    if one <= other:
        assert calendar.deadline(one, working_days) <= calendar.deadline(other, working_days)


def test_a_zone_that_this_machine_does_not_know_counts_as_utc() -> None:
    start = datetime(2026, 3, 2, 9, tzinfo=UTC)
    assert Calendar(time_zone="Mars/Olympus").deadline(start, 1) == Calendar().deadline(start, 1)


@pytest.mark.parametrize("by", [SAM, ANNA, who("sync", Role.ADMINISTRATOR, kind=ActorKind.SERVICE)])
def test_who_keeps_the_team_going_says_when_it_works(by: Who) -> None:
    (said,) = set_calendar(given_team(), by, time_zone="Europe/Vienna", holidays=(FRIDAY, FRIDAY)).events
    assert said == TeamCalendarSet(time_zone="Europe/Vienna", working_days=WORKING_DAYS, holidays=(FRIDAY,))
    calendar = given_team(("sam", said)).calendar
    assert calendar == Calendar(time_zone="Europe/Vienna", holidays=frozenset({FRIDAY}))


def test_nobody_else_does() -> None:
    with refused(NotAuthorised):
        set_calendar(given_team(), who("paula", Role.PRODUCT_OWNER), time_zone="UTC")


@pytest.mark.parametrize("zone", ["", "Vienna", "../../etc/passwd", "localtime", "Europe", "utc"])
def test_a_time_zone_is_one_that_everybody_knows(zone: str) -> None:
    with refused(UnknownTimeZone):
        set_calendar(given_team(), SAM, time_zone=zone)


def test_a_team_works_at_least_one_day() -> None:
    with refused(NoWorkingDay):
        set_calendar(given_team(), SAM, time_zone="UTC", working_days=())


def test_holidays_are_counted() -> None:
    many = tuple(FRIDAY + timedelta(days=n) for n in range(HOLIDAYS_MAX + 1))
    with refused(TooManyHolidays):
        set_calendar(given_team(), SAM, time_zone="UTC", holidays=many)
    set_calendar(given_team(), SAM, time_zone="UTC", holidays=many[1:])


def test_a_team_that_does_not_exist_works_never() -> None:
    with refused(UnknownTeam):
        set_calendar(Team(), SAM, time_zone="UTC")
