"""The page on policy: its tables are the rules and settings that there are, its operations do what it says."""

import re
from typing import Final

from tests.docs.policies import IN_GUIDE, tables
from tests.graphql_api.client import Client, backend, cast, client  # noqa: F401 - fixtures

PAGE: Final = IN_GUIDE.page
ADOPT, HOLDS, ADD = re.findall(r"```graphql\n(.*?)```", PAGE, re.DOTALL)


def test_the_tables_are_the_rules_and_settings_that_there_are() -> None:
    assert IN_GUIDE.shown() == tables(), "run `python -m tests.docs.policies`"


async def test_the_operations_do_what_the_text_around_them_says(client: Client) -> None:  # noqa: F811 - a fixture
    people = client.cast
    adopted = (await client.ask(people.paula, ADOPT, team=people.team))["adoptPolicy"]["subject"]
    assert adopted == {"number": 1}
    held = (await client.ask(people.dora, HOLDS, team=people.team))["policy"]
    levels = {told["rule"]: (told["level"], told["setBy"]) for told in held["rules"]}
    assert levels["AUTHOR_DOES_NOT_SIGN"] == ("REQUIRE", {"why": "The auditors asked", "team": {"name": "Player"}})
    assert levels["IMPLEMENTER_DOES_NOT_SIGN"] == ("REQUIRE", None)
    settings = {told["name"]: told["value"] for told in held["settings"]}
    assert settings["readyQuorum"] == "2"
    assert (await client.ask(people.ada, ADD))["addReason"] == {"subject": {"code": "LICENCE_UNCLEAR"}}
