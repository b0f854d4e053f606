"""One workspace's folding in this process: whoever waits for a position shares the passes that reach it."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final, NamedTuple

import structlog

from infra.folding.fold import describe
from infra.wake import Following

_PAUSE_SECONDS: Final = 0.02
_PAUSE_SECONDS_MAX: Final = 1.0

log = structlog.get_logger()


class Reached(NamedTuple):
    """After a pass: the checkpoint, whether every projection is there, and whether more is to be folded."""

    position: int
    is_whole: bool
    has_more: bool


class Lane:
    """Passes run while somebody waits, one at a time; `trouble` is why the last one failed."""

    def __init__(self, workspace: str, fold_page: Callable[[], Awaitable[Reached]]) -> None:
        self.position = 0
        self.is_whole = True
        self.trouble: str | None = None
        self.followers: set[Following] = set()
        self._workspace = workspace
        self._fold_page = fold_page
        self._waiting: list[tuple[int, asyncio.Future[bool]]] = []
        self._looking: list[asyncio.Future[bool]] = []
        self._asked = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    @property
    def is_idle(self) -> bool:
        """Nobody waits and nothing runs."""
        return not (self.followers or self._waiting or self._looking) and (self._task is None or self._task.done())

    async def reach(self, position: int, timeout_seconds: float) -> bool:
        """Whether the checkpoint gets there in time with every projection."""
        if self.position >= position and self.is_whole:
            return True
        place = (position, asyncio.get_running_loop().create_future())
        self._waiting.append(place)
        try:
            return await self._wait(place[1], timeout_seconds)
        finally:
            with suppress(ValueError):
                self._waiting.remove(place)

    async def look(self, timeout_seconds: float) -> bool:
        """Fold what is there now; False when the time ran out."""
        future: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._looking.append(future)
        try:
            return await self._wait(future, timeout_seconds)
        finally:
            with suppress(ValueError):
                self._looking.remove(future)

    async def close(self) -> None:
        """Stop folding; those who wait are told that it was not reached."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        for future in (*(future for _, future in self._waiting), *self._looking):
            if not future.done():
                future.set_result(False)

    async def _wait(self, future: "asyncio.Future[bool]", timeout_seconds: float) -> bool:
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._run())
        self._asked.set()
        try:
            async with asyncio.timeout(timeout_seconds):
                return await future
        except TimeoutError:
            return False

    async def _run(self) -> None:
        pause = _PAUSE_SECONDS
        while self._waiting or self._looking:
            self._asked.clear()
            if await self._pass():
                pause = _PAUSE_SECONDS
            elif self._waiting or self._looking:
                with suppress(TimeoutError):
                    async with asyncio.timeout(pause):
                        await self._asked.wait()
                pause = min(2 * pause, _PAUSE_SECONDS_MAX)

    async def _pass(self) -> bool:
        """Whether it moved anything."""
        looking, before = [*self._looking], self.position
        try:
            reached = await self._fold_page()
        except Exception as error:  # noqa: BLE001 - whatever it is, the next pass may go through
            self._complain(error)
            return False
        self._arrive(reached, looking)
        return self.position > before

    def _arrive(self, reached: Reached, looking: list["asyncio.Future[bool]"]) -> None:
        self.trouble = None
        has_moved = reached.position > self.position
        self.position, self.is_whole = reached.position, reached.is_whole
        for position, future in self._waiting:
            if position <= reached.position and not future.done():
                future.set_result(reached.is_whole)
        self._waiting = [place for place in self._waiting if not place[1].done()]
        if not reached.has_more:
            for future in looking:
                if not future.done():
                    future.set_result(True)
            self._looking = [future for future in self._looking if not future.done()]
        for follower in self.followers if has_moved else ():
            follower.wake()

    def _complain(self, error: Exception) -> None:
        trouble = describe(error)
        if trouble != self.trouble:
            log.error("folding failed", workspace=self._workspace, position=self.position, error=trouble)
        self.trouble = trouble
