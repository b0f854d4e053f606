"""Watching operations: each is counted, timed and told in one line of the log; a slow one with its slowest plan.

Variables and what people wrote are never logged: the plan is PostgreSQL's generic one, which connections that
read are bound to (infra/pool.py): it holds no value.
"""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import Any, Final
from uuid import UUID

import msgspec
import structlog

from graphql_api.observing import metrics
from infra.backend import Backend
from infra.postgres.spans import operation_span, statement_span

_EXPLAINED_MAX: Final = 1000
"""Statements whose plan was logged; each is explained once."""

ENDED_WELL: Final = "DONE"
ENDED_EARLY: Final = "CANCELLED"
"""Whoever asked has left, or the server stops."""

_log = structlog.get_logger()


class Seen(msgspec.Struct):
    """What is seen of one request while it is answered; it names an operation once it is understood."""

    request_id: str = ""
    operation: str | None = None
    kind: str | None = None
    outcome: str = ENDED_WELL
    slowest_seconds: float = 0.0
    slowest: str | None = None


current: ContextVar[Seen | None] = ContextVar("operation", default=None)
"""The request that this task answers."""


class WatchedReads:
    """Connections that read, with each statement timed and in a span of its own."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    async def fetchval(self, workspace_id: UUID | None, sql: str, *arguments: Any) -> Any:  # noqa: ANN401 - SQL decides
        """The first value of the first row."""
        start = time.perf_counter()
        with statement_span(sql):
            value = await self._backend.reads.fetchval(workspace_id, sql, *arguments)
        seen, seconds = current.get(), time.perf_counter() - start
        if seen is not None and seconds > seen.slowest_seconds:
            seen.slowest, seen.slowest_seconds = sql, seconds
        return value


class Watch:
    """Watches the operations of one process. `slow_seconds` 0 logs none as slow."""

    def __init__(self, backend: Backend, slow_seconds: float, *, tells_each: bool) -> None:
        self._tells_each = tells_each
        self.reads = WatchedReads(backend)
        self.names = metrics.Names()
        self._backend = backend
        self._slow_seconds = slow_seconds
        self._explained: set[str] = set()
        self._explaining: set[asyncio.Task[None]] = set()

    @contextmanager
    def request(self, request_id: str) -> Iterator[None]:
        """While a request is answered, or an operation of a socket; how it ends is told by an error's first code."""
        seen = Seen(request_id)
        current.set(seen)
        start = time.perf_counter()
        try:
            yield
        except BaseException:
            seen.outcome = ENDED_EARLY
            raise
        finally:
            if self._tells_each:
                _tell(seen, time.perf_counter() - start)

    @contextmanager
    def operation(self, kind: str, name: str | None) -> Iterator[None]:
        """While a query or a mutation is carried out."""
        called = self.names.of(name)
        seen = _seen(called, kind)
        start = time.perf_counter()
        try:
            with operation_span(kind, name and called):
                yield
        finally:
            seconds = time.perf_counter() - start
            metrics.OPERATIONS.labels(called, kind).inc()
            metrics.SECONDS.labels(called, kind).observe(seconds)
            if self._slow_seconds and seconds >= self._slow_seconds:
                self._tell_slow(seen, seconds)

    @contextmanager
    def subscription(self, name: str | None) -> Iterator[None]:
        """While a subscription is followed."""
        called = self.names.of(name)
        _seen(called, "subscription")
        metrics.OPERATIONS.labels(called, "subscription").inc()
        metrics.SUBSCRIPTIONS.inc()
        try:
            yield
        finally:
            metrics.SUBSCRIPTIONS.dec()

    def _tell_slow(self, seen: Seen, seconds: float) -> None:
        metrics.SLOW.inc()
        _log.warning(
            "slow operation",
            operation=seen.operation,
            kind=seen.kind,
            request_id=seen.request_id,
            seconds=round(seconds, 3),
            statement_seconds=round(seen.slowest_seconds, 3),
        )
        sql = seen.slowest
        if sql is None or sql in self._explained or self._explaining or len(self._explained) >= _EXPLAINED_MAX:
            return
        self._explained.add(sql)
        task = asyncio.get_running_loop().create_task(self._explain(sql, seen))
        self._explaining.add(task)
        task.add_done_callback(self._explaining.discard)

    async def _explain(self, sql: str, seen: Seen) -> None:
        """One at a time, so that a slow database is not asked for plans as well by everybody."""
        with suppress(Exception):  # a plan that cannot be had is no reason to fail
            async with self._backend.reads.connection(None) as connection:
                statement = await connection.prepare(sql)
                nulls = ", ".join("NULL" for _ in statement.get_parameters())
                rows = await connection.fetch(f"EXPLAIN EXECUTE {statement.get_name()}({nulls})")
            plan = [bytes(row[0]).decode() for row in rows]
            _log.warning("plan of a slow statement", operation=seen.operation, request_id=seen.request_id, plan=plan)


def _seen(operation: str, kind: str) -> Seen:
    """What is seen of this task's request, which is understood by now."""
    seen = current.get() or Seen()
    seen.operation, seen.kind = operation, kind
    return seen


def _tell(seen: Seen, seconds: float) -> None:
    _log.info(
        "operation",
        request_id=seen.request_id,
        operation=seen.operation,
        kind=seen.kind,
        seconds=round(seconds, 6),
        outcome=seen.outcome,
    )
