"""The last words to a client that does not read wait for it in the kernel: for long, not for ever, and not for many."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any, Final

import pytest

from graphql_api.transport import parting
from graphql_api.transport.parting import Parting

WORDS: Final = b"resume after the last position you have"
MUCH: Final = b"." * (16 << 20)


class Sides(AsyncExitStack):
    """Connections of a server on loopback, and of clients that read only when they are told to."""

    def __init__(self) -> None:
        super().__init__()
        self.open: set[Any] = set()
        self._made = asyncio.Queue[asyncio.Transport]()

    async def start(self) -> None:
        """Listen."""
        made = self._made

        class Served(asyncio.Protocol):
            def connection_made(self, transport: asyncio.BaseTransport) -> None:
                assert isinstance(transport, asyncio.Transport)
                made.put_nowait(transport)

        self._server = await asyncio.get_running_loop().create_server(Served, "127.0.0.1", 0)
        self.callback(self._server.close)

    async def part(self, before: bytes = b"") -> socket.socket:
        """Part from a client that has not read this; gives its side."""
        client = self.enter_context(socket.create_connection(self._server.sockets[0].getsockname()))
        client.settimeout(0)
        transport = await self._made.get()
        transport.write(before)
        Parting(transport, self.open).begin(WORDS)
        return client

    async def left(self, count: int) -> None:
        """Wait until so many wait."""
        async with asyncio.timeout(20):
            while len(self.open) != count:  # noqa: ASYNC110 - a connection that ends tells nobody
                await asyncio.sleep(0.01)


@pytest.fixture
async def sides(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Sides]:
    monkeypatch.setattr(parting, "LINGER_SECONDS", 0.05)
    async with Sides() as sides:
        await sides.start()
        yield sides
        for one in [*sides.open]:
            one.shutdown()
        await sides.left(0)


async def heard(client: socket.socket) -> bytes:
    """Everything, to the end."""
    told, loop = b"", asyncio.get_running_loop()
    async with asyncio.timeout(20):
        while more := await loop.sock_recv(client, 1 << 20):
            told += more
    return told


async def test_the_words_are_there_when_the_client_reads_and_then_it_is_over(sides: Sides) -> None:
    client = await sides.part()
    await asyncio.sleep(0.2)
    assert len(sides.open) == 1, "it waits longer than the kernel needs"
    assert await heard(client) == WORDS
    client.close()
    await sides.left(0)


async def test_it_is_given_up_after_a_time(sides: Sides, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parting, "KEPT_SECONDS", 0.05)
    await sides.part()
    await sides.left(0)


async def test_what_the_kernel_does_not_take_is_given_up_soon(sides: Sides) -> None:
    client = await sides.part(MUCH)
    await sides.left(0)
    assert len(await heard(client)) < len(MUCH)


async def test_with_one_too_many_the_first_is_given_up(sides: Sides, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parting, "KEPT_MAX", 2)
    await sides.part()
    (first,) = sides.open
    await sides.part()
    assert first in sides.open
    await sides.part()
    await sides.left(2)
    assert first not in sides.open
