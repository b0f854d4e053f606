"""Reads at full size: the compiled endpoint, the same SQL in a plain handler, the same queries with DataLoaders.

Requests per second over 16 connections, and CPU milliseconds per request of the server and of PostgreSQL from the
scheduler's counters. Also: asking as of a position against asking of now, and an item in a small and a large workspace.
Pages are of 500 items drawn at random from those with a pushback.
"""

import asyncio
import tempfile
from pathlib import Path
from statistics import median
from typing import Any, Final

from bench.measure import as_json, command_line, ratio
from bench.reads.queries import ITEM, QUERIES, bodies
from bench.reads.server import check
from bench.scenery import FULL, Scene, build, fold_anew, token_for
from bench.traffic import CONNECTIONS, Server, Side, compare, python, raw, report, serving, turn
from infra.backend import Backend
from infra.settings import Settings

EVENTS_PER_ITEM: Final = 6.9
SMALL_EVENTS: Final = 100_000
LARGE_EVENTS: Final = 2_000_000
ITEM_AS_OF: Final = ITEM.replace(
    "($id: ID!) { item(id: $id)", "($id: ID!, $p: Position!) { item(id: $id, asOf: {position: $p})"
)


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
        await fold_anew(backend.cluster)
        tokens = {name: await token_for(backend, scene) for name, scene in scenes.items()}
        for name, key in (("item", "items"), ("backlog", "teams"), ("audit", "teams")):
            variable = "id" if name == "item" else "team"
            check(QUERIES[name], {variable: getattr(scenes["full"], key)[0]}, scenes["full"].workspace_id)
    finally:
        await backend.close()
    return scenes, tokens


def sides(server: Server, name: str, scene: Scene, token: str) -> list[Side]:
    """One query, three ways."""
    asked = bodies(name, scene, QUERIES[name])
    paths = {"compiled": "/graphql", "plain handler, same SQL": f"/plain/{name}", "DataLoaders": "/loaders"}
    return [Side(side, server, [raw(path, token, body) for body in asked]) for side, path in paths.items()]


async def measure(
    server: Server, scenes: dict[str, Scene], tokens: dict[str, str], rounds: int, seconds: float
) -> dict[str, Any]:
    """All figures."""
    result: dict[str, Any] = {}
    for name in QUERIES:
        turns = await compare(sides(server, name, scenes["full"], tokens["full"]), rounds, seconds)
        result[name] = report(f"{name}, requests/s over {CONNECTIONS} connections", turns)
        rates = result[name]["rates"]
        for peer in ("plain handler, same SQL", "DataLoaders"):
            result[name][f"times {peer}"] = ratio(rates, "compiled", peer)
            print(f"  compiled is {ratio(rates, 'compiled', peer)} times {peer}")
    result["as of"] = await _as_of(server, scenes["full"], tokens["full"], rounds, seconds)
    result["size"] = await _size(server, scenes, tokens, rounds, seconds)
    return result


async def _as_of(server: Server, scene: Scene, token: str, rounds: int, seconds: float) -> dict[str, Any]:
    position = scene.events * 9 // 10
    asked = bodies("item", scene, ITEM), bodies("item", scene, ITEM_AS_OF, p=position)
    now, then = ([raw("/graphql", token, body) for body in side] for side in asked)
    turns = await compare([Side("now", server, now), Side("as of a position", server, then)], rounds, seconds)
    told = report("item, now and as of nine tenths of the ledger", turns)
    told["times"] = ratio(told["rates"], "now", "as of a position")
    print(f"  now is {told['times']} times as of")
    return told


async def _size(
    server: Server, scenes: dict[str, Scene], tokens: dict[str, str], rounds: int, seconds: float
) -> dict[str, Any]:
    requests = {
        name: [raw("/graphql", tokens[name], body) for body in bodies("item", scenes[name], ITEM)]
        for name in ("small", "large")
    }
    latencies: dict[str, list[float]] = {name: [] for name in requests}
    for number in range(rounds + 1):
        for name, chosen in requests.items():
            one = await turn(Side(name, server, chosen), seconds, connections=1)
            latencies[name] += [one.latency_ms] if number else []
    p50 = {name: median(found) for name, found in latencies.items()}
    times = round(p50["large"] / p50["small"], 2)
    for name in requests:
        print(f"item in a workspace of {scenes[name].events:>10,} events: p50 {p50[name]:.3f} ms")
    print(f"  {times} times")
    return {"p50_ms": p50, "times": times}


async def main() -> None:
    """Parse, prepare, measure, print."""
    given = command_line(__doc__, factor=1.0, rounds=5, seconds=3.0)
    with tempfile.TemporaryDirectory() as folder:
        data = str(Path(folder) / "data")
        scenes, tokens = await prepare(data, given.factor)
        command = python("bench.reads.server", str(scenes["full"].workspace_id))
        async with serving(data, command) as (server,):
            result = await measure(server, scenes, tokens, given.rounds, given.seconds)
    if given.json:
        print(as_json(result))


if __name__ == "__main__":
    asyncio.run(main())
