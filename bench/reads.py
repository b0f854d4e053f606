"""Reads at full size: the compiled endpoint, the same SQL in a plain handler, the same queries with DataLoaders.

Requests per second over 16 connections, and CPU milliseconds per request of the server and of PostgreSQL from the
scheduler's counters. Also: asking as of a position against asking of now, and an item in a small and a large workspace.
"""

import argparse
import asyncio
import json
import random
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any, Final, NamedTuple

import psutil

from bench.measure import Figure, as_json, figure, ratio, table
from bench.reads_server import ITEM, QUERIES, check
from bench.scenery import FULL, Scene, build
from infra.backend import Backend
from infra.deciding import Asker
from infra.folding.rebuild import rebuild_all
from infra.settings import Settings
from infra.uuid7 import uuid7

CONNECTIONS: Final = 16
EVENTS_PER_ITEM: Final = 6.9
SMALL_EVENTS: Final = 100_000
LARGE_EVENTS: Final = 2_000_000
ITEM_AS_OF: Final = ITEM.replace(
    "($id: ID!) { item(id: $id)", "($id: ID!, $p: Position!) { item(id: $id, asOf: {position: $p})"
)


class Side(NamedTuple):
    """A way to answer, as raw requests."""

    name: str
    requests: list[bytes]


class Turn(NamedTuple):
    """What one side did in one round."""

    rate: float
    server_ms: float
    postgres_ms: float
    latency_ms: float


class Server:
    """The server process, and the counters of it and of PostgreSQL."""

    def __init__(self, data: str, workspace: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        command = [sys.executable, "-m", "bench.reads_server", data, str(self.port), workspace]
        self.process = subprocess.Popen(command)  # noqa: S603 - our own module
        pid = int((Path(data) / "postgres" / "postmaster.pid").read_text().split()[0])
        self.postgres = psutil.Process(pid)

    def seconds(self) -> tuple[float, float]:
        """CPU seconds of (server, PostgreSQL) so far."""
        mine = psutil.Process(self.process.pid).cpu_times()
        theirs = [_cpu(child) for child in self.postgres.children(recursive=True)]
        return mine.user + mine.system, sum(theirs)

    def stop(self) -> None:
        """End it."""
        self.process.terminate()
        self.process.wait(10)


def _cpu(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return float(times.user + times.system)


async def _worker(port: int, side: Side, end: float, latencies: list[float]) -> int:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    count = 0
    try:
        while time.perf_counter() < end:
            start = time.perf_counter()
            writer.write(random.choice(side.requests))
            await _read(reader)
            latencies.append(time.perf_counter() - start)
            count += 1
    finally:
        writer.close()
    return count


async def _read(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200"):
        raise RuntimeError(head.decode())
    length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
    body = await reader.readexactly(length)
    if b'"errors"' in body[:20]:
        raise RuntimeError(body.decode()[:500])
    return body


async def turn(server: Server, side: Side, seconds: float, connections: int = CONNECTIONS) -> Turn:
    """Keep a side busy, and read the counters before and after."""
    before, start, latencies = server.seconds(), time.perf_counter(), list[float]()
    counts = await asyncio.gather(*(_worker(server.port, side, start + seconds, latencies) for _ in range(connections)))
    passed, after = time.perf_counter() - start, server.seconds()
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
    server: Server, sides: Sequence[Side], rounds: int, seconds: float, connections: int = CONNECTIONS
) -> dict[str, list[Turn]]:
    """The sides take turns."""
    turns: dict[str, list[Turn]] = {side.name: [] for side in sides}
    for side in sides:
        await turn(server, side, seconds / 2, connections)
    for number in range(rounds):
        for side in sides if number % 2 == 0 else sides[::-1]:
            turns[side.name].append(await turn(server, side, seconds, connections))
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


async def prepare(data: str, factor: float) -> tuple[dict[str, Scene], dict[str, str]]:
    """Three workspaces and a token for each; the read tables folded anew."""
    backend = await Backend.open(Settings(data=Path(data)))
    try:
        sizes = {
            "full": FULL.times(factor),
            "small": FULL.times(SMALL_EVENTS / EVENTS_PER_ITEM / FULL.items * factor),
            "large": FULL.times(LARGE_EVENTS / EVENTS_PER_ITEM / FULL.items * factor),
        }
        scenes = {name: await build(backend.ledger, scale, seed) for seed, (name, scale) in enumerate(sizes.items())}
        await rebuild_all(backend.cluster)
        connection = await backend.cluster.connect_to_migrate()
        await connection.execute("VACUUM ANALYZE")
        await connection.close()
        tokens = {name: await token_for(backend, scene) for name, scene in scenes.items()}
        for name, key in (("item", "items"), ("backlog", "teams"), ("audit", "teams")):
            variable = "id" if name == "item" else "team"
            check(QUERIES[name], {variable: getattr(scenes["full"], key)[0]}, scenes["full"].workspace_id)
    finally:
        await backend.close()
    return scenes, tokens


async def token_for(backend: Backend, scene: Scene) -> str:
    """A token, kept as the app keeps them; the person has no role that could issue one."""
    asker = Asker(workspace_id=scene.workspace_id, person_id=scene.person)
    return await backend.credentials.keep(asker, f"crd_{uuid7().hex}_1")


def sides(name: str, scene: Scene, token: str) -> list[Side]:
    """One query, three ways."""
    variable, keys = ("id", scene.items) if name == "item" else ("team", scene.teams)
    chosen = random.Random(7).sample(keys, min(len(keys), 500))
    bodies = [{"query": QUERIES[name], "variables": {variable: key}} for key in chosen]
    paths = {"compiled": "/graphql", "plain handler, same SQL": f"/plain/{name}", "DataLoaders": "/loaders"}
    return [Side(side, [raw(path, token, body) for body in bodies]) for side, path in paths.items()]


async def measure(
    server: Server, scenes: dict[str, Scene], tokens: dict[str, str], rounds: int, seconds: float
) -> dict[str, Any]:
    """All figures."""
    result: dict[str, Any] = {}
    for name in QUERIES:
        turns = await compare(server, sides(name, scenes["full"], tokens["full"]), rounds, seconds)
        result[name] = report(f"{name}, requests/s over {CONNECTIONS} connections", turns)
        rates = result[name]["rates"]
        for peer in ("plain handler, same SQL", "DataLoaders"):
            result[name][f"times {peer}"] = ratio(rates, "compiled", peer)
            print(f"  compiled is {ratio(rates, 'compiled', peer)} times {peer}")
    result["as of"] = await _as_of(server, scenes["full"], tokens["full"], rounds, seconds)
    result["size"] = await _size(server, scenes, tokens, rounds, seconds)
    return result


async def _as_of(server: Server, scene: Scene, token: str, rounds: int, seconds: float) -> dict[str, Any]:
    chosen = random.Random(7).sample(scene.items, min(len(scene.items), 500))
    position = scene.events * 9 // 10
    now = [raw("/graphql", token, {"query": ITEM, "variables": {"id": key}}) for key in chosen]
    then = [raw("/graphql", token, {"query": ITEM_AS_OF, "variables": {"id": key, "p": position}}) for key in chosen]
    turns = await compare(server, [Side("now", now), Side("as of a position", then)], rounds, seconds)
    told = report("item, now and as of nine tenths of the ledger", turns)
    told["times"] = ratio(told["rates"], "now", "as of a position")
    print(f"  now is {told['times']} times as of")
    return told


async def _size(
    server: Server, scenes: dict[str, Scene], tokens: dict[str, str], rounds: int, seconds: float
) -> dict[str, Any]:
    requests = {
        name: [
            raw("/graphql", tokens[name], {"query": ITEM, "variables": {"id": key}}) for key in scenes[name].items[:500]
        ]
        for name in ("small", "large")
    }
    latencies: dict[str, list[float]] = {name: [] for name in requests}
    for number in range(rounds + 1):
        for name, chosen in requests.items():
            one = await turn(server, Side(name, chosen), seconds, connections=1)
            latencies[name] += [one.latency_ms] if number else []
    p50 = {name: median(found) for name, found in latencies.items()}
    times = round(p50["large"] / p50["small"], 2)
    for name in requests:
        print(f"item in a workspace of {scenes[name].events:>10,} events: p50 {p50[name]:.3f} ms")
    print(f"  {times} times")
    return {"p50_ms": p50, "times": times}


async def main() -> None:
    """Parse, prepare, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--factor", type=float, default=1.0, help="of the full size")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--json", action="store_true", help="also print one JSON object")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = str(Path(folder) / "data")
        scenes, tokens = await prepare(data, given.factor)
        keeper = await Backend.open(Settings(data=Path(data)))
        server = Server(data, str(scenes["full"].workspace_id))
        try:
            await wait_for(server.port)
            result = await measure(server, scenes, tokens, given.rounds, given.seconds)
        finally:
            server.stop()
            await keeper.close()
    if given.json:
        print(as_json(result))


async def wait_for(port: int) -> None:
    """Until the server takes connections."""
    for _ in range(300):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.1)
        else:
            writer.close()
            return
    raise SystemExit("the server did not start")


if __name__ == "__main__":
    asyncio.run(main())
