"""The ledger as the rest of Pushback uses it: append, read, and ask what stands before a refusal is given."""

import asyncio
import time
from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

import asyncpg
import msgspec

from domain.entry import Entry, Event
from infra.append import Append, NewEvent, Unstorable
from infra.cluster import is_passing
from infra.entry_row import COLUMNS, entry, whole_entry
from infra.group_commit import TEAMS, Conflict, DuplicateCommand, Entries, GroupCommit, UnknownWorkspace, Write
from infra.pool import Pool
from infra.postgres.spans import statement_span
from infra.wake import Announcements

__all__ = [
    "Append",
    "Conflict",
    "DuplicateCommand",
    "Ledger",
    "NewEvent",
    "Recorded",
    "Settled",
    "UnknownWorkspace",
    "Unstorable",
]

_READ_STREAM: Final = f"""
    select {COLUMNS} from ledger.event where workspace_id = $1 and stream_id = $2 and version > $3 order by version
"""  # noqa: S608 - constants
_READ_AFTER: Final = f"""
    select {COLUMNS} from ledger.event where workspace_id = $1 and position > $2 order by position limit $3
"""  # noqa: S608 - constants
_HEAD: Final = "select position from ledger.head where workspace_id = $1"
_POSITION_AT: Final = "select ledger.position_at($1, $2)"
_SETTLED_COLUMNS: Final = 3
_PATIENCE_SECONDS: Final = 30.0
_PAUSE_SECONDS: Final = 0.05
_OPEN: Final = "select ledger.open_workspace($1, $2)"

# Each `order by ... limit 1` names the index to be used, whatever the table looked like when the plan was made.
# A command's entries are its first, which names it, and those after it up to the next command's first.
# The emitted message is a write: the answer waits until everything before it is as safe as a commit makes it, also on a
# synchronous standby, where a command may stand that its own caller was never told of.
_SETTLE: Final = f"""
    with first as materialized (
      select position as opening, command_fingerprint as fingerprint
        from ledger.event
       where workspace_id = $1 and command_id >= $2 and command_id <= $2 order by command_id limit 1),
    kept as materialized (select pg_logical_emit_message(true, 'pushback', '') from first)
    select array(select s.stream_id from unnest($3::uuid[], $4::int[]) s (stream_id, version)
                  where s.version < (select e.version from ledger.event e
                                      where e.workspace_id = $1 and e.stream_id = s.stream_id
                                      order by e.version desc limit 1)) as stale,
           (select count(*) from kept) as kept, recorded.*
      from (select) one left join lateral (
        select first.fingerprint, {COLUMNS}
          from first join ledger.event e
            on e.workspace_id = $1 and e.position >= first.opening and e.position < coalesce(
                 (select n.position from ledger.event n
                   where n.workspace_id = $1 and n.position > first.opening and n.command_id is not null
                   order by n.position limit 1), 9223372036854775807)
         order by e.position) recorded on true
"""  # noqa: S608 - constants


class Recorded(msgspec.Struct, frozen=True):
    """What a command left in the ledger."""

    fingerprint: bytes
    entries: tuple[Entry[Event], ...]


class Settled(msgspec.Struct, frozen=True):
    """How things stand: the streams that have moved on, and what the command recorded, if it did."""

    stale: frozenset[UUID]
    recorded: Recorded | None


class Ledger:
    """One process's way to the ledger; the pool is the app's and may be shared."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._announcements = Announcements(pool)
        self._commits = GroupCommit(pool, self._announcements.announce, self._recall)

    async def open_workspace(self, workspace_id: UUID, name: str) -> bool:
        """Make a workspace with an empty ledger; False when there is one already."""
        return bool(await self._pool.fetchval(None, _OPEN, workspace_id, name))

    async def append(self, append: Append) -> Entries:
        """The entries once they are durable; raises Conflict, DuplicateCommand, Unstorable, UnknownWorkspace.

        After a lost connection it is tried again: what the lost attempt recorded is given then.
        """
        if append.teams is not None:
            return await self._commits.submit_with(append, ())
        return await self._commits.submit(append)

    async def append_with(self, append: Append, *writes: Write) -> Entries:
        """The same in one transaction with other writes (a statement and its arguments); it is not tried again."""
        return await self._commits.submit_with(append, writes)

    async def teams(self, workspace_id: UUID) -> frozenset[UUID]:
        """The streams of all teams."""
        return frozenset(team for (team,) in await self._read(workspace_id, TEAMS))

    async def read_stream(self, workspace_id: UUID, stream_id: UUID, after_version: int = 0) -> list[Entry[Event]]:
        """A stream's entries after a version, in order, with what they hide: rules decide on it, nobody is shown it."""
        rows = await self._read(workspace_id, _READ_STREAM, stream_id, after_version)
        return [whole_entry(workspace_id, row) for row in rows]

    async def read_after(self, workspace_id: UUID, position: int, limit: int) -> list[Entry[Event]]:
        """At most `limit` entries after a position, in order; none is missing between them, and nothing hidden told."""
        return [entry(workspace_id, row) for row in await self._read(workspace_id, _READ_AFTER, position, limit)]

    async def head(self, workspace_id: UUID) -> int:
        """The last position, 0 when nothing is there; raises UnknownWorkspace."""
        rows = await self._read(workspace_id, _HEAD)
        if not rows:
            raise UnknownWorkspace(workspace_id)
        return int(rows[0][0])

    async def position_at(self, workspace_id: UUID, moment: datetime) -> int:
        """The last position that was effective at this moment, 0 before the first."""
        return int((await self._read(workspace_id, _POSITION_AT, moment))[0][0])

    async def settle(self, workspace_id: UUID, command_id: UUID, streams: Sequence[tuple[UUID, int]]) -> Settled:
        """To be asked before a refusal: which streams moved on since these versions, and what the command recorded."""
        stream_ids, versions = [stream_id for stream_id, _ in streams], [version for _, version in streams]
        rows = await self._read(workspace_id, _SETTLE, command_id, stream_ids, versions)
        stale, _, fingerprint = rows[0][:_SETTLED_COLUMNS]
        if fingerprint is None:
            return Settled(frozenset(stale), None)
        entries = tuple(entry(workspace_id, row[_SETTLED_COLUMNS:]) for row in rows)
        return Settled(frozenset(stale), Recorded(fingerprint, entries))

    async def close(self) -> None:
        """Answer what was submitted and tell others of it."""
        await self._commits.drain()
        await self._announcements.close()

    async def _recall(self, append: Append) -> Entries | None:
        """What the command recorded, when it was this very request."""
        recorded = (await self.settle(append.workspace_id, append.command_id, ())).recorded
        return recorded.entries if recorded and recorded.fingerprint == append.fingerprint else None

    async def _read(self, workspace_id: UUID, sql: str, *arguments: object) -> list[asyncpg.Record]:
        """Tried again when the connection turns out to be dead."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while True:
            try:
                with statement_span(sql):
                    async with self._pool.connection(workspace_id) as connection:
                        return await connection.fetch(sql, workspace_id, *arguments)
            except Exception as error:
                if not is_passing(error) or time.monotonic() > deadline:
                    raise
                await asyncio.sleep(_PAUSE_SECONDS)
