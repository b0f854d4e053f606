"""Results over server-sent events, as a client with `fetch` reads them."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

import httpx
import pytest

from infra.uuid7 import uuid7
from tests.graphql_api.client import Client
from tests.graphql_api.journeys.test_journey import draft

FOLLOW: Final = "subscription($after: Position) { events(after: $after) { position kind } }"
VIEWER: Final = "{ viewer { person { name } } }"


@asynccontextmanager
async def stream(
    client: Client, query: str, token: str, last_event_id: str = "", **variables: Any
) -> AsyncIterator[httpx.Response]:
    """The response to an operation whose results come one after another."""
    headers = {"authorization": f"Bearer {token}", "accept": "text/event-stream", "last-event-id": last_event_id}
    body = {"query": query, "variables": variables}
    async with client.http.stream("POST", "/graphql", json=body, headers=headers) as response:
        yield response


async def told(response: httpx.Response) -> AsyncIterator[Any]:
    """What each event says, in order; None for the end."""
    name = ""
    async for line in response.aiter_lines():
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        if line.startswith("data: ") and name == "next":
            yield json.loads(line.removeprefix("data: "))
        if name == "complete":
            yield None
            return


async def test_a_query_has_one_result_and_then_no_more(client: Client) -> None:
    async with stream(client, VIEWER, await client.token(client.cast.paula)) as response:
        assert response.headers["content-type"] == "text/event-stream; charset=utf-8"
        assert "\r" not in (whole := (await response.aread()).decode())
    answer = '{"data":{"viewer":{"person":{"name":"Paula"}}},"extensions":{"cost":1}}'
    assert whole == f"event: next\ndata: {answer}\n\nevent: complete\ndata: \n\n"


async def test_events_are_followed_and_resumed(client: Client) -> None:
    token, head = await client.token(client.cast.paula), await client.backend.ledger.head(client.cast.ada.workspace_id)
    async with stream(client, FOLLOW, token, after=0) as response:
        results = told(response)
        positions = [(await anext(results))["data"]["events"]["position"] for _ in range(3)]
    assert positions == [1, 2, 3]
    await draft(client)
    async with stream(client, FOLLOW, token, after=head) as response:
        assert (await anext(told(response)))["data"]["events"] == {"position": head + 1, "kind": "ItemDrafted"}


@pytest.mark.parametrize("field", ["events", "pushbackChanged", "attentionChanged"])
async def test_a_stream_is_resumed_by_the_id_of_its_last_event(client: Client, field: str) -> None:
    query = f"subscription($after: Position) {{ {field}(after: $after) {{ position }} }}"
    cast, token = client.cast, await client.token(client.cast.paula)
    item = (await cast.item()).subject_id
    for statement in ("No volumes are given", "No owner is named", "No end is given"):
        await cast.do(cast.arno, "raise_pushback", item, statement=statement)
    seen: list[tuple[int, int]] = []
    for _ in range(3):  # each time with the variables of the first, as clients of streams do
        last = str(seen[-1][1]) if seen else ""
        async with stream(client, query, token, last, after=0) as response:
            lines = response.aiter_lines()
            told = [await anext(lines) for _ in range(3)]
        data = json.loads(told[1].removeprefix("data: "))["data"]
        seen.append((data[field]["position"], int(told[2].removeprefix("id: "))))
    assert all(position == key for position, key in seen)
    assert seen == sorted(set(seen))


@pytest.mark.parametrize("last", ["-1", "x", "9" * 5000, str(2**53)])
async def test_an_id_that_no_event_had_is_refused(client: Client, last: str) -> None:
    async with stream(client, FOLLOW, await client.token(client.cast.paula), last) as response:
        answer = json.loads(await response.aread())
    assert response.status_code == 400
    assert answer["errors"][0]["extensions"]["code"] == "BAD_REQUEST"


async def test_a_silent_stream_says_that_it_is_alive(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graphql_api.transport.events.BEAT_SECONDS", 0.01)
    token = await client.token(client.cast.paula)
    head = await client.backend.ledger.head(client.cast.ada.workspace_id)
    async with stream(client, FOLLOW, token, after=head) as response:
        lines = response.aiter_lines()
        assert [await anext(lines) for _ in range(4)] == [":", "", ":", ""]


async def test_what_is_wrong_is_told_in_the_form_that_the_client_reads(client: Client) -> None:
    token = await client.token(client.cast.paula)
    async with stream(client, "{ nothing }", token) as response:
        answer = json.loads(await response.aread())
    assert answer["errors"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
    async with stream(client, VIEWER, "pbt_unknown") as response:
        assert response.status_code == 401


async def test_a_revoked_token_ends_the_stream(client: Client) -> None:
    cast, credentials = client.cast, client.backend.credentials
    token = await credentials.issue(cast.ada, uuid7(), cast.dora.person_id, "laptop")
    credential_id = (await credentials.asker(token)).credential_id
    assert credential_id is not None
    head = await client.backend.ledger.head(cast.ada.workspace_id)
    async with stream(client, FOLLOW, token, after=head) as response:
        await credentials.revoke(cast.ada, uuid7(), credential_id)
        results = [result async for result in told(response)]
    assert results[-1] is None
    assert results[-2]["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_who_leaves_is_forgotten(client: Client) -> None:
    token = await client.token(client.cast.paula)
    head = await client.backend.ledger.head(client.cast.ada.workspace_id)
    before = len(asyncio.all_tasks())
    async with stream(client, FOLLOW, token, after=head):
        pass
    async with asyncio.timeout(10):
        while len(asyncio.all_tasks()) > before:  # noqa: ASYNC110 - a task that ends tells nobody
            await asyncio.sleep(0.01)


async def test_a_subscription_needs_a_form_for_many_results(client: Client) -> None:
    assert await client.code(client.cast.paula, FOLLOW) == "BAD_REQUEST"
