"""Folds a whole workspace from its first entry, by COPY and in flat memory.

Rows move between memory and their table: those that were not touched for long are copied out, and taken back (deleted
there) when an entry touches them again. So nothing is ever updated, however often it changes. PostgreSQL writes one
page while the next is folded, and the one after is read.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

import structlog

from domain.entry import Entry, Event
from infra.cluster import Cluster, Connection, Role
from infra.folding import store
from infra.folding.advance import advance, copies, erasures, lock, pages
from infra.folding.fold import Known, Page, PastVersion, Stop, Version, fold, running, touches
from projections.declare import Projection

PAGE_ENTRIES: Final = 2000
ROWS_MAX: Final = 25_000
"""How many rows that were touched lately are held, and as many from before."""

_TOUCHES_AT_ONCE: Final = 250
"""After so many others get their turn, which is what keeps PostgreSQL busy while we fold."""

# A scratch workspace is folded by nobody (docs/decisions/scratch.md).
_WORKSPACES: Final = """
    SELECT workspace_id FROM ledger.head WHERE uuid_extract_version(workspace_id) IS DISTINCT FROM 8
    ORDER BY workspace_id
"""
_POSITION: Final = (
    "INSERT INTO checkpoint (workspace_id, position, has_stopped) VALUES ($1, $2, $3)"
    " ON CONFLICT (workspace_id) DO UPDATE SET position = $2, has_stopped = $3"
)
_STOPPED: Final = "INSERT INTO stopped (workspace_id, projection, position, error) VALUES ($1, $2, $3, $4)"

_BEHIND: Final = """
    SELECT o.workspace_id, o.position FROM {old}.checkpoint o LEFT JOIN {fresh}.checkpoint f USING (workspace_id)
     WHERE o.position > coalesce(f.position, 0)
       AND EXISTS (SELECT FROM ledger.head h WHERE h.workspace_id = o.workspace_id)
"""

log = structlog.get_logger()


@dataclass
class _Pending:
    """What is folded and not written yet."""

    entries: list[tuple[Any, ...]] = field(default_factory=list)
    erased: list[int] = field(default_factory=list)
    past: defaultdict[str, list[PastVersion]] = field(default_factory=lambda: defaultdict(list))
    current: dict[str, list[Version]] = field(default_factory=dict)


def quietly(_entries: int) -> None:
    """Nobody wants to know how far it is."""


async def refold_all(
    cluster: Cluster, schema: str, on_entries: Callable[[int], None], projections: Sequence[Projection]
) -> int:
    """Fold every workspace into a schema with empty tables; the number of entries."""
    async with AsyncExitStack() as stack:
        reader, writer = [await connect(stack, cluster, schema) for _ in range(2)]
        entries = 0
        for row in await reader.fetch(_WORKSPACES):
            entries += await Refold(reader, writer, row["workspace_id"], projections).run(on_entries)
        return entries


async def connect(stack: AsyncExitStack, cluster: Cluster, schema: str) -> Connection:
    """A connection of the fold that sees a schema, until the stack ends. What a crash loses is folded again."""
    connection = await cluster.connect(Role.FOLD, synchronous_commit="off", search_path=schema)
    stack.push_async_callback(connection.close)
    return connection


async def draw_level(
    cluster: Cluster, keeper: Connection, old: str, fresh: str, projections: Sequence[Projection]
) -> None:
    """Fold what came meanwhile, so that no workspace falls back. The keeper holds the old checkpoints still."""
    behind = await keeper.fetch(_BEHIND.format(old=old, fresh=fresh))
    async with AsyncExitStack() as stack:
        connection = await connect(stack, cluster, fresh)
        for workspace_id, position in behind:
            async with connection.transaction():
                place = await lock(connection, workspace_id)
                while place.position < position and (await advance(connection, place, projections)).entries:
                    continue


class Refold:
    """One workspace on its way into tables that hold nothing of it. `reader` reads ahead, `writer` writes."""

    def __init__(
        self,
        reader: Connection,
        writer: Connection,
        workspace_id: UUID,
        projections: Sequence[Projection],
        rows_max: int = ROWS_MAX,
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._workspace_id = workspace_id
        self._projections = projections
        self._rows_max = rows_max
        self._lately: Known = {}
        self._before: Known = {}
        self._copied_out: set[str] = set()
        self._stops: dict[str, Stop] = {}
        self._erased: list[int] = []
        self._writing: asyncio.Task[None] | None = None

    async def run(self, on_entries: Callable[[int], None], page_entries: int = PAGE_ENTRIES) -> int:
        """Fold to the end of the ledger and set the checkpoint; its position. `on_entries` hears how many are done."""
        position, pending = 0, _Pending()
        async for entries in pages(self._reader, self._workspace_id, 0, page_entries):
            page = touches(running(self._projections, self._stops), entries)
            await self._written()
            await self._know(page, pending)
            self._writing = asyncio.create_task(self._write(pending))
            pending = await self._fold(page, entries)
            position = entries[-1].position
            on_entries(len(entries))
        await self._written()
        await self._write(pending)
        await self._finish(position)
        return position

    async def _know(self, page: Page, pending: _Pending) -> None:
        """Have the wanted rows in memory; once there are many, those not touched for long go out with `pending`."""
        is_full = sum(map(len, self._lately.values())) > self._rows_max
        if is_full:
            self._before, self._lately, leaving = self._lately, {}, self._before
        for name, ids in page.wanted.items():
            rows, before = self._lately.setdefault(name, {}), self._before.setdefault(name, {})
            for key in ids & before.keys():
                rows[key] = before.pop(key)
            back = {key: leaving[name].pop(key) for key in ids & leaving.get(name, {}).keys()} if is_full else {}
            rows.update(back)
            missing = ids - rows.keys()
            if missing:
                rows.update(await self._take(name, missing))
        if is_full:
            pending.current = {name: [row for row in rows.values() if row] for name, rows in leaving.items()}

    async def _take(self, name: str, ids: set[str]) -> dict[str, Version | None]:
        if name not in self._copied_out:
            return dict.fromkeys(ids)
        return await store.take(self._writer, self._workspace_id, name, ids)

    async def _fold(self, page: Page, entries: Sequence[Entry[Event]]) -> _Pending:
        pending = _Pending(copies(entries), erasures(entries))
        for start in range(0, len(page.touches), _TOUCHES_AT_ONCE):
            part = Page(page.projections, page.touches[start : start + _TOUCHES_AT_ONCE], page.wanted, page.stops)
            for name, past in fold(part, self._lately).past.items():
                pending.past[name] += past
            await asyncio.sleep(0)
        for stop in page.stops.values():
            log.error("projection stopped", workspace=str(self._workspace_id), **stop._asdict())
        self._stops |= page.stops
        return pending

    async def _written(self) -> None:
        if self._writing is not None:
            await self._writing

    async def _write(self, pending: _Pending) -> None:
        await store.copy_entries(self._writer, pending.entries)
        self._erased += pending.erased
        for name, past in pending.past.items():
            await store.copy_past(self._writer, self._workspace_id, name, past)
        for name, rows in pending.current.items():
            self._copied_out.add(name)
            await store.copy_current(self._writer, self._workspace_id, name, rows)

    async def _finish(self, position: int) -> None:
        for known in (self._before, self._lately):
            for name, rows in known.items():
                current = [row for row in rows.values() if row]
                await store.copy_current(self._writer, self._workspace_id, name, current)
        if self._erased:
            await store.clear_prose(self._writer, self._workspace_id, self._erased)
        for stop in self._stops.values():
            arguments = (self._workspace_id, stop.projection, stop.position, stop.error)
            await self._writer.execute(_STOPPED, *arguments)
        await self._writer.execute(_POSITION, self._workspace_id, position, bool(self._stops))
