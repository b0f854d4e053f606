"""Gives the commands that are due, in one process. Any number of processes may: the ledger takes each command once.

A command that is refused (it is not due any more), or fails, is tried again later and later; the row says that it is
due until its fold has heard of the event, and that may take a while.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID

import structlog

from domain.entry import ActorKind
from domain.ids import SYSTEM
from domain.refusals import Refused
from infra.cluster import is_passing
from infra.deciding import Asker, Deciding, Done, Request
from infra.folding.fold import describe
from infra.folding.projector import Projector
from infra.pool import Pool
from infra.scheduling.due import Due, read_due, read_due_in
from infra.wake import Following, Wakes

LOOK_SECONDS: Final = 30.0
"""A wake-up may get lost, and clocks are set: so often it looks anyway."""

PAUSE_SECONDS: Final = 1.0
"""It never looks more often than this, however much is appended."""

LATE: Final = timedelta(minutes=1)
_RETRY: Final = timedelta(seconds=2)
_RETRY_MAX: Final = timedelta(minutes=10)
_REACH_SECONDS: Final = 2.0
_CLOSE_SECONDS_MAX: Final = 10.0

log = structlog.get_logger()


class _Tried(NamedTuple):
    """How often a command was given in vain, and when it is given again."""

    times: int
    again_at: datetime


def clock() -> datetime:
    """Now."""
    return datetime.now(UTC)


class Scheduler:
    """What time does in one process. `start` lets it run by itself; `look` is one round of that."""

    def __init__(
        self,
        deciding: Deciding,
        projector: Projector,
        pool: Pool,
        wakes: Wakes | None = None,
        now: Callable[[], datetime] = clock,
    ) -> None:
        self._deciding = deciding
        self._projector = projector
        self._pool = pool
        self._wakes = wakes
        self._now = now
        self._tried: dict[Due, _Tried] = {}
        self._closing = asyncio.Event()
        self._following = Following()
        self._task: asyncio.Task[None] | None = None

    @property
    def late(self) -> int:
        """How many commands should have been given a minute ago, as of the last look, and could not be."""
        return sum(due.at < self._now() - LATE for due in self._tried)

    def start(self) -> None:
        """Run by itself from now on."""
        self._task = asyncio.get_running_loop().create_task(self._run())

    async def close(self) -> None:
        """Finish the command under way, give no other."""
        self._closing.set()
        self._following.wake()
        if self._task is not None:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._task, _CLOSE_SECONDS_MAX)

    async def look(self) -> datetime | None:
        """Give every command that is due; when the next one will be, as far as is known."""
        while True:
            found = await self._find()
            ready = [due for due in found if due.at <= self._now()]
            for due in ready:
                if self._closing.is_set():
                    return None
                await self._try(due)
            if not ready:
                return min([due.at for due in found] + [tried.again_at for tried in self._tried.values()], default=None)

    async def run_until(self, workspace_id: UUID, moment: datetime) -> int:
        """Let happen what is due in a workspace by a moment of a past that is being told, each thing in its time.

        Gives the number of commands that were carried out; one that is refused was not due any more.
        """
        given: dict[Due, bool] = {}
        while True:
            await self._projector.catch_up(workspace_id)
            async with self._pool.connection(None) as connection:
                found = [due for due in await read_due_in(connection, workspace_id, moment) if due not in given]
            if not found:
                return sum(given.values())
            given[found[0]] = await self._give(found[0], found[0].at) is not None

    async def _run(self) -> None:
        assert self._wakes is not None  # noqa: S101 - the composition root gives them to a server
        with self._wakes.follow(None) as self._following:
            while not self._closing.is_set():
                try:
                    next_at = await self.look()
                except Exception as error:  # noqa: BLE001 - the next round may go through
                    log.warning("the scheduler failed", error=describe(error))
                    next_at = None
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._closing.wait(), PAUSE_SECONDS)
                if not self._closing.is_set():
                    await self._following.wait(self._seconds_until(next_at))

    def _seconds_until(self, moment: datetime | None) -> float:
        seconds = LOOK_SECONDS if moment is None else (moment - self._now()).total_seconds()
        return min(max(seconds, 0.0), LOOK_SECONDS)

    async def _find(self) -> list[Due]:
        """What is or will be due, without what has to wait for its next try."""
        now = self._now()
        waiting = [due for due, tried in self._tried.items() if tried.again_at > now]
        async with self._pool.connection(None) as connection:
            found = await read_due(connection, waiting)
        self._tried = {due: tried for due, tried in self._tried.items() if tried.again_at > now or due in found}
        return found

    async def _try(self, due: Due) -> None:
        times = self._tried[due].times + 1 if due in self._tried else 1
        self._tried[due] = _Tried(times, self._now() + min(_RETRY * 2 ** min(times, 20), _RETRY_MAX))
        try:
            if await self._is_folded(due):
                del self._tried[due]
        except Exception as error:
            log.warning("what is due failed", **_said(due), error=describe(error), times=times)
            if is_passing(error):  # the database is away: nothing else would go through either
                raise

    async def _is_folded(self, due: Due) -> bool:
        """Whether it was given, and the rows have heard of it."""
        done = await self._give(due, None)
        return done is not None and await self._projector.reach(due.workspace_id, done.position, _REACH_SECONDS)

    async def _give(self, due: Due, occurred_at: datetime | None) -> Done | None:
        request = Request(
            asker=Asker(workspace_id=due.workspace_id, person_id=SYSTEM, kind=ActorKind.SYSTEM),
            command=due.command,
            command_id=due.command_id,
            target=due.id,
            occurred_at=occurred_at,
        )
        try:
            done = await self._deciding.execute(request)
        except Refused as refused:
            log.info("what was due is not any more", **_said(due), refused=refused.code)
            return None
        log.info("done in its time", **_said(due), position=done.position)
        return done


def _said(due: Due) -> dict[str, str]:
    return {"workspace": str(due.workspace_id), "command": due.command, "target": due.id, "due": due.at.isoformat()}
