"""One line of the log for each operation: what it was and how it ended, and nothing of what was asked or said."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from structlog.testing import capture_logs

from infra.backend import Backend
from infra.settings import Settings
from tests.cast import Cast
from tests.graphql_api.client import Client, serving
from tests.graphql_api.socket import Socket
from tests.graphql_api.transport.test_events import FOLLOW, stream, told

OPERATIONS: Final = Path(__file__).parents[3] / "docs" / "operations.md"
FIELDS: Final = {"event", "log_level", "request_id", "operation", "kind", "seconds", "outcome"}
WHO: Final = "query LinedWho { viewer { person { name } } }"
FORM: Final = "mutation LinedForm($name: String!) { formTeam(input: {name: $name}) { ... on Refusal { code } } }"
SECRET: Final = "Operation Overlord"
FOLLOWED: Final = FOLLOW.replace("subscription(", "subscription LinedFollow(")


@pytest.fixture
async def client(backend: Backend, cast: Cast) -> AsyncIterator[Client]:
    """Of a server that tells each operation."""
    async with serving(backend, cast, Settings(cost_per_second=0, log_operations=True)) as client:
        yield client


@pytest.fixture
def logged() -> Iterator[list[Any]]:
    """What is logged."""
    with capture_logs() as lines:
        yield lines


def test_the_page_for_operators_shows_such_a_line() -> None:
    (shown,) = (line for line in OPERATIONS.read_text().splitlines() if line.startswith('    {"request_id"'))
    assert json.loads(shown).keys() == (FIELDS - {"log_level"}) | {"level", "timestamp"}


def lines(logged: list[Any]) -> list[tuple[Any, ...]]:
    """What each line says of its operation; each has an id and a time, and there is nothing else in it."""
    found = [one for one in logged if one["event"] == "operation"]
    for one in found:
        assert one.keys() == FIELDS
        assert len(one["request_id"]) == 32
        assert one["seconds"] > 0
    return [(one["operation"], one["kind"], one["outcome"]) for one in found]


async def line(logged: list[Any]) -> tuple[Any, ...]:
    """The only line, once it is there: who leaves is told nothing after it."""
    async with asyncio.timeout(10):
        while not lines(logged):  # noqa: ASYNC110 - a log tells nobody
            await asyncio.sleep(0.01)
    (found,) = lines(logged)
    return found


async def test_a_query_and_a_mutation_have_a_line_each_under_the_id_of_their_answer(
    client: Client, logged: list[Any]
) -> None:
    asked = await client.post(client.cast.paula, WHO)
    acted = await client.post(client.cast.ada, FORM, name=SECRET)
    assert lines(logged) == [("LinedWho", "query", "DONE"), ("LinedForm", "mutation", "DONE")]
    ids = [one["request_id"] for one in logged if one["event"] == "operation"]
    assert ids == [one.headers["x-request-id"] for one in (asked, acted)]
    assert SECRET not in str(logged)


@pytest.mark.parametrize(
    ("query", "line_told"),
    [
        ("{", (None, None, "GRAPHQL_PARSE_FAILED")),
        ("{ nobody }", (None, None, "GRAPHQL_VALIDATION_FAILED")),
        ('query LinedBad { teams(first: 1, after: "x") { totalCount } }', ("LinedBad", "query", "BAD_CURSOR")),
        ("{ viewer { credentialId } }", ("(anonymous)", "query", "DONE")),
    ],
)
async def test_the_line_says_by_a_code_what_was_wrong(
    client: Client, logged: list[Any], query: str, line_told: tuple[Any, ...]
) -> None:
    await client.post(client.cast.paula, query)
    assert lines(logged) == [line_told]


async def test_who_is_not_known_has_a_line(client: Client, logged: list[Any]) -> None:
    await client.http.post("/graphql", json={"query": WHO})
    assert lines(logged) == [(None, None, "UNAUTHENTICATED")]


async def test_what_fails_has_one_id_in_its_answer_its_line_and_its_traceback(
    client: Client, logged: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> None:
        raise ValueError(SECRET)

    token = await client.token(client.cast.paula)
    monkeypatch.setattr("graphql_api.islands.Plan.run", broken)
    over_http = (await client.post(client.cast.paula, WHO)).json()["errors"]
    async with Socket.open(client.port) as socket:
        await socket.enter(token)
        await socket.ask("a", WHO)
        over_socket = (await socket.hear())["payload"]["errors"]
        await socket.hear()
    assert lines(logged) == [("LinedWho", "query", "INTERNAL_SERVER_ERROR")] * 2
    failures = [one for one in logged if one["event"] == "request failed"]
    operations = [one for one in logged if one["event"] == "operation"]
    for (error,), failed, operation in zip((over_http, over_socket), failures, operations, strict=True):
        assert error["extensions"]["requestId"] == failed["request_id"] == operation["request_id"]
        assert SECRET not in str(operation)


async def test_a_subscription_has_its_line_when_it_ends(client: Client, logged: list[Any]) -> None:
    token = await client.token(client.cast.paula)
    async with Socket.open(client.port) as socket:
        await socket.enter(token)
        await socket.ask("a", FOLLOWED, after=0)
        await socket.next()
        assert lines(logged) == []
        await socket.say({"type": "complete", "id": "a"})
        assert await line(logged) == ("LinedFollow", "subscription", "CANCELLED")


async def test_who_leaves_a_stream_has_a_line(client: Client, logged: list[Any]) -> None:
    async with stream(client, FOLLOWED, await client.token(client.cast.paula), after=0) as response:
        await anext(told(response))
        assert lines(logged) == []
    assert await line(logged) == ("LinedFollow", "subscription", "CANCELLED")


async def test_a_stream_that_ends_by_itself_has_one(client: Client, logged: list[Any]) -> None:
    async with stream(client, WHO, await client.token(client.cast.paula)) as response:
        await response.aread()
    assert await line(logged) == ("LinedWho", "query", "DONE")


async def test_where_nobody_asked_for_lines_there_are_none(backend: Backend, cast: Cast) -> None:
    async with serving(backend, cast) as client:
        with capture_logs() as logged:
            await client.ask(cast.paula, WHO)
    assert lines(logged) == []
