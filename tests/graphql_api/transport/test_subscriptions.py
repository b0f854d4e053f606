"""Following the ledger over a socket: everything once and in order, whatever happens to the connection or the token."""

import asyncio
import random
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest
from strawberry.types import Info
from websockets.exceptions import ConnectionClosed

from graphql_api.islands import Finished, each_event_at
from infra.uuid7 import uuid7
from tests.cast import assemble
from tests.graphql_api.client import Client
from tests.graphql_api.journeys.test_journey import draft, raised
from tests.graphql_api.socket import Socket

EVENTS: Final = "subscription($after: Position) { events(after: $after) { position kind subjectId } }"
VIEWER: Final = "{ viewer { person { name } } }"


class Reader:
    """One who follows from the first event on, and comes back with the last position."""

    def __init__(self, port: int, token: str) -> None:
        self.positions: list[int] = []
        self._port, self._token = port, token

    async def read(self, count: int) -> None:
        """So many events more, on a connection of their own that is dropped afterwards."""
        async with Socket.open(self._port) as socket:
            await socket.enter(self._token)
            await socket.ask("a", EVENTS, after=self.positions[-1] if self.positions else 0)
            for _ in range(count):
                self.positions.append((await socket.next())["events"]["position"])
            await socket.drop()


async def test_a_reader_who_comes_back_misses_nothing_and_gets_nothing_twice(client: Client) -> None:
    item, count = (await draft(client))["id"], 120
    reader = Reader(client.port, await client.token(client.cast.dora))
    await client.token(client.cast.arno)
    head = await client.backend.ledger.head(client.cast.ada.workspace_id)
    dice = random.Random(5)

    async def write() -> None:
        for start in range(0, count, 8):
            await asyncio.gather(*(raised(client, item, f"Concern {start + n}") for n in range(8)))

    writing = asyncio.create_task(write())
    while len(reader.positions) < head + count:
        await reader.read(min(dice.randrange(1, 12), head + count - len(reader.positions)))
    await writing
    assert reader.positions == list(range(1, head + count + 1))


async def test_who_is_far_behind_is_told_page_by_page(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(12):
        await draft(client, f"Item {number}")
    token, head = await client.token(client.cast.dora), await client.backend.ledger.head(client.cast.ada.workspace_id)
    pages: list[int] = []

    async def counted(info: Info, positions: Sequence[int]) -> list[Finished]:
        pages.append(len(positions))
        return await each_event_at(info, positions)

    monkeypatch.setattr("graphql_api.subscriptions.PAGE_EVENTS", 5)
    monkeypatch.setattr("graphql_api.subscriptions.each_event_at", counted)
    async with Socket.open(client.port) as socket:
        await socket.enter(token)
        await socket.ask("a", EVENTS, after=0)
        told = [(await socket.next())["events"]["position"] for _ in range(head)]
    assert told == list(range(1, head + 1))
    assert pages[: head // 5] == [5] * (head // 5)


async def test_without_a_position_one_gets_what_happens_from_now_on(client: Client) -> None:
    await draft(client)
    async with Socket.open(client.port) as socket:
        await socket.enter(await client.token(client.cast.arno))
        await socket.ask("a", EVENTS)
        hearing = asyncio.create_task(socket.next())
        later = []
        while not hearing.done():  # nobody is told when a subscription begins
            later.append((await draft(client, "Later"))["id"])
        assert hearing.result()["events"]["subjectId"] in later


async def test_what_a_subscriber_is_told_is_there_when_they_ask(client: Client) -> None:
    await client.token(client.cast.paula)
    async with Socket.open(client.port) as socket:
        await socket.enter(await client.token(client.cast.arno))
        await socket.ask("a", EVENTS, after=await client.backend.ledger.head(client.cast.ada.workspace_id))
        for number in range(20):
            drafting = asyncio.create_task(draft(client, f"Item {number}"))
            told = (await socket.next())["events"]
            seen = await client.ask(client.cast.arno, "query($i: ID!) { item(id: $i) { title } }", i=told["subjectId"])
            assert seen == {"item": {"title": f"Item {number}"}}
            await drafting


async def test_another_workspaces_events_are_not_told(client: Client) -> None:
    other = await assemble(client.backend.ledger, client.backend.deciding)
    token = await client.token(client.cast.paula)
    head = await client.backend.ledger.head(client.cast.ada.workspace_id)
    async with Socket.open(client.port) as socket:
        await socket.enter(token)
        await socket.ask("a", EVENTS, after=0)
        await other.item()
        told = [(await socket.next())["events"] for _ in range(head)]
        mine = await draft(client)
        told.append((await socket.next())["events"])
    assert [event["position"] for event in told] == list(range(1, head + 2))
    assert told[-1]["subjectId"] == mine["id"]
    assert other.team not in {event["subjectId"] for event in told}


async def test_a_revoked_token_ends_what_its_socket_follows(client: Client) -> None:
    cast, credentials = client.cast, client.backend.credentials
    token = await credentials.issue(cast.ada, uuid7(), cast.dora.person_id, "laptop")
    credential_id = (await credentials.asker(token)).credential_id
    assert credential_id is not None
    async with Socket.open(client.port) as socket:
        await socket.enter(token)
        await socket.ask("following", EVENTS, after=await client.backend.ledger.head(cast.ada.workspace_id))
        await credentials.revoke(cast.ada, uuid7(), credential_id)
        assert await codes_until_complete(socket, "following") == ["UNAUTHENTICATED"]
        await socket.ask("another", VIEWER)
        message = await socket.hear()
        assert (message["type"], message["payload"][0]["extensions"]["code"]) == ("error", "UNAUTHENTICATED")
    response = await client.http.post("/graphql", json={"query": VIEWER}, headers={"authorization": f"Bearer {token}"})
    assert response.status_code == 401


async def test_an_expired_token_ends_what_its_socket_follows(client: Client) -> None:
    cast, until = client.cast, datetime.now(UTC) + timedelta(seconds=2)
    token = await client.backend.credentials.issue(cast.ada, uuid7(), cast.dora.person_id, "laptop", until)
    async with Socket.open(client.port) as socket:
        await socket.enter(token)
        await socket.ask("following", EVENTS, after=await client.backend.ledger.head(cast.ada.workspace_id))
        await asyncio.sleep((until - datetime.now(UTC)).total_seconds())
        await draft(client)
        assert await codes_until_complete(socket, "following") == ["UNAUTHENTICATED"]
    async with Socket.open(client.port) as socket:
        await socket.say({"type": "connection_init", "payload": {"authorization": f"Bearer {token}"}})
        assert await socket.closing_code() == 4403


async def codes_until_complete(socket: Socket, key: str) -> list[str]:
    """The codes of the errors that end an operation, which tells no data any more."""
    codes: list[Any] = []
    with suppress(ConnectionClosed):
        while (message := await socket.hear())["type"] != "complete":
            assert message["id"] == key
            assert message["payload"]["data"] is None
            codes += [error["extensions"]["code"] for error in message["payload"]["errors"]]
    return codes
