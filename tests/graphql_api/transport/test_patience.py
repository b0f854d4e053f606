"""A client that does not read is sent away with a code that says what to do, and nobody else waits for it."""

import asyncio
import json
from typing import Any, Final

import pytest
from websockets.client import ClientProtocol
from websockets.uri import parse_uri

from graphql_api.transport import patience
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


@pytest.fixture
def sent_away(monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """Somebody was, after half a second."""
    event, send_away = asyncio.Event(), patience.PatientSocket._send_away

    def noticed(one: patience.PatientSocket) -> None:
        send_away(one)
        event.set()

    monkeypatch.setattr(patience.PatientSocket, "_send_away", noticed)
    monkeypatch.setattr(patience, "STALLED_SECONDS", 0.5)
    monkeypatch.setattr(patience, "LINGER_SECONDS", 60.0)
    return event


async def test_who_does_not_read_is_sent_away_and_told_to_resume(sent_away: asyncio.Event, client: Client) -> None:
    for number in range(ITEMS):
        await client.cast.item(f"Item {number}", narrative=LONG)
    token = await client.token(client.cast.paula)
    idler = Idler(client.port)
    await idler.follow(token, HEAVY)
    async with asyncio.timeout(60):
        await sent_away.wait()
    async with Socket.open(client.port) as other:
        await other.enter(token)
        await other.ask("b", "{ viewer { person { name } } }")
        assert await other.next() == {"viewer": {"person": {"name": "Paula"}}}
    assert await idler.closing_code() == patience.TRY_AGAIN_LATER
