"""A real server on loopback over the worker's database, with a cast of its own for each test, and who calls it."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
import uvicorn

from graphql_api.server import UNLIMITED, create_app
from graphql_api.transport.patience import PROTOCOLS
from infra.backend import Backend
from infra.cluster import Cluster
from infra.deciding import Asker
from infra.folding.schema import ensure_read_schema
from infra.settings import Settings
from infra.uuid7 import uuid7
from tests.cast import Cast, assemble


class Client:
    """What a front-end has: an address and a token for each person."""

    def __init__(self, http: httpx.AsyncClient, backend: Backend, cast: Cast, port: int) -> None:
        self.http, self.backend, self.cast, self.port = http, backend, cast, port
        self.tokens: dict[str, str] = {}

    async def token(self, who: Asker) -> str:
        """A token of this person, issued once."""
        if who.person_id not in self.tokens:
            issued = await self.backend.credentials.issue(self.cast.ada, uuid7(), who.person_id, "test")
            self.tokens[who.person_id] = issued
        return self.tokens[who.person_id]

    async def post(self, who: Asker, query: str, **variables: Any) -> httpx.Response:
        """The raw response."""
        headers = {"authorization": f"Bearer {await self.token(who)}"}
        return await self.http.post("/graphql", json={"query": query, "variables": variables}, headers=headers)

    async def ask(self, who: Asker, query: str, **variables: Any) -> Any:
        """The data; fails the test on errors."""
        answer = (await self.post(who, query, **variables)).json()
        assert "errors" not in answer, answer["errors"]
        return answer["data"]

    async def code(self, who: Asker, query: str, **variables: Any) -> str:
        """The code of the one error that the request gives."""
        answer = (await self.post(who, query, **variables)).json()
        (error,) = answer["errors"]
        return str(error["extensions"]["code"])


@pytest.fixture
async def backend(cluster: Cluster) -> AsyncIterator[Backend]:
    backend = Backend(cluster, await ensure_read_schema(cluster))
    await backend.start()
    yield backend
    await backend.close()


@pytest.fixture
async def cast(backend: Backend) -> Cast:
    return await assemble(backend.ledger, backend.deciding)


@pytest.fixture
async def client(backend: Backend, cast: Cast) -> AsyncIterator[Client]:
    async with serving(backend, cast) as client:
        yield client


@asynccontextmanager
async def serving(backend: Backend, cast: Cast, settings: Settings = UNLIMITED) -> AsyncIterator[Client]:
    """A server with these settings, and who calls it."""
    listening = socket.create_server(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    app = create_app(backend, settings)
    config = uvicorn.Config(app, **PROTOCOLS, log_level="warning", timeout_graceful_shutdown=1, timeout_keep_alive=60)
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve([listening]))
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.01)
    try:
        kept = httpx.Limits(keepalive_expiry=None)
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60, limits=kept) as http:
            yield Client(http, backend, cast, port)
    finally:
        server.should_exit = True
        await running
