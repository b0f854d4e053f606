"""One workspace's entries as the library's stored events, and the library's events as rows of a scratch workspace."""

import asyncio
import time
from base64 import b64decode, b64encode
from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID, uuid5

import asyncpg
import msgspec
from eventsourcing.persistence import IntegrityError, Notification, ProgrammingError, StoredEvent, Tracking

from infra.cluster import is_passing
from infra.entry_row import COLUMNS, entry
from infra.eventsourcing_module.failures import FollowsOnly
from infra.eventsourcing_module.mapper import state_of
from infra.eventsourcing_module.scratch import is_scratch
from infra.pool import Pool
from infra.uuid7 import uuid7
from infra.wake import Announcements

_TRACKING: Final = "eventsourcing:Tracking"
"""The kind of a scratch workspace's entries that say how far something was followed; no notification shows them."""

_STREAM: Final = f"""
    select {COLUMNS} from ledger.event
     where workspace_id = $1 and stream_id = $2 and version > $3 and version <= $4
"""  # noqa: S608 - constants
_FORWARDS: Final = f"{_STREAM} order by version limit $5"
_BACKWARDS: Final = f"{_STREAM} order by version desc limit $5"
_RANGE: Final = f"""
    select {COLUMNS} from ledger.event
     where workspace_id = $1 and position >= $2 and position <= $3 and kind <> $4
       and (cardinality($5::text[]) = 0 or kind = any ($5)) order by position limit $6
"""  # noqa: S608 - constants
_LAST: Final = """
    select position from ledger.event where workspace_id = $1 and kind <> $2 order by position desc limit 1
"""
_LATEST: Final = """
    select version, data from ledger.event where workspace_id = $1 and stream_id = $2 order by version desc limit 1
"""
_KNOWN: Final = "select workspace_id from ledger.workspace where workspace_id = $1"
_OPEN: Final = "select ledger.open_workspace($1, 'scratch')"
_APPEND: Final = "select positions[1] from ledger.append(array[$1::uuid], array[0], array[$2::int], $3, false, $4, $5)"

_VERSION_MAX: Final = (1 << 31) - 1
_POSITION_MAX: Final = (1 << 63) - 1
_QUERY_SECONDS_MAX: Final = 30.0
_PATIENCE_SECONDS: Final = 30.0
_PAUSE_SECONDS: Final = 0.2
_ENVELOPE: Final = (1, None, "eventsourcing", "SERVICE", "SCRATCH", "rule:scratch-workspace/1", None, None)
"""Form, time claimed, actor, its kind, role, authority, on whose behalf, credential: nobody's, as no rule was asked."""


class Records:
    """The stored events of a workspace.

    The library counts versions from 0 or 1, the ledger from 1: in a scratch workspace an event stands one version
    higher, and its state, which may be any bytes, in base64.
    """

    def __init__(self, pool: Pool, workspace_id: UUID) -> None:
        self.workspace_id = workspace_id
        self._pool = pool
        self._announcements = Announcements(pool)
        self._is_scratch = is_scratch(workspace_id)
        self._shift = int(self._is_scratch)

    async def open(self) -> None:
        """Look whether the workspace is there; a scratch one is made."""
        if self._is_scratch:
            await self._fetch(_OPEN, self.workspace_id)
        elif not await self._fetch(_KNOWN, self.workspace_id):
            raise ProgrammingError(f"There is no workspace {self.workspace_id}: PUSHBACK_WORKSPACE must name one")

    async def close(self) -> None:
        """Tell others what was appended."""
        await self._announcements.close()

    async def stream(
        self, stream_id: UUID, gt: int | None, lte: int | None, limit: int | None, *, descending: bool
    ) -> list[StoredEvent]:
        """A stream's events with versions greater than `gt` and up to `lte`, in order or backwards."""
        after = 0 if gt is None else gt + self._shift
        up_to = _VERSION_MAX if lte is None else lte + self._shift
        sql = _BACKWARDS if descending else _FORWARDS
        rows = await self._fetch(sql, self.workspace_id, stream_id, after, up_to, limit)
        return [StoredEvent(**self._fields(row)) for row in rows]

    async def notifications(
        self, first: int, last: int | None, topics: Sequence[str], limit: int
    ) -> list[Notification]:
        """Those at positions from `first` to `last`, both included, in order."""
        up_to = _POSITION_MAX if last is None else last
        rows = await self._fetch(_RANGE, self.workspace_id, first, up_to, _TRACKING, list(topics), limit)
        return [Notification(**self._fields(row), id=row["position"]) for row in rows]

    async def last_position(self) -> int | None:
        """The position of the last event, None before the first."""
        rows = await self._fetch(_LAST, self.workspace_id, _TRACKING)
        return rows[0]["position"] if rows else None

    async def tracked(self, application_name: str) -> int | None:
        """How far an application was followed; in a workspace that is only followed, nobody says."""
        return (await self._latest_tracking(application_name))[1]

    async def append(self, stored_events: Sequence[StoredEvent], tracking: Tracking | None) -> list[int]:
        """Append the events, and how far something was followed, all or nothing; gives the events' positions."""
        if not self._is_scratch:
            raise FollowsOnly(stored_events or tracking)
        rows = [self._row(stored) for stored in stored_events]
        claims = []
        if tracking is not None:
            claim, row = await self._follow_on(tracking)
            claims.append(claim)
            rows.append(row)
        if not rows:
            return []
        rows[0] = (*rows[0][:11], uuid7(), b"scratch", *rows[0][13:])
        async with self._pool.connection(self.workspace_id) as connection:
            before = await connection.fetchval(
                _APPEND, self.workspace_id, len(rows), [1] * len(rows), claims, rows, timeout=_QUERY_SECONDS_MAX
            )
        self._announcements.announce([self.workspace_id])
        return [before + n for n in range(1, len(stored_events) + 1)]

    async def _follow_on(self, tracking: Tracking) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
        """The claim that nobody followed further in the meantime, and the row that says how far; it never goes back."""
        version, tracked = await self._latest_tracking(tracking.application_name)
        if tracked is not None and tracked >= tracking.notification_id:
            raise IntegrityError(f"{tracking.application_name} was followed to {tracked} already")
        stream_id = self._tracking_stream(tracking.application_name)
        data = msgspec.json.encode(tracking)
        return (1, stream_id, version), _row(stream_id, version + 1, _TRACKING, data)

    async def _latest_tracking(self, application_name: str) -> tuple[int, int | None]:
        rows = await self._fetch(_LATEST, self.workspace_id, self._tracking_stream(application_name))
        if not rows:
            return 0, None
        return rows[0]["version"], msgspec.json.decode(rows[0]["data"], type=Tracking).notification_id

    def _tracking_stream(self, application_name: str) -> UUID:
        return uuid5(self.workspace_id, f"tracking/{application_name}")

    def _row(self, stored: StoredEvent) -> tuple[Any, ...]:
        return _row(stored.originator_id, stored.originator_version + 1, stored.topic, b64encode(stored.state))

    def _fields(self, row: asyncpg.Record) -> dict[str, Any]:
        return {
            "originator_id": UUID(int=row["stream_id"].int),  # not the driver's own kind of UUID
            "originator_version": row["version"] - self._shift,
            "topic": row["kind"],
            "state": b64decode(row["data"]) if self._is_scratch else state_of(entry(self.workspace_id, row)),
        }

    async def _fetch(self, sql: str, *arguments: Any) -> list[asyncpg.Record]:
        """Again while the server restarts: a follower stays."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while True:
            try:
                async with self._pool.connection(self.workspace_id) as connection:
                    return await connection.fetch(sql, *arguments, timeout=_QUERY_SECONDS_MAX)
            except Exception as error:
                if not is_passing(error) or time.monotonic() > deadline:
                    raise
            await asyncio.sleep(_PAUSE_SECONDS)


def _row(stream_id: UUID | str, version: int, kind: str, data: bytes) -> tuple[Any, ...]:
    """The columns of the type `ledger.new_event`; the command's id and fingerprint are put into an append's first."""
    return (stream_id, version, kind, *_ENVELOPE, None, None, None, None, data, None)
