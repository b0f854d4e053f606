"""What goes on while they follow: commands at a steady rate, and an eye on the server's memory."""

import asyncio
import json
import os
from asyncio.subprocess import PIPE, Process
from collections.abc import Sequence
from typing import Final, Self

from bench.mutations import RAISE, SHORT
from bench.traffic import Server, raw, read

CONNECTIONS: Final = 32
MANY: Final = {"PUSHBACK_SUBSCRIPTIONS_MAX": "0"}
"""All of them have one token."""

_SAMPLE_SECONDS: Final = 0.2


class Commands:
    """Mutations sent at a steady rate, whatever the answers take."""

    def __init__(self, server: Server, token: str, items: list[str], statement: str = SHORT) -> None:
        self._server = server
        asked = [{"query": RAISE, "variables": {"item": item, "statement": statement}} for item in items]
        self._requests = [raw("/graphql", token, body) for body in asked]
        self._free: asyncio.LifoQueue[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = asyncio.LifoQueue()
        self.position = 0
        self.unanswered = 0

    async def __aenter__(self) -> Self:
        """Connect, and record something, so that there is a position to follow from."""
        for _ in range(CONNECTIONS):
            self._free.put_nowait(await asyncio.open_connection("127.0.0.1", self._server.port))
        await self._one(0)
        return self

    async def __aexit__(self, *_raised: object) -> None:
        """Leave."""
        while not self._free.empty():
            _, writer = self._free.get_nowait()
            writer.close()

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
        if reader.at_eof():  # the server closes what was idle for long
            writer.close()
            reader, writer = await asyncio.open_connection("127.0.0.1", self._server.port)
        writer.write(self._requests[number % len(self._requests)])
        try:
            answered = json.loads(await read(reader))["data"]["raisePushback"]
            self.position = max(self.position, answered["position"])
        except RuntimeError:  # the server is too busy to say what became of it; clients would ask again
            self.unanswered += 1
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


async def start_client(command: Sequence[str], token: str) -> Process:
    """The process of those who follow, once all are let in."""
    environment = {**os.environ, "TOKEN": token}
    process = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, env=environment)
    assert process.stdout is not None
    assert await process.stdout.readline() == b"in\n"
    return process
