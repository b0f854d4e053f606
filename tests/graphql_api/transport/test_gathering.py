"""What is written in one turn of the loop goes as one; and an operation that names its field anew is told so."""

import asyncio
from typing import Any

from graphql_api.transport.patience import KEPT_BYTES_MAX, Gathering
from tests.graphql_api.client import Client
from tests.graphql_api.journeys.test_journey import draft
from tests.graphql_api.socket import Socket


class Transport:
    """Remembers what was done to it."""

    def __init__(self) -> None:
        self.done: list[Any] = []
        self.is_closed = False

    def write(self, data: bytes) -> None:
        self.done.append(bytes(data))

    def close(self) -> None:
        self.done.append("closed")
        self.is_closed = True

    def is_closing(self) -> bool:
        return self.is_closed


async def test_what_is_written_in_one_turn_goes_as_one_in_its_order() -> None:
    transport = Transport()
    gathering = Gathering(transport, asyncio.get_running_loop())
    for piece in (b"a", b"b"):
        gathering.write(piece)
    assert transport.done == []
    await asyncio.sleep(0)
    gathering.write(b"c")
    await asyncio.sleep(0)
    assert transport.done == [b"ab", b"c"]


async def test_much_goes_at_once_and_closing_comes_after_what_was_written() -> None:
    transport, much = Transport(), b"." * (KEPT_BYTES_MAX + 1)
    gathering = Gathering(transport, asyncio.get_running_loop())
    gathering.write(much)
    gathering.write(b"a")
    gathering.close()
    gathering.write(b"too late")
    await asyncio.sleep(0)
    assert transport.done == [much, b"a", "closed"]


async def test_a_subscription_is_told_under_the_name_it_asks_for(client: Client) -> None:
    token = await client.token(client.cast.arno)
    await draft(client)
    head = await client.backend.ledger.head(client.cast.ada.workspace_id)
    fragment = "fragment F on Subscription { named: events(after: $after) { position } }"
    async with Socket.open(client.port) as socket:
        await socket.enter(token)
        for query in (
            "subscription($after: Position) { named: events(after: $after) { position } }",
            "subscription($after: Position) { ...F } " + fragment,
        ):
            await socket.ask(query, query, after=head - 1)
            assert await socket.next() == {"named": {"position": head}}
