"""Does one who follows the ledger miss entries? 16 writers in 2 processes, one reader who asks for what came after.

Beside it the usual table with an identity column, whose numbers are given out before the rows are committed.
`python -m bench.missed [--json] [--appends N] [--control N]`.
"""

import argparse
import asyncio
import shutil
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final, NamedTuple
from uuid import UUID

import uvloop

from bench.append import LedgerWriter
from bench.measure import as_json
from infra.cluster import Cluster, Role
from infra.ledger import Ledger
from infra.migrate import migrate
from infra.pool import plain

PROCESSES: Final = 2
WRITERS: Final = 8
"""In each process."""

PAGE: Final = 1000

_DATABASE: Final = "bench"
_WORKSPACE: Final = UUID(int=1)
_NAIVE_TABLE: Final = (
    "create table naive_event (position bigint generated always as identity primary key, data bytea not null)"
)
_NAIVE_INSERT: Final = "insert into naive_event (data) values ($1)"
_NAIVE_READ: Final = "select position from naive_event where position > $1 order by position limit $2"

Read = Callable[[int], Awaitable[list[int]]]
"""The next positions after one."""


class Outcome(NamedTuple):
    """What was written, and what the reader never saw."""

    written: int
    missed: int


async def follow(read: Read, is_over: asyncio.Event) -> int:
    """How many a reader sees who always asks for what comes after the last."""
    last = seen = 0
    while True:
        is_last_round = is_over.is_set()
        page = await read(last)
        if page:
            last, seen = page[-1], seen + len(page)
        elif is_last_round:
            return seen


async def outcome(folder: Path, side: str, appends: int, read: Read) -> Outcome:
    """Let the processes write while one follows."""
    is_over = asyncio.Event()
    following = asyncio.create_task(follow(read, is_over))
    each = appends // PROCESSES // WRITERS
    command = (sys.executable, "-m", "bench.missed", "--write", side, "--folder", str(folder), "--appends", str(each))
    processes = [await asyncio.create_subprocess_exec(*command) for _ in range(PROCESSES)]
    assert [await process.wait() for process in processes] == [0] * PROCESSES
    is_over.set()
    written = each * PROCESSES * WRITERS
    return Outcome(written, written - await following)


async def ours(folder: Path, cluster: Cluster, appends: int) -> Outcome:
    """The ledger."""
    pool = plain(cluster, Role.APP, 2)
    ledger = Ledger(pool)
    await ledger.open_workspace(_WORKSPACE, "bench")

    async def read(last: int) -> list[int]:
        return [entry.position for entry in await ledger.read_after(_WORKSPACE, last, PAGE)]

    found = await outcome(folder, "ledger", appends, read)
    await ledger.close()
    await pool.close()
    return found


async def control(folder: Path, cluster: Cluster, appends: int) -> Outcome:
    """The identity column."""
    connection = await cluster.connect_to_migrate()
    await connection.execute(_NAIVE_TABLE)
    statement = await connection.prepare(_NAIVE_READ)

    async def read(last: int) -> list[int]:
        return [row[0] for row in await statement.fetch(last, PAGE)]

    found = await outcome(folder, "control", appends, read)
    await connection.close()
    return found


async def write_ledger(cluster: Cluster, appends: int) -> None:
    """One process's share."""
    pool = plain(cluster, Role.APP, 2)
    ledger = Ledger(pool)

    async def write() -> None:
        writer = LedgerWriter(ledger, [_WORKSPACE], 0)
        for _ in range(appends):
            await writer()

    await asyncio.gather(*(write() for _ in range(WRITERS)))
    await ledger.close()
    await pool.close()


async def write_control(cluster: Cluster, appends: int) -> None:
    """One process's share."""

    async def write() -> None:
        connection = await cluster.connect_to_migrate()
        statement = await connection.prepare(_NAIVE_INSERT)
        for _ in range(appends):
            await statement.fetch(b"x" * 416)
        await connection.close()

    await asyncio.gather(*(write() for _ in range(WRITERS)))


async def write(folder: Path, side: str, appends: int) -> None:
    """What a writing process does."""
    cluster = await Cluster.embedded(folder, _DATABASE)
    try:
        await (write_ledger(cluster, appends) if side == "ledger" else write_control(cluster, appends))
    finally:
        await cluster.stop()


async def compare(appends: int, control_appends: int) -> dict[str, Outcome]:
    """Both sides on a server of their own."""
    folder = Path(tempfile.mkdtemp(prefix="pushback-bench-"))
    cluster = await Cluster.embedded(folder / "data", _DATABASE)
    try:
        await migrate(cluster)
        return {
            "ledger": await ours(folder / "data", cluster, appends),
            "identity column": await control(folder / "data", cluster, control_appends),
        }
    finally:
        await cluster.stop()
        shutil.rmtree(folder)


def main() -> None:
    """Print what was missed; nothing may be missing from the ledger."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--appends", type=int, default=1_000_000)
    parser.add_argument("--control", type=int, default=100_000)
    parser.add_argument("--write", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.write:
        uvloop.run(write(arguments.folder, arguments.write, arguments.appends))
        return
    found = uvloop.run(compare(arguments.appends, arguments.control))
    if arguments.json:
        print(as_json({"bench": "missed", "outcomes": {name: one._asdict() for name, one in found.items()}}))
    else:
        for name, one in found.items():
            print(f"{name:<20}{one.written:>12,} written {one.missed:>10,} missed by a reader who follows")
    assert found["ledger"].missed == 0


if __name__ == "__main__":
    main()
