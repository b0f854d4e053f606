"""How fast events are appended, durably: the ledger with its whole envelope, the library `eventsourcing`, INSERT.

Every event has 416 bytes. INSERT is measured twice: the bytes alone with an identity, which is the least that a durable
event can cost, and a row with all that the ledger keeps of an event, in a table with the ledger's indexes, its hash
given: what one commit each would cost for the same, without the rules.

`python -m bench.append [--json] [--seconds S] [--rounds N]`.
"""

import argparse
import asyncio
import shutil
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

import uvloop
from eventsourcing.persistence import StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore

from bench.measure import Figure, Side, as_json, command_line, keep_busy, ratio, table, take_turns
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
ONE, MANY, LIBRARY = "ledger, 1 workspace", "ledger, 200 workspaces", "eventsourcing recorder"
INSERT, WHOLE_INSERT = "single INSERT, bytes alone", "single INSERT, all columns and indexes"

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
_WHOLE_TABLE: Final = """
    create table whole_event (like ledger.event including indexes);
    alter table whole_event alter position add generated always as identity, alter recorded_at set default now(),
          alter effective_at set default now();
"""
_WHOLE_INSERT: Final = """
    insert into whole_event (workspace_id, stream_id, version, kind, schema_version, actor, actor_kind, acting_role,
                             authorised_by, credential, command_id, command_fingerprint, data, entry_hash)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) returning position
"""
_COMMAND_IDS: Final = count(uuid4().int)
"""Made by those who send commands: not part of what is measured."""

_FINGERPRINT: Final = b"f" * 32


class Measured(Event, frozen=True, kw_only=True):
    """Something of a known size happened."""

    text: str


def _event() -> Measured:
    filling = EVENT_BYTES - len(encode(Measured(text=""), "n" * 22, "s" * 22)[0])
    return Measured(text="x" * filling)


def _command_id() -> UUID:
    return UUID(int=next(_COMMAND_IDS))


def next_version(streams: dict[int, tuple[UUID, int]], place: int) -> tuple[UUID, int]:
    """The stream that is written next there, and its next version: each is begun, filled, and followed by another."""
    stream_id, version = streams.get(place, (UUID(int=0), STREAM_EVENTS))
    if version == STREAM_EVENTS:
        stream_id, version = uuid7(), 0
    streams[place] = (stream_id, version + 1)
    return streams[place]


class LedgerWriter:
    """Appends one event after the other to streams of its own, in one workspace after the other."""

    def __init__(self, ledger: Ledger, workspaces: list[UUID], first: int) -> None:
        self._ledger = ledger
        self._workspaces = workspaces
        self._turn = first
        self._event = _event()
        self._streams: dict[int, tuple[UUID, int]] = {}

    async def __call__(self) -> None:
        """One durable append."""
        place = self._turn % len(self._workspaces)
        self._turn += 1
        stream_id, version = next_version(self._streams, place)
        new = NewEvent(stream_id, version, self._event, _ACT)
        await self._ledger.append(Append(self._workspaces[place], _command_id(), _FINGERPRINT, (new,)))


def ledger_side(name: str, ledger: Ledger, workspaces: list[UUID], concurrency: int) -> Side:
    """The ledger, whole envelope and hash included."""
    writers = [LedgerWriter(ledger, workspaces, index * 7) for index in range(concurrency)]
    return Side(name, lambda seconds: keep_busy(writers, seconds))


async def insert_sides(cluster: Cluster, concurrency: int) -> list[Side]:
    """A commit for each row, on as many connections."""
    data = b"x" * EVENT_BYTES
    by_itself = [await _prepared(cluster, _RAW_INSERT) for _ in range(concurrency)]
    whole = [InsertWriter(await _prepared(cluster, _WHOLE_INSERT), data) for _ in range(concurrency)]
    return [
        Side(INSERT, partial(keep_busy, [partial(statement.fetchval, data) for statement in by_itself])),
        Side(WHOLE_INSERT, partial(keep_busy, whole)),
    ]


async def _prepared(cluster: Cluster, sql: str) -> Any:  # noqa: ANN401 - asyncpg's prepared statement
    connection = await cluster.connect_to_migrate()
    return await connection.prepare(sql)


class InsertWriter:
    """Inserts what the ledger's client sends for an event, and a hash that was computed before."""

    def __init__(self, statement: Any, data: bytes) -> None:  # noqa: ANN401 - asyncpg's prepared statement
        self._statement = statement
        self._data = data
        self._workspace_id = uuid4()
        self._streams: dict[int, tuple[UUID, int]] = {}

    async def __call__(self) -> None:
        """One durable row."""
        stream_id, version = next_version(self._streams, 0)
        await self._statement.fetchval(
            self._workspace_id, stream_id, version, Measured.TOPIC, Measured.class_version,
            _ACT.actor, _ACT.actor_kind, _ACT.acting_role, _ACT.authorised_by, _ACT.credential,
            _command_id(), _FINGERPRINT, self._data, _FINGERPRINT,
        )  # fmt: skip


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
    await connection.execute(_RAW_TABLE + ";" + _WHOLE_TABLE)
    found = {}
    for concurrency in CONCURRENCY:
        sides = [
            ledger_side(ONE, ledger, workspaces[:1], concurrency),
            *await insert_sides(cluster, concurrency),
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
        "whole_insert_at_32": ratio(found["32"], ONE, WHOLE_INSERT),
        "whole_insert_at_1": ratio(found["1"], ONE, WHOLE_INSERT),
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
    uvloop.run(main(command_line(__doc__, rounds=5, seconds=2.0)))
