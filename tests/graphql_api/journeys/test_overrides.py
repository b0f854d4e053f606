"""Going ahead over a pushback, through the API."""

from typing import Any

from tests.graphql_api.client import Client
from tests.graphql_api.journeys.test_journey import draft
from tests.graphql_api.journeys.test_pushbacks import actions

BLOCK = """mutation($item: ID!) { raisePushback(input: {item: $item, statement: "It will be slow", stance: BLOCKING,
  liftsWhen: "A load test"}) { ... on PushbackSuccess { subject { id item { isBlocked } } } } }"""
OVERRIDE = """mutation($p: ID!, $why: String!, $urgent: Boolean!) { proposeOverride(input: {pushback: $p,
  concernRestated: "Too slow for many", rationale: $why, notAddressed: "The load", emergency: $urgent}) {
  ... on PushbackSuccess { subject { state turn { name } waitsFor { rule since } dueAt due overrider { name } unmet
    rationale concernRestated notAddressed } events { __typename ... on OverrideProposed { dueAt isEmergency unmet } } }
  ... on Refusal { code path } } }"""
CONFIRM = """mutation($p: ID!) { confirmUnderstanding(input: {pushback: $p}) {
  ... on PushbackSuccess { subject { understanding turn { name } } } ... on Refusal { code } } }"""
SECOND = """mutation($p: ID!) { secondEmergencyOverride(input: {pushback: $p}) {
  ... on PushbackSuccess { subject { outcome understanding owed turn { name } liftsWhen item { isBlocked } } }
  ... on Refusal { code } } }"""
RATIFY = """mutation($p: ID!) { ratifyOverride(input: {pushback: $p}) {
  ... on PushbackSuccess { subject { outcome owed turn { name } } } ... on Refusal { code } } }"""


async def blocked(client: Client) -> str:
    """The id of a block by Arno on Paula's item."""
    item = (await draft(client))["id"]
    subject = (await client.ask(client.cast.arno, BLOCK, item=item))["raisePushback"]["subject"]
    assert subject["item"] == {"isBlocked": True}
    return str(subject["id"])


async def proposed(client: Client, pushback: str, *, urgent: bool = False, why: str = "The law") -> Any:
    """The answer to Paula's override."""
    return (await client.ask(client.cast.paula, OVERRIDE, p=pushback, why=why, urgent=urgent))["proposeOverride"]


async def test_an_override_restates_the_concern_and_gives_the_raiser_the_turn(client: Client) -> None:
    cast, key = client.cast, await blocked(client)
    assert await proposed(client, key, why=" ") == {"code": "WHY_REQUIRED", "path": ["input", "rationale"]}
    answer = await proposed(client, key)
    subject = answer["subject"]
    assert (subject["state"], subject["turn"], subject["overrider"]) == (
        "OVERRIDE_PENDING", {"name": "Arno"}, {"name": "Paula"},
    )  # fmt: skip
    assert (subject["due"], subject["unmet"]) == ("take_override_effect", ["SECOND_PERSON_OVERRIDES"])
    assert subject["waitsFor"]["rule"] == "REPLY_TO_OVERRIDE"
    assert subject["waitsFor"]["since"] < subject["dueAt"] == answer["events"][0]["dueAt"]
    assert (subject["rationale"], subject["concernRestated"]) == ("The law", "Too slow for many")
    assert {"confirmUnderstanding", "disputeUnderstanding"} <= await actions(client, cast.arno, key)
    assert await actions(client, cast.paula, key) >= {"rescindOverride"}
    confirmed = (await client.ask(cast.arno, CONFIRM, p=key))["confirmUnderstanding"]["subject"]
    assert confirmed == {"understanding": "CONFIRMED", "turn": {"name": "Paula"}}


async def test_an_emergency_takes_three_people(client: Client) -> None:
    cast, key = client.cast, await blocked(client)
    await proposed(client, key, urgent=True)
    assert (await client.ask(cast.paula, SECOND, p=key))["secondEmergencyOverride"] == {"code": "OWN_OVERRIDE"}
    subject = (await client.ask(cast.tom, SECOND, p=key))["secondEmergencyOverride"]["subject"]
    assert subject == {
        "outcome": "OVERRIDDEN", "understanding": "NO_REPLY", "owed": "RATIFICATION", "turn": {"name": "Arno"},
        "liftsWhen": "A load test", "item": {"isBlocked": False},
    }  # fmt: skip
    assert (await client.ask(cast.tom, RATIFY, p=key))["ratifyOverride"] == {"code": "OWN_OVERRIDE"}
    ratified = (await client.ask(cast.arno, RATIFY, p=key))["ratifyOverride"]["subject"]
    assert ratified == {"outcome": "OVERRIDDEN", "owed": None, "turn": None}
