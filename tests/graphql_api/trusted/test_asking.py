"""Asking by id, over every transport; and nothing but trusted documents, where the operator wants it so."""

import json
from collections.abc import AsyncIterator
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import pytest

from graphql_api.server import create_app
from infra.backend import Backend
from infra.settings import Settings, WrongSetting
from tests.cast import Cast
from tests.graphql_api.client import Client, serving
from tests.graphql_api.socket import Socket

WHO: Final = "query Who { viewer { person { name } } }"
TEAMS: Final = "query Teams($first: Int!) { teams(first: $first) { nodes { name } } }"
FOLLOW: Final = "subscription Follow($after: Position) { events(after: $after) { kind } }"
SHA: Final = sha256(WHO.encode()).hexdigest()
BY_APOLLO: Final = {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": SHA}}}
PAULA: Final = {"viewer": {"person": {"name": "Paula"}}}
WAYS: Final = [{"documentId": "who"}, {"documentId": SHA}, {"documentId": f"sha256:{SHA}"}, BY_APOLLO]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    path = tmp_path / "documents.json"
    path.write_text(json.dumps({"who": WHO, "teams": TEAMS, "follow": FOLLOW}))
    return Settings(cost_per_second=0, documents=path)


@pytest.fixture
async def trusting(backend: Backend, cast: Cast, settings: Settings) -> AsyncIterator[Client]:
    async with serving(backend, cast, settings) as client:
        yield client


@pytest.fixture
async def closed(backend: Backend, cast: Cast, settings: Settings) -> AsyncIterator[Client]:
    only = Settings(cost_per_second=0, documents=settings.documents, documents_only=True)
    async with serving(backend, cast, only) as client:
        yield client


async def post(client: Client, asked: Any, **headers: str) -> Any:
    headers["authorization"] = f"Bearer {await client.token(client.cast.paula)}"
    return await client.http.post("/graphql", json=asked, headers=headers)


async def code(client: Client, asked: Any) -> str:
    (error,) = (await post(client, asked)).json()["errors"]
    return str(error["extensions"]["code"])


@pytest.mark.parametrize("way", WAYS)
async def test_a_document_is_asked_for_by_id(trusting: Client, way: dict[str, Any]) -> None:
    assert (await post(trusting, way)).json()["data"] == PAULA
    parameters = {name: told if isinstance(told, str) else json.dumps(told) for name, told in way.items()}
    headers = {"authorization": f"Bearer {await trusting.token(trusting.cast.paula)}"}
    assert (await trusting.http.get("/graphql", params=parameters, headers=headers)).json()["data"] == PAULA


async def test_an_id_takes_variables(trusting: Client) -> None:
    asked = {"documentId": "teams", "variables": {"first": 1}}
    assert "errors" not in (await post(trusting, asked)).json()
    assert await code(trusting, {"documentId": "teams"}) == "GRAPHQL_VALIDATION_FAILED"


async def test_server_sent_events_take_ids(trusting: Client) -> None:
    answer = await post(trusting, {"documentId": "who"}, accept="text/event-stream")
    assert '"Paula"' in answer.text
    unknown = await post(trusting, {"documentId": "whom"}, accept="text/event-stream")
    assert "PERSISTED_QUERY_NOT_FOUND" in unknown.text


async def test_sockets_take_ids(trusting: Client) -> None:
    async with Socket.open(trusting.port) as socket:
        await socket.enter(await trusting.token(trusting.cast.paula))
        await socket.say(
            {"type": "subscribe", "id": "1", "payload": {"documentId": "follow", "variables": {"after": 0}}}
        )
        assert "events" in await socket.next()
        await socket.say({"type": "complete", "id": "1"})
        await socket.say({"type": "subscribe", "id": "2", "payload": {"documentId": "nothing"}})
        while (message := await socket.hear())["id"] != "2":
            pass
        assert message["payload"][0]["extensions"]["code"] == "PERSISTED_QUERY_NOT_FOUND"


@pytest.mark.parametrize("name", ["", "whom", "sha256:" + "0" * 64])
async def test_an_unknown_id_is_told_so(trusting: Client, name: str) -> None:
    assert await code(trusting, {"documentId": name}) == "PERSISTED_QUERY_NOT_FOUND"


async def test_a_text_that_comes_with_an_unknown_id_is_carried_out_and_not_remembered(trusting: Client) -> None:
    named = {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "0" * 64}}}
    assert (await post(trusting, {"query": WHO, **named})).json()["data"] == PAULA
    assert await code(trusting, named) == "PERSISTED_QUERY_NOT_FOUND"


@pytest.mark.parametrize(
    "asked", [{}, {"query": None}, {"documentId": 7}, {"extensions": {"persistedQuery": {"sha256Hash": 7}}}]
)
async def test_who_names_no_document_is_told_what_to_send(trusting: Client, asked: Any) -> None:
    assert await code(trusting, asked) == "BAD_REQUEST"


async def test_only_trusted_documents_are_carried_out(closed: Client) -> None:
    for way in (*WAYS, {"query": WHO}):
        assert (await post(closed, way)).json()["data"] == PAULA
    for text in ("{ viewer { credentialId } }", WHO + " ", "{ __schema { types { name } } }", "{"):
        assert await code(closed, {"query": text}) == "DOCUMENT_NOT_TRUSTED"
    async with Socket.open(closed.port) as socket:
        await socket.enter(await closed.token(closed.cast.paula))
        await socket.ask("1", "{ viewer { credentialId } }")
        assert (await socket.hear())["payload"][0]["extensions"]["code"] == "DOCUMENT_NOT_TRUSTED"


async def test_who_is_not_known_learns_nothing_of_the_ids(closed: Client) -> None:
    for name in ("who", "whom"):
        answer = await closed.http.post("/graphql", json={"documentId": name})
        assert answer.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_every_connection_is_prepared_before_anybody_asks(trusting: Client) -> None:
    reads = trusting.backend.reads
    async with reads.connection(None) as connection:
        known = await connection.fetch("select statement, generic_plans from pg_prepared_statements")
    ready = [row for row in known if b"teams" in bytes(row["statement"])]
    assert ready
    assert all(row["generic_plans"] > 0 for row in ready)
    assert reads.size == reads.size_max


async def test_the_schema_is_told_nobody_where_it_is_hidden(backend: Backend, cast: Cast) -> None:
    async with serving(backend, cast, Settings(cost_per_second=0, introspection=False)) as client:
        for text in ("{ __schema { types { name } } }", '{ __type(name: "Item") { name } }'):
            assert await code(client, {"query": text}) == "INTROSPECTION_OFF"
        told = [
            await post(client, {"query": "{ viewr { person { name } } }"}),
            await post(client, {"query": "query A($by: Stanse) { viewer { credentialId } }"}),
            await post(
                client,
                {
                    "query": "mutation A($input: FormTeamInput!) { formTeam(input: $input) { __typename } }",
                    "variables": {"input": {"nam": "A"}},
                },
            ),
        ]
        for answer in told:
            assert answer.json()["errors"]
            assert "Did you mean" not in answer.text
        assert (await post(client, {"query": "{ __typename }"})).json()["data"] == {"__typename": "Query"}


def test_a_broken_manifest_ends_the_start(backend: Backend, tmp_path: Path) -> None:
    path = tmp_path / "documents.json"
    path.write_text("{}}")
    with pytest.raises(WrongSetting, match="PUSHBACK_DOCUMENTS"):
        create_app(backend, Settings(documents=path))
