"""1,000 connections that have subscribed and do not read: what the server keeps for them, how they end, who can resume.

`python -m bench.subscribers.stalled [--json] [--sockets N] [--seconds S] [--per-second N] [--transport T]`; the
claim is about ten minutes (`--seconds 600`). They are a process of their own, with the kernel's smallest buffers.
"""

import argparse
import asyncio
import json
import tempfile
from pathlib import Path
from typing import Any, Final, NamedTuple

import uvloop

from bench.measure import as_json
from bench.mutations import prepare
from bench.subscribers.sleepers import TRANSPORTS
from bench.subscribers.watching import MANY, Commands, Memory, start_client
from bench.traffic import Server, python, serving

LONG: Final = "No volumes are given: how many plays a day do we keep, and for how many listeners? " * 4
"""What a long-winded person writes."""


class Stall(NamedTuple):
    """How many, for how long, and how much happens meanwhile."""

    sockets: int
    seconds: float
    per_second: float


async def measure(server: Server, transport: str, token: str, items: list[str], stall: Stall) -> dict[str, Any]:
    """Subscribe, let events come that nobody reads, wake everybody."""
    memory = Memory(server)
    async with Commands(server, token, items, LONG) as commands:
        before = memory.now()
        slept_on = (str(server.port), transport, str(stall.sockets), str(commands.position))
        process = await start_client(python("bench.subscribers.sleepers", *slept_on), token)
        assert process.stdin is not None
        following, watching = memory.now(), asyncio.create_task(memory.watch())
        await commands.send(stall.per_second, stall.seconds)
        watching.cancel()
        slept = memory.now()
        process.stdin.write(b"wake\n")
        told, _ = await process.communicate()
    grown = {"subscribed_mb": following, "most_mb": memory.most, "slept_mb": slept}
    return {**json.loads(told), **{name: round(held - before, 1) for name, held in grown.items()}}


def report(transport: str, given: argparse.Namespace, told: dict[str, Any]) -> None:
    """For people."""
    codes = ", ".join(f"{count:,} by {how}" for how, count in told["ended"].items())
    print(
        f"{transport}: {given.sockets:,} that read nothing for {given.seconds:,.0f} s were ended: {codes};"
        f" {told['resumed']:,} resumed\n  the server's memory grew by {told['subscribed_mb']} MB when they subscribed,"
        f" by {told['most_mb']} MB at most, by {told['slept_mb']} MB in the end",
        flush=True,
    )


async def main(given: argparse.Namespace) -> None:
    """Prepare, measure each transport on a server of its own, print."""
    result, stall = {}, Stall(given.sockets, given.seconds, given.per_second)
    with tempfile.TemporaryDirectory() as folder:
        data = str(Path(folder) / "data")
        _, token, items = await prepare(data)
        for transport in given.transport or TRANSPORTS:
            async with serving(data, python("cli.main", "serve"), **MANY) as (server,):
                result[transport] = await measure(server, transport, token, items, stall)
            report(transport, given, result[transport])
    if given.json:
        print(as_json({"bench": "stalled", "sockets": given.sockets, "seconds": given.seconds, **result}))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sockets", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=90.0)
    parser.add_argument("--per-second", type=float, default=5.0)
    parser.add_argument("--transport", action="append", choices=TRANSPORTS, help="only this one")
    parser.add_argument("--json", action="store_true", help="also print one JSON object")
    uvloop.run(main(parser.parse_args()))
