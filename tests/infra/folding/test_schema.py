"""Read schemas: made once by whoever comes first, named after what is folded and how, dropped when nobody uses them."""

import asyncio
from datetime import timedelta

import pytest

from infra.cluster import Cluster, Role
from infra.folding import schema
from infra.folding.projector import Projector, folds
from infra.folding.schema import UNUSED_AFTER, drop_unused, ensure_read_schema, schema_name
from infra.folding.tables import create_indexes, create_tables, tables


async def schemas(cluster: Cluster) -> set[str]:
    connection = await cluster.connect(Role.FOLD)
    rows = await connection.fetch("SELECT nspname FROM pg_namespace WHERE nspname ~ '^read_[0-9a-f]{16}$'")
    await connection.close()
    return {row["nspname"] for row in rows}


async def drop(cluster: Cluster, unused_after: timedelta = UNUSED_AFTER) -> tuple[str, ...]:
    connection = await cluster.connect(Role.FOLD)
    dropped = await drop_unused(connection, unused_after)
    await connection.close()
    return dropped


def rename(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(schema, "schema_name", lambda: name)


async def test_processes_that_start_at_once_make_one_schema(fresh_cluster: Cluster) -> None:
    names = await asyncio.gather(*(ensure_read_schema(fresh_cluster) for _ in range(4)))
    assert set(names) == {schema_name()} == await schemas(fresh_cluster)


async def test_another_versions_schema_stands_beside_ours_until_nobody_uses_it(
    fresh_cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = "read_0123456789abcdef"
    with monkeypatch.context() as patch:
        rename(patch, old)
        await ensure_read_schema(fresh_cluster)
    await ensure_read_schema(fresh_cluster)
    assert await schemas(fresh_cluster) == {old, schema_name()}
    assert await drop(fresh_cluster) == ()
    async with schema.exclusively(fresh_cluster):
        assert await drop(fresh_cluster, timedelta(0)) == ()
    assert await drop(fresh_cluster, timedelta(0)) == (old,)
    assert await schemas(fresh_cluster) == {schema_name()}


async def test_the_background_pass_drops_what_nobody_uses(
    fresh_cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        rename(patch, "read_0123456789abcdef")
        await ensure_read_schema(fresh_cluster)
    await ensure_read_schema(fresh_cluster)
    connection = await fresh_cluster.connect(Role.FOLD)
    await connection.execute("UPDATE read_versions.used SET last_used_at = now() - interval '8 days'")
    await connection.close()
    pool = folds(fresh_cluster, 2)
    passing = asyncio.create_task(Projector(pool).run())
    async with asyncio.timeout(30):
        while await schemas(fresh_cluster) != {schema_name()}:  # noqa: ASYNC110 - PostgreSQL tells nobody
            await asyncio.sleep(0.02)
    passing.cancel()
    await asyncio.wait([passing])
    await pool.close()


async def test_an_old_name_made_again_is_a_whole_schema(fresh_cluster: Cluster) -> None:
    await ensure_read_schema(fresh_cluster)
    connection = await fresh_cluster.connect(Role.FOLD)
    found = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = $1", schema_name())
    keys = await connection.fetch(
        "SELECT conrelid::regclass::text FROM pg_constraint WHERE contype = 'p' AND connamespace = to_regnamespace($1)",
        schema_name(),
    )
    await connection.close()
    assert {row["tablename"] for row in found} == set(tables())
    assert len(keys) == len(tables())


def test_the_name_depends_on_tables_indexes_and_what_the_folds_do(monkeypatch: pytest.MonkeyPatch) -> None:
    name = schema_name()
    changes = {
        "create_tables": lambda: (*create_tables(), "CREATE TABLE more ()"),
        "create_indexes": lambda: create_indexes()[1:],
        "_forms": lambda: ["another program"],
    }
    for changed, value in changes.items():
        with monkeypatch.context() as patch:
            patch.setattr(schema, changed, value)
            assert schema_name.__wrapped__() != name
    assert schema_name.__wrapped__() == name


def test_comments_and_docstrings_of_a_fold_make_no_new_schema() -> None:
    one = schema.program_form('"""Said."""\ndef f():\n    """More."""\n    return 1  # one\n')
    assert one == schema.program_form("def f():\n    return 1\n")
    assert one != schema.program_form("def f():\n    return 2\n")
