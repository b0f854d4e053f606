"""Many who follow the same are told by one statement, and nobody is told what is not theirs or not there any more."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any, Final
from uuid import UUID

import pytest

from infra.people.erasure import Erasure
from infra.uuid7 import uuid7
from tests.cast import Cast, assemble
from tests.graphql_api.client import Client
from tests.graphql_api.journeys.test_journey import draft, raised
from tests.graphql_api.socket import Socket

EVENTS: Final = """subscription($after: Position) { events(after: $after) {
  position subjectId ... on PushbackRaised { statement } } }"""
ATTENTION: Final = "subscription($after: Position) { attentionChanged(after: $after) { position person { name } } }"


class Held:
    """The statements that read events: counted, and their answers kept back while the gate is closed."""

    def __init__(self, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        self.asked: list[UUID | None] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self._fetchval = client.backend.reads.fetchval
        monkeypatch.setattr(client.backend.reads, "fetchval", self.fetchval)

    def close(self) -> None:
        """From now on answers are kept back, and counted anew."""
        self.asked.clear()
        self.gate.clear()

    async def fetchval(self, workspace_id: UUID | None, sql: str, *arguments: Any) -> Any:
        """The pool's answer, once the gate is open."""
        is_counted = "statement" in sql
        if is_counted:
            self.asked.append(workspace_id)
        answer = await self._fetchval(workspace_id, sql, *arguments)
        if is_counted:
            await self.gate.wait()
        return answer


@pytest.fixture
def held(client: Client, monkeypatch: pytest.MonkeyPatch) -> Held:
    return Held(client, monkeypatch)


@pytest.fixture
async def sockets() -> AsyncIterator[AsyncExitStack]:
    async with AsyncExitStack() as stack:
        yield stack


async def follower(client: Client, sockets: AsyncExitStack, token: str, after: int, query: str = EVENTS) -> Socket:
    """A socket that follows from a position on."""
    socket = await sockets.enter_async_context(Socket.open(client.port))
    await socket.enter(token)
    await socket.ask("a", query, after=after)
    return socket


async def until(held: Held, count: int) -> None:
    """Until so many statements were asked for; fails the test when they are not."""
    async with asyncio.timeout(20):
        while len(held.asked) < count:  # noqa: ASYNC110 - the pool tells nobody
            await asyncio.sleep(0.01)


async def told(socket: Socket, count: int) -> list[Any]:
    """The next so many events."""
    return [(await socket.next())["events"] for _ in range(count)]


async def own_token(client: Client, cast: Cast) -> str:
    return await client.backend.credentials.issue(cast.ada, uuid7(), cast.paula.person_id, "test")


async def test_two_workspaces_who_follow_at_the_same_time_are_told_their_own(
    client: Client, held: Held, sockets: AsyncExitStack
) -> None:
    other = await assemble(client.backend.ledger, client.backend.deciding)
    tokens = {cast.ada.workspace_id: await own_token(client, cast) for cast in (client.cast, other)}
    mine, others = await draft(client), await other.item()
    heads = {one: await client.backend.ledger.head(one) for one in tokens}
    held.close()
    following = [(one, await follower(client, sockets, tokens[one], heads[one] - 1)) for one in (*tokens, *tokens)]
    await until(held, 2)
    held.gate.set()
    found = {(one, (await told(socket, 1))[0]["subjectId"]) for one, socket in following}
    assert found == {(client.cast.ada.workspace_id, mine["id"]), (other.ada.workspace_id, others.subject_id)}
    assert set(held.asked) == set(tokens)


async def test_a_follower_who_leaves_during_the_read_leaves_the_others_served_and_in_order(
    client: Client, held: Held, sockets: AsyncExitStack
) -> None:
    cast, item = client.cast, (await draft(client))["id"]
    tokens = [await client.token(who) for who in (cast.paula, cast.arno, cast.dora)]
    head = await client.backend.ledger.head(cast.ada.workspace_id)
    for number in range(3):
        await raised(client, item, f"Concern {number}")
    held.close()
    leaving, *staying = [await follower(client, sockets, token, head) for token in tokens * 2]
    await until(held, 1)
    await leaving.drop()
    held.gate.set()
    last = await client.backend.ledger.head(cast.ada.workspace_id)
    for socket in staying:
        assert [one["position"] for one in await told(socket, last - head)] == list(range(head + 1, last + 1))


async def test_each_is_told_what_waits_for_themselves(client: Client, sockets: AsyncExitStack) -> None:
    cast, item = client.cast, (await draft(client))["id"]
    head = await client.backend.ledger.head(cast.ada.workspace_id)
    pushback = (await raised(client, item))["id"]
    await cast.do(cast.paula, "answer_pushback", pushback, text="Ten million a day")
    asking = [(who, await client.token(who)) for who in (cast.paula, cast.arno)]
    following = [await follower(client, sockets, token, head, ATTENTION) for _, token in asking * 2]
    found = [(await socket.next())["attentionChanged"] for socket in following]
    assert [one["person"]["name"] for one in found] == ["Paula", "Arno"] * 2


async def test_who_comes_after_an_erasure_is_not_told_what_a_read_under_way_still_found(
    client: Client, held: Held, sockets: AsyncExitStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("graphql_api.subscriptions.PAGE_EVENTS", 1)  # so that both ask for the same
    cast, backend, item = client.cast, client.backend, (await draft(client))["id"]
    token = await client.token(cast.dora)
    await raised(client, item, "Call me on 555")
    position = await backend.ledger.head(cast.ada.workspace_id)
    held.close()
    before = await follower(client, sockets, token, position - 1)
    await until(held, 1)
    await Erasure(backend.cluster, backend.ledger, backend.deciding).erase_prose(
        cast.ada, uuid7(), [position], "GDPR Article 17(1)(b)"
    )
    after = await follower(client, sockets, token, position - 1)
    await until(held, 2)
    held.gate.set()
    assert [one["statement"] for one in await told(before, 1)] == ["Call me on 555"]
    assert [one["statement"] for one in await told(after, 1)] == [None]
