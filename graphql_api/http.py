"""POST /graphql: who asks, what they ask; compiled queries go from PostgreSQL to the socket as bytes."""

import asyncio
import os
from inspect import isawaitable
from typing import Any, Final, NamedTuple

import msgspec
from graphql import ExecutionResult, GraphQLError, OperationType, execute
from starlette.types import Message, Receive, Scope, Send

from graphql_api.compiler.parameters import Request
from graphql_api.context import context_of
from graphql_api.documents import Document, Documents, Invalid, Operation
from graphql_api.faults import (
    BAD_REQUEST,
    BODY_TOO_LARGE,
    METHOD_NOT_ALLOWED,
    UNAUTHENTICATED,
    UNSUPPORTED_MEDIA_TYPE,
    Fault,
    told,
)
from graphql_api.islands import Executor
from infra.backend import Backend
from infra.cluster import is_passing
from infra.deciding import Asker
from infra.people.credentials import UnknownToken

BODY_BYTES_MAX: Final = 2 << 20
QUERY_SECONDS_MAX: Final = 15.0
"""A query of several statements may take as long as one alone."""

RESPONSE_TYPE: Final = b"application/graphql-response+json"
JSON_TYPE: Final = b"application/json"

_BEARER: Final = b"bearer "
_UNAUTHORIZED: Final = 401
_CHALLENGE: Final = ((b"www-authenticate", b"Bearer"),)
_encode: Final = msgspec.json.encode


class Body(msgspec.Struct):
    """What a client posts."""

    query: str
    variables: dict[str, Any] | None = None
    operation_name: str | None = msgspec.field(default=None, name="operationName")


_decode: Final = msgspec.json.Decoder(Body).decode


class Answer(NamedTuple):
    """A response. `is_refused` when nothing of a well-formed request was executed."""

    status: int
    content: bytes
    is_refused: bool = False


class _Gone(Exception):
    """The client left before it had sent its request."""


class Endpoint:
    """The HTTP side of /graphql, as an ASGI application."""

    def __init__(self, documents: Documents, backend: Backend) -> None:
        self._backend = backend
        self._documents = documents

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request_id = os.urandom(16).hex()
        headers: dict[bytes, bytes] = dict(scope["headers"])
        try:
            answer = await self._answer(scope["method"], headers, receive, request_id)
        except Fault as fault:
            answer = Answer(fault.status, _encode({"errors": [fault.formatted()]}))
        except _Gone:
            return
        except Exception as error:  # noqa: BLE001 - whatever it is, its text is not for clients
            status = 503 if is_passing(error) else 500
            answer = _failed([GraphQLError("", original_error=error)], request_id, status)
        media_type = _media_type(headers.get(b"accept", b""))
        status = 400 if answer.is_refused and media_type == RESPONSE_TYPE else answer.status
        sent = [
            (b"content-type", media_type + b"; charset=utf-8"),
            (b"content-length", b"%d" % len(answer.content)),
            (b"x-request-id", request_id.encode()),
            *(_CHALLENGE if status == _UNAUTHORIZED else ()),
        ]
        await send({"type": "http.response.start", "status": status, "headers": sent})
        await send({"type": "http.response.body", "body": answer.content})

    async def _answer(self, method: str, headers: dict[bytes, bytes], receive: Receive, request_id: str) -> Answer:
        if method != "POST":
            raise Fault(405, METHOD_NOT_ALLOWED, "Send operations with POST; open / in a browser for GraphiQL.")
        asker = await self._asker(headers.get(b"authorization", b""))
        if headers.get(b"content-type", b"").partition(b";")[0].strip().lower() != JSON_TYPE:
            raise Fault(415, UNSUPPORTED_MEDIA_TYPE, "Send the operation as application/json.")
        body = _parsed(await _received(receive))
        try:
            document = self._documents.read(body.query)
            operation = document.operation(body.operation_name)
            return await self._execute(asker, document, operation, body, request_id)
        except Invalid as invalid:
            return _failed(invalid.errors, request_id, 200, is_refused=True)
        except GraphQLError as error:
            return _failed([error], request_id, 200, is_refused=True)

    async def _execute(
        self, asker: Asker, document: Document, operation: Operation, body: Body, request_id: str
    ) -> Answer:
        if operation.kind is OperationType.SUBSCRIPTION:
            raise Fault(400, BAD_REQUEST, "Subscribe over WebSocket, with the subprotocol graphql-transport-ws.")
        values = operation.variables(body.variables)
        plan = operation.plan(values)
        if plan is not None:
            return Answer(200, await plan.run(self._backend.reads, Request(values, asker.workspace_id)))
        async with asyncio.timeout(QUERY_SECONDS_MAX if operation.kind is OperationType.QUERY else None):
            finished = await self._finished(asker, document, body)
        response: dict[str, Any] = {"data": finished.data}
        if finished.errors:
            response["errors"] = [error.formatted for error in told(finished.errors, request_id)]
        return Answer(200, _encode(response))

    async def _finished(self, asker: Asker, document: Document, body: Body) -> ExecutionResult:
        """What graphql-core makes of it."""
        result = execute(
            self._documents.schema,
            document.node,
            variable_values=body.variables,
            operation_name=body.operation_name,
            context_value=context_of(self._backend, asker),
            executor_class=Executor,
        )
        return await result if isawaitable(result) else result

    async def _asker(self, authorization: bytes) -> Asker:
        if authorization[: len(_BEARER)].lower() != _BEARER:
            raise Fault(401, UNAUTHENTICATED, "Send your token in the header: authorization: Bearer <token>.")
        try:
            return await self._backend.credentials.asker(authorization[len(_BEARER) :].strip().decode("latin-1"))
        except UnknownToken as unknown:
            raise Fault(401, UNAUTHENTICATED, str(unknown)) from unknown


async def _received(receive: Receive) -> bytes:
    """The body, which mostly comes in one piece."""
    message = await receive()
    raw = _piece(message)
    while message.get("more_body"):
        message = await receive()
        raw += _piece(message)
        if len(raw) > BODY_BYTES_MAX:
            break
    if len(raw) > BODY_BYTES_MAX:
        raise Fault(413, BODY_TOO_LARGE, f"The body is larger than {BODY_BYTES_MAX} bytes.")
    return raw


def _piece(message: Message) -> bytes:
    if message["type"] == "http.disconnect":
        raise _Gone
    piece: bytes = message.get("body", b"")
    return piece


def _parsed(raw: bytes) -> Body:
    try:
        return _decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        message = f'The body must be JSON of the form {{"query": "...", "variables": {{}}}}: {error}'
        raise Fault(400, BAD_REQUEST, message) from error


def _failed(errors: list[GraphQLError], request_id: str, status: int, *, is_refused: bool = False) -> Answer:
    content = _encode({"errors": [error.formatted for error in told(errors, request_id)]})
    return Answer(status, content, is_refused)


def _media_type(accept: bytes) -> bytes:
    """The one of our two media types that the client lists first; JSON for those who take anything."""
    for part in accept.split(b","):
        wanted = part.partition(b";")[0].strip().lower()
        if wanted in (RESPONSE_TYPE, JSON_TYPE):
            return wanted
    return JSON_TYPE
