"""Pages in pages multiply: an operation that may answer with too many rows is refused before anything runs."""

from typing import Any, Final

import pytest
from graphql import GraphQLError

from graphql_api.documents import Documents, Invalid
from graphql_api.schema import make_schema
from tests.graphql_api.client import Client
from tests.graphql_api.socket import Socket

BOMB: Final = (
    "{ teams(first: 100) { nodes { backlog(first: 100) { nodes { "
    "team { backlog(first: 100) { nodes { id } } } } } } } }"
)
SIZED: Final = (
    "query($a: Int, $b: Int = 100, $c: Int) { teams(first: $a) { edges { node { backlog(last: $b) "
    "{ nodes { pushbacks(first: $c) { nodes { id } } } } } } } }"
)
ALLOWED: Final = {
    "pages in pages": "{ teams(first: 100) { nodes { backlog(first: 100) { nodes { id } } } } }",
    "counts of pages": "{ teams(first: 100) { nodes { backlog(first: 100) "
    "{ nodes { pushbacks(first: 100) { totalCount } } } } } }",
    "the same page in parts": "{ teams(first: 100) { nodes { ...a ...b } } }"
    " fragment a on Team { backlog(first: 100) { nodes { id } } }"
    " fragment b on Team { backlog(first: 100) { nodes { title } } }",
}
REFUSED: Final = {
    "three deep": BOMB,
    "by edges": BOMB.replace("{ nodes {", "{ edges { node {").replace("} } } }", "} } } } }", 1) + " }" * 2,
    "by default sizes": "{ teams(first: 100) { nodes { backlog { nodes { pushbacks { nodes { id } } } } } } }",
    "side by side": "{ a: teams(first: 100) { nodes { backlog(first: 100) { nodes { id } } } }"
    " b: teams(first: 100) { nodes { backlog(first: 100) { nodes { id } } } } }",
    "by fragments": "{ teams(first: 100) { nodes { ...a } } }"
    " fragment a on Team { backlog(first: 100) { nodes { ...b } } }"
    " fragment b on Item { ... on Item { pushbacks(first: 3) { nodes { id } } } }",
    "beside what Python resolves": BOMB.replace("{ teams", "{ viewer { credentialId } teams", 1),
}


@pytest.fixture(scope="module")
def documents() -> Documents:
    return Documents(make_schema())


@pytest.mark.parametrize("text", ALLOWED.values(), ids=ALLOWED.keys())
def test_what_stays_within_the_rows_is_read(documents: Documents, text: str) -> None:
    operation = documents.read(text).operation(None)
    assert operation.plan(operation.variables(None)) is not None


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED.keys())
def test_too_many_rows_are_refused(documents: Documents, text: str) -> None:
    with pytest.raises(Invalid) as invalid:
        documents.read(text)
    (error,) = invalid.value.errors
    assert error.extensions == {"code": "TOO_MANY_ROWS"}


@pytest.mark.parametrize("variables", [{"a": 10, "c": 10}, {"a": 10, "b": 10}])
def test_small_pages_by_variables_are_answered(documents: Documents, variables: dict[str, Any]) -> None:
    assert documents.read(SIZED).operation(None).variables(variables).coerced["a"] == 10


@pytest.mark.parametrize("variables", [{"a": 10}, {"a": 10, "c": 100}, {"a": 100, "b": None, "c": 10}])
def test_large_pages_by_variables_are_refused(documents: Documents, variables: dict[str, Any]) -> None:
    with pytest.raises(GraphQLError) as refused:
        documents.read(SIZED).operation(None).variables(variables)
    assert refused.value.extensions == {"code": "TOO_MANY_ROWS"}


async def test_they_are_refused_over_http_and_over_a_socket(client: Client) -> None:
    assert await client.code(client.cast.paula, BOMB) == "TOO_MANY_ROWS"
    assert await client.code(client.cast.paula, SIZED, a=100, b=100, c=100) == "TOO_MANY_ROWS"
    async with Socket.open(client.port) as socket:
        await socket.enter(await client.token(client.cast.paula))
        await socket.ask("a", SIZED, a=100, b=100, c=100)
        message = await socket.hear()
        assert (message["type"], message["payload"][0]["extensions"]["code"]) == ("error", "TOO_MANY_ROWS")
