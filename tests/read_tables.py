"""The read tables in memory and as they stand in a database, in one form that can be compared."""

import json
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any
from uuid import UUID

from domain.entry import Entry, Event
from infra.cluster import Connection
from infra.folding.advance import copies
from infra.folding.fold import Known, Stop, fold, running, touches
from infra.folding.store import current_columns, current_values, past_columns, past_values
from infra.folding.tables import ENTRY_COLUMNS, past_of, table_of
from projections import PROJECTIONS
from projections.declare import Projection

Tables = dict[str, set[tuple[Any, ...]]]


class MemoryTables:
    """Folds pages as the engine does, with dictionaries for tables."""

    def __init__(self, projections: Sequence[Projection] = PROJECTIONS) -> None:
        self.projections = projections
        self.current: Known = {projection.row.__name__: {} for projection in projections}
        self.past: dict[str, list[Any]] = {projection.row.__name__: [] for projection in projections}
        self.stops: dict[str, Stop] = {}

    def advance(self, entries: Iterable[Entry[Event]]) -> None:
        """Fold one page: only the rows it wants are known to the fold."""
        page = touches(running(self.projections, self.stops), entries)
        known = {name: {key: self.current[name].get(key) for key in ids} for name, ids in page.wanted.items()}
        folded = fold(page, known)
        self.stops.update(folded.stops)
        for name, keys in folded.changed.items():
            self.current[name].update({key: known[name][key] for key in keys})
        for name, past in folded.past.items():
            self.past[name] += past

    def tables(self, workspace_id: UUID) -> Tables:
        """Every table's rows."""
        found: Tables = {}
        for name, rows in self.current.items():
            found[table_of(name)] = set(current_values(workspace_id, [row for row in rows.values() if row]))
            found[past_of(table_of(name))] = set(past_values(workspace_id, self.past[name]))
        return found


def folded(
    entries: Sequence[Entry[Event]], cuts: Iterable[int] = (), projections: Sequence[Projection] = PROJECTIONS
) -> MemoryTables:
    """The tables after these entries, folded in pages that end at the cuts."""
    tables = MemoryTables(projections)
    bounds = sorted({0, len(entries), *(cut for cut in cuts if 0 < cut < len(entries))})
    for start, end in pairwise(bounds):
        tables.advance(entries[start:end])
    return tables


def expected(entries: Sequence[Entry[Event]]) -> Tables:
    """What a database must hold after these entries."""
    found = folded(entries).tables(entries[0].workspace_id)
    found["entry"] = {_plain(row) for row in copies(entries)}
    return found


async def stored(connection: Connection, workspace_id: UUID) -> Tables:
    """What a database holds of a workspace, by a connection that sees the read schema."""
    found = {"entry": await _rows(connection, workspace_id, "entry", [column.name for column in ENTRY_COLUMNS])}
    for name in (projection.row.__name__ for projection in PROJECTIONS):
        table = table_of(name)
        found[table] = await _rows(connection, workspace_id, table, [each.name for each in current_columns(name)])
        past = past_of(table)
        found[past] = await _rows(connection, workspace_id, past, [each.name for each in past_columns(name)])
    return found


async def _rows(connection: Connection, workspace_id: UUID, table: str, names: list[str]) -> set[tuple[Any, ...]]:
    rows = await connection.fetch(f"SELECT {', '.join(names)} FROM {table} WHERE workspace_id = $1", workspace_id)
    plain = [_plain(tuple(row)) for row in rows]
    assert len(set(plain)) == len(plain)
    return set(plain)


def _plain(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """Lists as tuples, JSON as one text for one meaning."""
    return tuple(_json(value) if isinstance(value, str) and value.startswith('{"') else value for value in _tuples(row))


def _tuples(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(tuple(value) if isinstance(value, list) else value for value in row)


def _json(text: str) -> str:
    return json.dumps(json.loads(text), sort_keys=True)
