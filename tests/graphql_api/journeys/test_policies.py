"""Policy through the API: adopted with a why, locked from above, what holds somewhere, and its history."""

from typing import Any, Final

from tests.graphql_api.client import Client

TEAMS: Final = """mutation($input: AdoptPolicyInput!) { adoptPolicy(input: $input) {
  ... on PolicyVersionSuccess { position subject { id number track off advised required locked settings why
      team { name } replaces { number } adopted { actor { name } } }
    events { ... on PolicyAdopted { number policy { id } replaces { number } required settings } } }
  ... on Refusal { code path unmet suggested whoCould { roles } } } }"""
EVERYWHERE: Final = """mutation($input: AdoptWorkspacePolicyInput!) { adoptWorkspacePolicy(input: $input) {
  ... on PolicyVersionSuccess { position subject { id number team { id } required locked lockedSettings } }
  ... on Refusal { code whoCould { roles } } } }"""
HISTORY: Final = (
    """query($team: ID) { policyVersions(team: $team, first: 10) { totalCount nodes { number required why } } }"""
)


async def in_team(client: Client, **said: Any) -> Any:
    """What the product owner adopts for the team."""
    answer = await client.ask(client.cast.paula, TEAMS, input={"team": client.cast.team, "why": "We tried", **said})
    return answer["adoptPolicy"]


async def everywhere(client: Client, **said: Any) -> Any:
    """What the administrator adopts for all teams."""
    answer = await client.ask(client.cast.ada, EVERYWHERE, input={"why": "The auditors asked", **said})
    return answer["adoptWorkspacePolicy"]


async def test_a_team_adopts_a_policy_and_its_versions_are_kept(client: Client) -> None:
    said = {"require": ["AUTHOR_DOES_NOT_SIGN"], "settings": {"recordedRefusalsMax": 3}}
    first = (await in_team(client, **said))["subject"]
    assert first == {
        "id": first["id"], "number": 1, "track": None, "off": [], "advised": [], "required": ["AUTHOR_DOES_NOT_SIGN"],
        "locked": [], "settings": ["recorded_refusals_max=3"], "why": "We tried", "team": {"name": "Player"},
        "replaces": None, "adopted": {"actor": {"name": "Paula"}},
    }  # fmt: skip
    second = await in_team(client, off=["IMPLEMENTER_DOES_NOT_SIGN"], why="We are three")
    assert second["subject"]["replaces"] == {"number": 1}
    assert second["subject"]["required"] == ["AUTHOR_DOES_NOT_SIGN"]
    assert second["events"][0]["policy"] == {"id": second["subject"]["id"]}
    seen = await client.ask(client.cast.dora, HISTORY, team=client.cast.team)
    assert [(node["number"], node["why"]) for node in seen["policyVersions"]["nodes"]] == [
        (2, "We are three"),
        (1, "We tried"),
    ]


async def test_what_the_workspace_locks_a_team_does_not_loosen(client: Client) -> None:
    rule = "AUTHOR_DOES_NOT_SIGN"
    locked = await everywhere(client, require=[rule], lock=[rule])
    assert (locked["subject"]["team"], locked["subject"]["locked"]) == (None, [rule])
    refused = await in_team(client, off=[rule])
    assert refused == {
        "code": "POLICY_LOCKED",
        "path": [],
        "unmet": ["AUTHOR_DOES_NOT_SIGN is locked at REQUIRE"],
        "suggested": ["adoptPolicy", "adoptWorkspacePolicy"],
        "whoCould": {"roles": []},
    }
    assert (await in_team(client, settings={"recordedRefusalsMax": 1001}))["code"] == "SETTING_OUT_OF_BOUNDS"
    answer = await client.ask(client.cast.paula, EVERYWHERE, input={"why": "No", "off": [rule]})
    chiefs = ["CHIEF_PRODUCT_OWNER", "CHIEF_TECHNICAL_PRODUCT_OWNER"]
    roles = ["SCRUM_MASTER", "PRODUCT_OWNER", *chiefs, "ADMINISTRATOR"]
    assert answer["adoptWorkspacePolicy"] == {"code": "NOT_AUTHORISED", "whoCould": {"roles": roles}}


async def test_what_the_workspace_locks_of_the_settings_a_team_does_not_change(client: Client) -> None:
    locked = await everywhere(client, settings={"readyQuorum": 2}, lockSettings=["READY_QUORUM", "SCALE"])
    assert locked["subject"]["lockedSettings"] == ["ready_quorum", "scale"]
    refused = await in_team(client, settings={"readyQuorum": 1, "holdDays": 3})
    assert (refused["code"], refused["unmet"]) == ("POLICY_LOCKED", ["READY_QUORUM is locked at 2"])
    assert "position" in await in_team(client, settings={"holdDays": 3})
    query = "query($team: ID!) { policy(team: $team) { settings { name value isLocked setBy { team { name } } } } }"
    shown = (await client.ask(client.cast.dora, query, team=client.cast.team))["policy"]["settings"]
    seen = {one.pop("name"): one for one in shown}
    assert seen["readyQuorum"] == {"value": "2", "isLocked": True, "setBy": {"team": None}}
    assert seen["holdDays"] == {"value": "3", "isLocked": False, "setBy": {"team": {"name": "Player"}}}
    assert [name for name, one in seen.items() if one["isLocked"]] == ["readyQuorum", "scale"]
