"""What a served process does beyond the application: it bounds messages, and goes on when a client misbehaves."""

import asyncio
from contextlib import suppress
from typing import Final

from graphql_api.transport.http import BODY_BYTES_MAX
from tests.graphql_api.socket import Socket
from tests.processes.site import Caller, Server, Site

VIEWER: Final = "{ viewer { person { name } } }"


async def test_a_huge_message_closes_its_socket_and_nothing_else(site: Site) -> None:
    cast = await site.assemble()
    server, token = await site.start(), await site.token(cast, cast.paula)
    async with Socket.open(server.port) as other, Socket.open(server.port) as socket:
        await other.enter(token)
        await socket.enter(token)
        await socket.say(b" " * (BODY_BYTES_MAX + 1))
        assert await socket.closing_code() == 1009
        await other.ask("a", VIEWER)
        assert await other.next() == {"viewer": {"person": {"name": "Paula"}}}


async def test_bytes_that_are_no_http_end_their_connection_and_nothing_else(site: Site) -> None:
    cast = await site.assemble()
    server, token = await site.start(), await site.token(cast, cast.paula)
    for garbage in (
        b"\0" * 1000,
        b"GET\r\n\r\n",
        b"POST /graphql HTTP/1.1\r\ncontent-length: -1\r\n\r\n",
        b"x" * 200_000,
    ):
        said = await answer_to(server, garbage)
        assert not said or said.startswith(b"HTTP/1.1 400"), garbage[:50]
    async with Caller(server) as caller:
        assert await caller.ask(token, VIEWER) == {"viewer": {"person": {"name": "Paula"}}}


async def answer_to(server: Server, content: bytes) -> bytes:
    """What the server says to these bytes until it closes, if anything."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    said = b""
    with suppress(OSError):
        writer.write(content)
        writer.write_eof()
        async with asyncio.timeout(20):
            while chunk := await reader.read(1000):
                said += chunk
    writer.transport.abort()
    return said
