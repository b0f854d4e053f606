"""A front-end's socket: graphql-transport-ws as a client speaks it, and what comes back for each operation."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final, Self

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin, Subprotocol

PROTOCOL: Final = Subprotocol("graphql-transport-ws")
PATIENCE_SECONDS: Final = 20


class Socket:
    """One connection; messages are read in the order they come."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection

    @classmethod
    @asynccontextmanager
    async def open(cls, port: int, origin: str | None = None, cookie: str = "") -> AsyncIterator[Self]:
        """A connection that has said nothing yet."""
        address = f"ws://127.0.0.1:{port}/graphql"
        told = Origin(origin) if origin else None
        headers = {"cookie": cookie} if cookie else {}
        async with connect(
            address, subprotocols=[PROTOCOL], origin=told, additional_headers=headers, max_size=None
        ) as connection:
            yield cls(connection)

    async def say(self, message: Any) -> None:
        """Send anything: bytes and text as they are, the rest as JSON."""
        await self._connection.send(message if isinstance(message, str | bytes) else json.dumps(message))

    async def enter(self, token: str) -> None:
        """Say who connects, and be let in."""
        await self.say({"type": "connection_init", "payload": {"authorization": f"Bearer {token}"}})
        assert (await self.hear())["type"] == "connection_ack"

    async def ask(self, key: str, query: str, **variables: Any) -> None:
        """Start an operation."""
        await self.say({"type": "subscribe", "id": key, "payload": {"query": query, "variables": variables}})

    async def hear(self) -> dict[str, Any]:
        """The next message; raises ConnectionClosed."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            message: dict[str, Any] = json.loads(await self._connection.recv())
        return message

    async def next(self) -> Any:
        """The data of the next result; fails the test on anything else."""
        message = await self.hear()
        assert message["type"] == "next", message
        assert "errors" not in message["payload"], message
        return message["payload"]["data"]

    async def closing_code(self) -> int | None:
        """Why the server closed, once it has."""
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                while True:
                    await self._connection.recv()
        except ConnectionClosed:
            return self._connection.close_code

    async def drop(self) -> None:
        """Be gone without a word."""
        self._connection.transport.abort()
        await self._connection.wait_closed()
