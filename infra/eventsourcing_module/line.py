"""A line from the library's threads to one workspace's ledger: an event loop in a thread of its own, and its pool."""

import asyncio
from collections.abc import Callable, Coroutine
from threading import Thread
from typing import Any, Final, TypeVar
from uuid import UUID

from eventsourcing.persistence import OperationalError, ProgrammingError

from domain.ids import MalformedId, parse
from infra.cluster import Cluster, Role
from infra.eventsourcing_module.failures import in_library_words
from infra.eventsourcing_module.records import Records
from infra.eventsourcing_module.scratch import is_scratch
from infra.pool import plain
from infra.settings import Settings
from infra.wake import Wakes

HEARTBEAT_SECONDS: Final = 5.0
"""A subscription looks at least so often, whatever became of the notification."""

_CONNECTIONS_MAX: Final = 4

T = TypeVar("T")


class Line:
    """Made at once, closed once. In a workspace that it only follows it is the auditor's, who cannot write."""

    def __init__(self, settings: Settings, workspace_id: UUID, heartbeat_seconds: float = HEARTBEAT_SECONDS) -> None:
        self._heartbeat_seconds = heartbeat_seconds
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, name="pushback ledger", daemon=True)
        self._thread.start()
        try:
            self.run(self._open(settings, workspace_id))
        except BaseException:
            self._end()
            raise

    def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """What the coroutine gives; raises the library's errors. Not to be called in the loop's own thread."""
        if self._loop.is_closed():
            coroutine.close()
            raise OperationalError("the factory was closed")
        try:
            return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result()
        except Exception as error:
            raise in_library_words(error) from error

    def wake(self, look: Callable[[], None]) -> Callable[[], object]:
        """Call `look` now, whenever there may be something new, and with each heartbeat. Gives what ends that."""
        self.run(self._listen())
        return asyncio.run_coroutine_threadsafe(self._keep_looking(look), self._loop).cancel

    def close(self) -> None:
        """Let go of everything; again does nothing."""
        if not self._loop.is_closed():
            self.run(self._close())
            self._end()

    async def _open(self, settings: Settings, workspace_id: UUID) -> None:
        self._cluster = await Cluster.open(settings)
        role = Role.APP if is_scratch(workspace_id) else Role.AUDITOR
        self._pool = plain(self._cluster, role, _CONNECTIONS_MAX)
        self._wakes = Wakes(self._cluster, role=role)
        self._is_listening = False
        self._listening = asyncio.Lock()
        self.records = Records(self._pool, workspace_id)
        try:
            await self.records.open()
        except BaseException:
            await self._close()
            raise

    async def _listen(self) -> None:
        async with self._listening:
            if not self._is_listening:
                await self._wakes.start()
                self._is_listening = True

    async def _keep_looking(self, look: Callable[[], None]) -> None:
        with self._wakes.follow(self.records.workspace_id) as following:
            look()
            while True:
                await following.wait(self._heartbeat_seconds)
                look()

    async def _close(self) -> None:
        await self.records.close()
        await self._wakes.close()
        await self._pool.close()
        await self._cluster.stop()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def _end(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


def workspace_of(text: str) -> UUID:
    """The workspace that PUSHBACK_WORKSPACE names: `wsp_...`, or its UUID."""
    try:
        return parse(text).stream_id if text.startswith("wsp_") else UUID(text)
    except (MalformedId, ValueError):
        raise ProgrammingError(f"PUSHBACK_WORKSPACE is {text[:64]!r}: it must be the id of a workspace") from None
