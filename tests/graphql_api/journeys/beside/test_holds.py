"""Holding an item through the API: a block for a while, and then the concern."""

from typing import Any

from tests.graphql_api.client import Client
from tests.graphql_api.journeys.test_journey import SIGN, draft
from tests.graphql_api.journeys.test_pushbacks import actions

HOLD = """mutation($item: ID!) {
  placeHold(input: {item: $item, statement: "May we keep this at all?", anchors: ["criteria/1"]}) {
    ... on PushbackSuccess {
      subject { id state stance statement liftsWhen anchors turn { name } waitsFor { rule since } due dueAt
        item { isBlocked } }
      events { __typename ... on PushbackRaised { dueAt } } }
    ... on Refusal { code suggested } } }"""
SUBSTANTIATE = """mutation($p: ID!, $lifts: String) {
  substantiateHold(input: {pushback: $p, statement: "Not for 90 days", stance: BLOCKING, liftsWhen: $lifts,
                           reason: RETENTION}) {
    ... on PushbackSuccess {
      subject { state stance statement liftsWhen anchors reasonCategory turn { name } due item { isBlocked }
        raised { statement } substantiated { statement } }
      events { __typename } }
    ... on Refusal { code path } } }"""
RELEASE = """mutation($p: ID!) { withdrawPushback(input: {pushback: $p, why: "The law allows it"}) {
  ... on PushbackSuccess { subject { outcome item { isBlocked } } } ... on Refusal { code } } }"""
ANSWERED = """mutation($p: ID!) { answerPushback(input: {pushback: $p, text: "We may"}) {
  ... on PushbackSuccess { subject { state } } ... on Refusal { code suggested } } }"""


async def held(client: Client, item: str) -> Any:
    """The answer to Arno's hold."""
    return (await client.ask(client.cast.arno, HOLD, item=item))["placeHold"]


async def test_a_hold_blocks_for_a_while_and_then_says_what_the_concern_is(client: Client) -> None:
    cast, item = client.cast, await draft(client)
    answer = await held(client, item["id"])
    subject = answer["subject"]
    key, waits = subject.pop("id"), subject.pop("waitsFor")
    assert subject.pop("dueAt") == answer["events"][0]["dueAt"] > waits["since"]
    assert (subject, waits["rule"]) == (
        {
            "state": "HELD", "stance": "BLOCKING", "statement": "May we keep this at all?", "liftsWhen": None,
            "anchors": ["criteria/1"], "turn": {"name": "Arno"}, "due": "expire_hold", "item": {"isBlocked": True},
        },
        "SUBSTANTIATE_HOLD",
    )  # fmt: skip
    assert await actions(client, cast.arno, key) == {"substantiateHold", "withdrawPushback", "noteConversation"}
    assert await actions(client, cast.paula, key) == {"noteConversation"}
    assert (await client.ask(cast.paula, ANSWERED, p=key))["answerPushback"]["code"] == "IS_HELD"
    assert (await client.ask(cast.dora, SIGN, item=item["id"], digest=item["digest"], label="READY"))["grantSignOff"][
        "code"
    ] == "OPEN_BLOCKING_PUSHBACK"
    await it_is_said_what_the_concern_is(client, key)


async def it_is_said_what_the_concern_is(client: Client, key: str) -> None:
    arno = client.cast.arno
    bare = (await client.ask(arno, SUBSTANTIATE, p=key, lifts=None))["substantiateHold"]
    assert bare == {"code": "LIFTS_WHEN_REQUIRED", "path": ["input", "liftsWhen"]}
    answer = (await client.ask(arno, SUBSTANTIATE, p=key, lifts="30 days"))["substantiateHold"]
    assert answer["events"] == [{"__typename": "HoldSubstantiated"}]
    assert answer["subject"] == {
        "state": "OPEN", "stance": "BLOCKING", "statement": "Not for 90 days", "liftsWhen": "30 days", "anchors": [],
        "reasonCategory": "DATA", "turn": {"name": "Paula"}, "due": None, "item": {"isBlocked": True},
        "raised": {"statement": "May we keep this at all?"}, "substantiated": {"statement": "Not for 90 days"},
    }  # fmt: skip


async def test_a_hold_is_let_go_of_and_is_not_placed_again_on_the_same(client: Client) -> None:
    item = await draft(client)
    key = (await held(client, item["id"]))["subject"]["id"]
    subject = (await client.ask(client.cast.arno, RELEASE, p=key))["withdrawPushback"]["subject"]
    assert subject == {"outcome": "WITHDRAWN", "item": {"isBlocked": False}}
    assert await held(client, item["id"]) == {"code": "HELD_BEFORE", "suggested": ["raisePushback"]}
