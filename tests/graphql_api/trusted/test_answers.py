"""What mutations and subscriptions tell is read by statements made before anybody asks, as queries are."""

import json
from collections.abc import AsyncIterator
from itertools import product
from pathlib import Path
from typing import Any, Final

import pytest

from graphql_api import islands
from graphql_api.documents import Documents
from graphql_api.schema import make_schema
from graphql_api.trusted.trusted import Trusted
from infra.backend import Backend
from infra.settings import Settings
from tests.cast import Cast
from tests.graphql_api.client import Client, serving
from tests.graphql_api.journeys.test_journey import draft, raised
from tests.graphql_api.socket import Socket

DRAFT: Final = """mutation Draft($input: DraftItemInput!, $names: Boolean!, $first: Int = 5, $after: String) {
  one: draftItem(input: $input) {
    ... on ItemSuccess {
      projected
      subject { id author @include(if: $names) { name } pushbacks(first: $first, after: $after) { totalCount } }
      events { kind ...Who }
    }
    ... on Refusal { code }
  }
  ...Again
}
fragment Who on Event { actor @skip(if: $names) { name } }
fragment Again on Mutation { two: draftItem(input: $input) @include(if: $names) { ... on ItemSuccess { position } } }"""
FOLLOWED: Final = """subscription Followed($item: ID, $after: Position) {
  pushbackChanged(item: $item, after: $after) { position pushback { statement } event { kind } }
}"""
EVENTS: Final = "subscription Events($after: Position!) { events(after: $after) { position subject { id } } }"
TEXTS: Final = {"draft": DRAFT, "followed": FOLLOWED, "events": EVENTS}


@pytest.fixture
async def trusting(backend: Backend, cast: Cast, tmp_path: Path) -> AsyncIterator[Client]:
    path = tmp_path / "documents.json"
    path.write_text(json.dumps(TEXTS))
    async with serving(backend, cast, Settings(cost_per_second=0, documents=path)) as client:
        yield client


@pytest.fixture
def compiled(trusting: Client, monkeypatch: pytest.MonkeyPatch) -> list[islands.Place]:
    """What the server compiles from now on."""
    del trusting
    places: list[islands.Place] = []
    compile_ = islands._compile

    def counted(place: islands.Place, *more: Any) -> Any:
        places.append(place)
        return compile_(place, *more)

    monkeypatch.setattr(islands, "_compile", counted)
    return places


def forms(team: str) -> list[dict[str, Any]]:
    """Variables in every form that is not refused: each that may be left out is, too."""
    given = {"team": team, "title": "As it was"}
    return [
        {"input": given, "names": names, **first, **after}
        for names, first, after in product((True, False), ({}, {"first": 7}), ({}, {"after": None}))
    ]


async def test_no_form_of_a_trusted_mutation_is_compiled_when_it_is_asked(
    trusting: Client, compiled: list[islands.Place]
) -> None:
    headers = {"authorization": f"Bearer {await trusting.token(trusting.cast.paula)}"}
    for variables in forms(trusting.cast.team):
        asked = {"documentId": "draft", "variables": variables}
        answer = (await trusting.http.post("/graphql", json=asked, headers=headers)).json()
        assert "errors" not in answer
        assert answer["data"]["one"]["subject"]["pushbacks"] == {"totalCount": 0}
        assert ("two" in answer["data"]) == variables["names"]
    assert compiled == []
    await trusting.ask(trusting.cast.paula, DRAFT.replace("projected", ""), **variables)
    assert len(compiled) == 1, "another document is, so what is counted would be seen"


async def test_a_trusted_subscription_is_not_compiled_when_it_is_asked(
    trusting: Client, compiled: list[islands.Place]
) -> None:
    cast, ledger = trusting.cast, trusting.backend.ledger
    item = (await draft(trusting))["id"]
    await raised(trusting, item)
    head = await ledger.head(cast.ada.workspace_id)
    compiled.clear()
    async with Socket.open(trusting.port) as socket:
        await socket.enter(await trusting.token(cast.paula))
        for key, document, given in (("1", "followed", {"item": item}), ("2", "followed", {}), ("3", "events", {})):
            variables = {"after": head - 2, **given}
            payload = {"documentId": document, "variables": variables}
            await socket.say({"type": "subscribe", "id": key, "payload": payload})
            while (message := await socket.hear())["id"] != key:
                pass
            assert message["type"] == "next"
            assert "errors" not in message["payload"]
            await socket.say({"type": "complete", "id": key})
    assert compiled == []


async def test_their_statements_are_prepared_on_every_connection(trusting: Client) -> None:
    reads = trusting.backend.reads
    ready = {sql for text in TEXTS.values() for sql in Trusted(Documents(make_schema()), {"a": text}).statements()}
    async with reads.connection(None) as connection:
        known = await connection.fetch("select statement, generic_plans from pg_prepared_statements")
    planned = {bytes(row["statement"]).decode() for row in known if row["generic_plans"] > 0}
    assert len(ready) > len(TEXTS)
    assert ready <= planned


def test_the_plans_of_trusted_documents_are_never_forgotten() -> None:
    documents = Documents(make_schema())
    Trusted(documents, TEXTS).statements()
    kept = len(islands._trusted)
    ready = Trusted(documents, TEXTS).statements()
    assert len(islands._trusted) == kept >= len(ready)
