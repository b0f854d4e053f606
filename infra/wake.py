"""Waking those who wait for new entries: a NOTIFY after the commit, and who listens for it.

NOTIFY holds a lock of the whole database until its commit is through, so it is sent apart from the append, several
workspaces in one. A wake-up may get lost: whoever waits also looks after a while.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final
from uuid import UUID

from infra.cluster import Cluster, Connection, Role, is_passing, ready_or_ended
from infra.pool import Pool

CHANNEL: Final = "pushback"
PAUSE_SECONDS: Final = 0.01
"""The least time between two notifications of one process."""

_NAMED_MAX: Final = 200
"""More workspaces than this do not fit into a notification of 8,000 bytes: then it means all of them."""

_NOTIFY: Final = "select set_config('synchronous_commit', 'off', true), pg_notify('pushback', $1)"
_HEARTBEAT_SECONDS: Final = 5.0


class Announcements:
    """Tells every process, soon after the commit, which workspaces have new entries."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._pending: set[UUID] = set()
        self._sending: asyncio.Task[None] | None = None

    def announce(self, workspace_ids: Iterable[UUID]) -> None:
        """Send it soon; one that cannot be sent is dropped, and polling finds the entries."""
        self._pending.update(workspace_ids)
        if self._sending is None or self._sending.done():
            self._sending = asyncio.get_running_loop().create_task(self._send())

    async def close(self) -> None:
        """Wait until what was announced has been sent."""
        if self._sending is not None:
            await self._sending

    async def _send(self) -> None:
        while self._pending:
            named = ",".join(workspace_id.hex for workspace_id in self._pending)
            text = named if len(self._pending) <= _NAMED_MAX else ""
            self._pending.clear()
            try:
                await self._pool.fetchval(None, _NOTIFY, text)
            except Exception as error:
                if not is_passing(error):
                    raise
            await asyncio.sleep(PAUSE_SECONDS)


class Following:
    """One who waits. A wake-up that comes between two waits is not lost."""

    def __init__(self) -> None:
        self._has_come = asyncio.Event()

    def wake(self) -> None:
        """End the wait that is under way, or the next one."""
        self._has_come.set()

    async def wait(self, timeout_seconds: float) -> bool:
        """Until something new may be there; False when the time ran out: look anyway."""
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout_seconds):
                await self._has_come.wait()
        has_come = self._has_come.is_set()
        self._has_come.clear()
        return has_come


class Wakes:
    """Listens on a connection of its own, looks every few seconds whether it lives, and makes a new one."""

    def __init__(self, cluster: Cluster, heartbeat_seconds: float = _HEARTBEAT_SECONDS, role: Role = Role.APP) -> None:
        self._cluster = cluster
        self._role = role
        self._heartbeat_seconds = heartbeat_seconds
        self._followers: defaultdict[UUID | None, set[Following]] = defaultdict(set)
        self._connection: Connection | None = None
        self._listening: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Listen from now on."""
        self._connection = await self._listen()
        self._listening = asyncio.get_running_loop().create_task(self._keep(self._connection))

    async def close(self) -> None:
        """Stop listening."""
        if self._listening is not None:
            self._listening.cancel()
            with suppress(asyncio.CancelledError):
                await self._listening
        if self._connection is not None:  # also when the task was cancelled before it began
            self._connection.terminate()
            await asyncio.sleep(0)  # the loop closes the socket in its next round

    @contextmanager
    def follow(self, workspace_id: UUID | None) -> Iterator[Following]:
        """Wake-ups for new entries of this workspace; None follows all of them."""
        following = Following()
        self._followers[workspace_id].add(following)
        try:
            yield following
        finally:
            self._followers[workspace_id].discard(following)
            if not self._followers[workspace_id]:
                del self._followers[workspace_id]

    async def wait(self, workspace_id: UUID | None, timeout_seconds: float) -> bool:
        """Until this workspace has new entries from now on; False when the time ran out."""
        with self.follow(workspace_id) as following:
            return await following.wait(timeout_seconds)

    async def _listen(self) -> Connection:
        connection = await self._cluster.connect(self._role, application_name="pushback listen")
        with ready_or_ended(connection):
            await connection.add_listener(CHANNEL, self._hear)
        return connection

    def _hear(self, _connection: Any, _pid: int, _channel: str, text: object) -> None:  # noqa: ANN401 - asyncpg's
        named = str(text)
        if not named:
            self._wake_all()
            return
        for workspace_id in (UUID(hex=part) for part in named.split(",")):
            self._wake(workspace_id)
        self._wake(None)

    def _wake(self, workspace_id: UUID | None) -> None:
        for following in self._followers.get(workspace_id, ()):
            following.wake()

    def _wake_all(self) -> None:
        for workspace_id in list(self._followers):
            self._wake(workspace_id)

    async def _keep(self, connection: Connection) -> None:
        """Heartbeats for ever; a silent connection is ended at once, and everybody looks after the new one is there."""
        while True:
            await asyncio.sleep(self._heartbeat_seconds)
            if not await self._answers(connection):
                connection.terminate()
                connection = self._connection = await self._listen_again()
                self._wake_all()

    async def _answers(self, connection: Connection) -> bool:
        try:
            await connection.fetchval("select 1", timeout=self._heartbeat_seconds)
        except Exception as error:
            if not is_passing(error):
                raise
            return False
        return True

    async def _listen_again(self) -> Connection:
        while True:
            try:
                return await self._listen()
            except Exception as error:
                if not is_passing(error):
                    raise
                await asyncio.sleep(self._heartbeat_seconds)
