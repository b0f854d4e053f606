"""Requests to server processes over HTTP: rates, and the CPU that they and PostgreSQL used (the kernel counts it)."""

import asyncio
import json
import os
import random
import socket
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from statistics import median
from typing import Any, Final, NamedTuple

import psutil

from bench.measure import Figure, figure, table
from infra.backend import Backend
from infra.settings import Settings

CONNECTIONS: Final = 16


class Server:
    """A server process, which finds data and port in its environment; the counters of it and of PostgreSQL."""

    def __init__(self, data: str, command: Sequence[str], **environment: str) -> None:
        self.port = _free_port()
        told = {"PUSHBACK_DATA": data, "PUSHBACK_PORT": str(self.port), **environment}
        self._log = Path(data).parent / "server.log"
        with self._log.open("wb") as log:
            self.process = psutil.Popen(command, env={**os.environ, **told}, stdout=log, stderr=log)
        pid = int((Path(data) / "postgres" / "postmaster.pid").read_text().split()[0])
        self._postgres = psutil.Process(pid)

    async def listening(self) -> None:
        """Until it takes connections."""
        for _ in range(300):
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", self.port)
            except OSError:
                await asyncio.sleep(0.1)
            else:
                writer.close()
                return
        raise SystemExit(f"the server did not start: {self._log.read_text()}")

    def seconds(self) -> tuple[float, float]:
        """CPU seconds of (server, PostgreSQL) so far."""
        return _cpu(self.process), sum(_cpu(child) for child in self._postgres.children(recursive=True))

    def stop(self) -> None:
        """End it."""
        self.process.terminate()
        self.process.wait(10)


def _free_port() -> int:
    """A port that nobody has, nor gets before the server takes it: systems hand out higher ones."""
    while True:
        port = random.randrange(20_000, 32_000)
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port


def _cpu(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return float(times.user + times.system)


def python(module: str, *arguments: str) -> list[str]:
    """The command that runs one of our modules."""
    return [sys.executable, "-m", module, *arguments]


@asynccontextmanager
async def serving(data: str, *commands: Sequence[str], **environment: str) -> AsyncIterator[list[Server]]:
    """A server process for each command, over a PostgreSQL that is there before and after them."""
    keeper = await Backend.open(Settings(data=Path(data)))
    servers: list[Server] = []
    try:
        for command in commands:
            servers.append(Server(data, command, **environment))
            await servers[-1].listening()
        yield servers
    finally:
        for server in servers:
            server.stop()
        await keeper.close()


class Side(NamedTuple):
    """A way to answer: which server, and raw requests to it."""

    name: str
    server: Server
    requests: list[bytes]


class Turn(NamedTuple):
    """What one side did in one round."""

    rate: float
    server_ms: float
    postgres_ms: float
    latency_ms: float


async def _worker(side: Side, end: float, latencies: list[float]) -> int:
    reader, writer = await asyncio.open_connection("127.0.0.1", side.server.port)
    count = 0
    try:
        while time.perf_counter() < end:
            start = time.perf_counter()
            writer.write(random.choice(side.requests))
            await read(reader)
            latencies.append(time.perf_counter() - start)
            count += 1
    finally:
        writer.close()
    return count


async def read(reader: asyncio.StreamReader) -> bytes:
    """The body of an answer that has neither status nor errors to complain of."""
    head = await reader.readuntil(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200"):
        raise RuntimeError(head.decode())
    length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
    body = await reader.readexactly(length)
    if b'"errors"' in body[:30]:
        raise RuntimeError(body.decode()[:500])
    return body


async def turn(side: Side, seconds: float, connections: int = CONNECTIONS) -> Turn:
    """Keep a side busy, and read the counters before and after."""
    before, start, latencies = side.server.seconds(), time.perf_counter(), list[float]()
    counts = await asyncio.gather(*(_worker(side, start + seconds, latencies) for _ in range(connections)))
    passed, after = time.perf_counter() - start, side.server.seconds()
    done = sum(counts)
    cost = [(late - early) * 1000 / done for early, late in zip(before, after, strict=True)]
    return Turn(done / passed, cost[0], cost[1], median(latencies) * 1000)


def raw(path: str, token: str, body: dict[str, Any]) -> bytes:
    """A request as it goes over the wire."""
    content = json.dumps(body).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer {token}\r\n"
        f"content-type: application/json\r\ncontent-length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content


async def compare(
    sides: Sequence[Side], rounds: int, seconds: float, connections: int = CONNECTIONS
) -> dict[str, list[Turn]]:
    """The sides take turns."""
    turns: dict[str, list[Turn]] = {side.name: [] for side in sides}
    for side in sides:
        await turn(side, seconds / 2, connections)
    for number in range(rounds):
        for side in sides if number % 2 == 0 else sides[::-1]:
            turns[side.name].append(await turn(side, seconds, connections))
    return turns


def report(title: str, turns: dict[str, list[Turn]]) -> dict[str, Any]:
    """Print one comparison, and give it for the JSON."""
    rates: dict[str, Figure] = {name: figure([one.rate for one in found]) for name, found in turns.items()}
    print(table(title, rates))
    costs = {
        name: [round(median(getattr(one, column) for one in found), 3) for column in ("server_ms", "postgres_ms")]
        for name, found in turns.items()
    }
    for name, (server_ms, postgres_ms) in costs.items():
        print(f"  {name:<42}{server_ms:>10} ms server {postgres_ms:>10} ms PostgreSQL a request")
    return {"rates": rates, "cpu_ms": costs}
