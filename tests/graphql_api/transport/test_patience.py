"""A client that does not read is sent away with a code that says what to do, and nobody else waits for it."""

import asyncio
import json
from typing import Any, Final

import pytest
from websockets.client import ClientProtocol
from websockets.uri import parse_uri

from graphql_api.transport import parting, patience
from tests.graphql_api.client import Client
from tests.graphql_api.socket import PROTOCOL, Socket

ITEMS: Final = 20
COPIES: Final = 100
LONG: Final = "x" * 20_000
HEAVY: Final = (
    "subscription { events(after: 0) { ... on ItemDrafted { "
    + " ".join(f"c{n}: narrative" for n in range(COPIES))
    + " } } }"
)


class Idler:
    """A client that reads only when it is told to; what it does not read fills every buffer on the way."""

    def __init__(self, port: int) -> None:
        self._port = port
        address = parse_uri(f"ws://127.0.0.1:{port}/graphql")
        self._protocol = ClientProtocol(address, subprotocols=[PROTOCOL], max_size=None)

    async def follow(self, token: str, query: str) -> None:
        """Connect, enter and subscribe."""
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)
        self._protocol.send_request(self._protocol.connect())
        self._flush()
        self._protocol.receive_data(await self._reader.readuntil(b"\r\n\r\n"))
        self._say({"type": "connection_init", "payload": {"authorization": f"Bearer {token}"}})
        self._say({"type": "subscribe", "id": "a", "payload": {"query": query}})

    async def closing_code(self) -> int | None:
        """Read everything at last: why the server closed."""
        async with asyncio.timeout(60):
            while self._protocol.close_rcvd is None:
                self._protocol.receive_data(await self._reader.read(1 << 20))
        self._writer.close()
        return self._protocol.close_rcvd.code

    def _say(self, message: Any) -> None:
        self._protocol.send_text(json.dumps(message).encode())
        self._flush()

    def _flush(self) -> None:
        self._writer.write(b"".join(self._protocol.data_to_send()))


class IdleStream:
    """The same over server-sent events: a socket of its own, so that nothing reads but the test."""

    def __init__(self, port: int) -> None:
        self._port = port

    async def follow(self, token: str, query: str) -> None:
        """Ask, and be let in."""
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port, limit=4096)
        body = json.dumps({"query": query}).encode()
        self._writer.write(
            b"POST /graphql HTTP/1.1\r\nhost: test\r\naccept: text/event-stream\r\n"
            b"content-type: application/json\r\nauthorization: Bearer %b\r\ncontent-length: %d\r\n\r\n%b"
            % (token.encode(), len(body), body)
        )
        assert await self._reader.readline() == b"HTTP/1.1 200 OK\r\n"

    async def rest(self) -> bytes:
        """Read everything at last, to the end."""
        async with asyncio.timeout(60):
            rest = await self._reader.read()
        self._writer.close()
        return rest


@pytest.fixture
def partings(monkeypatch: pytest.MonkeyPatch) -> asyncio.Queue[parting.Parting]:
    """Those who were sent away, after half a second."""
    begun, begin = asyncio.Queue[parting.Parting](), parting.Parting.begin

    def noticed(one: parting.Parting, last_words: bytes) -> asyncio.TimerHandle | None:
        begun.put_nowait(one)
        return begin(one, last_words)

    monkeypatch.setattr(parting.Parting, "begin", noticed)
    monkeypatch.setattr(patience, "STALLED_SECONDS", 0.5)
    monkeypatch.setattr(parting, "LINGER_SECONDS", 60.0)
    return begun


@pytest.fixture
async def token(client: Client) -> str:
    """Of somebody in whose workspace much is to be read."""
    for number in range(ITEMS):
        await client.cast.item(f"Item {number}", narrative=LONG)
    return await client.token(client.cast.paula)


async def is_sent_away(
    idler: Idler | IdleStream, client: Client, partings: asyncio.Queue[parting.Parting], token: str
) -> None:
    """Follows much and reads nothing; stays connected when all that was done for it has ended, and holds nobody up."""
    await idler.follow(token, HEAVY)
    async with asyncio.timeout(60):
        one = await partings.get()
        while any("run_asgi" in repr(task) for task in asyncio.all_tasks()):  # noqa: ASYNC110 - uvicorn has no event for it
            await asyncio.sleep(0.01)
    assert not one._transport.is_closing(), "the kernel would reset it"
    await others_are_served(client, token)


async def others_are_served(client: Client, token: str) -> None:
    async with Socket.open(client.port) as other:
        await other.enter(token)
        await other.ask("b", "{ viewer { person { name } } }")
        assert await other.next() == {"viewer": {"person": {"name": "Paula"}}}


async def test_who_does_not_read_is_sent_away_and_told_to_resume(
    client: Client, partings: asyncio.Queue[parting.Parting], token: str
) -> None:
    idler = Idler(client.port)
    await is_sent_away(idler, client, partings, token)
    assert await idler.closing_code() == patience.TRY_AGAIN_LATER


async def test_a_stream_that_is_not_read_is_cut_off_and_says_why_to_who_reads_at_last(
    client: Client, partings: asyncio.Queue[parting.Parting], token: str
) -> None:
    idler = IdleStream(client.port)
    await is_sent_away(idler, client, partings, token)
    rest = await idler.rest()
    assert rest.endswith(b": 1013 You read too slowly; resume after the last position you have\n\n\r\n")
    assert b"event: complete" not in rest, "a client would take it for the end of what it follows"
