"""The ledger under several processes, and under processes that die."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from uuid import UUID, uuid4

import psutil
import pytest

from domain.entry import Entry, Event
from infra.cluster import Cluster, Role
from infra.ledger import Append, DuplicateCommand, Ledger
from infra.migrate import migrate
from infra.pool import plain
from infra.postgres.embedded import EmbeddedServer
from tests.infra.saying import append, said
from tests.infra.writing import start

KILLS = 3
WRITERS = 8


async def tail(ledger: Ledger, workspace_id: UUID, is_over: asyncio.Event) -> list[Entry[Event]]:
    """What one sees who always asks for what comes after the last."""
    seen: list[Entry[Event]] = []
    while True:
        last_round = is_over.is_set()
        new = await ledger.read_after(workspace_id, len(seen), 100)
        seen += new
        if last_round and not new:
            return seen


async def test_who_follows_two_writing_processes_misses_nothing(
    ledger: Ledger, cluster: Cluster, workspace_id: UUID
) -> None:
    other_id, is_over = uuid4(), asyncio.Event()
    await ledger.open_workspace(other_id, "Other")
    workspaces = [workspace_id, other_id]
    tails = [asyncio.create_task(tail(ledger, one, is_over)) for one in workspaces]
    processes = [await start(cluster, workspaces, writers=WRITERS, appends=60) for _ in range(2)]
    assert [await process.wait() for process in processes] == [0, 0]
    is_over.set()
    seen = [await one for one in tails]
    events = sum(index % 3 + 1 for first in range(WRITERS) for index in range(first, first + 60))
    assert sum(len(entries) for entries in seen) == 2 * events
    for one, entries in zip(workspaces, seen, strict=True):
        assert [entry.position for entry in entries] == list(range(1, await ledger.head(one) + 1))
        assert await ledger.read_after(one, 0, 10_000) == entries


@pytest.fixture
async def mortal(tmp_path: Path) -> AsyncIterator[Cluster]:
    """A server of the test's own, which it may kill."""
    cluster = await Cluster.embedded(tmp_path / "pg", "mortal")
    await migrate(cluster)
    yield cluster
    await cluster.stop()


def kill(folder: Path) -> None:
    """As when the power fails: no process of the server does anything any more."""
    server = EmbeddedServer(folder).running()
    assert server is not None
    for process in [*psutil.Process(server.pid).children(), psutil.Process(server.pid)]:
        with suppress(ProcessLookupError):  # the first deaths end the others
            os.kill(process.pid, signal.SIGKILL)


class Writer:
    """Appends one command after the other and remembers what it was told."""

    def __init__(self, ledger: Ledger, workspace_id: UUID) -> None:
        self._ledger = ledger
        self._workspace_id = workspace_id
        self.told: list[tuple[Append, tuple[Entry[Event], ...]]] = []

    async def write(self) -> None:
        command = append(self._workspace_id, said(uuid4(), 1), said(uuid4(), 1, "with prose"))
        self.told.append((command, await self._ledger.append(command)))

    async def keep_writing(self, is_over: asyncio.Event) -> None:
        while not is_over.is_set():
            await self.write()


@pytest.mark.slow
async def test_what_was_acknowledged_survives_the_death_of_postgresql(mortal: Cluster, tmp_path: Path) -> None:
    workspace_id, is_over = uuid4(), asyncio.Event()
    pool = plain(mortal, Role.APP, 4)
    ledger = Ledger(pool)
    await ledger.open_workspace(workspace_id, "Mortal")
    writers = [Writer(ledger, workspace_id) for _ in range(WRITERS)]
    tasks = [asyncio.create_task(writer.keep_writing(is_over)) for writer in writers]
    for _ in range(KILLS):
        for _ in range(100):
            await writers[0].write()
        kill(tmp_path / "pg")
    is_over.set()
    await asyncio.gather(*tasks)
    told = [entry for writer in writers for _, answer in writer.told for entry in answer]
    entries = await ledger.read_after(workspace_id, 0, len(told) + 1)
    assert entries == sorted(told, key=lambda entry: entry.position)
    assert [entry.position for entry in entries] == list(range(1, len(told) + 1))
    for command, answer in [writer.told[-1] for writer in writers]:
        with pytest.raises(DuplicateCommand):
            await ledger.append(command)
        recorded = (await ledger.settle(workspace_id, command.command_id, ())).recorded
        assert recorded is not None
        assert recorded.entries == answer
    await ledger.close()
    await pool.close()
