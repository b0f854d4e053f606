"""Group commit: appends that wait at the same time share one transaction, so that they share its one write to disk.

No append shares a batch with one that writes a stream it read or wrote, nor with one of the same command. One whose
claims no longer hold fails alone; when a batch fails for another reason, its appends are made one by one.
"""

import asyncio
import re
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any, Final, TypeAlias
from uuid import UUID

import asyncpg

from domain.entry import Entry, Event
from infra.append import Append, Appended, Batch, Prepared, Unstorable, batch_of, entries_of
from infra.cluster import Connection, is_passing
from infra.pool import Pool
from infra.postgres.spans import append_span, shared_span, statement_span

_EVENTS_MAX: Final = 1000
_BYTES_MAX: Final = 4 << 20
"""A batch takes no further append once it has this many events or bytes."""

_LOOK_MAX: Final = 2000
"""Of so many waiting appends a batch is made."""

_PATIENCE_SECONDS: Final = 60.0
_PAUSE_SECONDS: Final = 0.2
_STALE: Final = "PB001"
_UNKNOWN_WORKSPACE: Final = "PB003"
_FLAWED: Final = "PB004"
_APPEND: Final = "select positions, clocks, effectives from ledger.append($1, $2, $3, $4, $5, $6, $7)"
TEAMS: Final = "select stream_id from ledger.event where workspace_id = $1 and kind = 'TeamFormed'"

Entries: TypeAlias = tuple[Entry[Event], ...]
Write: TypeAlias = tuple[Any, ...]
"""A statement and its arguments."""

_Waiting: TypeAlias = tuple[Prepared, asyncio.Future[Entries]]


class Conflict(Exception):
    """A stream has moved on since this was decided: load and decide again."""


class DuplicateCommand(Exception):
    """This command is in the ledger already: answer it as it was recorded."""


class UnknownWorkspace(LookupError):
    """There is no such workspace."""


class GroupCommit:
    """The appends of one process. `committed` is told of their workspaces; `recall` finds what a command recorded."""

    def __init__(
        self,
        pool: Pool,
        committed: Callable[[Iterable[UUID]], None],
        recall: Callable[[Append], Awaitable[Entries | None]],
    ) -> None:
        self._pool = pool
        self._committed = committed
        self._recall = recall
        self._queue: deque[_Waiting] = deque()
        self._work: asyncio.Task[None] | None = None

    async def submit(self, append: Append) -> Entries:
        """The entries, once they are durable; raises Conflict, DuplicateCommand, Unstorable, UnknownWorkspace."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Entries] = loop.create_future()
        with append_span(len(append.events)):
            self._queue.append((Prepared(append), answer))
            if self._work is None:
                self._work = loop.create_task(self._work_off())
            return await answer

    async def submit_with(self, append: Append, writes: Sequence[Write]) -> Entries:
        """The same in one transaction with other writes of its workspace. By itself, and not tried again."""
        try:
            with append_span(len(append.events)):
                entries = await self._write_with(Prepared(append), writes)
        except asyncpg.PostgresError as error:
            raise refusal_of(error) from error
        self._committed([append.workspace_id])
        return entries

    async def _write_with(self, prepared: Prepared, writes: Sequence[Write]) -> Entries:
        append = prepared.append
        async with self._pool.connection(append.workspace_id) as connection, connection.transaction():
            (entries,) = await _append_on(connection, prepared)
            if append.teams is not None:  # the head is locked: nobody forms one now
                _must_be_all(append.teams, await connection.fetch(TEAMS, append.workspace_id))
            for sql, *arguments in writes:
                with statement_span(sql):
                    await connection.execute(sql, *arguments)
        return entries

    async def drain(self) -> None:
        """Wait until every append that was submitted is answered."""
        while self._work is not None:
            await self._work

    async def _work_off(self) -> None:
        """One batch after the other, until nobody waits."""
        try:
            while self._queue:
                await self._commit(self._next_batch())
                await asyncio.sleep(0)  # who was answered may have the next one ready
        finally:
            self._work = None

    def _next_batch(self) -> list[_Waiting]:
        """As many of those in line as may stand together; whoever is passed over keeps his place."""
        if len(self._queue) == 1:
            return [self._queue.popleft()]
        batch: list[_Waiting] = []
        passed_over: list[_Waiting] = []
        company = _Company()
        for _ in range(min(len(self._queue), _LOOK_MAX)):
            if company.is_full():
                break
            waiting = self._queue.popleft()
            (batch if company.admits(waiting[0]) else passed_over).append(waiting)
        self._queue.extendleft(reversed(passed_over))
        batch.sort(key=_workspace)
        return batch

    async def _commit(self, batch: list[_Waiting]) -> None:
        """Answers each of them."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while batch:
            written = batch_of([prepared for prepared, _ in batch])
            try:
                entries = await self._write(written)
            except Exception as error:  # noqa: BLE001 - every error is the answer to those who wait
                if _sqlstate(error) != _STALE:
                    await self._commit_singly(batch, error, deadline)
                    return
                batch = _answer_stale(batch, written, error)
            else:
                for waiting, answer in zip(batch, entries, strict=True):
                    _answer(waiting, answer)
                return

    async def _commit_singly(self, batch: list[_Waiting], error: Exception, deadline: float) -> None:
        """Answers each of a batch that met this error as a whole."""
        if len(batch) == 1 and not is_passing(error):
            _answer(batch[0], refusal_of(error))
            return
        for waiting in batch:
            try:
                _answer(waiting, await self._commit_alone(waiting[0], error, deadline))
            except Exception as refusal:  # noqa: BLE001 - every error is the answer to the one who waits
                _answer(waiting, refusal)

    async def _commit_alone(self, prepared: Prepared, error: Exception, deadline: float) -> Entries:
        """Again after an error. Where a connection was lost on the way, the append may have been made nevertheless."""
        may_be_made = is_passing(error)
        while not is_passing(error) or time.monotonic() < deadline:
            try:
                return await (self._write_or_recall(prepared) if may_be_made else self._write_one(prepared))
            except Exception as another:
                if not is_passing(another):
                    raise refusal_of(another) from another
                error, may_be_made = another, True
                await asyncio.sleep(_PAUSE_SECONDS)
        raise error

    async def _write_or_recall(self, prepared: Prepared) -> Entries:
        try:
            return await self._write_one(prepared)
        except asyncpg.PostgresError as error:
            if not isinstance(refusal_of(error), Conflict | DuplicateCommand):
                raise
            entries = await self._recall(prepared.append)
            if entries is None:
                raise
            return entries

    async def _write_one(self, prepared: Prepared) -> Entries:
        return (await self._write(batch_of([prepared])))[0]

    async def _write(self, batch: Batch) -> list[Entries]:
        with shared_span(_APPEND, (prepared.span for prepared in batch.appends)):
            appended = await self._pool.fetchrow(None, _APPEND, *batch.arguments)
        assert appended is not None  # noqa: S101 - the function gives one row
        self._committed(batch.workspaces)
        return entries_of(batch, Appended(*appended))


async def _append_on(connection: Connection, prepared: Prepared) -> list[Entries]:
    batch = batch_of([prepared])
    with statement_span(_APPEND):
        appended = await connection.fetchrow(_APPEND, *batch.arguments)
    assert appended is not None  # noqa: S101 - the function gives one row
    return entries_of(batch, Appended(*appended))


def _must_be_all(teams: frozenset[UUID], formed: list[asyncpg.Record]) -> None:
    if teams != {team for (team,) in formed}:
        raise Conflict


class _Company:
    """Who may stand in one batch. The streams of those passed over are taken too, so that nobody overtakes them."""

    def __init__(self) -> None:
        self._written: set[int] = set()
        self._read: set[int] = set()
        self._events = 0
        self._bytes = 0

    def is_full(self) -> bool:
        return self._events >= _EVENTS_MAX or self._bytes >= _BYTES_MAX

    def admits(self, prepared: Prepared) -> bool:
        is_admitted = (
            self._written.isdisjoint(prepared.writes)
            and self._read.isdisjoint(prepared.writes)
            and self._written.isdisjoint(prepared.reads)
        )
        self._written |= prepared.writes
        self._read |= prepared.reads
        if is_admitted:
            self._events += len(prepared.rows)
            self._bytes += prepared.size
        return is_admitted


def _workspace(waiting: _Waiting) -> int:
    return waiting[0].append.workspace_id.int


def _answer(waiting: _Waiting, answer: Entries | Exception) -> None:
    """Nobody may wait for it any more."""
    future = waiting[1]
    if future.done():
        return
    if isinstance(answer, Exception):
        future.set_exception(answer)
    else:
        future.set_result(answer)


def _answer_stale(batch: list[_Waiting], written: Batch, error: Exception) -> list[_Waiting]:
    """Answers those whose claims no longer hold, and gives the others; `ledger.append` numbers them in its detail."""
    numbers = re.findall(r"\{([\d,]*)\}", getattr(error, "detail", ""))
    stale_numbers, recorded = ([int(number) for number in part.split(",") if number] for part in numbers)
    stale = set()
    for place, stream_id, version in [written.claims[number - 1] for number in stale_numbers]:
        stale.add((written.workspaces[place - 1], stream_id, version))
    others, first = [], 1
    for waiting in batch:
        append = waiting[0].append
        if first in recorded:
            _answer(waiting, DuplicateCommand())
        elif any((append.workspace_id, *claim) in stale for claim in (*waiting[0].claims, *append.reads)):
            _answer(waiting, Conflict())
        else:
            others.append(waiting)
        first += len(waiting[0].rows)
    return others


def refusal_of(error: Exception) -> Exception:
    """What the one who appends is told."""
    if _sqlstate(error) == _STALE:
        return DuplicateCommand() if not str(getattr(error, "detail", "")).endswith("{}") else Conflict()
    if _sqlstate(error) == _UNKNOWN_WORKSPACE:
        return UnknownWorkspace(str(error))
    if isinstance(error, asyncpg.UniqueViolationError):
        return error if error.table_name == "credential" else DuplicateCommand()
    if _sqlstate(error) == _FLAWED or isinstance(error, asyncpg.IntegrityConstraintViolationError | asyncpg.DataError):
        return Unstorable(str(error))
    return error


def _sqlstate(error: Exception) -> str | None:
    return error.sqlstate if isinstance(error, asyncpg.PostgresError) else None
