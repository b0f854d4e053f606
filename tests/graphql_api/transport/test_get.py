"""Asking by URL: queries only, and whatever is wrong with the URL is told."""

import json
from typing import Any

import pytest

from tests.graphql_api.client import Client

VIEWER = "query Who($if: Boolean = true) { viewer { person { name @include(if: $if) } } }"


async def get(client: Client, **parameters: str) -> tuple[int, Any]:
    """The status and what was answered."""
    headers = {"authorization": f"Bearer {await client.token(client.cast.paula)}"}
    response = await client.http.get("/graphql", params=parameters, headers=headers)
    return response.status_code, {name: told for name, told in response.json().items() if name != "extensions"}


async def test_a_query_may_be_asked_by_url(client: Client) -> None:
    assert await get(client, query=VIEWER) == (200, {"data": {"viewer": {"person": {"name": "Paula"}}}})
    told = await get(client, query=VIEWER, variables=json.dumps({"if": False}), operationName="Who")
    assert told == (200, {"data": {"viewer": {"person": {}}}})


async def test_a_url_changes_nothing(client: Client) -> None:
    said = 'mutation { formTeam(input: {name: "Evil"}) { ... on Refusal { code } } }'
    status, answer = await get(client, query=said)
    assert (status, answer["errors"][0]["extensions"]["code"]) == (405, "METHOD_NOT_ALLOWED")


@pytest.mark.parametrize(
    "parameters", [{}, {"query": VIEWER, "variables": "{"}, {"query": VIEWER, "variables": "[]"}, {"variables": "{}"}]
)
async def test_a_url_that_asks_nothing_is_told_so(client: Client, parameters: dict[str, str]) -> None:
    status, answer = await get(client, **parameters)
    assert (status, answer["errors"][0]["extensions"]["code"]) == (400, "BAD_REQUEST")
