"""Rebuilding: the tables made again equal those folded event by event, in whatever pages and with however few rows."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from bench.history import Said
from domain.entry import Entry
from domain.events import ProseErased
from infra.cluster import Cluster, Connection, Role
from infra.folding import schema
from infra.folding.projector import Projector, folds
from infra.folding.rebuild import rebuild_all, rebuild_workspace
from infra.folding.refold import Refold
from infra.folding.schema import ensure_read_schema, schema_name
from infra.ledger import Ledger
from infra.pool import plain
from projections import PROJECTIONS
from projections.declare import Row
from projections.rows import pushbacks
from tests.infra.folding.conftest import Writer
from tests.infra.saying import ACT
from tests.read_tables import Tables, expected, stored


@pytest.fixture
async def writers(fresh_cluster: Cluster) -> AsyncIterator[list[Writer]]:
    """Three workspaces in a database of their own, of which the first has the most."""
    await ensure_read_schema(fresh_cluster)
    pool = plain(fresh_cluster, Role.APP, 2)
    ledger = Ledger(pool)
    made = [Writer(ledger, uuid4()) for _ in range(3)]
    for writer, commands in zip(made, (150, 40, 3), strict=True):
        await ledger.open_workspace(writer.workspace_id, "Rebuilt")
        await writer.write(commands)
    yield made
    await ledger.close()
    await pool.close()


async def stored_in(cluster: Cluster, writer: Writer) -> Tables:
    connection = await cluster.connect(Role.FOLD, search_path=schema_name())
    try:
        return await stored(connection, writer.workspace_id)
    finally:
        await connection.close()


async def test_all_read_tables_can_be_made_again(fresh_cluster: Cluster, writers: list[Writer]) -> None:
    counted: list[int] = []
    entries = await rebuild_all(fresh_cluster, counted.append)
    assert sum(counted) == entries
    for writer in writers:
        assert await stored_in(fresh_cluster, writer) == expected(await writer.written())


@pytest.mark.parametrize(("rows_max", "page_entries"), [(0, 1), (5, 7), (40, 30)])
async def test_rows_that_leave_memory_come_back_as_they_were(
    fresh_cluster: Cluster, writers: list[Writer], rows_max: int, page_entries: int
) -> None:
    reader, writer = [await fresh_cluster.connect(Role.FOLD, search_path=schema_name()) for _ in range(2)]
    refold = Refold(reader, writer, writers[0].workspace_id, PROJECTIONS, rows_max)
    await refold.run(lambda _: None, page_entries)
    await reader.close()
    await writer.close()
    assert await stored_in(fresh_cluster, writers[0]) == expected(await writers[0].written())


async def test_a_projector_goes_on_where_a_rebuild_ended(fresh_cluster: Cluster, writers: list[Writer]) -> None:
    pool = folds(fresh_cluster, 2)
    projector = Projector(pool)
    await projector.reach(writers[0].workspace_id, await writers[0].write(5))
    await rebuild_all(fresh_cluster)
    assert await projector.reach(writers[0].workspace_id, await writers[0].write(5), 30)
    assert await stored_in(fresh_cluster, writers[0]) == expected(await writers[0].written())
    await projector.close()
    await pool.close()


async def test_no_workspace_falls_back_when_the_tables_are_exchanged(
    fresh_cluster: Cluster, writers: list[Writer], monkeypatch: pytest.MonkeyPatch
) -> None:
    pool = folds(fresh_cluster, 2)
    projector = Projector(pool)
    index, told = schema.index, []

    async def meanwhile(connection: Connection, name: str) -> None:
        for writer in writers:
            position = await writer.write(5)
            assert await projector.reach(writer.workspace_id, position)
            told.append((writer.workspace_id, position))
        await index(connection, name)

    monkeypatch.setattr(schema, "index", meanwhile)
    await rebuild_all(fresh_cluster)
    connection = await fresh_cluster.connect(Role.FOLD, search_path=schema_name())
    reached = await connection.fetch("SELECT workspace_id, position FROM checkpoint")
    await connection.close()
    assert sorted(map(tuple, reached)) == sorted(told)
    for writer in writers:
        assert await stored_in(fresh_cluster, writer) == expected(await writer.written())
    await projector.close()
    await pool.close()


async def test_a_new_version_starts_with_everything_the_ledger_holds(
    fresh_cluster: Cluster, writers: list[Writer]
) -> None:
    connection = await fresh_cluster.connect(Role.FOLD)
    await connection.execute(f"DROP SCHEMA {schema_name()} CASCADE")
    await connection.close()
    await ensure_read_schema(fresh_cluster)
    assert await stored_in(fresh_cluster, writers[0]) == expected(await writers[0].written())


async def test_one_workspace_is_made_again_while_others_are_read(fresh_cluster: Cluster, writers: list[Writer]) -> None:
    await rebuild_all(fresh_cluster)
    connection = await fresh_cluster.connect(Role.FOLD, search_path=schema_name())
    await connection.execute("UPDATE item SET rank = 'wrong'")
    await connection.close()
    await rebuild_workspace(fresh_cluster, writers[0].workspace_id)
    assert await stored_in(fresh_cluster, writers[0]) == expected(await writers[0].written())
    assert await stored_in(fresh_cluster, writers[1]) != expected(await writers[1].written())


async def test_a_rebuild_leaves_out_prose_that_was_erased(fresh_cluster: Cluster, writers: list[Writer]) -> None:
    typed = [each.position for each in await writers[0].written() if type(each.event).PROSE]
    erased = ProseErased(positions=tuple(typed))
    await writers[0].append([Said(writers[0].workspace_id, erased, ACT)])
    await rebuild_all(fresh_cluster)
    connection = await fresh_cluster.connect(Role.FOLD, search_path=schema_name())
    left = await connection.fetchval(
        "SELECT count(*) FROM entry WHERE workspace_id = $1 AND prose IS NOT NULL", writers[0].workspace_id
    )
    await connection.close()
    assert typed
    assert left == 0


async def test_a_rebuild_goes_on_past_a_fold_that_raises_and_can_be_resumed(
    fresh_cluster: Cluster, writers: list[Writer]
) -> None:
    def evolve(row: Row | None, entry: Entry[Any], item: object) -> Row | None:
        if entry.position > 60:
            raise ZeroDivisionError
        return pushbacks.PROJECTION.evolve(row, entry, item)

    faulty = replace(pushbacks.PROJECTION, evolve=evolve)
    await rebuild_all(
        fresh_cluster, projections=[faulty if each is pushbacks.PROJECTION else each for each in PROJECTIONS]
    )
    pool = folds(fresh_cluster, 2)
    projector = Projector(pool)
    assert {each.projection for each in (await projector.health()).stopped} == {"Pushback", "Turn"}
    assert await projector.resume() == ()
    assert await stored_in(fresh_cluster, writers[0]) == expected(await writers[0].written())
    await projector.close()
    await pool.close()


async def test_a_rebuild_that_was_killed_leaves_the_old_tables_and_can_be_run_again(
    fresh_cluster: Cluster, writers: list[Writer], monkeypatch: pytest.MonkeyPatch
) -> None:
    await rebuild_all(fresh_cluster)

    async def killed(*_: object) -> None:
        raise asyncio.CancelledError

    with monkeypatch.context() as patch:
        patch.setattr(schema, "index", killed)
        with pytest.raises(asyncio.CancelledError):
            await rebuild_all(fresh_cluster)
    assert await stored_in(fresh_cluster, writers[0]) == expected(await writers[0].written())
    await rebuild_all(fresh_cluster)
    assert await stored_in(fresh_cluster, writers[0]) == expected(await writers[0].written())
