"""Hostile and broken requests over HTTP: each gets a clear error with a code, and records nothing."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Final

import pytest

from domain.entry import EVENTS
from graphql_api.limits.document import ALIASES_MAX
from infra.cluster import Cluster, Connection
from infra.folding.schema import schema_name
from infra.pool import Pool, reads
from tests.graphql_api.client import Client

VIEWER: Final = "{ viewer { credentialId } }"
MEGABYTE: Final = 1 << 20
LISTS: Final = (
    "{ teams(first: 9) { " + "nodes { backlog { nodes { pushbacks { nodes { events { nodes { actor { pushbacks { "
)
DEEP: Final = "{ item(id: 1) { " + "author { pushbacks { nodes { item { " * 3 + "team { name } "


async def send(client: Client, content: bytes, **headers: str) -> tuple[int, str]:
    """Send this body as the product owner; status and code."""
    token = await client.token(client.cast.paula)
    sent = {"authorization": f"Bearer {token}", "content-type": "application/json", **headers}
    response = await client.http.post("/graphql", content=content, headers=sent)
    (error,) = response.json()["errors"]
    assert error["message"]
    return response.status_code, error["extensions"]["code"]


TOKENS: Final = {
    "none is given": None,
    "nobody has it": "Bearer pbt_unknown",
    "it is empty": "Bearer",
    "it is of another scheme": "Basic cGF1bGE6cGF1bGE=",
    "it is not ASCII": "Bearer \u00e9\u00e8",
    "it is very long": "Bearer " + "x" * 10_000,
}


async def test_an_unknown_token_opens_nothing(client: Client) -> None:
    for why, authorization in TOKENS.items():
        headers = {} if authorization is None else {"authorization": authorization.encode("latin-1")}
        response = await client.http.post("/graphql", json={"query": VIEWER}, headers=headers)  # type: ignore[arg-type]
        (error,) = response.json()["errors"]
        assert (response.status_code, error["extensions"]["code"]) == (401, "UNAUTHENTICATED"), why
        assert "data" not in response.json()
        assert response.headers["www-authenticate"] == "Bearer", why


BODIES: Final = (
    b"",
    b"not json",
    b"42",
    b"[]",
    b"null",
    b"{}",
    b'{"query": 42}',
    b'{"query": null}',
    b'{"query": "{viewer{credentialId}}", "variables": []}',
    b'{"query": "{viewer{credentialId}}", "variables": "x"}',
    b'{"query": "{viewer{credentialId}}", "operationName": 1}',
    b'{"query": "{viewer{credentialId}}"',
    b'{"query": "\xff\xfe"}',
    b'{"query": "\\ud800"}',
    b'[{"query": "{viewer{credentialId}}"}]',
    b'{"variables": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
)


async def test_a_body_that_is_no_request_is_refused(client: Client) -> None:
    for body in BODIES:
        assert await send(client, body) == (400, "BAD_REQUEST"), body[:100]


async def test_a_body_of_another_type_is_refused(client: Client) -> None:
    body = json.dumps({"query": VIEWER}).encode()
    for media_type in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""):
        assert await send(client, body, **{"content-type": media_type}) == (415, "UNSUPPORTED_MEDIA_TYPE")


async def test_a_huge_body_is_refused(client: Client) -> None:
    body = json.dumps({"query": VIEWER, "variables": {"x": "x" * 3 * MEGABYTE}}).encode()
    assert await send(client, body) == (413, "BODY_TOO_LARGE")


async def test_another_method_is_refused(client: Client) -> None:
    for method in ("PUT", "DELETE", "PATCH"):
        response = await client.http.request(method, "/graphql", params={"query": VIEWER})
        assert response.status_code == 405
        assert response.json()["errors"][0]["extensions"]["code"] == "METHOD_NOT_ALLOWED"


QUERIES: Final = (
    ("", "GRAPHQL_PARSE_FAILED"),
    ("{", "GRAPHQL_PARSE_FAILED"),
    ("{ viewer { credentialId } } \0", "GRAPHQL_PARSE_FAILED"),
    ("{ " + "viewer { credentialId } " * 10_000 + "}", "GRAPHQL_PARSE_FAILED"),
    ("{ viewer " + "{ person " * 1000 + "}" * 1001, "GRAPHQL_PARSE_FAILED"),
    ("query($v: [Int] = " + "[" * 900 + "]" * 900 + ") { viewer { credentialId } }", "GRAPHQL_PARSE_FAILED"),
    ("{ " + "viewer { credentialId } " * 1000 + "}", "TOO_MANY_REPEATS"),
    (DEEP + "}" * 14, "TOO_DEEP"),
    (LISTS + "nodes { id } " + "}" * 11, "TOO_MANY_LISTS"),
    ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
    ("{ teams(first: 1) { nodes } }", "GRAPHQL_VALIDATION_FAILED"),
    ("{ viewer { ...f } } fragment f on Viewer { ...f }", "GRAPHQL_VALIDATION_FAILED"),
    ('{ pushbacks(first: 1, reason: "UNKNOWN") { totalCount } }', "GRAPHQL_VALIDATION_FAILED"),
    ("{ pushbacks(first: 1, reason: NONSENSE) { totalCount } }", "GRAPHQL_VALIDATION_FAILED"),
    ("query a { viewer { credentialId } } query b { viewer { credentialId } }", "OPERATION_NOT_NAMED"),
    ("{ teams { totalCount } }", "BAD_PAGE_SIZE"),
    ("{ teams(first: 0) { totalCount } }", "BAD_PAGE_SIZE"),
    ("{ teams(first: -1) { totalCount } }", "BAD_PAGE_SIZE"),
    ("{ teams(first: 101) { totalCount } }", "BAD_PAGE_SIZE"),
    ("{ teams(first: 99999999999) { totalCount } }", "GRAPHQL_VALIDATION_FAILED"),
    ('{ teams(first: 1, after: "nonsense") { totalCount } }', "BAD_CURSOR"),
    ('{ teams(first: 1, after: "") { totalCount } }', "BAD_CURSOR"),
    ('{ teams(first: 1, before: "WzFd") { totalCount } }', "BAD_CURSOR"),
    ('{ teams(first: 1, after: "WyJcdTAwMDAiLCJhIl0") { totalCount } }', "BAD_CURSOR"),
    ('{ events(first: 1, after: "WzFlOTk5XQ") { totalCount } }', "BAD_CURSOR"),
    ('{ items(first: 1, sourceKey: "\\u0000") { totalCount } }', "BAD_TEXT"),
    ("{ teams(first: 1, asOf: {}) { totalCount } }", "GRAPHQL_VALIDATION_FAILED"),
    (
        '{ teams(first: 1, asOf: {position: 1, time: "2020-01-01T00:00:00Z"}) { totalCount } }',
        "GRAPHQL_VALIDATION_FAILED",
    ),
    ("{ teams(first: 1, asOf: {position: -1}) { totalCount } }", "GRAPHQL_VALIDATION_FAILED"),
    ('{ teams(first: 1, asOf: {time: "yesterday"}) { totalCount } }', "GRAPHQL_VALIDATION_FAILED"),
    ('{ teams(first: 1, asOf: {time: "2020-01-01T00:00:00"}) { totalCount } }', "BAD_TIME"),
    ("{ teams(first: 1, asOf: {position: 9007199254740991}) { totalCount } }", "NOT_YET_KNOWN"),
)


async def test_a_bad_query_is_told_what_is_bad(client: Client) -> None:
    for query, code in QUERIES:
        assert await send(client, json.dumps({"query": query}).encode()) == (200, code), query[:100]


async def test_at_most_twenty_mutations_are_taken_at_once(client: Client) -> None:
    one = 'reviseItem(input: {item: "itm_x", expectedDigest: "x"}) { __typename }'
    for count, told in ((20, None), (21, "TOO_MANY_MUTATIONS")):
        query = "mutation { " + " ".join(f"m{n}: {one}" for n in range(count)) + " }"
        answer = (await client.post(client.cast.paula, query)).json()
        codes = {error["extensions"]["code"] for error in answer.get("errors", [])}
        assert codes == ({told} if told else set())


def aliased(count: int) -> tuple[str, ...]:
    """Documents that ask for a field under so many other names: beside each other, spread, and far apart."""
    names = range(count + 1)
    at_once = "{ " + " ".join(f'a{n}: availableActions(on: "itm_x") {{ mutation }}' for n in names) + " }"
    spread = "{ ...f } fragment f on Query { " + " ".join(f"a{n}: viewer {{ credentialId }}" for n in names) + " }"
    half = " ".join(f"a{n}: id" for n in range(count // 2 + 1))
    apart = f"{{ viewer {{ person {{ {half} }} workspace {{ {half} }} }} }}"
    return at_once, spread, apart


async def test_the_same_field_has_at_most_a_hundred_other_names(client: Client) -> None:
    assert ALIASES_MAX == 100
    for query in aliased(ALIASES_MAX):
        await client.ask(client.cast.paula, query)
    for query in aliased(ALIASES_MAX + 2):
        assert await client.code(client.cast.paula, query) == "TOO_MANY_ALIASES", query[:100]


async def test_a_name_of_ones_own_for_a_field_asked_once_is_no_alias_too_many(client: Client) -> None:
    kinds = [f"... on {topic} {{ of{topic}: kind at{topic}: position }}" for topic in EVENTS]
    assert len(kinds) > ALIASES_MAX / 2
    await client.ask(client.cast.paula, "{ events(first: 1) { nodes { " + " ".join(kinds) + " } } }")


async def test_a_command_that_takes_too_long_is_told_to_come_again(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    await client.token(client.cast.paula)
    monkeypatch.setattr("graphql_api.mutations.COMMAND_SECONDS_MAX", 0.01)
    monkeypatch.setattr(client.backend.deciding, "execute", _never)
    query = 'mutation { reviseItem(input: {item: "itm_x", expectedDigest: "x"}) { __typename } }'
    assert await client.code(client.cast.paula, query) == "UNAVAILABLE"


async def test_a_query_of_many_statements_has_one_deadline(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    await client.token(client.cast.paula)
    monkeypatch.setattr("graphql_api.transport.execution.QUERY_SECONDS_MAX", 0.01)
    monkeypatch.setattr(client.backend.projector, "catch_up", _never)
    response = await client.post(client.cast.paula, VIEWER)
    (error,) = response.json()["errors"]
    assert (response.status_code, error["extensions"]["code"]) == (503, "UNAVAILABLE")


async def _never(*_: object) -> None:
    await asyncio.Event().wait()


async def test_a_subscription_is_sent_to_the_socket(client: Client) -> None:
    body = json.dumps({"query": "subscription { events { position } }"}).encode()
    assert await send(client, body) == (400, "BAD_REQUEST")


async def test_a_query_that_takes_too_long_is_ended(
    client: Client, hasty: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = "{ " + " ".join(f"a{n}: events(first: 100) {{ nodes {{ subject {{ id }} }} }}" for n in range(40)) + " }"
    with monkeypatch.context() as patch:  # until the backend closes its own
        patch.setattr(client.backend, "reads", hasty)
        assert await client.code(client.cast.paula, query) == "TOO_SLOW"
        assert (await client.ask(client.cast.paula, "{ viewer { __typename } }"))["viewer"] == {"__typename": "Viewer"}


async def test_who_comes_when_too_many_wait_is_told_to_come_again(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse() -> Connection:
        await asyncio.sleep(0)
        raise AssertionError("a pool without room opens nothing")

    with monkeypatch.context() as patch:  # until the backend closes its own
        patch.setattr(client.backend, "reads", Pool(refuse, 0, waiting_max=0))
        response = await client.post(client.cast.paula, "{ teams(first: 1) { totalCount } }")
    (error,) = response.json()["errors"]
    assert (response.status_code, error["extensions"]["code"]) == (503, "UNAVAILABLE")


@pytest.fixture
async def hasty(cluster: Cluster) -> AsyncIterator[Pool]:
    pool = reads(cluster, 1, schema_name(), read_seconds_max=0.01)
    yield pool
    await pool.close()


async def test_a_variable_of_the_wrong_type_is_refused(client: Client) -> None:
    query = "query($id: ID!) { item(id: $id) { id } }"
    for variables in ({}, {"id": None}, {"id": ["a"]}, {"id": {"a": 1}}, {"id": True}):
        code = await client.code(client.cast.paula, query, **variables)
        assert code == "GRAPHQL_VALIDATION_FAILED", variables
