"""A token follows so many subscriptions and no more, over whatever transport; one that has ended, however, is gone."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Final

import httpx
import pytest

from graphql_api import subscriptions
from graphql_api.limits.following import Following
from infra.backend import Backend
from infra.settings import Settings
from infra.uuid7 import uuid7
from tests.cast import Cast
from tests.graphql_api.client import Client, serving
from tests.graphql_api.journeys.test_journey import draft
from tests.graphql_api.socket import Socket
from tests.graphql_api.transport.test_events import FOLLOW, VIEWER, stream, told

TWO: Final = Settings(cost_per_second=0, subscriptions_max=2)


@pytest.fixture
def following(monkeypatch: pytest.MonkeyPatch) -> Following:
    """What the server counts by; to be asked for before it is made."""
    counted = Following(TWO.subscriptions_max)
    monkeypatch.setattr("graphql_api.server.Following", {TWO.subscriptions_max: counted}.__getitem__)
    return counted


@pytest.fixture
async def limited(following: Following, backend: Backend, cast: Cast) -> AsyncIterator[Client]:
    del following
    async with serving(backend, cast, TWO) as client:
        yield client


async def follow(socket: Socket, key: str) -> None:
    """Follow from the first event on, until the first has come."""
    await socket.ask(key, FOLLOW, after=0)
    while (message := await socket.hear())["id"] != key:
        pass
    assert message["type"] == "next", message


async def none_left(following: Following) -> None:
    """Waits: who leaves tells nobody."""
    async with asyncio.timeout(10):
        while following._open:  # noqa: ASYNC110 - a counter tells nobody either
            await asyncio.sleep(0.01)


async def test_one_too_many_is_refused_over_either_transport_and_the_others_go_on(limited: Client) -> None:
    token = await limited.token(limited.cast.paula)
    head = await limited.backend.ledger.head(limited.cast.ada.workspace_id)
    async with Socket.open(limited.port) as socket:
        await socket.enter(token)
        await socket.ask("a", FOLLOW, after=head)
        await draft(limited)
        assert (await socket.next())["events"]["position"] == head + 1
        async with stream(limited, FOLLOW, token, after=head) as response:
            await anext(told(response))
            await socket.ask("c", FOLLOW)
            message = await socket.hear()
            assert (message["id"], message["type"]) == ("c", "error")
            assert message["payload"][0]["extensions"]["code"] == "TOO_MANY_SUBSCRIPTIONS"
            async with stream(limited, FOLLOW, token) as another:
                refused = [one async for one in told(another)]
            assert refused[0]["errors"][0]["extensions"]["code"] == "TOO_MANY_SUBSCRIPTIONS"
            assert refused[1:] == [None]
            await limited.ask(limited.cast.paula, VIEWER)
            await draft(limited)
            assert (await socket.next())["events"]["position"] == head + 2


async def test_each_token_is_counted_by_itself(limited: Client) -> None:
    async with Socket.open(limited.port) as socket, Socket.open(limited.port) as other:
        for one, who in ((socket, limited.cast.paula), (other, limited.cast.arno)):
            await one.enter(await limited.token(who))
            for key in ("a", "b"):
                await follow(one, key)


async def complete(socket: Socket, _client: Client, _token: str) -> None:
    await socket.say({"type": "complete", "id": "a"})


async def drop(socket: Socket, _client: Client, _token: str) -> None:
    await socket.drop()


async def break_the_protocol(socket: Socket, _client: Client, _token: str) -> None:
    await socket.say("nonsense")


async def revoke(_socket: Socket, client: Client, token: str) -> None:
    asker = await client.backend.credentials.asker(token)
    await client.backend.credentials.revoke(client.cast.ada, uuid7(), asker.credential_id or "")


async def fail(_socket: Socket, client: Client, _token: str) -> None:
    async def broken(*_: object) -> None:
        raise ValueError

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(subscriptions, "each_event_at", broken)
        await draft(client)
        await asyncio.sleep(0.1)


@pytest.mark.parametrize("way", [complete, drop, break_the_protocol, revoke, fail])
async def test_one_that_ends_on_a_socket_makes_room(
    limited: Client, following: Following, way: Callable[[Socket, Client, str], Awaitable[None]]
) -> None:
    token = await limited.backend.credentials.issue(limited.cast.ada, uuid7(), limited.cast.dora.person_id, "laptop")
    await limited.token(limited.cast.paula)
    async with Socket.open(limited.port) as socket:
        await socket.enter(token)
        await follow(socket, "a")
        assert following._open
        await way(socket, limited, token)
        await none_left(following)


async def test_who_leaves_a_stream_makes_room(limited: Client, following: Following) -> None:
    async with stream(limited, FOLLOW, await limited.token(limited.cast.paula), after=0) as response:
        await anext(told(response))
        assert following._open
    await none_left(following)


async def test_a_stream_that_fails_makes_room(
    limited: Client, following: Following, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> None:
        raise ValueError

    monkeypatch.setattr(subscriptions, "each_event_at", broken)
    async with stream(limited, FOLLOW, await limited.token(limited.cast.paula), after=0) as response:
        first, *_ = [one async for one in told(response)]
    assert first["errors"][0]["extensions"]["code"] == "INTERNAL_SERVER_ERROR"
    await none_left(following)


async def test_when_the_server_stops_nobody_follows_any_more(
    following: Following, backend: Backend, cast: Cast
) -> None:
    async with AsyncExitStack() as clients:
        async with serving(backend, cast, TWO) as client:
            token = await client.token(cast.paula)
            socket = await clients.enter_async_context(Socket.open(client.port))
            await socket.enter(token)
            await follow(socket, "a")
            http = await clients.enter_async_context(httpx.AsyncClient(base_url=client.http.base_url))
            longer = Client(http, backend, cast, client.port)
            response = await clients.enter_async_context(stream(longer, FOLLOW, token, after=0))
            await anext(told(response))
            assert following._open.total() == 2
        assert not following._open


def test_without_a_limit_nobody_is_refused_and_nobody_is_remembered() -> None:
    following = Following()
    with following.one_more("a"), following.one_more("a"):
        pass
    assert not following._open
