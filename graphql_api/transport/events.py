"""GraphQL over server-sent events (graphql-sse, distinct connections): a request, and its results as they come."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from typing import Final, Protocol

import msgspec
from starlette.types import Receive, Send

from graphql_api.transport import patience
from graphql_api.transport.execution import Result
from graphql_api.transport.wording import worded

BEAT_SECONDS: Final = 15.0
"""So often a silent stream says that it is alive, or whoever stands between would end it."""

_COMPLETE: Final = b"event: complete\ndata: \n\n"
_BEAT: Final = b":\n\n"


class Connection(Protocol):
    """What carries a stream (patience.PatientHttp)."""

    def keep_little(self) -> None:
        """Of what the client does not read."""

    def send_away(self) -> None:
        """End the stream of who reads too slowly."""


class Gone(Exception):
    """The client left before it was told everything, or reads no more."""


async def stream(
    results: AsyncGenerator[Result, None], connection: Connection, receive: Receive, send: Send, request_id: str
) -> None:
    """Send every result over this connection, until there is none; raises Gone."""
    connection.keep_little()
    await send({"type": "http.response.start", "status": 200, "headers": _headers(request_id)})
    voice = _Voice(connection, send)
    telling = asyncio.create_task(_tell(results, voice, request_id))
    tasks = (telling, asyncio.create_task(_beat(voice)), asyncio.create_task(_left(receive)))
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError, Gone):
                await task
    if telling.cancelled() or telling.exception():
        raise Gone
    await send({"type": "http.response.body", "body": _COMPLETE})


class _Voice:
    """Says one piece after the other, for as long as the client reads; counts them."""

    def __init__(self, connection: Connection, send: Send) -> None:
        self._connection, self._send = connection, send
        self.said = 0

    async def say(self, piece: bytes) -> None:
        """Raises Gone."""
        self.said += 1
        try:
            async with asyncio.timeout(patience.STALLED_SECONDS):
                await self._send({"type": "http.response.body", "body": piece, "more_body": True})
        except TimeoutError:
            self._connection.send_away()
            raise Gone from None


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _beat(voice: _Voice) -> None:
    """Say that the stream is alive, whenever nothing was said for long."""
    while True:
        before = voice.said
        await asyncio.sleep(BEAT_SECONDS)
        if voice.said == before:
            await voice.say(_BEAT)


async def _tell(results: AsyncGenerator[Result, None], voice: _Voice, request_id: str) -> None:
    """The results as events of the stream."""
    try:
        async with aclosing(results):
            async for content, position in results:
                await voice.say(_event(content, position))
    except Gone:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, its text is not for clients
        await voice.say(_event(msgspec.json.encode({"errors": worded(error, request_id)})))


def _headers(request_id: str) -> list[tuple[bytes, bytes]]:
    return [
        (b"content-type", b"text/event-stream; charset=utf-8"),
        (b"cache-control", b"no-cache"),
        (b"x-accel-buffering", b"no"),
        (b"x-request-id", request_id.encode()),
    ]


def _event(content: bytes, position: int | None = None) -> bytes:
    """With an id to resume after: clients send it back as Last-Event-ID."""
    known_as = b"" if position is None else b"\nid: %d" % position
    return b"event: next\ndata: " + content + known_as + b"\n\n"
