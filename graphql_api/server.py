"""The server: GraphQL over HTTP and WebSocket, the page, signing in, GraphiQL, and what operators ask."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.types import Receive, Scope, Send

from graphql_api.documents import Documents
from graphql_api.limits.cost import Budget
from graphql_api.limits.following import Following
from graphql_api.observing.page import MetricsPage
from graphql_api.observing.watch import Watch
from graphql_api.readiness import Readiness
from graphql_api.schema import make_schema
from graphql_api.transport.browser import Package, graphiql, page, sign_in
from graphql_api.transport.execution import Execution
from graphql_api.transport.http import Endpoint
from graphql_api.transport.session import SessionEndpoint
from graphql_api.transport.sockets import Sockets
from graphql_api.trusted.manifest import read_manifest
from graphql_api.trusted.trusted import Trusted
from infra.backend import Backend
from infra.settings import Settings

UNLIMITED: Final = Settings(cost_per_second=0, subscriptions_max=0)


class Application(Starlette):
    """Starlette; /graphql is answered without its layers when no page asks: they are for CORS, paths and faults."""

    endpoint: Endpoint

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, hold one socket, or live as long as the server."""
        is_asked = scope["type"] == "http" and scope["path"] == "/graphql"
        if is_asked and not any(name == b"origin" for name, _ in scope["headers"]):
            await self.endpoint(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


def create_app(backend: Backend, settings: Settings = UNLIMITED) -> Application:
    """The application over a backend, which works in the background from then on; the caller closes the backend.

    Raises WrongSetting when the trusted documents that the settings name are not to be had.
    """
    documents = Documents(make_schema(), hides_schema=not settings.introspection)
    texts = read_manifest(settings.documents) if settings.documents else {}
    trusted = Trusted(documents, texts, is_closed=settings.documents_only)
    watch = Watch(backend, settings.slow_seconds, tells_each=settings.log_operations)
    for name in trusted.names():
        watch.names.of(name)
    budget, following = Budget(settings.cost_per_second), Following(settings.subscriptions_max)
    execution = Execution(documents, trusted, backend, watch, budget=budget, following=following)
    ready = trusted.statements()

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        if ready:
            await backend.reads.keep_ready(ready)
        backend.run_in_background()
        yield

    cors = Middleware(
        CORSMiddleware,
        allow_origin_regex=settings.origins,
        allow_methods=["GET", "POST"],
        allow_headers=["authorization", "content-type", "last-event-id"],
        expose_headers=["x-request-id"],
    )
    endpoint = Endpoint(execution, backend)
    routes = [Route("/graphql", endpoint, methods=None), *_routes(execution, backend, settings)]
    application = Application(routes=routes, middleware=[cors], lifespan=lifespan)
    application.endpoint = endpoint
    return application


def _routes(execution: Execution, backend: Backend, settings: Settings) -> list[BaseRoute]:
    readiness = Readiness(backend)
    return [
        WebSocketRoute("/graphql", Sockets(execution, backend, settings.origins)),
        Route("/session", SessionEndpoint(backend).answer, methods=["POST", "DELETE"]),
        Route("/", page),
        Mount("/page", Package("page")),
        Route("/graphiql", graphiql),
        Mount("/graphiql", Package("graphiql")),
        Route("/sign-in", sign_in),
        Route("/join", sign_in),
        Mount("/sign_in", Package("sign_in")),
        Route("/healthz", _alive),
        Route("/readyz", readiness.answer),
        Route("/metrics", MetricsPage(backend, readiness, settings.metrics).answer),
    ]


async def _alive(_request: Request) -> Response:
    return JSONResponse({"status": "ok"})
