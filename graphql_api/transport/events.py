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
    telling = asyncio.create_task(_tell(results, connection, send, request_id))
    leaving = asyncio.create_task(_left(receive))
    try:
        await asyncio.wait((telling, leaving), return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (telling, leaving):
            task.cancel()
        for task in (telling, leaving):
            with suppress(asyncio.CancelledError, Gone):
                await task
    if telling.cancelled() or telling.exception():
        raise Gone


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _tell(results: AsyncGenerator[Result, None], connection: Connection, send: Send, request_id: str) -> None:
    headers = [
        (b"content-type", b"text/event-stream; charset=utf-8"),
        (b"cache-control", b"no-cache"),
        (b"x-accel-buffering", b"no"),
        (b"x-request-id", request_id.encode()),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    async with aclosing(_pieces(results, request_id)) as pieces:
        async for piece in pieces:
            try:
                async with asyncio.timeout(patience.STALLED_SECONDS):
                    await send({"type": "http.response.body", "body": piece, "more_body": True})
            except TimeoutError:
                connection.send_away()
                raise Gone from None
    await send({"type": "http.response.body", "body": _COMPLETE})


async def _pieces(results: AsyncGenerator[Result, None], request_id: str) -> AsyncGenerator[bytes, None]:
    """The results as events of the stream, and a beat whenever there is none for long."""
    async with aclosing(results):
        coming = asyncio.ensure_future(anext(results))
        try:
            while True:
                done, _ = await asyncio.wait((coming,), timeout=BEAT_SECONDS)
                if not done:
                    yield _BEAT
                    continue
                yield _event(*coming.result())
                coming = asyncio.ensure_future(anext(results))
        except StopAsyncIteration:
            return
        except Exception as error:  # noqa: BLE001 - whatever it is, its text is not for clients
            yield _event(msgspec.json.encode({"errors": worded(error, request_id)}))
        finally:
            coming.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await coming


def _event(content: bytes, position: int | None = None) -> bytes:
    """With an id to resume after: clients send it back as Last-Event-ID."""
    known_as = b"" if position is None else b"\nid: %d" % position
    return b"event: next\ndata: " + content + known_as + b"\n\n"
