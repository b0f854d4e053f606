"""GET and POST /graphql: who asks, what they ask; compiled queries go from PostgreSQL to the socket as bytes."""

from contextlib import suppress
from functools import partial
from typing import Annotated, Final, NamedTuple

import msgspec
from graphql import GraphQLError, OperationType
from starlette.types import Message, Receive, Scope, Send

from graphql_api.documents import Invalid
from graphql_api.faults import (
    BAD_REQUEST,
    BODY_TOO_LARGE,
    METHOD_NOT_ALLOWED,
    NOT_ACCEPTABLE,
    UNAUTHENTICATED,
    UNSUPPORTED_MEDIA_TYPE,
    Fault,
    new_request_id,
)
from graphql_api.transport import media
from graphql_api.transport.asked import Asked, from_body, from_url
from graphql_api.transport.cookies import session_of
from graphql_api.transport.events import Gone, stream
from graphql_api.transport.execution import Execution, Identify, Prepared
from graphql_api.transport.patience import PATIENCE
from graphql_api.transport.wording import worded
from graphql_api.types.scalars import POSITION_MAX
from infra.backend import Backend
from infra.cluster import is_passing
from infra.deciding import Asker
from infra.people.credentials import UnknownToken

BODY_BYTES_MAX: Final = 2 << 20

_BEARER: Final = b"bearer "
_UNAUTHORIZED: Final = 401
_NOT_ALLOWED: Final = 405
_CHALLENGE: Final = (b"www-authenticate", b"Bearer")
_WHO: Final = "Send your token in the header: authorization: Bearer <token>; or sign in with a browser at /sign-in."
_METHODS: Final = ("GET", "POST")
_ALLOWED: Final = (b"allow", b"GET, POST")
_encode: Final = msgspec.json.encode
_position: Final = msgspec.json.Decoder(Annotated[int, msgspec.Meta(ge=0, le=POSITION_MAX)]).decode


class Answer(NamedTuple):
    """A response. `is_refused` when nothing of a well-formed request was executed; when to try again, if ever."""

    status: int
    content: bytes
    is_refused: bool = False
    retry_after_seconds: int = 0


class Endpoint:
    """The HTTP side of /graphql, as an ASGI application."""

    def __init__(self, execution: Execution, backend: Backend) -> None:
        self._backend = backend
        self._execution = execution

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request_id = new_request_id()
        with suppress(Gone), self._execution.watch.request(request_id):
            await self._answer(scope, receive, send, request_id)

    async def _answer(self, scope: Scope, receive: Receive, send: Send, request_id: str) -> None:
        """Only who is known is listened to; raises Gone."""
        headers: dict[bytes, bytes] = dict(scope["headers"])
        wanted = media.wanted(headers.get(b"accept", b""))
        try:
            identify = self._identify(scope, headers)
            asker = await identify()
            prepared = self._execution.prepared(await _asked(scope, headers, receive))
            _must_be_answerable(scope["method"], prepared, wanted)
            if wanted.one == media.EVENTS or prepared.kind is OperationType.SUBSCRIPTION:
                results = self._execution.results(asker, identify, prepared, request_id, _resumed_after(headers))
                await stream(results, scope["extensions"][PATIENCE], receive, send, request_id)
                return
            answer = Answer(200, await self._execution.answer(asker, prepared, request_id))
        except Gone:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, its text is not for clients
            answer = failed(error, request_id)
        await _send(answer, wanted, request_id, send)

    def _identify(self, scope: Scope, headers: dict[bytes, bytes]) -> Identify:
        """How to know who asks."""
        if scope["method"] not in _METHODS:
            raise Fault(405, METHOD_NOT_ALLOWED, "Send operations with POST, or queries with GET.")
        return partial(self._asker, headers.get(b"authorization", b""), session_of(scope))

    async def _asker(self, authorization: bytes, session: str | None) -> Asker:
        if not authorization and session is not None:
            return await self._backend.sessions.asker(session)
        if authorization[: len(_BEARER)].lower() != _BEARER:
            raise Fault(401, UNAUTHENTICATED, _WHO)
        return await self._backend.identities.asker(authorization[len(_BEARER) :].strip().decode("latin-1"))


def _resumed_after(headers: dict[bytes, bytes]) -> int | None:
    """The id of the last event that the client has, if it says so; raises Fault."""
    told = headers.get(b"last-event-id", b"")
    try:
        return _position(told) if told else None
    except msgspec.MsgspecError as error:
        message = "Last-Event-ID must be the id of the last event that you got, which is its position."
        raise Fault(400, BAD_REQUEST, message) from error


async def _send(answer: Answer, wanted: media.Wanted, request_id: str, send: Send) -> None:
    media_type = media.RESPONSE if wanted.one == media.RESPONSE else media.JSON
    status = 400 if answer.is_refused and media_type == media.RESPONSE else answer.status
    headers = [
        (b"content-type", media_type + b"; charset=utf-8"),
        (b"content-length", b"%d" % len(answer.content)),
        (b"x-request-id", request_id.encode()),
        *((_CHALLENGE,) if status == _UNAUTHORIZED else ()),
        *((_ALLOWED,) if status == _NOT_ALLOWED else ()),
        *(((b"retry-after", b"%d" % answer.retry_after_seconds),) if answer.retry_after_seconds else ()),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.content})


async def _asked(scope: Scope, headers: dict[bytes, bytes], receive: Receive) -> Asked:
    if scope["method"] == "GET":
        return from_url(scope["query_string"])
    if not media.is_json(headers.get(b"content-type", b"")):
        raise Fault(415, UNSUPPORTED_MEDIA_TYPE, "Send the operation as application/json, in UTF-8.")
    return from_body(await _received(receive))


def _must_be_answerable(method: str, prepared: Prepared, wanted: media.Wanted) -> None:
    """Refuses what this method may not do, and what cannot be told in a form that the client takes."""
    if method == "GET" and prepared.kind is OperationType.MUTATION:
        raise Fault(405, METHOD_NOT_ALLOWED, "A GET changes nothing: send mutations with POST.")
    if prepared.kind is OperationType.SUBSCRIPTION and not wanted.takes_many:
        message = "A subscription has many results: accept text/event-stream, or subscribe over WebSocket."
        raise Fault(406 if wanted.one is None else 400, BAD_REQUEST, message)
    if wanted.one is None:
        message = "Accept application/graphql-response+json, application/json or text/event-stream."
        raise Fault(406, NOT_ACCEPTABLE, message)


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
        raise Gone
    piece: bytes = message.get("body", b"")
    return piece


def failed(error: Exception, request_id: str) -> Answer:
    """What a client is told when something went wrong, whatever it is."""
    entries = worded(error, request_id)
    content = _encode({"errors": entries})
    match error:
        case Fault():
            return Answer(error.status, content, retry_after_seconds=error.retry_after_seconds)
        case UnknownToken():
            return Answer(401, content)
        case Invalid() | GraphQLError():
            seconds = entries[0]["extensions"].get("retryAfterSeconds", 0)
            return (
                Answer(429, content, retry_after_seconds=seconds) if seconds else Answer(200, content, is_refused=True)
            )
        case _:
            return Answer(503 if is_passing(error) else 500, content)
