"""1,000 follow every event of one process while commands come in: who got all of them, how late, at what memory.

`python -m bench.subscribers [--json] [--subscribers N] [--per-second N] [--seconds S]`. Delays are from the time
that an event was recorded to its arrival; who follows is in a process apart, so that the memory is the server's.
"""

import argparse
import asyncio
import json
import tempfile
from pathlib import Path
from typing import Any

import uvloop

from bench.measure import as_json, command_line
from bench.mutations import prepare
from bench.subscribers.client import TRANSPORTS
from bench.subscribers.watching import MANY, Commands, Memory, start_client
from bench.traffic import Server, python, serving


async def measure(
    server: Server, transport: str, token: str, items: list[str], given: argparse.Namespace
) -> dict[str, Any]:
    """Let all of them in, send commands, and wait until everybody has everything."""
    memory = Memory(server)
    async with Commands(server, token, items) as commands:
        before = memory.now()
        followed = (str(server.port), transport, str(given.subscribers), str(commands.position))
        process = await start_client(python("bench.subscribers.client", *followed), token)
        assert process.stdin is not None
        await asyncio.sleep(1)
        following, watching, cpu = memory.now(), asyncio.create_task(memory.watch()), server.seconds()
        rate = await commands.send(given.per_second, given.seconds)
        process.stdin.write(b"%d\n" % commands.position)
        told, _ = await process.communicate()
        watching.cancel()
        spent = [late - early for early, late in zip(cpu, server.seconds(), strict=True)]
    return {
        **json.loads(told),
        "subscribers": given.subscribers,
        "commands_per_second": round(rate, 1),
        "unanswered": commands.unanswered,
        "kb_each": round((following - before) * 1000 / given.subscribers, 1),
        "most_kb_each": round((memory.most - before) * 1000 / given.subscribers, 1),
        "server_ms_a_delivery": round(spent[0] * 1000 / json.loads(told)["delivered"], 4),
    }


def report(transport: str, told: dict[str, Any]) -> None:
    """For people."""
    print(
        f"{transport}: {told['complete']:,} of {told['subscribers']:,} got every event once and in order"
        f" ({told['delivered']:,} deliveries, {told['commands_per_second']} commands/s,"
        f" {told['unanswered']} unanswered)\n"
        f"  delay ms: p50 {told['p50_ms']:,.1f}, p99 {told['p99_ms']:,.1f}, most {told['most_ms']:,.1f}\n"
        f"  memory: {told['kb_each']} KB a subscriber, at most {told['most_kb_each']} KB;"
        f" {told['server_ms_a_delivery']} ms of the server's CPU a delivery"
    )


async def main(given: argparse.Namespace) -> None:
    """Prepare, measure each transport on a server of its own, print."""
    result = {}
    with tempfile.TemporaryDirectory() as folder:
        data = str(Path(folder) / "data")
        _, token, items = await prepare(data)
        for transport in TRANSPORTS:
            async with serving(data, python("cli.main", "serve"), **MANY) as (server,):
                result[transport] = await measure(server, transport, token, items, given)
            report(transport, result[transport])
    if given.json:
        print(as_json({"bench": "subscribers", **result}))


if __name__ == "__main__":
    uvloop.run(main(command_line(__doc__, subscribers=1000, per_second=100.0, seconds=5.0)))
