"""A server that is stopped tells those who follow to come again, and they go on at another one where they were."""

from asyncio import timeout
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

import httpx
import pytest

from tests.graphql_api.socket import Socket
from tests.processes.site import Server, Site

FOLLOW: Final = "subscription($after: Position) { events(after: $after) { position } }"
RESTART: Final = 1012
STOP_SECONDS_MAX: Final = 30


@asynccontextmanager
async def stream(server: Server, token: str, last_event_id: str = "") -> AsyncIterator[AsyncIterator[str]]:
    """The lines of a stream of all events, which is asked for in the same words each time."""
    headers = {"authorization": f"Bearer {token}", "accept": "text/event-stream", "last-event-id": last_event_id}
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{server.port}", timeout=60) as http:
        body = {"query": FOLLOW, "variables": {"after": 0}}
        async with http.stream("POST", "/graphql", json=body, headers=headers) as response:
            yield response.aiter_lines()


async def read(lines: AsyncIterator[str], count: int) -> list[int]:
    """The ids of so many events, which are their positions."""
    ids: list[int] = []
    while len(ids) < count:
        line = await anext(lines)
        if line.startswith("id: "):
            ids.append(int(line.removeprefix("id: ")))
    return ids


async def listen(socket: Socket, token: str, after: int, count: int) -> list[Any]:
    """The positions of so many events."""
    await socket.enter(token)
    await socket.ask("a", FOLLOW, after=after)
    return [(await socket.next())["events"]["position"] for _ in range(count)]


async def test_who_follows_on_a_socket_is_told_that_it_restarts_and_goes_on_elsewhere(site: Site) -> None:
    cast = await site.assemble()
    token, head = await site.token(cast, cast.paula), await site.backend.ledger.head(cast.ada.workspace_id)
    one = await site.start()
    async with Socket.open(one.port) as socket:
        assert await listen(socket, token, 0, head) == [*range(1, head + 1)]
        async with timeout(STOP_SECONDS_MAX):
            await one.stop()
        assert await socket.closing_code() == RESTART
    await cast.item()
    async with Socket.open((await site.start()).port) as socket:
        assert await listen(socket, token, head, 1) == [head + 1]


async def test_a_stream_of_a_server_that_stops_is_cut_off_and_goes_on_elsewhere(site: Site) -> None:
    cast = await site.assemble()
    token, head = await site.token(cast, cast.paula), await site.backend.ledger.head(cast.ada.workspace_id)
    one = await site.start()
    async with stream(one, token) as lines:
        assert await read(lines, head) == [*range(1, head + 1)]
        async with timeout(STOP_SECONDS_MAX):
            await one.stop()
        with pytest.raises(httpx.RemoteProtocolError):  # a response that ends well is the end of what is followed
            await read(lines, 1)
    await cast.item()
    async with stream(await site.start(), token, str(head)) as lines:
        assert await read(lines, 1) == [head + 1]
