"""How fast read tables are folded and the ledger is read, beside the library `eventsourcing` doing the same work.

`python -m bench.fold [--json] [--events N] [--rounds N] [--seconds S]`. Sides take turns; the library projects for so
many seconds a round, ours folds all events each time.
"""

import argparse
import asyncio
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Iterable
from contextlib import aclosing
from pathlib import Path
from random import Random
from typing import Any, Final
from uuid import UUID, uuid4

import uvloop

from bench.history import History, Said
from bench.library import Library
from bench.measure import Figure, as_json, command_line, figure, ratio, table
from bench.rebuild import DATABASE
from infra.cluster import Cluster, Connection, Role
from infra.folding.advance import pages
from infra.folding.projector import Projector, folds
from infra.folding.schema import ensure_read_schema, schema_name
from infra.ledger import Append, Ledger, NewEvent
from infra.migrate import migrate
from infra.pool import plain
from infra.postgres.embedded import EmbeddedServer

REBUILD, CATCH_UP, READ = "ours: rebuild", "ours: catching up, page by page", "ours: reading"
SAME, LEAST = "library: runner, our tables", "library: runner, one row"
TYPED, PLAIN = "library: subscription, typed events", "library: subscription, dictionaries"

_LIBRARY: Final = "bench_library"
_LIBRARY_EVENTS: Final = 40_000
_APPENDED_AT_ONCE: Final = 1000
_READ_AT_ONCE: Final = 1000
_CAUGHT_UP: Final = 50_000


async def fill(ledger: Ledger, workspace_id: UUID, history: Iterable[list[Said]], count: int) -> int:
    """Append at least so many events of a history; the last position."""
    await ledger.open_workspace(workspace_id, "bench")
    versions: dict[UUID, int] = {}
    waiting: list[NewEvent] = []
    appended = 0
    for command in history:
        for said in command:
            versions[said.stream_id] = version = versions.get(said.stream_id, 0) + 1
            waiting.append(NewEvent(said.stream_id, version, said.event, said.act))
        if len(waiting) >= _APPENDED_AT_ONCE or appended + len(waiting) >= count:
            await ledger.append(Append(workspace_id, uuid4(), b"f" * 32, tuple(waiting)))
            appended += len(waiting)
            waiting = []
            if appended >= count:
                break
    return appended


async def rebuild(data: Path, events: int) -> tuple[float, list[float]]:
    """Events per second into all read tables by a process of its own, and its peak memory in each tenth, in MB."""
    command = (sys.executable, "-m", "bench.rebuild", str(data), str(events))
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    told, _ = await process.communicate()
    found = json.loads(told.splitlines()[-1])
    return found["rate"], found["peak_megabytes"]


async def catch_up_rate(cluster: Cluster, workspace_id: UUID) -> float:
    """Events per second into the tables that serve, of a workspace that has not been folded yet."""
    pool = folds(cluster, 2)
    async with pool.connection(None) as connection:
        await _forget(connection, workspace_id)
    projector = Projector(pool)
    start = time.perf_counter()
    position = await projector.catch_up(workspace_id, 600)
    rate = position / (time.perf_counter() - start)
    await projector.close()
    await pool.close()
    return rate


async def _forget(connection: Connection, workspace_id: UUID) -> None:
    rows = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = $1", schema_name())
    for row in rows:
        await connection.execute(f"DELETE FROM {row['tablename']} WHERE workspace_id = $1", workspace_id)


async def read_rate(cluster: Cluster, workspace_id: UUID, most: int) -> float:
    """Entries per second, decoded, to one who catches up."""
    connection = await cluster.connect(Role.FOLD)
    position, start = 0, time.perf_counter()
    async with aclosing(pages(connection, workspace_id, 0, _READ_AT_ONCE)) as reading:
        async for entries in reading:
            position = entries[-1].position
            if position >= most:
                break
    rate = position / (time.perf_counter() - start)
    await connection.close()
    return rate


async def measure(cluster: Cluster, data: Path, library: Library, arguments: argparse.Namespace) -> dict[str, Any]:
    """The figures of all sides."""
    ledger = Ledger(plain(cluster, Role.APP, 2))
    large, small = uuid4(), uuid4()
    await ensure_read_schema(cluster)
    await fill(ledger, large, History(Random(1), large, teams=10, people=60).said(), arguments.events)
    await fill(ledger, small, History(Random(2), small).said(), min(arguments.events, _CAUGHT_UP))
    await asyncio.to_thread(library.fill, History(Random(1), large).said(), _LIBRARY_EVENTS)
    peaks: list[list[float]] = []
    rates: dict[str, list[float]] = {name: [] for name in (REBUILD, SAME, LEAST, CATCH_UP, READ, TYPED, PLAIN)}
    for _ in range(arguments.rounds):  # before anybody writes much, which PostgreSQL still works on when it is over
        rates[READ].append(await read_rate(cluster, large, 4 * _LIBRARY_EVENTS))
        rates[TYPED].append(await asyncio.to_thread(library.read_typed))
        rates[PLAIN].append(await asyncio.to_thread(library.read_plain))
    for _ in range(arguments.rounds):
        rate, megabytes = await rebuild(data, arguments.events)
        rates[REBUILD].append(rate)
        peaks.append(megabytes)
        rates[SAME].append(await asyncio.to_thread(library.project_our_tables, arguments.seconds))
        rates[LEAST].append(await asyncio.to_thread(library.project_one_row, arguments.seconds))
        rates[CATCH_UP].append(await catch_up_rate(cluster, small))
    await ledger.close()
    return {
        "figures": {name: figure(found) for name, found in rates.items()},
        "peak_megabytes": [round(max(tenth)) for tenth in zip(*peaks, strict=True)],
    }


def ratios(figures: dict[str, Figure]) -> dict[str, float]:
    """What is claimed, and what else one may ask."""
    return {
        "rebuild_to_runner_with_our_tables": ratio(figures, REBUILD, SAME),
        "rebuild_to_runner_with_one_row": ratio(figures, REBUILD, LEAST),
        "reading_to_subscription": ratio(figures, READ, TYPED),
        "reading_to_subscription_of_dictionaries": ratio(figures, READ, PLAIN),
    }


async def main(arguments: argparse.Namespace) -> None:
    """Measure on a server of its own."""
    folder = Path(tempfile.mkdtemp(prefix="pushback-bench-"))
    cluster = await Cluster.embedded(folder / "data", DATABASE)
    server = EmbeddedServer(folder / "data")
    try:
        await migrate(cluster)
        connection = await cluster.connect_to_migrate()
        await connection.execute(f"CREATE DATABASE {_LIBRARY}")
        await connection.close()
        library = Library(_LIBRARY, server.enter())
        found = await measure(cluster, folder / "data", library, arguments)
        library.close()
    finally:
        server.leave()
        await cluster.stop()
        shutil.rmtree(folder)
    figures, peaks = found["figures"], found["peak_megabytes"]
    if arguments.json:
        print(as_json({"bench": "fold", "events": arguments.events, **found, "ratios": ratios(figures)}))
        return
    print(table(f"events per second, {arguments.events:,} rebuilt", figures))
    print(f"peak memory in each tenth of a rebuild, MB: {' '.join(f'{peak:.0f}' for peak in peaks)}")
    for name, times in ratios(figures).items():
        print(f"{name:<44}{times:>10.2f}")


if __name__ == "__main__":
    uvloop.run(main(command_line(__doc__, events=1_000_000, rounds=3, seconds=3.0)))
