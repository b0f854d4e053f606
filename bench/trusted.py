"""The first request of a process beside its thousandth, over HTTP: the same document trusted, and sent as text."""

import asyncio
import json
import socket
import statistics
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

import httpx
import uvicorn

from bench.measure import as_json, command_line
from bench.mutations import prepare
from bench.reads.queries import ITEM
from graphql_api.server import create_app
from infra.backend import Backend
from infra.settings import Settings

REQUESTS: Final = 1000
VIEWER: Final = "{ viewer { credentialId } }"


class Times(NamedTuple):
    """Seconds: of the first request, and of the median one."""

    first: float
    median: float


@asynccontextmanager
async def listening(settings: Settings) -> AsyncIterator[str]:
    """A server that has answered nobody yet: its address."""
    backend = await Backend.open(settings)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(uvicorn.Config(create_app(backend, settings), log_level="warning", ws="none"))
        serving = asyncio.create_task(server.serve([listener]))
        while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
            await asyncio.sleep(0.01)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        await serving
    await backend.close()


async def measure(settings: Settings, token: str, asked: dict[str, Any]) -> Times:
    """A fresh process's services: who asks is known and the connection is open, the document is not."""
    headers = {"authorization": f"Bearer {token}"}
    async with listening(settings) as url, httpx.AsyncClient(base_url=url, headers=headers, timeout=30) as http:
        for _ in range(20):
            await http.post("/graphql", json={"query": VIEWER})
        taken: list[float] = []
        for _ in range(REQUESTS):
            start = time.perf_counter()
            answer = await http.post("/graphql", json=asked)
            taken.append(time.perf_counter() - start)
            assert "errors" not in answer.json(), answer.text
    return Times(taken[0], statistics.median(taken))


async def main() -> None:
    """Prepare, measure in turns, print."""
    given = command_line(__doc__, rounds=5)
    with tempfile.TemporaryDirectory() as folder:
        data, manifest = Path(folder) / "data", Path(folder) / "documents.json"
        manifest.write_text(json.dumps({"item": ITEM}))
        _, token, items = await prepare(str(data))
        variables = {"id": items[0]}
        sides = {
            "trusted, by id": (Settings(data=data, documents=manifest, cost_per_second=0), {"documentId": "item"}),
            "as text": (Settings(data=data, cost_per_second=0), {"query": ITEM}),
        }
        found: dict[str, list[Times]] = {name: [] for name in sides}
        for _ in range(given.rounds):
            for name, (settings, asked) in sides.items():
                found[name].append(await measure(settings, token, {**asked, "variables": variables}))
    result = report(found)
    if given.json:
        print(as_json(result))


def report(found: dict[str, list[Times]]) -> dict[str, Any]:
    """Medians over the rounds, in milliseconds, and how many times the median request the first one takes."""
    print(
        f"{'first of a process, and the median of ' + str(REQUESTS):<44}{'first ms':>10}{'median ms':>10}{'times':>8}"
    )
    result = {}
    for name, rounds in found.items():
        first, median = (statistics.median(one[place] for one in rounds) * 1000 for place in (0, 1))
        times = statistics.median(one.first / one.median for one in rounds)
        print(f"  {name:<42}{first:>10.2f}{median:>10.2f}{times:>8.1f}")
        result[name] = {"first_ms": round(first, 2), "median_ms": round(median, 2), "times": round(times, 1)}
    return result


if __name__ == "__main__":
    asyncio.run(main())
