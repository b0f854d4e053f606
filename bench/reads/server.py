"""One process that answers the read figures' queries in three ways: compiled, by a plain handler, with DataLoaders."""

import json
import os
import sys
from typing import Any, Final
from uuid import UUID

import asyncpg
import msgspec
import uvicorn
import uvloop
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bench.reads.loaders import loaders
from bench.reads.loaders import schema as loader_schema
from bench.reads.queries import PLAIN
from graphql_api.compiler.parameters import Request as Bound
from graphql_api.documents import Documents
from graphql_api.schema import make_schema
from graphql_api.server import create_app
from infra.backend import Backend
from infra.cluster import Role
from infra.folding.schema import schema_name
from infra.settings import read_settings

_decode: Final = msgspec.json.Decoder(dict[str, Any]).decode


class Plain:
    """The same SQL with no GraphQL around it: variables in, bytes out."""

    def __init__(self, backend: Backend, query: str) -> None:
        operation = Documents(make_schema()).read(query).operation(None)
        self._backend, self._operation = backend, operation
        self._plan: Any = None

    async def answer(self, request: Request) -> Response:
        """Answer one request."""
        token = request.headers["authorization"][len("Bearer ") :]
        asker = await self._backend.credentials.asker(token)
        variables = _decode(await request.body())["variables"]
        if self._plan is None:
            self._plan = self._operation.plan(self._operation.variables(variables))
        arguments = [asker.workspace_id, *variables.values()]
        text = await self._backend.reads.fetchval(asker.workspace_id, self._plan.sql, *arguments)
        return Response(text, media_type="application/json")


def check(query: str, variables: dict[str, Any], workspace_id: UUID) -> None:
    """The plain handler binds exactly what the compiled one does."""
    operation = Documents(make_schema()).read(query).operation(None)
    values = operation.variables(variables)
    plan = operation.plan(values)
    assert plan is not None
    bound = [binder(Bound(values, workspace_id)) for binder in plan.binders]
    if bound != [workspace_id, *variables.values()]:
        raise SystemExit(f"{query}: the plain handler would bind other values than {bound}")


async def _pool(backend: Backend, workspace_id: UUID) -> asyncpg.Pool:
    """Asyncpg's pool, every connection set to the one workspace that is measured, with no reset between users."""

    async def connect(*_arguments: Any, **_keywords: Any) -> Any:  # noqa: ANN401 - asyncpg's
        connection = await backend.cluster.connect(Role.APP, search_path=schema_name(), statement_cache_size=1000)
        await connection.fetchval("SELECT set_config('pushback.workspace', $1, false)", str(workspace_id))
        return connection

    async def reset(_connection: Any) -> None:  # noqa: ANN401 - asyncpg's
        return

    return await asyncpg.create_pool(connect=connect, reset=reset, min_size=16, max_size=16)


async def application(backend: Backend, workspace_id: UUID) -> Starlette:
    """All three, under one server."""
    pool = await _pool(backend, workspace_id)

    async def by_loaders(request: Request) -> Response:
        asker = await backend.credentials.asker(request.headers["authorization"][len("Bearer ") :])
        body = _decode(await request.body())
        result = await loader_schema.execute(body["query"], body["variables"], loaders(pool, asker.workspace_id))
        if result.errors:
            raise result.errors[0]
        return Response(json.dumps({"data": result.data}), media_type="application/json")

    plain = [Route(f"/plain/{name}", Plain(backend, query).answer, methods=["POST"]) for name, query in PLAIN.items()]
    app = create_app(backend)
    app.router.routes += [*plain, Route("/loaders", by_loaders, methods=["POST"])]
    return app


async def main(workspace: str) -> None:
    """Serve until killed."""
    settings = read_settings(os.environ)
    backend = await Backend.open(settings)
    try:
        app = await application(backend, UUID(workspace))
        config = uvicorn.Config(
            app, port=settings.port, loop="uvloop", http="httptools", log_level="warning", access_log=False
        )
        await uvicorn.Server(config).serve()
    finally:
        await backend.close()


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1]))
