"""Rows in and out of the read tables: one SELECT a table, and one statement that writes all a page changed.

That statement moves the checkpoint by compare-and-set, and writes only when it moved: so a fold that was overtaken by
another process's leaves no trace.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final
from uuid import UUID

import msgspec
from msgspec.structs import astuple

from infra.cluster import Connection
from infra.folding.fold import Folded, Known, PastVersion, Version
from infra.folding.tables import ENTRY_COLUMNS, FROM, TO, WORKSPACE, Column, columns_of, past_of, table_of, tables
from projections.declare import ROWS


class Overtaken(Exception):
    """Another process has moved the checkpoint meanwhile: what was folded here is out of date."""


@dataclass
class Move:
    """What one page does to a workspace's tables: entries to copy, prose to clear, and what was folded."""

    workspace_id: UUID
    before: int
    after: int
    entries: Sequence[tuple[Any, ...]]
    erased: Sequence[int]
    folded: Folded
    known: Known


async def load(connection: Connection, workspace_id: UUID, name: str, ids: Iterable[str]) -> dict[str, Version | None]:
    """The rows of a class with these ids, as they are now; None for those that are not there."""
    wanted = list(ids)
    records = await connection.fetch(_select(name), workspace_id, wanted)
    return _versions(name, wanted, records)


async def load_as_of(
    connection: Connection, workspace_id: UUID, name: str, ids: Iterable[str], position: int
) -> dict[str, Version | None]:
    """The same rows as they were at a position."""
    wanted = list(ids)
    records = await connection.fetch(_select_as_of(name), workspace_id, wanted, position)
    return _versions(name, wanted, records)


def _versions(name: str, wanted: list[str], records: Iterable[Any]) -> dict[str, Version | None]:
    row = ROWS[name]
    found = {record["id"]: Version(msgspec.convert(dict(record), row), record[FROM.name]) for record in records}
    return {key: found.get(key) for key in wanted}


@cache
def _select(name: str) -> str:
    return f"SELECT {_names(name)}, from_position FROM {table_of(name)} WHERE workspace_id = $1 AND id = ANY($2)"  # noqa: S608 - names of classes


@cache
def _take(name: str) -> str:
    return (
        f"DELETE FROM {table_of(name)} WHERE workspace_id = $1 AND id = ANY($2) RETURNING {_names(name)}, from_position"  # noqa: S608 - names of classes
    )


@cache
def _select_as_of(name: str) -> str:
    past = _select(name).replace(f"FROM {table_of(name)} ", f"FROM {past_of(table_of(name))} ")
    return f"{_select(name)} AND from_position <= $3 UNION ALL {past} AND from_position <= $3 AND to_position > $3"


def _names(name: str) -> str:
    return ", ".join(column.name for column in columns_of(ROWS[name]))


async def write(connection: Connection, move: Move) -> None:
    """Write a page and move the checkpoint, in one statement; raises Overtaken."""
    stops = move.folded.stops.values()
    statement = _Statement(_MOVED, [move.workspace_id, move.after, move.before, bool(stops)])
    if move.entries:
        statement.insert("entry", ENTRY_COLUMNS, move.entries)
    if move.erased:
        statement.add(_CLEARED, [move.erased])
    _add_rows(statement, move.workspace_id, move.folded, move.known)
    if stops:
        statement.add(_STOPPED, [*zip(*((stop.projection, stop.position, stop.error) for stop in stops), strict=True)])
    if await connection.fetchval(statement.sql, *statement.arguments) is None:
        raise Overtaken


async def write_rows(connection: Connection, workspace_id: UUID, folded: Folded, known: Known) -> None:
    """Write rows only; the caller holds the checkpoint."""
    statement = _Statement("SELECT 1 WHERE $1::uuid IS NOT NULL", [workspace_id])
    _add_rows(statement, workspace_id, folded, known)
    await connection.fetchval(statement.sql, *statement.arguments)


async def take(connection: Connection, workspace_id: UUID, name: str, ids: Iterable[str]) -> dict[str, Version | None]:
    """The rows with these ids, deleted from their table; None for those that are not there."""
    wanted = list(ids)
    return _versions(name, wanted, await connection.fetch(_take(name), workspace_id, wanted))


async def copy_entries(connection: Connection, rows: Sequence[tuple[Any, ...]]) -> None:
    """Add rows of the read copy."""
    if rows:
        await _copy(connection, "entry", ENTRY_COLUMNS, rows)


async def copy_current(connection: Connection, workspace_id: UUID, name: str, versions: Sequence[Version]) -> None:
    """Add current versions of rows that have none."""
    if versions:
        await _copy(connection, table_of(name), current_columns(name), current_values(workspace_id, versions))


async def copy_past(connection: Connection, workspace_id: UUID, name: str, versions: Sequence[PastVersion]) -> None:
    """Add versions that have ended."""
    if versions:
        await _copy(connection, past_of(table_of(name)), past_columns(name), past_values(workspace_id, versions))


async def clear_prose(connection: Connection, workspace_id: UUID, positions: Sequence[int]) -> None:
    """Forget what was typed in these entries."""
    await connection.execute(
        "UPDATE entry SET prose = NULL WHERE workspace_id = $1 AND position = ANY($2::bigint[]) AND prose IS NOT NULL",
        workspace_id,
        positions,
    )


async def _copy(connection: Connection, table: str, columns: Sequence[Column], rows: Iterable[tuple[Any, ...]]) -> None:
    """One after the other: together the values of many rows would take more room than the rows."""
    names = [column.name for column in columns]
    await connection.copy_records_to_table(table, records=rows, columns=names)


async def clear(connection: Connection, workspace_id: UUID) -> None:
    """Drop all rows of a workspace."""
    async with connection.transaction():
        for table in tables():
            await connection.execute(f"DELETE FROM {table} WHERE workspace_id = $1", workspace_id)  # noqa: S608 - names of classes


def _add_rows(statement: "_Statement", workspace_id: UUID, folded: Folded, known: Known) -> None:
    for name, keys in folded.changed.items():
        table, rows = table_of(name), known[name]
        versions = [version for key in keys if (version := rows[key])]
        if versions:
            statement.insert(table, current_columns(name), current_values(workspace_id, versions), _upsert(name))
        gone = [key for key in keys if rows[key] is None]
        if gone:
            statement.add(_DELETED.format(table), [gone])
    for name, past in folded.past.items():
        statement.insert(past_of(table_of(name)), past_columns(name), past_values(workspace_id, past))


@cache
def current_columns(name: str) -> tuple[Column, ...]:
    """The columns of a table."""
    return (WORKSPACE, *columns_of(ROWS[name]), FROM)


@cache
def past_columns(name: str) -> tuple[Column, ...]:
    """The columns of its twin."""
    return (WORKSPACE, *columns_of(ROWS[name]), FROM, TO)


def current_values(workspace_id: UUID, versions: Iterable[Version]) -> Iterator[tuple[Any, ...]]:
    """The values of each row's columns, between the workspace and `from_position`."""
    return ((workspace_id, *astuple(version.row), version.from_position) for version in versions)


def past_values(workspace_id: UUID, versions: Iterable[PastVersion]) -> Iterator[tuple[Any, ...]]:
    """The values of each row's columns, between the workspace and its two positions."""
    return ((workspace_id, *astuple(each.row), each.from_position, each.to_position) for each in versions)


class _Statement:
    """Several writes in one statement, each done only if the first one gives a row. $1 is the workspace."""

    def __init__(self, gate: str, arguments: list[Any]) -> None:
        self._parts = [f"WITH moved AS ({gate})"]
        self.arguments = arguments

    @property
    def sql(self) -> str:
        """The whole statement."""
        return ", ".join(self._parts) + " SELECT 1 FROM moved"  # noqa: S608 - names of classes

    def add(self, template: str, arguments: Sequence[Any]) -> None:
        """One more write; `{0}`, `{1}` in it are its parameters."""
        places = (f"${len(self.arguments) + number}" for number in range(1, len(arguments) + 1))
        self._parts.append(f"w{len(self._parts)} AS ({template.format(*places)})")
        self.arguments.extend(arguments)

    def insert(
        self, table: str, columns: tuple[Column, ...], rows: Iterable[tuple[Any, ...]], conflict: str = ""
    ) -> None:
        """Rows of a table."""
        values = [
            [_array_text(value) for value in parameter] if column.is_array else parameter
            for column, parameter in zip(columns, zip(*rows, strict=True), strict=True)
        ]
        self.add(_insert(table, columns) + conflict, values)


@cache
def _insert(table: str, columns: tuple[Column, ...]) -> str:
    """`unnest` would flatten arrays of arrays, so an array goes as its text."""
    names = ", ".join(column.name for column in columns)
    values = ", ".join(
        f"u.{column.name}::{column.cast}" if column.is_array else f"u.{column.name}" for column in columns
    )
    places = ", ".join(
        f"{{{number}}}::{'text' if column.is_array else column.cast}[]" for number, column in enumerate(columns)
    )
    return f"INSERT INTO {table} ({names}) SELECT {values} FROM moved, unnest({places}) u ({names})"  # noqa: S608 - names of classes


@cache
def _upsert(name: str) -> str:
    updated = (column.name for column in (*columns_of(ROWS[name])[1:], FROM))
    return f" ON CONFLICT (workspace_id, id) DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in updated)}"


def _array_text(values: Sequence[Any] | None) -> str | None:
    """As PostgreSQL writes an array."""
    if values is None:
        return None
    return "{" + ",".join(_element(value) for value in values) + "}"


def _element(value: Any) -> str:  # noqa: ANN401 - str, int or date
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"' if isinstance(value, str) else str(value)


_MOVED: Final = (
    "UPDATE checkpoint SET position = $2, has_stopped = has_stopped OR $4"
    " WHERE workspace_id = $1 AND position = $3 RETURNING position"
)
_CLEARED: Final = (
    "UPDATE entry SET prose = NULL FROM moved"
    " WHERE workspace_id = $1 AND entry.position = ANY({0}::bigint[]) AND prose IS NOT NULL"
)
_DELETED: Final = "DELETE FROM {} USING moved WHERE workspace_id = $1 AND id = ANY({{0}}::text[])"
_STOPPED: Final = (
    "INSERT INTO stopped (workspace_id, projection, position, error)"
    " SELECT $1, u.* FROM moved, unnest({0}::text[], {1}::bigint[], {2}::text[]) u"
)
