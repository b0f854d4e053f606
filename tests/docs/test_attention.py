"""What the page on attention shows works as it says, and it names every rule."""

import re
from pathlib import Path

from projections.turns import TurnRule
from tests.graphql_api.client import Client, backend, cast, client  # noqa: F401 - fixtures
from tests.graphql_api.journeys.test_journey import draft, raised
from tests.graphql_api.socket import Socket

PAGE = (Path(__file__).parents[2] / "docs" / "attention.md").read_text()
OPERATION, SUBSCRIPTION = re.findall(r"```graphql\n(.*?)```", PAGE, re.DOTALL)


async def test_the_operation_shows_what_waits_for_a_person(client: Client) -> None:  # noqa: F811 - a fixture
    await raised(client, (await draft(client))["id"])
    paula = client.cast.paula
    seen = (await client.ask(paula, OPERATION, person=paula.person_id))["attention"]
    assert (seen["totalCount"], seen["nodes"][0]["person"]) == (1, {"name": "Paula"})
    assert seen["nodes"][0]["people"] == {"nodes": [{"name": "Paula"}]}


async def test_the_subscription_tells_of_it_with_the_position_to_resume_after(client: Client) -> None:  # noqa: F811 - a fixture
    paula = client.cast.paula
    async with Socket.open(client.port) as socket:
        await socket.enter(await client.token(paula))
        await socket.ask("a", SUBSCRIPTION, after=0)
        await raised(client, (await draft(client))["id"])
        told = (await socket.next())["attentionChanged"]
    turn = {"rule": "ANSWER_PUSHBACK", "pushback": {"statement": "No volumes are given"}}
    assert told["person"] == {"attention": {"nodes": [turn]}}
    assert told["position"] <= await client.backend.ledger.head(paula.workspace_id)


def test_the_page_names_every_rule_and_no_other() -> None:
    assert set(re.findall(r"^\| [^|]+ \| `([A-Z_]+)`", PAGE, re.MULTILINE)) == set(TurnRule)
