"""How fast events are appended, durably: the ledger with its whole envelope, the library `eventsourcing`, INSERT.

Every event has 416 bytes. `python -m bench.append [--json] [--seconds S] [--rounds N]`.
"""

import argparse
import asyncio
import shutil
import tempfile
import threading
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

import uvloop
from eventsourcing.persistence import StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore

from bench.measure import Figure, Side, as_json, keep_busy, ratio, table, take_turns
from domain.entry import Act, ActorKind, Event
from domain.wire import encode
from infra.cluster import Cluster, Role
from infra.ledger import Append, Ledger, NewEvent
from infra.migrate import migrate
from infra.pool import plain
from infra.postgres.embedded import PORT, SUPERUSER, EmbeddedServer
from infra.uuid7 import uuid7

EVENT_BYTES: Final = 416
STREAM_EVENTS: Final = 20
"""After so many events a worker begins a new stream."""

CONCURRENCY: Final = (1, 8, 32)
MANY_WORKSPACES: Final = 200
ONE, MANY, LIBRARY, INSERT = "ledger, 1 workspace", "ledger, 200 workspaces", "eventsourcing recorder", "single INSERT"

_DATABASE: Final = "bench"
_ACT: Final = Act(
    actor="psn_" + "0" * 26,
    actor_kind=ActorKind.HUMAN,
    acting_role="ARCHITECT",
    authorised_by="asg_" + "0" * 26 + "_1",
    credential="crd_" + "0" * 26 + "_1",
)
_RAW_TABLE: Final = "create table raw_event (id bigint generated always as identity primary key, data bytea not null)"
_RAW_INSERT: Final = "insert into raw_event (data) values ($1) returning id"


class Measured(Event, frozen=True, kw_only=True):
    """Something of a known size happened."""

    text: str


def _event() -> Measured:
    filling = EVENT_BYTES - len(encode(Measured(text=""), "n" * 22, "s" * 22)[0])
    return Measured(text="x" * filling)


class LedgerWriter:
    """Appends one event after the other to streams of its own, in one workspace after the other."""

    def __init__(self, ledger: Ledger, workspaces: list[UUID], first: int) -> None:
        self._ledger = ledger
        self._workspaces = workspaces
        self._turn = first
        self._event = _event()
        self._streams: dict[UUID, tuple[UUID, int]] = {}

    async def __call__(self) -> None:
        """One durable append."""
        workspace_id = self._workspaces[self._turn % len(self._workspaces)]
        self._turn += 1
        stream_id, version = self._streams.get(workspace_id, (None, STREAM_EVENTS))
        if stream_id is None or version == STREAM_EVENTS:
            stream_id, version = uuid7(), 0
        self._streams[workspace_id] = (stream_id, version + 1)
        new = NewEvent(stream_id, version + 1, self._event, _ACT)
        await self._ledger.append(Append(workspace_id, uuid4(), b"f" * 32, (new,)))


def ledger_side(name: str, ledger: Ledger, workspaces: list[UUID], concurrency: int) -> Side:
    """The ledger, whole envelope and hash included."""
    writers = [LedgerWriter(ledger, workspaces, index * 7) for index in range(concurrency)]
    return Side(name, lambda seconds: keep_busy(writers, seconds))


async def insert_side(cluster: Cluster, concurrency: int) -> Side:
    """The least a durable event can cost: a row with an identity, one commit each, on as many connections."""
    data = b"x" * EVENT_BYTES
    statements = []
    for _ in range(concurrency):
        connection = await cluster.connect_to_migrate()
        statements.append(await connection.prepare(_RAW_INSERT))

    def worker(statement: Any) -> Callable[[], Awaitable[object]]:  # noqa: ANN401 - asyncpg's prepared statement
        return lambda: statement.fetchval(data)

    workers = [worker(statement) for statement in statements]
    return Side(INSERT, lambda seconds: keep_busy(workers, seconds))


class LibrarySide:
    """The library's recorder is synchronous: one thread and one connection for each concurrent append."""

    def __init__(self, host: Path, concurrency: int) -> None:
        datastore = PostgresDatastore(_DATABASE, str(host), PORT, SUPERUSER, "", pool_size=concurrency)
        self._recorder = PostgresApplicationRecorder(datastore)
        self._recorder.create_table()
        self._concurrency = concurrency
        self._threads = ThreadPoolExecutor(concurrency)

    async def __call__(self, seconds: float) -> float:
        """Appends per second."""
        loop, start = asyncio.get_running_loop(), time.perf_counter()
        barrier = threading.Barrier(self._concurrency)
        jobs = [
            loop.run_in_executor(self._threads, self._work, barrier, start + seconds) for _ in range(self._concurrency)
        ]
        counts = await asyncio.gather(*jobs)
        return sum(counts) / (time.perf_counter() - start)

    def _work(self, barrier: threading.Barrier, end: float) -> int:
        barrier.wait()
        count, stream_id, state = 0, uuid7(), b"x" * EVENT_BYTES
        while time.perf_counter() < end:
            version = count % STREAM_EVENTS + 1
            stream_id = uuid7() if version == 1 else stream_id
            self._recorder.insert_events([StoredEvent(stream_id, version, "bench.append:Measured", state)])
            count += 1
        return count


async def measure(cluster: Cluster, socket: Path, rounds: int, seconds: float) -> dict[str, dict[str, Figure]]:
    """The figures of all sides, for each number of concurrent appends."""
    ledger = Ledger(plain(cluster, Role.APP, 4))
    workspaces = [uuid4() for _ in range(MANY_WORKSPACES + 1)]
    for workspace_id in workspaces:
        await ledger.open_workspace(workspace_id, "bench")
    connection = await cluster.connect_to_migrate()
    await connection.execute(_RAW_TABLE)
    found = {}
    for concurrency in CONCURRENCY:
        sides = [
            ledger_side(ONE, ledger, workspaces[:1], concurrency),
            await insert_side(cluster, concurrency),
            ledger_side(MANY, ledger, workspaces[1:], concurrency),
            Side(LIBRARY, LibrarySide(socket, concurrency)),
        ]
        found[str(concurrency)] = await take_turns(sides, rounds, seconds)
    return found


def ratios(found: dict[str, dict[str, Figure]]) -> dict[str, float]:
    """What is claimed."""
    return {
        "library_at_32": ratio(found["32"], ONE, LIBRARY),
        "insert_at_32": ratio(found["32"], ONE, INSERT),
        "insert_at_1": ratio(found["1"], ONE, INSERT),
        "many_workspaces_at_32": ratio(found["32"], MANY, ONE),
    }


async def main(arguments: argparse.Namespace) -> None:
    """Measure on a server of its own."""
    folder = Path(tempfile.mkdtemp(prefix="pushback-bench-"))
    cluster = await Cluster.embedded(folder / "data", _DATABASE)
    server = EmbeddedServer(folder / "data")
    try:
        await migrate(cluster)
        found = await measure(cluster, server.enter(), arguments.rounds, arguments.seconds)
    finally:
        server.leave()
        await cluster.stop()
        shutil.rmtree(folder)
    if arguments.json:
        print(as_json({"bench": "append", "events_per_second": found, "ratios": ratios(found)}))
        return
    for concurrency, figures in found.items():
        print(table(f"appends per second, {concurrency} concurrent", figures))
    for name, times in ratios(found).items():
        print(f"{name:<44}{times:>10.2f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2.0)
    uvloop.run(main(parser.parse_args()))
