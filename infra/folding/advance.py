"""One page forward: what a workspace's read tables are folded by, whoever asks for it.

The checkpoint's row is locked by the transaction that folds the next page. Where this process folded last, it knows
position and rows already: then the page is one statement, without a transaction of its own, which writes only if
nobody else folded meanwhile.
"""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

import asyncpg
from msgspec.structs import replace

from domain.entry import Entry, Event
from domain.events.people import erased_by
from infra.cluster import Connection
from infra.entry_row import COLUMNS, entry
from infra.folding.fold import Folded, Known, Stop, describe, fold, running, stops_at, touches
from infra.folding.read_copy import entry_row
from infra.folding.store import Move, load, write, write_rows
from projections.declare import Projection

PAGE_ENTRIES: Final = 1000

UNWRITABLE: Final = (asyncpg.DataError, asyncpg.IntegrityConstraintViolationError, UnicodeError, OverflowError)
"""What PostgreSQL or its driver says to a row that does not fit its table."""

_BEGIN: Final = "INSERT INTO checkpoint (workspace_id, position) VALUES ($1, 0) ON CONFLICT DO NOTHING"
_LOCK: Final = "SELECT position, has_stopped FROM checkpoint WHERE workspace_id = $1 FOR UPDATE"
_STOPPED: Final = "SELECT projection FROM stopped WHERE workspace_id = $1"
READ: Final = f"SELECT {COLUMNS} FROM ledger.event WHERE workspace_id = $1 AND position > $2 ORDER BY position LIMIT $3"  # noqa: S608 - constants


@dataclass
class Place:
    """What is known of a workspace's read tables at one position."""

    workspace_id: UUID
    position: int
    stopped: frozenset[str] = frozenset()
    known: Known = field(default_factory=dict)

    @property
    def known_rows(self) -> int:
        """How much is held."""
        return sum(map(len, self.known.values()))


@dataclass(frozen=True)
class Advanced:
    """A page's outcome: how many entries it had, and what stopped at one of them."""

    entries: int
    stops: tuple[Stop, ...] = ()


async def lock(connection: Connection, workspace_id: UUID) -> Place:
    """Take the checkpoint for the length of the transaction; whoever folds now is waited for."""
    held = await connection.fetchrow(_LOCK, workspace_id)
    while held is None:
        await connection.execute(_BEGIN, workspace_id)
        held = await connection.fetchrow(_LOCK, workspace_id)
    rows = await connection.fetch(_STOPPED, workspace_id) if held["has_stopped"] else []
    return Place(workspace_id, held["position"], frozenset(row["projection"] for row in rows))


async def read(connection: Connection, workspace_id: UUID, position: int, limit: int) -> list[Entry[Any]]:
    """The entries after a position."""
    return [entry(workspace_id, row) for row in await connection.fetch(READ, workspace_id, position, limit)]


async def pages(
    connection: Connection, workspace_id: UUID, position: int, limit: int
) -> AsyncGenerator[list[Entry[Event]], None]:
    """All entries after a position, page by page; the next page is on its way while one is worked on."""
    reading = asyncio.create_task(read(connection, workspace_id, position, limit))
    try:
        while entries := await reading:
            reading = asyncio.create_task(read(connection, workspace_id, entries[-1].position, limit))
            yield entries
    finally:
        reading.cancel()
        with suppress(asyncio.CancelledError):
            await reading


async def advance(
    connection: Connection, place: Place, projections: Sequence[Projection], limit: int = PAGE_ENTRIES
) -> Advanced:
    """Fold the next page and move `place` with it; raises Overtaken, or UNWRITABLE when a row cannot be stored."""
    entries = await read(connection, place.workspace_id, place.position, limit)
    if not entries:
        return Advanced(0)
    active = running(projections, place.stopped)
    folded = await _fold(connection, place, active, entries)
    await write(connection, _move(place, entries, folded))
    return _moved(place, entries, folded)


async def advance_past_unwritable(
    connection: Connection, place: Place, projections: Sequence[Projection], limit: int = 1
) -> Advanced:
    """Fold one entry, and stop the projections whose rows for it cannot be stored. Within a transaction."""
    entries = await read(connection, place.workspace_id, place.position, limit)
    if not entries:
        return Advanced(0)
    active = running(projections, place.stopped)
    folded = await _fold(connection, place, active, entries)
    stops: dict[str, Stop] = {}
    for projection in active:
        error = await _write_error(connection, place, folded.only({projection.row.__name__}))
        if error:
            stops.update({stop.projection: stop for stop in stops_at(entries[0], projection, error, active)})
    place.known.clear()
    folded = await _fold(connection, place, running(active, stops), entries)
    folded.stops.update(stops)
    await write(connection, _move(place, entries, folded))
    return _moved(place, entries, folded)


async def _fold(
    connection: Connection, place: Place, active: Sequence[Projection], entries: Sequence[Entry[Any]]
) -> Folded:
    page = touches(active, entries)
    for name, ids in page.wanted.items():
        rows = place.known.setdefault(name, {})
        missing = ids.difference(rows)
        if missing:
            rows.update(await load(connection, place.workspace_id, name, missing))
    return fold(page, place.known)


def copies(entries: Sequence[Entry[Any]]) -> list[tuple[Any, ...]]:
    """The rows of the read copy; without the prose that one of these entries erases."""
    erased = frozenset(erasures(entries))
    return [entry_row(replace(each, is_erased=True) if each.position in erased else each) for each in entries]


def erasures(entries: Sequence[Entry[Any]]) -> list[int]:
    """The positions whose prose these entries erase."""
    return [position for each in entries for position in erased_by(each.event)]


def _move(place: Place, entries: Sequence[Entry[Any]], folded: Folded) -> Move:
    return Move(
        workspace_id=place.workspace_id,
        before=place.position,
        after=entries[-1].position,
        entries=copies(entries),
        erased=erasures(entries),
        folded=folded,
        known=place.known,
    )


def _moved(place: Place, entries: Sequence[Entry[Any]], folded: Folded) -> Advanced:
    place.position = entries[-1].position
    place.stopped |= folded.stops.keys()
    return Advanced(len(entries), tuple(folded.stops.values()))


async def _write_error(connection: Connection, place: Place, folded: Folded) -> str | None:
    attempt = connection.transaction()
    await attempt.start()
    try:
        await write_rows(connection, place.workspace_id, folded, place.known)
    except UNWRITABLE as error:
        return " ".join(filter(None, (describe(error), getattr(error, "column_name", None))))
    finally:
        await attempt.rollback()
    return None
