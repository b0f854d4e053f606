"""Open connections, lent and given back; each remembers its workspace and never answers for another one.

The last one given back is lent first, so that a quiet process uses few. Behind PgBouncer in transaction mode the
remembered workspace would be another client's: it must not stand between.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any, Final
from uuid import UUID

import asyncpg

from infra.cluster import Cluster, Connection, Role, is_passing, ready_or_ended
from infra.postgres.held import Held, Unknown

READ_SECONDS_MAX: Final = 15
"""A statement that only reads is ended after this long, so that a costly question cannot hold everybody up."""

WRITE_SECONDS_MAX: Final = 60
"""A statement that may write is ended after this long: what it waits for is not coming."""

READ_STATEMENTS_MAX: Final = 500
"""Each connection that reads keeps so many prepared: compiled statements are long."""

WAITING_MAX: Final = 1000
"""In line for a connection of one pool: who comes then is told at once, for it would be served too late."""

WAITING_SECONDS_MAX: Final = 15
_END_SECONDS_MAX: Final = 5.0


class PoolClosed(Exception):
    """The pool has been closed; nothing more is read or written in this process."""


class PoolBusy(ConnectionError):
    """Too many wait for a connection already, or have waited too long; later there may be one."""


class Pool:
    """At most `size_max` connections, opened when they are needed; who comes too late waits in line.

    Whoever finds the line full, or waits in it for too long, gets PoolBusy.
    """

    def __init__(
        self,
        open_connection: Callable[[], Awaitable[Connection]],
        size_max: int,
        *,
        waiting_max: int = WAITING_MAX,
        waiting_seconds_max: float = WAITING_SECONDS_MAX,
    ) -> None:
        self._open_connection = open_connection
        self.size_max = size_max
        self._waiting_max, self._waiting_seconds_max = waiting_max, waiting_seconds_max
        self._size = 0
        self._idle: list[Held] = []
        self._line: deque[asyncio.Future[Held | None]] = deque()
        self._endings: set[asyncio.Task[None]] = set()
        self._is_closed = False
        self._ready: Sequence[str] = ()

    async def keep_ready(self, statements: Sequence[str]) -> None:
        """Have every connection opened from now on prepared for these, and open as many as there may be."""
        self._ready = statements
        opened = [self._open_idle() for _ in range(self.size_max - self._size)]
        for error in await asyncio.gather(*opened, return_exceptions=True):
            if error is not None and not (isinstance(error, Exception) and is_passing(error)):
                raise error

    @property
    def size(self) -> int:
        """How many connections are open."""
        return self._size

    @property
    def in_use(self) -> int:
        """How many connections are lent now."""
        return self._size - len(self._idle)

    @asynccontextmanager
    async def connection(self, workspace_id: UUID | None) -> AsyncIterator[Connection]:
        """A connection whose session sees this workspace only; None sees no workspace's rows."""
        held = await self._take(workspace_id)
        try:
            await held.enter(workspace_id)
            yield held.connection
        except BaseException as error:
            self._distrust(held, error)
            raise
        self._give_back(held)

    async def fetchval(self, workspace_id: UUID | None, sql: str, *arguments: Any) -> Any:  # noqa: ANN401 - SQL decides
        """The first value of the first row."""
        held = await self._take(workspace_id)
        try:
            await held.enter(workspace_id)
            value = await held.fetchval(sql, *arguments)
        except BaseException as error:
            self._distrust(held, error)
            raise
        self._give_back(held)
        return value

    async def fetchrow(self, workspace_id: UUID | None, sql: str, *arguments: Any) -> asyncpg.Record | None:
        """The first row. The statement stays prepared, so this is for the few that are run all the time."""
        held = await self._take(workspace_id)
        try:
            await held.enter(workspace_id)
            row = await (await held.prepare(sql)).fetchrow(*arguments)
        except BaseException as error:
            self._distrust(held, error)
            raise
        self._give_back(held)
        return row

    async def close(self) -> None:
        """Close what is idle now and the rest when it comes back."""
        self._is_closed = True
        while self._line:
            self._hand_over(None)
        while self._idle:
            await _end(self._idle.pop().connection)
            self._size -= 1
        await asyncio.gather(*self._endings)

    async def _take(self, workspace_id: UUID | None) -> Held:
        if self._is_closed:
            raise PoolClosed
        held = self._pop_idle(workspace_id)
        if held is not None:
            return held
        if self._size < self.size_max:
            return await self._open()
        return await self._queue() or await self._take(workspace_id)

    def _pop_idle(self, workspace_id: UUID | None) -> Held | None:
        """The latest that is set to this workspace already, or else the latest."""
        while self._idle:
            indexes = range(len(self._idle) - 1, -1, -1)
            held = self._idle.pop(next((i for i in indexes if self._idle[i].workspace_id == workspace_id), -1))
            if not held.connection.is_closed():
                return held
            self._size -= 1
        return None

    async def _open(self) -> Held:
        self._size += 1
        try:
            held = Held(await self._open_connection())
        except BaseException:
            self._make_room()
            raise
        try:
            await held.make_ready(self._ready)
        except BaseException:
            self._discard(held)
            raise
        return held

    async def _open_idle(self) -> None:
        self._give_back(await self._open())

    async def _queue(self) -> Held | None:
        if len(self._line) >= self._waiting_max:
            raise PoolBusy
        turn: asyncio.Future[Held | None] = asyncio.get_running_loop().create_future()
        self._line.append(turn)
        try:
            async with asyncio.timeout(self._waiting_seconds_max):
                return await turn
        except asyncio.CancelledError:
            self._leave(turn)
            raise
        except TimeoutError:
            self._leave(turn)
            raise PoolBusy from None

    def _leave(self, turn: "asyncio.Future[Held | None]") -> None:
        """Out of the line, or with what was handed over already, for somebody else."""
        if turn.done() and not turn.cancelled():
            self._pass_on(turn.result())
        else:
            with suppress(ValueError):
                self._line.remove(turn)

    def _pass_on(self, held: Held | None) -> None:
        if held is None:
            self._hand_over(None)
        else:
            self._give_back(held)

    def _give_back(self, held: Held) -> None:
        if self._is_closed or held.connection.is_closed() or held.connection.is_in_transaction():
            self._discard(held)
        elif not self._hand_over(held):
            self._idle.append(held)

    def _distrust(self, held: Held, error: BaseException) -> None:
        """After an error nothing is known of the session's workspace; after a cancellation nothing of the session."""
        held.workspace_id = Unknown.WORKSPACE
        if isinstance(error, Exception) and not is_passing(error):
            self._give_back(held)
        elif self._is_closed:  # nobody waits for endings any more
            self._discard(held)
        else:
            self._make_room()
            ending = asyncio.get_running_loop().create_task(_end(held.connection))
            self._endings.add(ending)
            ending.add_done_callback(self._endings.discard)

    def _discard(self, held: Held) -> None:
        held.connection.terminate()
        self._make_room()

    def _make_room(self) -> None:
        self._size -= 1
        self._hand_over(None)

    def _hand_over(self, held: Held | None) -> bool:
        """Give the first in line this connection, or with None the room to open one."""
        while self._line:
            turn = self._line.popleft()
            if not turn.done():
                turn.set_result(held)
                return True
        return False


async def _end(connection: Connection) -> None:
    """Let a statement that was given up be cancelled first, or else nobody would tell the server."""
    try:
        await connection.close(timeout=_END_SECONDS_MAX)
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
        connection.terminate()


def plain(cluster: Cluster, role: Role, size_max: int, seconds_max: float = WRITE_SECONDS_MAX) -> Pool:
    """Connections that read and write as this role. Each statement may take `seconds_max`."""

    async def open_connection() -> Connection:
        return await cluster.connect(
            role,
            statement_cache_size=1000,
            statement_timeout=f"{seconds_max * 1000:.0f}ms",
        )

    return Pool(open_connection, size_max)


def reads(
    cluster: Cluster, size_max: int, search_path: str = "pg_catalog", read_seconds_max: float = READ_SECONDS_MAX
) -> Pool:
    """Connections that only read, as the app, and give every text as UTF-8 bytes that can be sent as they are.

    `search_path` names the schema of the read tables.
    """

    async def open_connection() -> Connection:
        connection = await cluster.connect(
            Role.APP,
            statement_cache_size=READ_STATEMENTS_MAX,
            max_cacheable_statement_size=0,  # no limit
            default_transaction_read_only="on",
            statement_timeout=f"{read_seconds_max * 1000:.0f}ms",
            search_path=search_path,
        )
        with ready_or_ended(connection):
            await connection.set_type_codec("text", schema="pg_catalog", encoder=_utf8, decoder=bytes, format="binary")
        return connection

    return Pool(open_connection, size_max)


def _utf8(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode()
