"""1,000 follow every event of one process while commands come in: who got all of them, how late, at what memory.

`python -m bench.subscribers [--json] [--subscribers N] [--per-second N] [--seconds S]`. Delays are from the time
that an event was recorded to its arrival; who follows is in a process apart, so that the memory is the server's.
"""

import argparse
import asyncio
import json
import os
import tempfile
from asyncio.subprocess import PIPE, Process
from pathlib import Path
from typing import Any, Final

import uvloop

from bench.measure import as_json
from bench.mutations import RAISE, prepare
from bench.subscribers.client import TRANSPORTS
from bench.traffic import Server, python, raw, read, serving

CONNECTIONS: Final = 32
_SAMPLE_SECONDS: Final = 0.2


class Commands:
    """Mutations sent at a steady rate, whatever the answers take."""

    def __init__(self, server: Server, token: str, items: list[str]) -> None:
        self._server = server
        self._requests = [raw("/graphql", token, {"query": RAISE, "variables": {"item": item}}) for item in items]
        self._free: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = asyncio.Queue()
        self.position = 0

    async def open(self) -> None:
        """Connect, and record something, so that there is a position to follow from."""
        for _ in range(CONNECTIONS):
            self._free.put_nowait(await asyncio.open_connection("127.0.0.1", self._server.port))
        await self._one(0)

    async def send(self, per_second: float, seconds: float) -> float:
        """So many a second; gives the rate at which they were answered."""
        start, sending = asyncio.get_running_loop().time(), list[asyncio.Task[None]]()
        for number in range(int(per_second * seconds)):
            await asyncio.sleep(start + number / per_second - asyncio.get_running_loop().time())
            sending.append(asyncio.create_task(self._one(number)))
        await asyncio.gather(*sending)
        return len(sending) / (asyncio.get_running_loop().time() - start)

    async def _one(self, number: int) -> None:
        reader, writer = await self._free.get()
        writer.write(self._requests[number % len(self._requests)])
        answered = json.loads(await read(reader))["data"]["raisePushback"]
        self.position = max(self.position, answered["position"])
        self._free.put_nowait((reader, writer))


class Memory:
    """What a server holds, and the most it held since."""

    def __init__(self, server: Server) -> None:
        self._process = server.process
        self.most = 0.0

    def now(self) -> float:
        """Megabytes."""
        held: int = self._process.memory_info().rss
        self.most = max(self.most, held / 1e6)
        return held / 1e6

    async def watch(self) -> None:
        """Look again and again, until cancelled."""
        while True:
            self.now()
            await asyncio.sleep(_SAMPLE_SECONDS)


async def start_client(server: Server, transport: str, count: int, after: int, token: str) -> Process:
    """The process of those who follow, once all are let in."""
    command = python("bench.subscribers.client", str(server.port), transport, str(count), str(after))
    process = await asyncio.create_subprocess_exec(
        *command, stdin=PIPE, stdout=PIPE, env={**os.environ, "TOKEN": token}
    )
    assert process.stdout is not None
    assert await process.stdout.readline() == b"in\n"
    return process


async def measure(
    server: Server, transport: str, token: str, items: list[str], given: argparse.Namespace
) -> dict[str, Any]:
    """Let all of them in, send commands, and wait until everybody has everything."""
    commands, memory = Commands(server, token, items), Memory(server)
    await commands.open()
    before = memory.now()
    process = await start_client(server, transport, given.subscribers, commands.position, token)
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
        "kb_each": round((following - before) * 1000 / given.subscribers, 1),
        "most_kb_each": round((memory.most - before) * 1000 / given.subscribers, 1),
        "server_ms_a_delivery": round(spent[0] * 1000 / json.loads(told)["delivered"], 4),
    }


def report(transport: str, told: dict[str, Any]) -> None:
    """For people."""
    print(
        f"{transport}: {told['complete']:,} of {told['subscribers']:,} got every event once and in order"
        f" ({told['delivered']:,} deliveries, {told['commands_per_second']} commands/s answered)\n"
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
            async with serving(data, python("cli.main", "serve")) as (server,):
                result[transport] = await measure(server, transport, token, items, given)
            report(transport, result[transport])
    if given.json:
        print(as_json({"bench": "subscribers", **result}))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--subscribers", type=int, default=1000)
    parser.add_argument("--per-second", type=float, default=100.0)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--json", action="store_true", help="also print one JSON object")
    uvloop.run(main(parser.parse_args()))
