"""Appends by emmett and by our ledger, 32 at a time, on the same PostgreSQL."""

import asyncio
import os
from argparse import Namespace
from asyncio.subprocess import PIPE, Process
from pathlib import Path
from typing import Any, Final

from bench.append import CONCURRENCY, ONE, ledger_side
from bench.measure import Side, ratio, table, take_turns
from infra.cluster import Cluster, Role
from infra.ledger import Ledger
from infra.pool import plain
from infra.uuid7 import uuid7

EMMETT: Final = "emmett"


class Emmett:
    """The process that appends when it is told to."""

    def __init__(self, process: Process, concurrency: int) -> None:
        self._process = process
        self._concurrency = concurrency

    async def __call__(self, seconds: float) -> float:
        """Appends per second."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{self._concurrency} {seconds}\n".encode())
        return float(await self._process.stdout.readline())


async def append_figures(data: str, command: list[str], told: dict[str, str], given: Namespace) -> dict[str, Any]:
    """Both sides in turns, at the most that the append figures know."""
    concurrency = CONCURRENCY[-1]
    cluster = await Cluster.embedded(Path(data))
    process = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, env={**os.environ, **told})
    try:
        assert process.stdout is not None
        assert await process.stdout.readline() == b"ready\n"
        ledger, workspace_id = Ledger(plain(cluster, Role.APP, 4)), uuid7()
        await ledger.open_workspace(workspace_id, "bench")
        ours = ledger_side(ONE, ledger, [workspace_id], concurrency)
        found = await take_turns([ours, Side(EMMETT, Emmett(process, concurrency))], given.rounds, given.seconds)
    finally:
        process.terminate()
        await process.wait()
        await cluster.stop()
    print(table(f"appends per second, {concurrency} concurrent", found))
    times = ratio(found, ONE, EMMETT)
    print(f"  {times} times {EMMETT}")
    return {"events_per_second": found, f"times {EMMETT}": times}
