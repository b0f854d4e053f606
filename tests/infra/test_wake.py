"""Waking those who wait for new entries."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest

from infra.cluster import Cluster, Connection, Role
from infra.ledger import Ledger
from infra.pool import Pool
from infra.wake import CHANNEL, Announcements, Wakes
from tests.infra.saying import append, as_superuser, said

LONG_SECONDS = 20.0
"""Enough for what must come; a test that passes does not wait so long."""

SHORT_SECONDS = 0.05


@pytest.fixture
async def announcements(app_pool: Pool) -> AsyncIterator[Announcements]:
    announcements = Announcements(app_pool)
    yield announcements
    await announcements.close()


@pytest.fixture
async def wakes(cluster: Cluster) -> AsyncIterator[Wakes]:
    wakes = Wakes(cluster, heartbeat_seconds=0.1)
    await wakes.start()
    yield wakes
    await wakes.close()


async def test_an_append_wakes_who_follows_its_workspace_and_nobody_else(ledger: Ledger, wakes: Wakes) -> None:
    mine, other = uuid4(), uuid4()
    await ledger.open_workspace(mine, "Mine")
    with wakes.follow(mine) as following, wakes.follow(None) as everything, wakes.follow(other) as unrelated:
        await ledger.append(append(mine, said(uuid4(), 1)))
        assert await following.wait(LONG_SECONDS)
        assert await everything.wait(LONG_SECONDS)
        assert not await unrelated.wait(SHORT_SECONDS)


async def test_what_comes_between_two_waits_is_not_lost(announcements: Announcements, wakes: Wakes) -> None:
    mine = uuid4()
    with wakes.follow(mine) as following, wakes.follow(mine) as witness:
        announcements.announce([mine])
        assert await witness.wait(LONG_SECONDS)
        assert await following.wait(0)
        assert not await following.wait(0)


async def test_who_waits_once_is_woken(announcements: Announcements, wakes: Wakes) -> None:
    mine = uuid4()
    waiting = asyncio.create_task(wakes.wait(mine, LONG_SECONDS))
    await asyncio.sleep(0)
    announcements.announce([mine])
    assert await waiting
    assert not await wakes.wait(uuid4(), SHORT_SECONDS)


async def test_many_workspaces_at_once_wake_all(announcements: Announcements, wakes: Wakes) -> None:
    many = [uuid4() for _ in range(1000)]
    with wakes.follow(many[0]) as first, wakes.follow(many[-1]) as last, wakes.follow(None) as everything:
        announcements.announce(many)
        assert [await one.wait(LONG_SECONDS) for one in (first, last, everything)] == [True, True, True]


async def test_announcements_that_come_together_are_sent_together(
    announcements: Announcements, cluster: Cluster
) -> None:
    mine, heard = uuid4(), list[str]()
    connection = await cluster.connect(Role.APP)
    await connection.add_listener(CHANNEL, lambda *heard_of: heard.append(str(heard_of[-1])))
    for _ in range(500):
        announcements.announce([mine])
    await announcements.close()
    await connection.fetchval("select 1")
    assert sum(mine.hex in text for text in heard) == 1
    await connection.close()


async def test_a_cut_connection_is_replaced_and_everybody_looks(
    announcements: Announcements, wakes: Wakes, cluster: Cluster
) -> None:
    mine = uuid4()
    with wakes.follow(mine) as following:
        cut = "select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1 and datname = $2"
        assert await as_superuser(cluster, cut, "pushback listen", await _database(cluster))
        assert await following.wait(LONG_SECONDS)
        announcements.announce([mine])
        assert await following.wait(LONG_SECONDS)


async def _database(cluster: Cluster) -> str:
    (row,) = await as_superuser(cluster, "select current_database() as name")
    return str(row["name"])


async def test_who_is_closed_at_once_leaves_no_connection_open(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened, connect = [], cluster.connect

    async def remembered(*said: Any, **more: Any) -> Connection:
        opened.append(await connect(*said, **more))
        return opened[-1]

    monkeypatch.setattr(cluster, "connect", remembered)
    wakes = Wakes(cluster)
    await wakes.start()
    await wakes.close()
    assert [connection.is_closed() for connection in opened] == [True]
