"""GraphQL over WebSocket (graphql-transport-ws): who asks is said once, in `connectionParams`."""

import json
import re
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from datetime import timedelta
from typing import Any, Final, cast

import msgspec
from graphql import GraphQLError, GraphQLSyntaxError
from starlette.requests import Request
from starlette.responses import Response
from starlette.websockets import WebSocket
from strawberry import Schema
from strawberry.asgi import GraphQL
from strawberry.exceptions import ConnectionRejectionError
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import BaseGraphQLTransportWSHandler
from strawberry.types.execution import ExecutionResult, PreExecutionError

from graphql_api.compiler.refusals import refusal
from graphql_api.context import Context, context_of
from graphql_api.documents import Documents, Invalid
from graphql_api.faults import UNAUTHENTICATED, new_request_id, told
from infra.backend import Backend
from infra.deciding import Asker
from infra.people.credentials import UnknownToken

_INIT_SECONDS: Final = 10
_SUBSCRIPTIONS_MAX: Final = 100


class _Guarded:
    """A schema that answers one socket: bounded like HTTP, with errors that clients may see, while the token holds."""

    def __init__(self, schema: Any, view: "Sockets") -> None:  # noqa: ANN401 - strawberry's, or what stands for it
        self._schema = schema
        self._view = view

    async def stream(self, query: str, *, context_value: Context, **keywords: Any) -> AsyncGenerator[Any, None]:
        """The results of an operation, one after another."""
        token = context_value["token"]
        try:
            await self._view.asker(token)
            self._view.documents.read(query).operation(keywords.get("operation_name")).variables(
                keywords.get("variable_values")
            )
        except (UnknownToken, Invalid, GraphQLError) as error:
            errors = _errors(error)
            return _refused(PreExecutionError(data=None, errors=told(errors, new_request_id())))
        return self._told(await self._schema.stream(query, context_value=context_value, **keywords), token)

    async def _told(self, results: AsyncIterator[Any], token: str) -> AsyncGenerator[Any, None]:
        async with aclosing(cast("AsyncGenerator[Any, None]", results)) as source:
            async for result in source:
                try:
                    await self._view.asker(token)
                except UnknownToken as unknown:
                    yield ExecutionResult(data=None, errors=[_unknown(unknown)])
                    return
                if result.errors:
                    result.errors = told(result.errors, new_request_id())
                yield result


async def _refused(result: PreExecutionError) -> AsyncGenerator[Any, None]:
    yield result


def _errors(error: UnknownToken | Invalid | GraphQLError) -> list[GraphQLError]:
    if isinstance(error, UnknownToken):
        return [_unknown(error)]
    return error.errors if isinstance(error, Invalid) else [error]


def _unknown(unknown: UnknownToken) -> GraphQLError:
    return refusal(UNAUTHENTICATED, str(unknown))


class _Handler(BaseGraphQLTransportWSHandler[Context, None]):
    """One socket. No fault of one operation ends another."""

    def __init__(self, **keywords: Any) -> None:
        super().__init__(**{**keywords, "schema": _Guarded(keywords["schema"], keywords["view"])})

    async def handle_message(self, message: Any) -> None:  # noqa: ANN401 - whatever a client sent
        """Refuse what is not of the protocol's shape before it is taken apart."""
        if not _is_message(message):
            await self.handle_invalid_message("The message is not of the shape that graphql-transport-ws gives")
            return
        await super().handle_message(message)

    @staticmethod
    def _get_pre_execution_close_reason(error: GraphQLError) -> str | None:
        if isinstance(error, GraphQLSyntaxError):
            return None
        return BaseGraphQLTransportWSHandler._get_pre_execution_close_reason(error)  # noqa: SLF001 - strawberry has no other way


class Sockets(GraphQL[Context, None]):
    """The WebSocket side of /graphql. Browsers' pages are let in by origin."""

    graphql_transport_ws_handler_class = _Handler

    def __init__(self, schema: Schema, documents: Documents, backend: Backend, origins: str) -> None:
        super().__init__(
            schema,
            graphql_ide=None,
            subscription_protocols=(GRAPHQL_TRANSPORT_WS_PROTOCOL,),
            connection_init_wait_timeout=timedelta(seconds=_INIT_SECONDS),
            max_subscriptions_per_connection=_SUBSCRIPTIONS_MAX,
        )
        self.documents = documents
        self._backend = backend
        self._origins = re.compile(origins)

    def decode_json(self, data: str | bytes) -> object:
        """A message, whatever it holds; one that no reader of JSON should take is no JSON."""
        try:
            return msgspec.json.decode(data)
        except (ValueError, RecursionError) as error:
            raise json.JSONDecodeError(str(error), "", 0) from error

    def is_websocket_origin_allowed(self, request: WebSocket, origin: str) -> bool:  # noqa: ARG002 - strawberry's signature
        """Whether a page from there may connect."""
        return self._origins.fullmatch(origin) is not None

    async def get_context(self, request: Request | WebSocket, response: Response | WebSocket) -> Context:  # noqa: ARG002 - strawberry's signature
        """A context in which nobody asks yet."""
        return cast("Context", {})

    async def on_ws_connect(self, context: Context) -> None:
        """Look up who connects; refuses an unknown token."""
        given = cast("dict[str, Any]", context).get("connection_params") or {}
        token = str(given.get("authorization") or given.get("Authorization") or "").removeprefix("Bearer ")
        try:
            asker = await self.asker(token)
        except UnknownToken as unknown:
            raise ConnectionRejectionError from unknown
        context.update({**context_of(self._backend, asker), "token": token})

    async def asker(self, token: str) -> Asker:
        """Whose token it is now; raises UnknownToken."""
        return await self._backend.credentials.asker(token)


def _is_message(message: Any) -> bool:  # noqa: ANN401 - whatever a client sent
    if not isinstance(message, dict) or not isinstance(message.get("type"), str):
        return False
    kind = message["type"]
    return _is_operation(message) if kind == "subscribe" else kind != "complete" or isinstance(message.get("id"), str)


def _is_operation(message: dict[str, Any]) -> bool:
    payload = message.get("payload")
    if not (isinstance(message.get("id"), str) and isinstance(payload, dict) and isinstance(payload.get("query"), str)):
        return False
    name, variables = payload.get("operationName"), payload.get("variables")
    return isinstance(name, str | None) and isinstance(variables, dict | None)
