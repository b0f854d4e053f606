"""Keeps the read tables up with the ledger. There is none to elect: whoever appended folds, and any process may."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from itertools import islice
from typing import Final
from uuid import UUID

import msgspec
import structlog

from infra.cluster import Cluster, Connection, Role
from infra.folding.advance import (
    PAGE_ENTRIES,
    UNWRITABLE,
    Advanced,
    Place,
    advance,
    advance_past_unwritable,
    lock,
)
from infra.folding.fold import describe
from infra.folding.lane import Lane, Reached
from infra.folding.mending import mend_page
from infra.folding.schema import drop_unused, mark_used, schema_name
from infra.folding.store import Overtaken, clear
from infra.pool import Pool
from infra.postgres.together import Together
from infra.wake import Wakes
from projections import PROJECTIONS
from projections.declare import Projection

_LANES_MAX: Final = 1000
_KNOWN_ROWS_MAX: Final = 40_000
"""Of all workspaces together; who was folded longest ago is forgotten first."""

_BACKGROUND_SECONDS: Final = 1.0
_USED_SECONDS: Final = 3600.0
_CATCH_UP_SECONDS: Final = 60.0
_AT_ONCE: Final = 4

_LAGGING: Final = """
    SELECT h.workspace_id, h.position - coalesce(c.position, 0) AS entries
    FROM ledger.head h LEFT JOIN checkpoint c USING (workspace_id)
    WHERE h.position > coalesce(c.position, 0)
      AND uuid_extract_version(h.workspace_id) IS DISTINCT FROM 8 -- a scratch workspace: nothing folds it
"""
_DELETED: Final = """
    SELECT workspace_id FROM checkpoint c
    WHERE NOT EXISTS (SELECT FROM ledger.head h WHERE h.workspace_id = c.workspace_id)
"""
_STOPPED: Final = "SELECT workspace_id, projection, position, error, since FROM stopped ORDER BY workspace_id, position"

log = structlog.get_logger()


class Stopped(msgspec.Struct, frozen=True):
    """A projection that cannot fold the entry at `position`; its rows are as of before it."""

    workspace_id: UUID
    projection: str
    position: int
    error: str
    since: datetime


class Health(msgspec.Struct, frozen=True):
    """How far the read tables are behind the ledger, in entries by workspace; what stopped; what fails here."""

    lag: dict[UUID, int]
    stopped: tuple[Stopped, ...]
    trouble: dict[UUID, str]


def folds(cluster: Cluster, size_max: int, schema: str | None = None) -> Pool:
    """Connections of the fold, which see this version's read tables. What a crash loses is folded again."""

    async def open_connection() -> Connection:
        return await cluster.connect(
            Role.FOLD,
            statement_cache_size=1000,
            max_cacheable_statement_size=0,
            synchronous_commit="off",
            search_path=schema or schema_name(),
        )

    return Pool(open_connection, size_max)


class Projector:
    """Folds in one process. `run` is its background pass; `reach` works without it."""

    def __init__(
        self,
        pool: Pool,
        wakes: Wakes | None = None,
        projections: Sequence[Projection] = PROJECTIONS,
        page_entries: int = PAGE_ENTRIES,
    ) -> None:
        self._pool = pool
        self._wakes = wakes
        self._projections = projections
        self._page_entries = page_entries
        self._lanes: OrderedDict[UUID, Lane] = OrderedDict()
        self._places: OrderedDict[UUID, Place] = OrderedDict()
        self._known_rows = 0
        self._limits: dict[UUID, int] = {}
        self._waiting = Together()

    async def reach(self, workspace_id: UUID, position: int, timeout_seconds: float = 2.0) -> bool:
        """Whether all read tables of a workspace are at this position in time. What a mutation waits for."""
        return await self._lane(workspace_id).reach(position, timeout_seconds)

    async def catch_up(self, workspace_id: UUID, timeout_seconds: float = _CATCH_UP_SECONDS) -> int:
        """Fold what the ledger has now; the checkpoint afterwards."""
        lane = self._lane(workspace_id)
        await lane.look(timeout_seconds)
        return lane.position

    async def beyond(self, workspace_id: UUID, position: int, timeout_seconds: float) -> int:
        """Wait until the checkpoint is past a position, and give the checkpoint: the same when the time ran out.

        All who are at the same position wait as one.
        """
        key = (workspace_id, position, timeout_seconds)
        return await self._waiting.once(key, lambda: self._beyond(*key))

    def folded(self, workspace_id: UUID | None) -> int:
        """How far a workspace is known to be folded here; 0 while nobody has asked for it."""
        lane = self._lanes.get(workspace_id) if workspace_id else None
        return lane.position if lane else 0

    async def _beyond(self, workspace_id: UUID, position: int, timeout_seconds: float) -> int:
        lane = self._lane(workspace_id)
        assert self._wakes is not None  # noqa: S101 - the composition root gives them to a server
        with self._wakes.follow(workspace_id) as following, suppress(TimeoutError):
            lane.followers.add(following)
            try:
                async with asyncio.timeout(timeout_seconds):
                    while lane.position <= position:
                        await lane.look(timeout_seconds)
                        if lane.position <= position:
                            await following.wait(timeout_seconds)
            finally:
                lane.followers.discard(following)
        return max(lane.position, position)

    async def resume(self) -> tuple[Stopped, ...]:
        """Fold on what has stopped, from where it stopped; gives what stops again."""
        names = [projection.row.__name__ for projection in self._projections]
        # Items come first: what reads them can only follow.
        for stopped in sorted((await self.health()).stopped, key=lambda each: names.index(each.projection)):
            await self._mend(stopped.workspace_id, stopped.projection)
            await self.catch_up(stopped.workspace_id)
        return (await self.health()).stopped

    async def health(self) -> Health:
        """Of all workspaces, for `/readyz`."""
        async with self._pool.connection(None) as connection:
            lag = {row["workspace_id"]: row["entries"] for row in await connection.fetch(_LAGGING)}
            stopped = tuple(Stopped(**row) for row in await connection.fetch(_STOPPED))
        trouble = {workspace_id: lane.trouble for workspace_id, lane in self._lanes.items() if lane.trouble}
        return Health(lag, stopped, trouble)

    async def run(self) -> None:
        """Pick up, again and again, what a crash left; at first what an earlier version stopped at. Until cancelled."""
        is_resumed, used_at = False, 0.0
        while True:
            try:
                if not is_resumed:
                    await self.resume()
                    is_resumed = True
                used_at = await self._mark_used(used_at)
                await self._look_around()
            except Exception as error:  # noqa: BLE001 - the next round may go through
                log.warning("the background pass failed", error=describe(error))
            await asyncio.sleep(_BACKGROUND_SECONDS)

    async def close(self) -> None:
        """Stop folding; the pool stays the caller's."""
        for lane in [*self._lanes.values()]:
            await lane.close()

    def _lane(self, workspace_id: UUID) -> Lane:
        lane = self._lanes.get(workspace_id)
        if lane is None:
            lane = self._lanes[workspace_id] = Lane(str(workspace_id), partial(self._fold_page, workspace_id))
            self._drop_idle()
        self._lanes.move_to_end(workspace_id)
        return lane

    def _drop_idle(self) -> None:
        """The longest unused ones, once there are too many."""
        too_many = max(0, len(self._lanes) - _LANES_MAX)
        idle = (workspace_id for workspace_id, lane in self._lanes.items() if lane.is_idle)
        for workspace_id in [*islice(idle, too_many)]:
            del self._lanes[workspace_id]

    async def _fold_page(self, workspace_id: UUID) -> Reached:
        async with self._pool.connection(None) as connection:
            place = self._recall(workspace_id)
            if place is not None:
                with suppress(Overtaken, *UNWRITABLE):
                    outcome = await advance(connection, place, self._projections, self._page_entries)
                    return self._arrived(place, outcome, self._page_entries)
            return await self._fold_locked(connection, workspace_id)

    async def _fold_locked(self, connection: Connection, workspace_id: UUID) -> Reached:
        """A page with a row that cannot be stored is halved until its entry stands alone and the culprit is known."""
        while True:
            limit = self._limits.pop(workspace_id, self._page_entries)
            try:
                async with connection.transaction():
                    place = await lock(connection, workspace_id)
                    step = advance if limit > 1 else advance_past_unwritable
                    outcome = await step(connection, place, self._projections, limit)
            except UNWRITABLE:
                if limit == 1:
                    raise
                self._limits[workspace_id] = limit // 2
                continue
            if 2 * limit < self._page_entries:
                self._limits[workspace_id] = 2 * limit
            return self._arrived(place, outcome, limit)

    def _arrived(self, place: Place, outcome: Advanced, limit: int) -> Reached:
        for stop in outcome.stops:
            log.error("projection stopped", workspace=str(place.workspace_id), **stop._asdict())
        if not place.stopped:
            self._remember(place)
        return Reached(place.position, not place.stopped, outcome.entries == limit)

    def _remember(self, place: Place) -> None:
        if place.known_rows > _KNOWN_ROWS_MAX // 2:
            place.known.clear()
        self._places[place.workspace_id] = place
        self._known_rows += place.known_rows
        while self._known_rows > _KNOWN_ROWS_MAX or len(self._places) > _LANES_MAX:
            self._recall(next(iter(self._places)))

    def _recall(self, workspace_id: UUID) -> Place | None:
        place = self._places.pop(workspace_id, None)
        self._known_rows -= place.known_rows if place else 0
        return place

    async def _mend(self, workspace_id: UUID, name: str) -> None:
        has_more = True
        while has_more:
            async with self._pool.connection(None) as connection, connection.transaction():
                has_more = await mend_page(connection, workspace_id, name, self._projections, self._page_entries)

    async def _look_around(self) -> None:
        async with self._pool.connection(None) as connection:
            lagging = [row["workspace_id"] for row in await connection.fetch(_LAGGING)]
            deleted = [row["workspace_id"] for row in await connection.fetch(_DELETED)]
            for workspace_id in deleted:
                await clear(connection, workspace_id)
        for start in range(0, len(lagging), _AT_ONCE):
            await asyncio.gather(*map(self.catch_up, lagging[start : start + _AT_ONCE]))

    async def _mark_used(self, used_at: float) -> float:
        now = time.monotonic()
        if used_at and now < used_at + _USED_SECONDS:
            return used_at
        async with self._pool.connection(None) as connection:
            await mark_used(connection)
            for name in await drop_unused(connection):
                log.info("unused read tables dropped", schema=name)
        return now
