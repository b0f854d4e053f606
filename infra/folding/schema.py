"""Where this version's read tables are: a schema named after what they and the folds look like.

Read tables are disposable. A version of the software whose rows, events or folds differ has another fingerprint and so
a schema of its own, which it folds from the ledger while older processes go on with theirs.
"""

import ast
import hashlib
import inspect
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import cache
from typing import Final
from uuid import UUID

import structlog

import domain.ids
import domain.wire
import projections.entries
from domain.entry import EVENTS
from infra.cluster import Cluster, Connection, Role
from infra.folding import fold, read_copy
from infra.folding.refold import draw_level, quietly, refold_all
from infra.folding.tables import create_indexes, create_tables, tables
from projections import PROJECTIONS
from projections.declare import Projection

UNUSED_AFTER: Final = timedelta(days=7)

_LOCK: Final = 0x66_6F_6C_64
"""The advisory lock's key: one process at a time makes or drops read schemas."""

_REGISTRY: Final = (
    "CREATE SCHEMA IF NOT EXISTS read_versions",
    """CREATE TABLE IF NOT EXISTS read_versions.used (
         schema_name text PRIMARY KEY, last_used_at timestamptz NOT NULL DEFAULT now())""",
)
_USED: Final = """
    INSERT INTO read_versions.used (schema_name) VALUES ($1)
    ON CONFLICT (schema_name) DO UPDATE SET last_used_at = now()
"""
_UNUSED: Final = (
    "SELECT schema_name FROM read_versions.used WHERE last_used_at < now() - $1::interval AND schema_name <> $2"
)
_COPIES: Final = "SELECT schema_name FROM read_versions.used WHERE to_regclass(schema_name || '.entry') IS NOT NULL"
_FORGET: Final = "UPDATE {}.entry SET prose = NULL WHERE workspace_id = $1 AND position = ANY($2::bigint[])"
_READERS: Final = f"{Role.APP.value}, {Role.AUDITOR.value}"

log = structlog.get_logger()


@cache
def schema_name() -> str:
    """The schema of this version's read tables; connections get it as their search_path."""
    digest = hashlib.sha256()
    for text in (*create_tables(), *create_indexes(), *_forms()):
        digest.update(text.encode() + b"\0")
    return f"read_{digest.hexdigest()[:16]}"


@asynccontextmanager
async def exclusively(cluster: Cluster) -> AsyncIterator[Connection]:
    """A connection of the fold, while no other process makes or drops read schemas."""
    connection = await cluster.connect(Role.FOLD)
    try:
        await connection.execute("SELECT pg_advisory_lock($1)", _LOCK)
        yield connection
    finally:
        await connection.close()


async def ensure_read_schema(cluster: Cluster) -> str:
    """Make this version's read schema if it is missing, of all that the ledger holds, and give its name.

    Processes that start at once take turns. Older ones go on with their own schema meanwhile.
    """
    async with exclusively(cluster) as connection:
        for statement in _REGISTRY:
            await connection.execute(statement)
        if not await connection.fetchval("SELECT to_regnamespace($1) IS NOT NULL", schema_name()):
            entries = await build(cluster, connection)
            log.info("read tables made", schema=schema_name(), entries=entries)
        await mark_used(connection)
    return schema_name()


async def build(
    cluster: Cluster,
    keeper: Connection,
    on_entries: Callable[[int], None] = quietly,
    projections: Sequence[Projection] = PROJECTIONS,
) -> int:
    """Fold the whole ledger into new tables and put them in the place of what is there; the number of entries.

    Whoever was told that the tables are at a position finds the new ones there too.
    """
    name, fresh = schema_name(), f"{schema_name()}_fresh"
    await keeper.execute(f"DROP SCHEMA IF EXISTS {fresh} CASCADE")
    async with keeper.transaction():
        await create(keeper, fresh)
    entries = await refold_all(cluster, fresh, on_entries, projections)
    async with keeper.transaction():
        await index(keeper, fresh)
    async with keeper.transaction():
        if await keeper.fetchval("SELECT to_regclass($1) IS NOT NULL", f"{name}.checkpoint"):
            await keeper.execute(f"LOCK TABLE {name}.checkpoint IN EXCLUSIVE MODE")
            await draw_level(cluster, keeper, name, fresh, projections)
        await keeper.execute(f"DROP SCHEMA IF EXISTS {name} CASCADE; ALTER SCHEMA {fresh} RENAME TO {name}")
    return entries


async def create(connection: Connection, name: str) -> None:
    """A schema with empty tables, which have only their primary keys."""
    await connection.execute(f"CREATE SCHEMA {name}; SET LOCAL search_path = {name}, pg_catalog")
    await connection.execute("; ".join(create_tables()))
    await connection.execute(
        f"GRANT USAGE ON SCHEMA {name} TO {_READERS}; GRANT SELECT ON ALL TABLES IN SCHEMA {name} TO {_READERS}"
    )


async def index(connection: Connection, name: str) -> None:
    """The indexes of a schema, cheaper to make once the tables are filled, and what plans are made by."""
    await connection.execute(f"SET LOCAL search_path = {name}, pg_catalog; SET LOCAL maintenance_work_mem = '256MB'")
    for statement in create_indexes():
        await connection.execute(statement)
    await connection.execute(f"ANALYZE {', '.join(tables())}")


async def mark_used(connection: Connection) -> None:
    """Keep this version's schema from being dropped."""
    await connection.execute(_USED, schema_name())


async def drop_unused(connection: Connection, unused_after: timedelta = UNUSED_AFTER) -> tuple[str, ...]:
    """Drop the schemas that no process has used for this long; gives their names. Never this version's own.

    Nothing is dropped while another process makes or drops read schemas: there will be another time.
    """
    async with connection.transaction():
        if not await connection.fetchval("SELECT pg_try_advisory_xact_lock($1)", _LOCK):
            return ()
        rows = await connection.fetch(_UNUSED, unused_after, schema_name())
        for row in rows:
            await connection.execute(f"DROP SCHEMA IF EXISTS {row['schema_name']} CASCADE")
            await connection.execute("DELETE FROM read_versions.used WHERE schema_name = $1", row["schema_name"])
    return tuple(row["schema_name"] for row in rows)


async def forget(cluster: Cluster, workspace_id: UUID, positions: Sequence[int]) -> None:
    """Clear what was typed in these entries from every read schema, also from those that nobody folds now."""
    connection = await cluster.connect(Role.FOLD)
    try:
        if not await connection.fetchval("SELECT to_regclass('read_versions.used') IS NOT NULL"):
            return
        for row in await connection.fetch(_COPIES):
            await connection.execute(_FORGET.format(row["schema_name"]), workspace_id, positions)
    finally:
        await connection.close()


def _forms() -> list[str]:
    """The programs that decide what the rows say: the events, their encoding, and the folds."""
    modules = [projections.entries, domain.ids, domain.wire, fold, read_copy]
    modules += [sys.modules[cls.__module__] for cls in (*EVENTS.values(), *(each.row for each in PROJECTIONS))]
    ours = {each for each in modules if each.__name__.partition(".")[0] in {"domain", "projections", "infra"}}
    return sorted(program_form(inspect.getsource(module)) for module in ours)


def program_form(source: str) -> str:
    """A module's syntax without comments and docstrings."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node) is not None:
            del node.body[0]
    return ast.dump(tree)
