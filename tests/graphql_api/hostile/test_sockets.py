"""Hostile and broken sockets: each is closed with a code or told what is wrong, and nobody else notices."""

import re
from pathlib import Path
from typing import Any, Final

import pytest
from websockets.exceptions import InvalidStatus

from graphql_api.transport import patience, sockets
from tests.graphql_api.client import Client
from tests.graphql_api.journeys.test_journey import draft
from tests.graphql_api.socket import Socket

EVENTS: Final = "subscription($after: Position) { events(after: $after) { position kind } }"
GUIDE: Final = Path(__file__).parents[3] / "docs" / "api.md"
BY_UVICORN: Final = {1012}
VIEWER: Final = "{ viewer { person { name } } }"

GARBAGE: Final[tuple[Any, ...]] = (
    "not json",
    b"\x00\xff",
    "",
    "null",
    [],
    "42",
    {},
    {"type": None},
    {"type": []},
    {"type": "nonsense"},
    {"type": "subscribe"},
    {"type": "subscribe", "id": 1, "payload": {"query": VIEWER}},
    {"type": "subscribe", "id": "a", "payload": VIEWER},
    {"type": "subscribe", "id": "a", "payload": {}},
    {"type": "subscribe", "id": "a", "payload": {"query": None}},
    {"type": "subscribe", "id": "a", "payload": {"query": VIEWER, "variables": []}},
    {"type": "subscribe", "id": "a", "payload": {"query": VIEWER, "operationName": 1}},
    {"type": "complete"},
    {"type": "complete", "id": {}},
    '{"type": "ping", "payload": {"x": "\\ud800"}}',
    '{"type": "subscribe", "id": "a", "payload": ' + "[" * 100_000,
)


async def test_garbage_closes_the_socket_it_came_by(client: Client) -> None:
    token = await client.token(client.cast.paula)
    async with Socket.open(client.port) as other:
        await other.enter(token)
        for garbage in GARBAGE:
            async with Socket.open(client.port) as socket:
                await socket.enter(token)
                await socket.say(garbage)
                assert await socket.closing_code() == 4400, garbage
        await other.ask("a", VIEWER)
        assert await other.next() == {"viewer": {"person": {"name": "Paula"}}}


@pytest.mark.parametrize(
    "payload",
    [
        None,
        {},
        {"authorization": ""},
        {"authorization": "Bearer pbt_unknown"},
        {"authorization": ["a"]},
    ],
)
async def test_who_has_no_token_is_not_let_in(client: Client, payload: Any) -> None:
    async with Socket.open(client.port) as socket:
        await socket.say({"type": "connection_init", **({} if payload is None else {"payload": payload})})
        assert await socket.closing_code() == 4403


@pytest.fixture
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """To be asked for before the client, whose server takes it over."""
    monkeypatch.setattr(sockets, "INIT_SECONDS", 0.05)


@pytest.mark.usefixtures("hurry", "client")
async def test_who_says_nothing_is_sent_away(client: Client) -> None:
    async with Socket.open(client.port) as socket:
        assert await socket.closing_code() == 4408


async def test_the_protocol_is_kept(client: Client) -> None:
    token = await client.token(client.cast.paula)
    async with Socket.open(client.port) as socket:
        await socket.ask("a", VIEWER)
        assert await socket.closing_code() == 4401
    async with Socket.open(client.port) as socket:
        await socket.enter(token)
        await socket.say({"type": "connection_init", "payload": {"authorization": f"Bearer {token}"}})
        assert await socket.closing_code() == 4429
    async with Socket.open(client.port) as socket:
        await socket.enter(token)
        await socket.ask("a", EVENTS)
        await socket.ask("a", EVENTS)
        assert await socket.closing_code() == 4409


def test_the_guide_has_every_code_that_closes_a_socket() -> None:
    told = {int(code) for code in re.findall(r"^\| (\d{4}) \|", GUIDE.read_text(), re.MULTILINE)}
    ours = {value for name, value in vars(sockets).items() if name.startswith("_") and isinstance(value, int)}
    assert told == {*ours, patience.TRY_AGAIN_LATER, *BY_UVICORN}


async def test_at_most_so_many_operations_are_under_way_on_one_socket(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sockets, "OPERATIONS_MAX", 2)
    token = await client.token(client.cast.paula)
    head = await client.backend.ledger.head(client.cast.ada.workspace_id)
    async with Socket.open(client.port) as socket:
        await socket.enter(token)
        for key in ("a", "b"):
            await socket.ask(key, EVENTS, after=head)
        await socket.ask("c", VIEWER)
        message = await socket.hear()
        assert (message["id"], message["payload"][0]["extensions"]["code"]) == ("c", "TOO_MANY_OPERATIONS")
        await socket.say({"type": "complete", "id": "b"})
        await socket.ask("d", VIEWER)
        assert await socket.next() == {"viewer": {"person": {"name": "Paula"}}}


async def test_a_page_from_elsewhere_may_not_connect(client: Client) -> None:
    for origin in ("https://evil.example", "http://localhost.evil.example", "null"):
        with pytest.raises(InvalidStatus, match="403"):
            async with Socket.open(client.port, origin):
                pytest.fail("it was let in")
    async with Socket.open(client.port, "http://localhost:3000") as socket:
        await socket.enter(await client.token(client.cast.paula))


BROKEN: Final = {
    "{": "GRAPHQL_PARSE_FAILED",
    "subscription { nothing }": "GRAPHQL_VALIDATION_FAILED",
    "{ viewer " + "{ person " * 1000 + "}" * 1001: "GRAPHQL_PARSE_FAILED",
    "{ " + "viewer { credentialId } " * 1000 + "}": "TOO_MANY_REPEATS",
    "{ item(id: 1) { " + "author { pushbacks { nodes { item { " * 3 + "id" + "}" * 14: "TOO_DEEP",
    "subscription { events(after: -1) { position } }": "GRAPHQL_VALIDATION_FAILED",
}


async def test_what_is_wrong_with_one_operation_does_not_end_another(client: Client) -> None:
    async with Socket.open(client.port) as socket:
        await socket.enter(await client.token(client.cast.paula))
        await socket.ask("following", EVENTS, after=await client.backend.ledger.head(client.cast.ada.workspace_id))
        for key, (query, code) in enumerate(BROKEN.items()):
            await socket.ask(str(key), query)
            message = await socket.hear()
            assert (message["id"], message["type"]) == (str(key), "error"), message
            assert message["payload"][0]["extensions"]["code"] == code, query[:80]
        await draft(client)
        assert (await socket.next())["events"]["kind"] == "ItemDrafted"
