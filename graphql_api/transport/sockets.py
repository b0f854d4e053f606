"""GraphQL over WebSocket (graphql-transport-ws): who asks is said once, in `connectionParams`.

No fault of one operation ends another. https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md
"""

import asyncio
import re
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from functools import partial
from typing import Any, Final

import msgspec
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect

from graphql_api.compiler.refusals import refusal
from graphql_api.faults import TOO_MANY_OPERATIONS, Fault, new_request_id
from graphql_api.transport.asked import Asked, from_message
from graphql_api.transport.cookies import is_own_origin, session_of
from graphql_api.transport.execution import Execution, Identify
from graphql_api.transport.patience import TRY_AGAIN_LATER
from graphql_api.transport.wording import worded
from infra.backend import Backend
from infra.deciding import Asker
from infra.identity.keys import ProviderAway
from infra.people.credentials import UnknownToken

PROTOCOL: Final = "graphql-transport-ws"
INIT_SECONDS: Final = 10.0
BEAT_SECONDS: Final = 20.0
"""So often a socket is pinged, and its token looked at."""

OPERATIONS_MAX: Final = 100
"""Under way on one socket at the same time."""

_BAD_REQUEST: Final = 4400
_UNAUTHORIZED: Final = 4401
_FORBIDDEN: Final = 4403
_NO_PROTOCOL: Final = 4406
_INIT_TIMEOUT: Final = 4408
_SAME_ID: Final = 4409
_INIT_TWICE: Final = 4429

_encode: Final = msgspec.json.encode
_PING: Final = _encode({"type": "ping"})
_PONG: Final = _encode({"type": "pong"})
_ACK: Final = _encode({"type": "connection_ack"})


class _Closed(Exception):
    """The socket is to be closed with this code, because of this reason."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code, self.reason = code, reason


class Sockets:
    """The WebSocket side of /graphql, as an ASGI application. Browsers' pages are let in by origin."""

    def __init__(self, execution: Execution, backend: Backend, origins: str) -> None:
        self._execution = execution
        self._backend = backend
        self._origins = re.compile(origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Speak with one client, until one of both has enough."""
        websocket = WebSocket(scope, receive, send)
        origin = websocket.headers.get("origin")
        if origin is not None and not is_own_origin(scope) and self._origins.fullmatch(origin) is None:
            await websocket.close(_FORBIDDEN)
            return
        if PROTOCOL not in scope["subprotocols"]:
            await websocket.accept()
            await websocket.close(_NO_PROTOCOL, "Subprotocol not acceptable: speak graphql-transport-ws")
            return
        await websocket.accept(PROTOCOL)
        await _Conversation(websocket, self._execution, self._backend).hold()


class _Conversation:
    """One socket: its operations by the ids that the client gave them."""

    def __init__(self, websocket: WebSocket, execution: Execution, backend: Backend) -> None:
        self._websocket = websocket
        self._execution = execution
        self._backend = backend
        self._identify: Identify | None = None
        self._operations: dict[str, asyncio.Task[None]] = {}

    async def hold(self) -> None:
        """Until the client leaves, or has to."""
        hearing = asyncio.create_task(self._hear())
        watching = asyncio.create_task(self._watch())
        tasks: list[asyncio.Task[None]] = [hearing, watching]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        except _Closed as closed:
            with suppress(RuntimeError, WebSocketDisconnect):
                await self._websocket.close(closed.code, closed.reason)
        except (WebSocketDisconnect, OSError):
            pass
        finally:
            await _end([*tasks, *self._operations.values()])

    async def _watch(self) -> None:
        """Send away who does not say who they are, and whose token ends."""
        await asyncio.sleep(INIT_SECONDS)
        if self._identify is None:
            raise _Closed(_INIT_TIMEOUT, "Connection initialisation timeout")
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            await self._asker_or_close()
            await self._say(_PING)

    async def _hear(self) -> None:
        while True:
            message = await self._websocket.receive()
            if message["type"] == "websocket.disconnect":
                return
            await self._take(_parsed(message.get("text"), message.get("bytes")))

    async def _take(self, message: dict[str, Any]) -> None:
        match message:
            case {"type": "connection_init"}:
                await self._enter(message.get("payload"))
            case {"type": "ping"}:
                await self._say(_PONG)
            case {"type": "pong"}:
                pass
            case {"type": "subscribe", "id": str(key), "payload": dict(payload)}:
                self._begin(key, payload)
            case {"type": "complete", "id": str(key)}:
                if key in self._operations:
                    self._operations.pop(key).cancel()
            case _:
                raise _Closed(_BAD_REQUEST, "This is no message of graphql-transport-ws")

    async def _enter(self, payload: object) -> None:
        if self._identify is not None:
            raise _Closed(_INIT_TWICE, "Too many initialisation requests")
        given = payload if isinstance(payload, dict) else {}
        self._identify = self._known_by(given.get("authorization") or given.get("Authorization"))
        await self._asker_or_close()
        await self._say(_ACK)

    async def _asker_or_close(self) -> None:
        try:
            await self._asker()
        except UnknownToken as unknown:
            raise _Closed(_FORBIDDEN, "Forbidden") from unknown
        except ProviderAway as away:
            raise _Closed(TRY_AGAIN_LATER, "Try again in a few seconds") from away

    async def _asker(self) -> Asker:
        if self._identify is None:
            raise UnknownToken
        return await self._identify()

    def _known_by(self, authorization: object) -> Identify:
        """By the token that was given; without one, by the session of a page of this server."""
        session = session_of(self._websocket.scope)
        if not authorization and session is not None:
            return partial(self._backend.sessions.asker, session)
        return partial(self._backend.identities.asker, str(authorization or "").removeprefix("Bearer "))

    def _begin(self, key: str, payload: dict[str, Any]) -> None:
        if self._identify is None:
            raise _Closed(_UNAUTHORIZED, "Unauthorized")
        if key in self._operations:
            raise _Closed(_SAME_ID, f"Subscriber for {key[:50]} already exists")
        try:
            asked = from_message(payload)
        except Fault as fault:
            raise _Closed(_BAD_REQUEST, "The payload is no operation") from fault
        task = asyncio.create_task(self._watched(key, asked, len(self._operations)))
        self._operations[key] = task

    async def _watched(self, key: str, asked: Asked, before: int) -> None:
        """Carry one operation out; `before` it so many were under way."""
        request_id = new_request_id()
        with self._execution.watch.request(request_id):
            await self._tell(key, self._results(asked, before, request_id), request_id)

    async def _results(self, asked: Asked, before: int, request_id: str) -> AsyncGenerator[bytes, None]:
        if before >= OPERATIONS_MAX:
            message = f"At most {OPERATIONS_MAX} operations are under way on one socket; complete some first."
            raise refusal(TOO_MANY_OPERATIONS, message)
        asker = await self._asker()
        prepared = self._execution.prepared(asked)
        async with aclosing(self._execution.results(asker, self._asker, prepared, request_id)) as results:
            async for result in results:
                yield result.content

    async def _tell(self, key: str, results: AsyncGenerator[bytes, None], request_id: str) -> None:
        """Every result of one operation, and how it ended."""
        name = _encode(key)
        ended = b'{"type":"complete","id":' + name + b"}"
        try:
            async with aclosing(results):
                async for content in results:
                    await self._say(b'{"type":"next","id":' + name + b',"payload":' + content + b"}")
        except WebSocketDisconnect:
            return
        except Exception as error:  # noqa: BLE001 - whatever it is ends this operation only
            ended = b'{"type":"error","id":' + name + b',"payload":' + _encode(worded(error, request_id)) + b"}"
        self._operations.pop(key, None)
        with suppress(WebSocketDisconnect):
            await self._say(ended)

    async def _say(self, message: bytes) -> None:
        await self._websocket.send_text(message.decode())


def _parsed(text: str | None, raw: bytes | None) -> dict[str, Any]:
    try:
        message = msgspec.json.decode(text if text is not None else raw or b"")
    except (ValueError, RecursionError) as error:
        raise _Closed(_BAD_REQUEST, "This is no JSON") from error
    return message if isinstance(message, dict) else {}


async def _end(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    for task in tasks:
        with suppress(asyncio.CancelledError, Exception):
            await task
