"""The projector against a database: any pages, any number of processes, faults and mending give the same tables."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import replace
from random import Random
from typing import Any
from uuid import uuid4

import pytest
import structlog

from bench.history import Said
from domain.entry import Entry
from domain.events import ItemDrafted, ItemRevised, ProseErased, PushbackRaised
from infra.cluster import Cluster, Role
from infra.folding.fold import sources
from infra.folding.projector import Projector, Stopped
from infra.pool import Pool
from infra.wake import Wakes
from projections import PROJECTIONS
from projections.declare import Projection, Row
from projections.rows import items, pushbacks
from projections.rows.estimation import estimates
from tests.infra.folding.conftest import Writer
from tests.infra.saying import ACT, as_superuser
from tests.read_tables import Tables, expected, stored

Make = Callable[..., Projector]


async def tables_of(pool: Pool, writer: Writer) -> Tables:
    async with pool.connection(None) as connection:
        return await stored(connection, writer.workspace_id)


async def expected_of(writer: Writer) -> Tables:
    return expected(await writer.written())


def of(writer: Writer, stopped: Iterable[Stopped]) -> dict[str, int]:
    return {each.projection: each.position for each in stopped if each.workspace_id == writer.workspace_id}


def with_fault(projection: Projection, is_bad: Callable[[Entry[Any]], bool]) -> list[Projection]:
    """All projections; this one raises at some entries."""

    def evolve(row: Row | None, entry: Entry[Any], item: object) -> Row | None:
        if is_bad(entry):
            raise ZeroDivisionError
        return projection.evolve(row, entry, item)

    return [replace(each, evolve=evolve) if each is projection else each for each in PROJECTIONS]


@pytest.mark.parametrize("seed", range(4))
async def test_any_pages_give_the_tables_that_one_page_gives(
    writer: Writer, projectors: Make, fold_pool: Pool, seed: int
) -> None:
    random = Random(seed)
    for _ in range(8):
        position = await writer.write(random.randint(1, 25))
        projector = projectors(page_entries=random.choice((1, 2, 7, 1000)))
        assert await projector.reach(writer.workspace_id, position, 30)
    assert await tables_of(fold_pool, writer) == await expected_of(writer)


async def test_several_processes_fold_a_workspace_together(writer: Writer, projectors: Make, fold_pool: Pool) -> None:
    processes = [projectors(page_entries=size) for size in (1, 3, 1000)]
    for _ in range(20):
        position = await writer.write(5)
        assert all(await asyncio.gather(*(each.reach(writer.workspace_id, position, 30) for each in processes)))
    assert await tables_of(fold_pool, writer) == await expected_of(writer)


async def test_who_appended_finds_the_rows_there(writer: Writer, projectors: Make) -> None:
    position = await writer.write(20)
    projector = projectors()
    assert await projector.reach(writer.workspace_id, position)
    assert await projector.reach(writer.workspace_id, position)
    assert (await projector.health()).lag.get(writer.workspace_id) is None


async def test_a_position_that_the_ledger_has_not_is_not_reached(writer: Writer, projectors: Make) -> None:
    position = await writer.write(2)
    projector = projectors()
    late = asyncio.create_task(projector.reach(writer.workspace_id, position + 1, 20))
    assert not await projector.reach(writer.workspace_id, position + 1000, 0.05)
    assert await projector.reach(writer.workspace_id, position)
    await writer.write(1)
    assert await late


async def test_many_who_wait_share_a_page(writer: Writer, projectors: Make, fold_pool: Pool) -> None:
    position = await writer.write(60)
    projector = projectors()
    assert all(await asyncio.gather(*(projector.reach(writer.workspace_id, each) for each in range(1, position + 1))))
    async with fold_pool.connection(None) as connection:
        pages = await connection.fetch("SELECT DISTINCT xmin FROM entry WHERE workspace_id = $1", writer.workspace_id)
    assert len(pages) == 1


async def test_a_fold_that_raises_stops_alone_and_says_so(writer: Writer, projectors: Make, fold_pool: Pool) -> None:
    position = await writer.write(60)
    faulty = with_fault(estimates.PROJECTION, lambda entry: entry.position > 10)
    projector = projectors(projections=faulty, page_entries=20)
    with structlog.testing.capture_logs() as logs:
        assert not await projector.reach(writer.workspace_id, position)
    entries = await writer.written()
    first = next(each for each in entries if type(each.event) in estimates.PROJECTION.events)
    said = [log for log in logs if log["event"] == "projection stopped"]
    assert [(log["projection"], log["position"], log["kind"]) for log in said] == [
        ("Estimate", first.position, first.event.TOPIC)
    ]
    health = await projector.health()
    assert [
        (each.projection, each.position) for each in health.stopped if each.workspace_id == writer.workspace_id
    ] == [("Estimate", first.position)]
    found, wanted = await tables_of(fold_pool, writer), await expected_of(writer)
    assert found.pop("estimate") == set()
    assert found == {name: rows for name, rows in wanted.items() if name != "estimate"} | {"estimate_past": set()}


async def test_another_workspace_goes_on_when_one_stops(writer: Writer, projectors: Make) -> None:
    other = Writer(writer.ledger, uuid4())
    await writer.ledger.open_workspace(other.workspace_id, "Other")
    faulty = with_fault(items.PROJECTION, lambda entry: entry.workspace_id == writer.workspace_id)
    projector = projectors(projections=faulty)
    assert not await projector.reach(writer.workspace_id, await writer.write(30))
    assert await projector.reach(other.workspace_id, await other.write(30))


@pytest.mark.parametrize("faulty", [items.PROJECTION, pushbacks.PROJECTION, estimates.PROJECTION])
async def test_what_stopped_catches_up_once_mended_with_every_version_at_its_position(
    writer: Writer, projectors: Make, fold_pool: Pool, faulty: Projection
) -> None:
    await writer.write(25)
    bad = projectors(projections=with_fault(faulty, lambda entry: entry.position > 20), page_entries=9)
    for _ in range(3):
        assert not await bad.reach(writer.workspace_id, await writer.write(25))
    mended = projectors(page_entries=4)
    await mended.resume()
    assert await mended.reach(writer.workspace_id, await writer.write(5))
    assert await tables_of(fold_pool, writer) == await expected_of(writer)


async def test_what_is_not_mended_stops_again_further_on(writer: Writer, projectors: Make) -> None:
    position = await writer.write(60)
    bad = projectors(projections=with_fault(items.PROJECTION, lambda _: True))
    assert not await bad.reach(writer.workspace_id, position)
    before = of(writer, (await bad.health()).stopped)
    later = projectors(projections=with_fault(items.PROJECTION, lambda entry: isinstance(entry.event, ItemRevised)))
    stopped = of(writer, await later.resume())
    readers = {each.row.__name__ for each in PROJECTIONS if items.PROJECTION in sources(each, PROJECTIONS)}
    assert before.keys() == stopped.keys() == {"Item", *readers}
    assert before["Item"] < stopped["Item"]
    assert of(writer, await projectors().resume()) == {}


async def test_a_row_that_does_not_fit_its_table_stops_its_projection_at_its_entry(
    writer: Writer, projectors: Make, fold_pool: Pool
) -> None:
    position = await writer.write(50)
    entries = await writer.written()
    bad = next(each.position for each in entries[25:] if isinstance(each.event, PushbackRaised))

    def evolve(row: Any, entry: Entry[Any], item: Any) -> Any:
        row = pushbacks.PROJECTION.evolve(row, entry, item)
        return row if entry.position < bad else type(row)(**{**_fields(row), "number": 2**40})

    faulty = replace(pushbacks.PROJECTION, evolve=evolve)
    projector = projectors(projections=[faulty if each is pushbacks.PROJECTION else each for each in PROJECTIONS])
    assert not await projector.reach(writer.workspace_id, position, 30)
    assert of(writer, (await projector.health()).stopped) == {"Pushback": bad, "Turn": bad}
    await projectors().resume()
    assert await tables_of(fold_pool, writer) == await expected_of(writer)


def _fields(row: Row) -> dict[str, Any]:
    return {name: getattr(row, name) for name in row.__struct_fields__}


async def test_erased_prose_leaves_the_read_copy(writer: Writer, projectors: Make, fold_pool: Pool) -> None:
    position = await writer.write(40)
    entries = await writer.written()
    drafted = [each.position for each in entries if isinstance(each.event, ItemDrafted)]
    await projectors().reach(writer.workspace_id, position)
    erased = ProseErased(positions=tuple(drafted), legal_basis="article 17")
    position = await writer.append([Said(writer.workspace_id, erased, ACT)])
    assert await projectors().reach(writer.workspace_id, position)
    async with fold_pool.connection(None) as connection:
        left = await connection.fetch(
            "SELECT position FROM entry WHERE workspace_id = $1 AND kind = 'ItemDrafted' AND prose IS NOT NULL",
            writer.workspace_id,
        )
    assert drafted
    assert left == []


async def test_prose_erased_in_the_page_that_brings_it_is_never_copied(
    writer: Writer, projectors: Make, fold_pool: Pool
) -> None:
    position = await writer.write(1)
    erased = ProseErased(positions=(position,), legal_basis="article 17")
    await writer.append([Said(writer.workspace_id, erased, ACT)])
    assert await projectors().reach(writer.workspace_id, position + 1)
    async with fold_pool.connection(None) as connection:
        assert (
            await connection.fetchval(
                "SELECT prose FROM entry WHERE workspace_id = $1 AND position = $2", writer.workspace_id, position
            )
            is None
        )


async def test_the_background_pass_picks_up_what_nobody_folded(
    writer: Writer, projectors: Make, fold_pool: Pool
) -> None:
    await writer.write(30)
    projector = projectors()
    running = asyncio.create_task(projector.run())
    try:
        async with asyncio.timeout(30):
            while writer.workspace_id in (await projector.health()).lag:  # noqa: ASYNC110 - it sets no event of ours
                await asyncio.sleep(0.01)
    finally:
        running.cancel()
    assert await tables_of(fold_pool, writer) == await expected_of(writer)


async def test_who_follows_hears_of_the_checkpoint_and_of_nothing_beyond(
    cluster: Cluster, writer: Writer, projectors: Make
) -> None:
    wakes = Wakes(cluster)
    await wakes.start()
    projector = projectors(wakes=wakes)
    position = await writer.write(1)
    assert await projector.beyond(writer.workspace_id, 0, 10) == position
    following = asyncio.create_task(projector.beyond(writer.workspace_id, position, 10))
    assert await projector.beyond(writer.workspace_id, position, 0.05) == position
    assert await writer.write(1) == await following
    await wakes.close()


async def test_a_deleted_workspace_leaves_no_rows(
    cluster: Cluster, writer: Writer, projectors: Make, fold_pool: Pool
) -> None:
    projector = projectors()
    await projector.reach(writer.workspace_id, await writer.write(20))
    connection = await cluster.connect(Role.PRIVACY)
    await connection.fetchval("SELECT ledger.delete_workspace($1, 'asked to')", writer.workspace_id)
    await connection.close()
    await projector._look_around()
    assert not any((await tables_of(fold_pool, writer)).values())


async def test_the_app_sees_the_rows_of_its_workspace_only_and_changes_none(
    cluster: Cluster, writer: Writer, projectors: Make
) -> None:
    await projectors().reach(writer.workspace_id, await writer.write(20))
    schema = (await as_superuser(cluster, "SELECT schema_name FROM read_versions.used"))[0]["schema_name"]
    connection = await cluster.connect(Role.APP, search_path=schema)
    assert await connection.fetchval("SELECT count(*) FROM entry") == 0
    await connection.execute("SELECT set_config('pushback.workspace', $1, false)", str(writer.workspace_id))
    seen = await connection.fetch("SELECT DISTINCT workspace_id FROM entry")
    assert [row["workspace_id"] for row in seen] == [writer.workspace_id]
    with pytest.raises(Exception, match="permission denied"):
        await connection.execute("UPDATE item SET rank = 'a'")
    await connection.close()


async def test_a_lost_connection_is_gone_round(cluster: Cluster, writer: Writer, projectors: Make) -> None:
    projector = projectors()
    assert await projector.reach(writer.workspace_id, await writer.write(5))
    await as_superuser(
        cluster,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE usename = 'pushback_fold' AND datname = current_database()",
    )
    assert await projector.reach(writer.workspace_id, await writer.write(5), 30)
