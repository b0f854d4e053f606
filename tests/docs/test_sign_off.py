"""The page on signing off: its table is what the rules do, its operations do what the text around them says."""

import re
from typing import Any, Final

from tests.docs.changes import IN_GUIDE, table
from tests.graphql_api.client import Client, backend, cast, client  # noqa: F401 - fixtures

PAGE: Final = IN_GUIDE.page
ADOPT, ACCEPT, ACCEPTED_BY, READY = re.findall(r"```graphql\n(.*?)```", PAGE, re.DOTALL)


def test_the_table_is_what_the_rules_do() -> None:
    assert IN_GUIDE.shown() == table(), "run `python -m tests.docs.changes`"


async def test_the_operations_do_what_the_text_around_them_says(client: Client) -> None:  # noqa: F811 - a fixture
    people = client.cast
    adopted = (await client.ask(people.paula, ADOPT, team=people.team))["adoptDefinition"]["subject"]
    assert (adopted["number"], adopted["criteria"]) == (1, ["shown"])
    item = await people.item("Export listening data")
    event: Any = item.entries[0].event
    one_click = "mutation($item: ID!, $digest: String!) { grantSignOff(input: {item: $item, label: ACCEPTANCE, "
    one_click += "expectedDigest: $digest}) { ... on Refusal { code unmet } } }"
    said = {"item": item.subject_id, "digest": event.digest}
    refused = (await client.ask(people.paula, one_click, **said))["grantSignOff"]
    assert refused == {"code": "CHECKLIST_INCOMPLETE", "unmet": ["shown"]}
    signed = (await client.ask(people.paula, ACCEPT, **said))["grantSignOff"]["subject"]
    assert signed == {
        "state": "LIVE",
        "definition": {"number": 1},
        "criteria": ["shown"],
        "met": [True],
        "evidence": ["Shown to two readers on Monday"],
    }
    accepted = {"state": "LIVE", "item": {"title": "Export listening data"}, "signer": {"name": "Paula"}}
    by_it = (await client.ask(people.dora, ACCEPTED_BY, definition=adopted["id"]))["signOffs"]
    assert by_it == {"totalCount": 1, "nodes": [accepted]}
    newer = (await client.ask(people.paula, ADOPT, team=people.team))["adoptDefinition"]["subject"]
    by_newer = (await client.ask(people.dora, ACCEPTED_BY, definition=newer["id"]))["signOffs"]
    assert (newer["number"], by_newer["totalCount"]) == (2, 0)
    listed = (await client.ask(people.dora, READY, item=item.subject_id))["readiness"]
    assert [(one["name"], one["status"]) for one in listed] == [
        ("CRITERION", "NOT_APPLICABLE"),
        ("ESTIMATE", "UNSATISFIED"),
        ("NO_OPEN_BLOCK", "SATISFIED"),
        ("READY_QUORUM", "UNSATISFIED"),
    ]
