"""The page on disagreeing shows operations that the schema has, and names every state of a question."""

import re
from pathlib import Path
from typing import Any, Final

import pytest
from graphql import parse, validate

from graphql_api.schema import make_schema
from projections.rows.questions import QuestionState
from tests.graphql_api.client import Client, backend, cast, client  # noqa: F401 - fixtures
from tests.graphql_api.journeys.test_overrides import blocked, proposed

PAGE: Final = (Path(__file__).parents[2] / "docs" / "disagreement.md").read_text(encoding="utf-8")
OPERATIONS: Final = re.findall(r"```graphql\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_an_operation_that_is_shown_is_one_of_the_schema(operation: str) -> None:
    assert validate(make_schema()._schema, parse(operation)) == []


def test_every_state_of_a_question_is_told() -> None:
    told = re.findall(r"^\| `([A-Z]+)` \| (?:who was asked|the asker|nobody) \|", PAGE, re.MULTILINE)
    assert told == [*QuestionState]


async def test_what_became_of_an_override_is_what_the_page_says(client: Client) -> None:  # noqa: F811 - a fixture
    people, key = client.cast, await blocked(client)
    item = "itm_" + key[4:].partition("_")[0]
    await people.do(people.paula, "revise_item", item, narrative="Before", expected_digest=await digest(client, item))
    await proposed(client, key, urgent=True)
    await people.do(people.tom, "second_emergency_override", key)
    untouched = await fate(client)
    assert (untouched["owed"], untouched["ratified"], untouched["dissentCount"]) == ("RATIFICATION", None, 0)
    assert untouched["item"] == {"status": "OPEN", "isBlocked": False}
    nothing: dict[str, list[str]] = {"nodes": []}
    assert [untouched[one] for one in ("recurrences", "revisionsSince", "signOffsEndedSince")] == [nothing] * 3
    await people.do(people.arno, "ratify_override", key)
    await people.do(people.arno, "record_dissent", key, text="It will fail")
    seen = await digest(client, item)
    await people.do(people.paula, "grant_sign_off", item, expected_digest=seen, label="ACCEPTANCE")
    await people.do(people.paula, "revise_item", item, narrative="After", expected_digest=seen)
    again = {"statement": "It was slow", "recurrence_of": key}
    await people.do(people.arno, "raise_pushback", item, **again)
    became = await fate(client)
    assert (became["owed"], became["ratified"], became["dissentCount"]) == (None, {"actor": {"name": "Arno"}}, 1)
    assert became["recurrences"] == {"nodes": [{"statement": "It was slow", "state": "OPEN", "outcome": None}]}
    assert became["revisionsSince"] == {"nodes": [{"number": 3, "changedSections": ["narrative"]}]}
    ended = {"label": "ACCEPTANCE", "state": "VOIDED", "signer": {"name": "Paula"}}
    assert became["signOffsEndedSince"] == {"nodes": [ended]}


async def digest(client: Client, item: str) -> str:  # noqa: F811 - a fixture
    """What Paula sees of an item."""
    await client.backend.projector.catch_up(client.cast.ada.workspace_id)
    query = "query($i: ID!) { item(id: $i) { digest } }"
    return str((await client.ask(client.cast.paula, query, i=item))["item"]["digest"])


async def fate(client: Client) -> dict[str, Any]:  # noqa: F811 - a fixture
    """What the operation of the page says of the one pushback that was overridden."""
    await client.backend.projector.catch_up(client.cast.ada.workspace_id)
    (operation,) = (each for each in OPERATIONS if "OVERRIDDEN" in each)
    (one,) = (await client.ask(client.cast.dora, operation, team=client.cast.team))["pushbacks"]["nodes"]
    return dict(one)
