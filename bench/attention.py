"""What waits for one person where 10,000 things are open: the compiled endpoint, and the same SQL in a plain handler.

Most authors of this workspace have no role in the team whose item it is, so that most turns have fallen to others.
"""

import asyncio
import tempfile
from pathlib import Path
from typing import Any, Final

from bench.measure import as_json, command_line, ratio
from bench.reads.queries import ATTENTION
from bench.reads.server import check
from bench.scenery import Scale, Scene, build, fold_anew, token_for
from bench.traffic import CONNECTIONS, Server, Side, compare, python, raw, report, serving
from infra.backend import Backend
from infra.settings import Settings

OPEN_THINGS: Final = Scale(items=10_000, pushbacks=20_000, estimates=1, sign_offs=1)
"""About half of the pushbacks are open at the end."""


async def prepare(data: str) -> tuple[Scene, str, int]:
    """A workspace, a token in it, and how much is open there."""
    backend = await Backend.open(Settings(data=Path(data)))
    try:
        scene = await build(backend.ledger, OPEN_THINGS)
        await fold_anew(backend.cluster)
        check(ATTENTION, {"person": scene.person}, scene.workspace_id)
        return scene, await token_for(backend, scene), await _open(backend, scene)
    finally:
        await backend.close()


async def _open(backend: Backend, scene: Scene) -> int:
    count = "SELECT count(*)::text FROM turn WHERE workspace_id = $1"
    return int(await backend.reads.fetchval(scene.workspace_id, count, scene.workspace_id))


async def measure(server: Server, scene: Scene, token: str, rounds: int, seconds: float) -> dict[str, Any]:
    """Both sides, in turns."""
    bodies = [{"query": ATTENTION, "variables": {"person": person}} for person in scene.people]
    paths = {"compiled": "/graphql", "plain handler, same SQL": "/plain/attention"}
    sides = [Side(name, server, [raw(path, token, body) for body in bodies]) for name, path in paths.items()]
    found = await compare(sides, rounds, seconds)
    told = report(f"attention, requests/s over {CONNECTIONS} connections", found)
    told["times plain handler, same SQL"] = ratio(told["rates"], *paths)
    return told


async def main() -> None:
    """Parse, prepare, measure, print."""
    given = command_line(__doc__, rounds=5, seconds=3.0)
    with tempfile.TemporaryDirectory() as folder:
        data = str(Path(folder) / "data")
        scene, token, open_things = await prepare(data)
        async with serving(data, python("bench.reads.server", str(scene.workspace_id))) as (server,):
            told = await measure(server, scene, token, given.rounds, given.seconds)
    times = told["times plain handler, same SQL"]
    print(f"  compiled is {times} times plain handler, same SQL, with {open_things:,} things open")
    if given.json:
        print(as_json(told))


if __name__ == "__main__":
    asyncio.run(main())
