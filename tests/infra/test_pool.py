"""Lent connections: whose rows they show, in which order they are lent, and what becomes of broken ones."""

import asyncio
import random
from contextlib import suppress
from uuid import UUID, uuid4

import asyncpg
import pytest

from infra.cluster import Cluster, Connection, Role
from infra.pool import Pool, PoolBusy, PoolClosed, plain, reads

ENTERED = "select current_setting('pushback.workspace', true)"


class Opened:
    """A way to open connections that remembers them and what was asked of them."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self.connections: list[Connection] = []
        self.asked: list[str] = []

    async def __call__(self) -> Connection:
        connection = await self._cluster.connect(Role.APP)
        connection.add_query_logger(lambda query: self.asked.append(query.query))
        self.connections.append(connection)
        return connection


class Wrong(Exception):
    """Something of the caller's own."""


async def misuse(pool: Pool, workspace_id: UUID, way: int) -> None:
    """The ways in which a lent connection is left behind by somebody who failed."""
    async with pool.connection(workspace_id) as connection:
        match way:
            case 0:
                raise Wrong
            case 1:
                await connection.execute("select 1 / 0")
            case 2:
                async with connection.transaction():
                    await connection.execute("select set_config('pushback.workspace', $1, false)", str(uuid4()))
                    raise Wrong
            case 3:
                await connection.execute("begin")
                raise Wrong
            case 4:
                await connection.execute("select pg_terminate_backend(pg_backend_pid())")
            case 5:
                await asyncio.wait_for(connection.execute("select pg_sleep(5)"), 0.01)


async def test_a_connection_never_answers_for_another_workspace(cluster: Cluster) -> None:
    pool, chance = plain(cluster, Role.APP, 3), random.Random(7)
    workspaces = [uuid4() for _ in range(4)]

    async def use() -> None:
        for _ in range(25):
            workspace_id = chance.choice(workspaces)
            with suppress(Wrong, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
                await misuse(pool, workspace_id, chance.randrange(12))
            asked = chance.choice([*workspaces, None])
            assert await pool.fetchval(asked, ENTERED) in (str(asked or ""), None if asked is None else "")

    await asyncio.gather(*(use() for _ in range(6)))
    await pool.close()


async def test_the_workspace_is_set_only_when_it_changes(cluster: Cluster) -> None:
    opened, first, second = Opened(cluster), uuid4(), uuid4()
    pool = Pool(opened, 1)
    for workspace_id in (first, first, first, second, second, first):
        assert await pool.fetchval(workspace_id, ENTERED) == str(workspace_id)
    assert sum("set_config" in query for query in opened.asked) == 3
    await pool.close()


async def test_a_connection_of_the_same_workspace_is_lent_before_the_latest(cluster: Cluster) -> None:
    opened, first, second = Opened(cluster), uuid4(), uuid4()
    pool = Pool(opened, 2)
    async with pool.connection(first), pool.connection(second):
        pass
    for workspace_id in (first, second, second, first):
        await pool.fetchval(workspace_id, ENTERED)
    assert sum("set_config" in query for query in opened.asked) == 2
    await pool.close()


async def test_the_last_one_given_back_is_lent_first(cluster: Cluster) -> None:
    opened = Opened(cluster)
    pool = Pool(opened, 3)
    async with pool.connection(None) as early, pool.connection(None):
        pass
    async with pool.connection(None) as again:
        assert again is early
    assert len(opened.connections) == 2
    await pool.close()


async def test_no_more_than_its_size_are_opened_and_who_comes_first_is_served_first(cluster: Cluster) -> None:
    opened, served = Opened(cluster), list[int]()
    pool = Pool(opened, 2)

    async def use(number: int) -> None:
        async with pool.connection(None) as connection:
            served.append(number)
            await connection.execute("select 1")

    await asyncio.gather(*(use(number) for number in range(20)))
    assert sorted(served) == list(range(20))
    assert [number for number in served if number > 1] == list(range(2, 20))  # two open a connection, the others wait
    assert len(opened.connections) == 2
    await pool.close()


async def test_who_gives_up_waiting_takes_no_connection_along(cluster: Cluster) -> None:
    pool = Pool(Opened(cluster), 1)
    async with pool.connection(None):
        waiting = [asyncio.create_task(pool.fetchval(None, "select 1")) for _ in range(3)]
        await asyncio.sleep(0)
        waiting[0].cancel()
    waiting[1].cancel()  # it has been handed the connection already, but has not run
    assert await waiting[2] == 1
    assert await pool.fetchval(None, "select 2") == 2
    await pool.close()


async def test_who_finds_a_full_line_is_told_at_once(cluster: Cluster) -> None:
    pool = Pool(Opened(cluster), 1, waiting_max=2)
    async with pool.connection(None):
        waiting = [asyncio.create_task(pool.fetchval(None, "select 1")) for _ in range(2)]
        await asyncio.sleep(0)
        with pytest.raises(PoolBusy):
            await pool.fetchval(None, "select 1")
        waiting[0].cancel()
        await asyncio.sleep(0)
        waiting[0] = asyncio.create_task(pool.fetchval(None, "select 1"))
        await asyncio.sleep(0)
    assert await asyncio.gather(*waiting) == [1, 1]
    await pool.close()


async def test_who_waits_too_long_is_told_and_takes_no_connection_along(cluster: Cluster) -> None:
    pool = Pool(Opened(cluster), 1, waiting_seconds_max=0.01)
    async with pool.connection(None):
        with pytest.raises(PoolBusy):
            await pool.fetchval(None, "select 1")
    assert await pool.fetchval(None, "select 1") == 1
    await pool.close()


async def test_a_broken_connection_is_replaced(cluster: Cluster) -> None:
    opened = Opened(cluster)
    pool = Pool(opened, 2)
    async with pool.connection(None), pool.connection(None):
        pass
    for connection in opened.connections:
        connection.terminate()
    assert [await pool.fetchval(None, "select 1") for _ in range(3)] == [1, 1, 1]
    assert len(opened.connections) == 3
    await pool.close()


async def test_a_connection_that_cannot_be_opened_takes_no_room() -> None:
    async def refuse() -> Connection:
        await asyncio.sleep(0)
        raise Wrong

    pool = Pool(refuse, 1)
    answers = await asyncio.gather(*(pool.fetchval(None, "select 1") for _ in range(5)), return_exceptions=True)
    assert [type(answer) for answer in answers] == [Wrong] * 5


async def test_a_connection_that_is_given_up_while_it_is_made_ready_is_closed(cluster: Cluster) -> None:
    opened = Opened(cluster)
    pool = Pool(opened, 1)
    making = asyncio.create_task(pool.keep_ready(["select pg_sleep(60)"]))
    while not opened.connections:  # noqa: ASYNC110 - nobody tells
        await asyncio.sleep(0.01)
    making.cancel()
    with pytest.raises(asyncio.CancelledError):
        await making
    assert [connection.is_closed() for connection in opened.connections] == [True]
    assert pool.size == 0
    await pool.close()


async def test_of_connections_made_ready_together_those_that_are_stay_when_the_rest_is_given_up(
    cluster: Cluster,
) -> None:
    opened, seconds = Opened(cluster), iter([0, 60])

    async def open_late() -> Connection:
        await asyncio.sleep(next(seconds))
        return await opened()

    pool = Pool(open_late, 2)
    making = asyncio.create_task(pool.keep_ready(["select 1"]))
    async with asyncio.timeout(10):
        while pool.in_use != 1:  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.01)
    making.cancel()
    with pytest.raises(asyncio.CancelledError):
        await making
    assert (pool.size, pool.in_use) == (1, 0)
    await pool.close()
    assert [connection.is_closed() for connection in opened.connections] == [True]


async def test_a_connection_that_is_given_up_before_it_reads_as_it_should_is_closed(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Connection] = []

    async def give_up(connection: Connection, *_: object, **__: object) -> None:
        opened.append(connection)
        raise asyncio.CancelledError

    monkeypatch.setattr(asyncpg.Connection, "set_type_codec", give_up)
    pool = reads(cluster, 1)
    with pytest.raises(asyncio.CancelledError):
        await pool.fetchval(None, "select 1")
    assert [connection.is_closed() for connection in opened] == [True]
    assert pool.size == 0
    await pool.close()


async def test_a_closed_pool_lends_nothing(cluster: Cluster) -> None:
    opened = Opened(cluster)
    pool = Pool(opened, 1)
    async with pool.connection(None) as connection:
        waiting = asyncio.create_task(pool.fetchval(None, "select 1"))
        await asyncio.sleep(0)
        await pool.close()
        with pytest.raises(PoolClosed):
            await waiting
        assert await connection.fetchval("select 1") == 1
    assert opened.connections[0].is_closed()
    with pytest.raises(PoolClosed):
        await pool.fetchval(None, "select 1")


async def test_what_is_read_comes_as_bytes_and_nothing_is_written(cluster: Cluster) -> None:
    pool = reads(cluster, 1)
    assert await pool.fetchval(None, "select $1::text || 'é'", "ü") == "üé".encode()
    with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
        await pool.fetchval(None, "select ledger.open_workspace($1, 'x')", uuid4())
    await pool.close()


async def test_a_statement_that_waits_for_ever_is_ended(cluster: Cluster) -> None:
    pool = plain(cluster, Role.APP, 1, seconds_max=0.02)
    with pytest.raises(asyncpg.QueryCanceledError):
        await pool.fetchval(None, "select pg_sleep(60)")
    assert await pool.fetchval(None, "select 1") == 1
    await pool.close()
