"""What happens by itself: in its time, exactly once with any number of processes, and never in a hot loop."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from unittest.mock import AsyncMock

import pytest

from domain.entry import ActorKind, Entry
from domain.events.people import Role
from domain.ids import SYSTEM, parse
from domain.refusals import NotAuthorised, NotYetDue, UnknownAssignment
from infra.backend import Backend
from infra.scheduling.due import read_due, read_due_in
from infra.scheduling.scheduler import Scheduler
from tests.given import refused
from tests.infra.scheduling.conftest import OVER, ROLES, Office

Ended = Callable[[], Awaitable[list[Entry[Any]]]]
HOUR: Final = timedelta(hours=1)


class Clock:
    """A time that passes only when a test says so."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        """As the scheduler asks."""
        return self.now


def scheduler(backend: Backend, clock: Clock) -> Scheduler:
    return Scheduler(backend.deciding, backend.projector, backend._folds, backend.wakes, now=clock)


async def test_a_role_ends_in_its_time_by_an_event_of_the_systems(
    backend: Backend, office: Office, ended: Ended
) -> None:
    clock = Clock(OVER - HOUR)
    time = scheduler(backend, clock)
    assert await time.look() == OVER
    assert await ended() == []
    clock.now = OVER
    assert await time.look() == OVER + HOUR
    (entry,) = await ended()
    assert (entry.act.actor, entry.act.actor_kind) == (SYSTEM, ActorKind.SYSTEM)
    assert (entry.act.acting_role, entry.act.authorised_by) == ("SYSTEM", "role-term-over/1")
    assert entry.event.assignment == parse(office.terms[0].id).ordinal
    clock.now = OVER + 5 * HOUR
    assert await time.look() is None
    assert len(await ended()) == len(ROLES)
    async with backend._folds.connection(None) as connection:
        assert await read_due(connection) == []


async def test_any_number_of_processes_do_it_once(
    backends: Callable[[], Backend], office: Office, ended: Ended
) -> None:
    assert office.terms
    times = [scheduler(backends(), Clock(OVER + 5 * HOUR)) for _ in range(4)]
    await asyncio.gather(*(time.look() for time in times))
    assert len(await ended()) == len(ROLES)
    assert [time.late for time in times] == [0, 0, 0, 0]


async def test_what_a_crash_left_unfolded_is_not_done_again(
    backends: Callable[[], Backend], office: Office, ended: Ended
) -> None:
    for due in office.terms:
        await office.deciding.execute(office.on_time(due))  # appended; nobody folds it
    there = backends()
    async with there._folds.connection(None) as connection:
        assert len(await read_due(connection)) == len(ROLES)
    assert await scheduler(there, Clock(OVER + 5 * HOUR)).look() is None
    assert len(await ended()) == len(ROLES)


async def test_what_is_not_due_any_more_is_left_alone_and_not_asked_for_in_a_hot_loop(
    backend: Backend, office: Office, ended: Ended, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = office.terms[0]
    done = await office.do("end_role", ada.id)
    monkeypatch.setattr(backend.projector, "reach", AsyncMock(return_value=False))  # the fold has stopped
    clock = Clock(OVER)
    time = scheduler(backend, clock)
    execute = AsyncMock(side_effect=backend.deciding.execute)
    monkeypatch.setattr(backend.deciding, "execute", execute)
    waits = []
    for _ in range(4):
        next_at = await time.look()
        assert next_at is not None
        waits.append(next_at - clock.now)
        clock.now = next_at
    assert execute.await_count == 4
    assert waits == sorted(set(waits))
    assert [entry.position for entry in await ended()] == [done.position]
    assert time.late == 0
    clock.now = OVER + 2 * timedelta(minutes=1)
    assert time.late == 1


async def test_a_failure_holds_nothing_else_up_and_is_tried_again(
    backend: Backend, office: Office, ended: Ended, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, execute = Clock(OVER + 5 * HOUR), backend.deciding.execute

    async def fail(request: Any) -> Any:
        if request.target == office.terms[0].id:
            raise ValueError
        return await execute(request)

    monkeypatch.setattr(backend.deciding, "execute", fail)
    time = scheduler(backend, clock)
    again_at = await time.look()
    assert again_at is not None
    assert again_at > clock.now
    assert len(await ended()) == len(ROLES) - 1
    monkeypatch.setattr(backend.deciding, "execute", execute)
    assert await time.look() == again_at, "not before its time"
    clock.now = again_at
    assert await time.look() is None
    assert len(await ended()) == len(ROLES)


async def test_a_past_that_is_told_has_it_at_its_time(backend: Backend, office: Office, ended: Ended) -> None:
    until = OVER + HOUR
    assert await backend.scheduler.run_until(office.ada.workspace_id, until) == 2
    assert await backend.scheduler.run_until(office.ada.workspace_id, until) == 0
    assert [entry.act.occurred_at for entry in await ended()] == [OVER, OVER + HOUR]
    async with backend._folds.connection(None) as connection:
        assert await read_due_in(connection, office.ada.workspace_id, OVER + 5 * HOUR) == office.terms[2:]


async def test_it_runs_by_itself_and_stops_when_it_is_told(backend: Backend, office: Office, ended: Ended) -> None:
    await backend.start()
    backend.run_in_background()
    async with asyncio.timeout(20):
        while len(await ended()) < len(office.terms):
            await backend.wakes.wait(office.ada.workspace_id, 0.05)
    await backend.scheduler.close()
    assert backend.scheduler._task is not None
    assert backend.scheduler._task.done()


async def test_nobody_else_gives_what_time_gives(office: Office) -> None:
    with refused(NotAuthorised):
        await office.deciding.execute(office.on_time(office.terms[0], by=office.ada))
    offered = await office.deciding.allowed(office.ada, office.terms[0].id, datetime.now(UTC))
    assert "end_role" in offered
    assert "end_role_on_time" not in offered


async def test_it_is_refused_before_its_time_and_after_the_end(office: Office) -> None:
    to_come = await office.appoint(Role.DEVELOPER, datetime.now(UTC) + HOUR)
    with refused(NotYetDue):
        await office.deciding.execute(office.on_time(to_come))
    await office.do("end_role", office.terms[0].id)
    with refused(UnknownAssignment):
        await office.deciding.execute(office.on_time(office.terms[0]))
