"""What the hardened endpoint costs: `pushback serve` as it is by default, and the compiled endpoint with nothing else.

The bare one answers the same queries by the same compiler and the same SQL, for one workspace: no authentication,
limits, cost, metrics, request ids, CORS. `python -m bench.bare [--json] [--factor F] [--rounds N] [--seconds S]`.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path
from statistics import geometric_mean, median
from typing import Any, Final
from uuid import UUID

import msgspec
import uvicorn
import uvloop
from starlette.types import Receive, Scope, Send

from bench.measure import as_json, command_line, ratio
from bench.reads.queries import QUERIES, bodies
from bench.scenery import Scale, Scene, build, fold_anew, token_for
from bench.traffic import CONNECTIONS, Server, Side, compare, python, raw, report, serving
from graphql_api.compiler.parameters import Request
from graphql_api.documents import Documents
from graphql_api.schema import make_schema
from infra.backend import Backend
from infra.settings import Settings, read_settings

HARDENED, BARE = "hardened, as served by default", "bare"
SIZE: Final = Scale(items=5_000, pushbacks=3_000, estimates=7_500, sign_offs=4_000)
RICH: Final = {"PUSHBACK_COST_PER_SECOND": "999999999"}
"""Counted as always, and enough for one token that asks so much."""

_HEADERS: Final = [(b"content-type", b"application/json")]
_decode: Final = msgspec.json.Decoder(dict[str, Any]).decode


class Bare:
    """A document in, its statement's answer out."""

    def __init__(self, backend: Backend, workspace_id: UUID) -> None:
        self._documents = Documents(make_schema())
        self._backend = backend
        self._workspace_id = workspace_id

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        assert scope["type"] == "http"
        body = _decode((await receive())["body"])
        operation = self._documents.read(body["query"]).operation(None)
        values = operation.variables(body["variables"])
        plan = operation.plan(values)
        assert plan is not None
        content = await plan.run(self._backend.reads, Request(values, self._workspace_id))
        headers = [*_HEADERS, (b"content-length", b"%d" % len(content))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": content})


async def serve(workspace: str) -> None:
    """Serve until killed."""
    settings = read_settings(os.environ)
    backend = await Backend.open(settings)
    try:
        app = Bare(backend, UUID(workspace))
        options: dict[str, Any] = {"loop": "uvloop", "http": "httptools", "lifespan": "off", "access_log": False}
        await uvicorn.Server(uvicorn.Config(app, port=settings.port, log_level="warning", **options)).serve()
    finally:
        await backend.close()


async def prepare(data: str, factor: float) -> tuple[Scene, str]:
    """A workspace and a token in it."""
    backend = await Backend.open(Settings(data=Path(data)))
    try:
        scene = await build(backend.ledger, SIZE.times(factor))
        await fold_anew(backend.cluster)
        return scene, await token_for(backend, scene)
    finally:
        await backend.close()


def sides(servers: list[Server], name: str, scene: Scene, token: str) -> list[Side]:
    """The same requests to both."""
    requests = [raw("/graphql", token, body) for body in bodies(name, scene, QUERIES[name])]
    return [Side(called, server, requests) for called, server in zip((HARDENED, BARE), servers, strict=True)]


async def measure(servers: list[Server], scene: Scene, token: str, rounds: int, seconds: float) -> dict[str, Any]:
    """Each query, both ways in turns; the share that is lost by rate and by CPU."""
    result: dict[str, Any] = {}
    for name in QUERIES:
        turns = await compare(sides(servers, name, scene, token), rounds, seconds)
        told = result[name] = report(f"{name}, requests/s over {CONNECTIONS} connections", turns)
        spent = {side: median(one.server_ms + one.postgres_ms for one in found) for side, found in turns.items()}
        told["times by rate"] = ratio(told["rates"], HARDENED, BARE)
        told["times by CPU"] = round(spent[BARE] / spent[HARDENED], 3)
        print(f"  hardened gives {told['times by rate']} times bare by rate, {told['times by CPU']} by CPU")
    result["geometric mean"] = {
        by: round(geometric_mean(result[name][by] for name in QUERIES), 3) for by in ("times by rate", "times by CPU")
    }
    print(f"geometric mean: {result['geometric mean']}")
    return result


async def main(given: argparse.Namespace) -> None:
    """Prepare, measure, print."""
    with tempfile.TemporaryDirectory() as folder:
        data = str(Path(folder) / "data")
        scene, token = await prepare(data, given.factor)
        commands = python("cli.main", "serve"), python("bench.bare", str(scene.workspace_id))
        async with serving(data, *commands, **RICH) as servers:
            result = await measure(servers, scene, token, given.rounds, given.seconds)
    if given.json:
        print(as_json({"bench": "bare", **result}))


if __name__ == "__main__":
    if len(sys.argv) == 2 and not sys.argv[1].startswith("-"):
        uvloop.run(serve(sys.argv[1]))
        sys.exit()
    uvloop.run(main(command_line(__doc__, factor=1.0, rounds=5, seconds=3.0)))
