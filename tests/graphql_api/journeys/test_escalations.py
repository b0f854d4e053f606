"""Putting a pushback before others, through the API."""

from tests.graphql_api.client import Client
from tests.graphql_api.journeys.test_overrides import blocked, proposed
from tests.graphql_api.journeys.test_pushbacks import actions

ESCALATE = """mutation($p: ID!) { escalatePushback(input: {pushback: $p, why: "We talk in circles"}) {
  ... on PushbackSuccess { subject { state due dueAt escalatedWhy arbiterIds waitsFor { rule people { nodes { name } } }
    } } ... on Refusal { code } } }"""
RULE = """mutation($p: ID!) { ruleOnEscalation(input: {pushback: $p, ruling: UPHELD, rationale: "It is slow",
  requiredChange: "A load test"}) { ... on PushbackSuccess { subject { outcome owed rulingRationale requiredChange
    turn { name } waitsFor { rule } item { id digest isBlocked } } } ... on Refusal { code } } }"""
REVISE = """mutation($item: ID!, $digest: String!) { reviseItem(input: {item: $item, expectedDigest: $digest,
  constraints: "A load test"}) { ... on ItemSuccess { subject { isBlocked pushbacks(first: 1) {
  nodes { turn { name } waitsFor { rule } } } } } ... on Refusal { code } } }"""
VERIFY = """mutation($p: ID!) { verifyRequiredChange(input: {pushback: $p}) {
  ... on PushbackSuccess { subject { outcome owed turn { name } item { isBlocked } } } ... on Refusal { code } } }"""


async def test_a_ruling_obliges_to_a_change_that_the_raiser_verifies(client: Client) -> None:
    cast, key = client.cast, await blocked(client)
    await proposed(client, key)
    subject = (await client.ask(cast.arno, ESCALATE, p=key))["escalatePushback"]["subject"]
    assert subject == {
        "state": "ESCALATED", "due": None, "dueAt": None, "escalatedWhy": "We talk in circles",
        "arbiterIds": [cast.tom.person_id],
        "waitsFor": {"rule": "RULE_ON_ESCALATION", "people": {"nodes": [{"name": "Tom"}]}},
    }  # fmt: skip
    assert {"ruleOnEscalation"} <= await actions(client, cast.tom, key)
    assert (await client.ask(cast.paula, RULE, p=key))["ruleOnEscalation"] == {"code": "ARBITER_IS_PARTY"}
    subject = (await client.ask(cast.tom, RULE, p=key))["ruleOnEscalation"]["subject"]
    item = subject.pop("item")
    assert item["isBlocked"]
    assert subject == {
        "outcome": "UPHELD", "owed": "REQUIRED_CHANGE", "rulingRationale": "It is slow",
        "requiredChange": "A load test", "turn": {"name": "Paula"}, "waitsFor": {"rule": "MAKE_REQUIRED_CHANGE"},
    }  # fmt: skip
    revised = await client.ask(cast.paula, REVISE, item=item["id"], digest=item["digest"])
    assert revised["reviseItem"]["subject"] == {
        "isBlocked": True,
        "pushbacks": {"nodes": [{"turn": {"name": "Arno"}, "waitsFor": {"rule": "VERIFY_REQUIRED_CHANGE"}}]},
    }
    verified = (await client.ask(cast.arno, VERIFY, p=key))["verifyRequiredChange"]["subject"]
    assert verified == {"outcome": "UPHELD", "owed": None, "turn": None, "item": {"isBlocked": False}}
