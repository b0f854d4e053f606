"""The life of a pushback through the API: what it points at, its words, its stance, its holder, its return."""

from typing import Any

from tests.graphql_api.client import Client
from tests.graphql_api.journeys.test_journey import ANSWER, RAISE, REVISE, draft

POINT = """mutation($item: ID!, $anchors: [String!], $again: ID) {
  raisePushback(input: {item: $item, statement: "Nobody says how long", anchors: $anchors, recurrenceOf: $again,
                        reason: RETENTION}) {
    ... on PushbackSuccess { subject { id anchors quotedDigests { section digest } reasonCategory outdatedSections
      recurrenceOf { id outcome recurrences { totalCount } } } }
    ... on Refusal { code path unmet }
  }
}"""
AMEND = """mutation($p: ID!) { amendPushback(input: {pushback: $p, statement: "Per country?", why: "Clearer"}) {
  ... on PushbackSuccess { subject { statement liftsWhen turn { name }
    events(kind: PushbackRaised) { nodes { ... on PushbackRaised { statement } } } } } } }"""
STANCE = """mutation($p: ID!, $lifts: String) {
  changeStance(input: {pushback: $p, stance: BLOCKING, why: "It is the law", liftsWhen: $lifts}) {
    ... on PushbackSuccess { subject { stance liftsWhen item { isBlocked } } events { __typename } }
    ... on Refusal { code path } } }"""
HAND = """mutation($p: ID!, $to: ID!) { reassignPushback(input: {pushback: $p, person: $to, why: "On leave"}) {
  ... on PushbackSuccess { subject { raiser { name } holder { name } turn { name } } } ... on Refusal { code } } }"""
REPLY = """mutation($p: ID!) { answerPushback(input: {pushback: $p, text: "90 days?", kind: COUNTER_PROPOSAL}) {
  ... on PushbackSuccess { subject { state responseKind turn { name } } } } }"""
GO = """mutation($i: ID!) { withdrawItem(input: {item: $i, why: "Bought instead"}) {
  ... on ItemSuccess { subject { status isBlocked openPushbackCount } events { __typename } }
  ... on Refusal { code suggested } } }"""


async def pointed(client: Client, item: str, *anchors: str, again: str | None = None) -> Any:
    """The answer to Arno's pushback on these places."""
    return (await client.ask(client.cast.arno, POINT, item=item, anchors=anchors, again=again))["raisePushback"]


async def actions(client: Client, who: Any, on: str) -> set[str]:
    """What the asker may do to it now."""
    seen = await client.ask(who, "query($on: ID!) { availableActions(on: $on) { mutation } }", on=on)
    return {action["mutation"] for action in seen["availableActions"]}


async def test_a_pushback_points_at_sections_and_says_when_they_changed(client: Client) -> None:
    item = await draft(client)
    refused = await pointed(client, item["id"], "why")
    assert refused == {"code": "ANCHOR_NOT_FOUND", "path": ["input", "anchors"], "unmet": ["why"]}
    raised = (await pointed(client, item["id"], "criteria/1", "title"))["subject"]
    assert raised["anchors"] == ["criteria/1", "title"]
    assert [quoted["section"] for quoted in raised["quotedDigests"]] == ["criteria", "title"]
    assert raised["reasonCategory"] == "DATA"
    await client.ask(client.cast.paula, REVISE, item=item["id"], digest=item["digest"], why="The law")
    assert await outdated(client, raised["id"]) == []
    revised = """mutation($i: ID!, $d: String!) {
      reviseItem(input: {item: $i, expectedDigest: $d, criteria: ["Kept for 30 days"]}) {
        ... on ItemSuccess { events { __typename ... on PushbackAnchorOutdated { section pushback { id } } } } } }"""
    now = (await client.ask(client.cast.paula, "query($i: ID!) { item(id: $i) { digest } }", i=item["id"]))["item"]
    answer = (await client.ask(client.cast.paula, revised, i=item["id"], d=now["digest"]))["reviseItem"]
    mark = {"__typename": "PushbackAnchorOutdated", "section": "criteria", "pushback": {"id": raised["id"]}}
    assert mark in answer["events"]
    assert await outdated(client, raised["id"]) == ["criteria"]


async def outdated(client: Client, pushback: str) -> Any:
    """The sections that it points into and that changed since."""
    seen = await client.ask(client.cast.arno, "query($p: ID!) { pushback(id: $p) { outdatedSections } }", p=pushback)
    return seen["pushback"]["outdatedSections"]


async def test_words_stance_and_holder_change_and_what_was_said_stays(client: Client) -> None:
    cast, item = client.cast, await draft(client)
    pushback = (await client.ask(cast.arno, RAISE, item=item["id"], statement="How long?"))["raisePushback"]
    key = pushback["subject"]["id"]
    amended = (await client.ask(cast.arno, AMEND, p=key))["amendPushback"]["subject"]
    assert (amended["statement"], amended["liftsWhen"], amended["turn"]) == ("Per country?", None, {"name": "Paula"})
    assert amended["events"] == {"nodes": [{"statement": "How long?"}]}
    assert (await client.ask(cast.arno, STANCE, p=key))["changeStance"]["code"] == "LIFTS_WHEN_REQUIRED"
    blocked = (await client.ask(cast.arno, STANCE, p=key, lifts="A number"))["changeStance"]
    assert blocked["subject"] == {"stance": "BLOCKING", "liftsWhen": "A number", "item": {"isBlocked": True}}
    proposed = (await client.ask(cast.paula, REPLY, p=key))["answerPushback"]["subject"]
    assert proposed == {"state": "RESPONDED", "responseKind": "COUNTER_PROPOSAL", "turn": {"name": "Arno"}}
    refused = (await client.ask(cast.arno, HAND, p=key, to=cast.paula.person_id))["reassignPushback"]
    assert refused == {"code": "OWN_ITEM"}
    handed = (await client.ask(cast.arno, HAND, p=key, to=cast.dora.person_id))["reassignPushback"]["subject"]
    assert handed == {"raiser": {"name": "Arno"}, "holder": {"name": "Dora"}, "turn": {"name": "Dora"}}
    assert await actions(client, cast.arno, key) == {"escalatePushback", "noteConversation"}
    assert {"settlePushback", "withdrawPushback", "amendPushback"} <= await actions(client, cast.dora, key)
    query = "query($holder: ID!) { pushbacks(first: 1, holder: $holder, reasonCategory: UNSORTED) { totalCount } }"
    assert (await client.ask(cast.arno, query, holder=cast.dora.person_id))["pushbacks"] == {"totalCount": 1}


async def test_an_item_that_is_withdrawn_leaves_its_history_and_moot_pushbacks(client: Client) -> None:
    cast, item = client.cast, (await draft(client))["id"]
    first = (await pointed(client, item, "title"))["subject"]["id"]
    assert (await pointed(client, item, again=first))["code"] == "STILL_OPEN"
    await client.ask(cast.paula, ANSWER, pushback=first, text="90 days")
    settle = "mutation($p: ID!) { settlePushback(input: {pushback: $p}) { __typename } }"
    await client.ask(cast.arno, settle, p=first)
    second = (await pointed(client, item, again=first))["subject"]
    assert second["recurrenceOf"] == {"id": first, "outcome": "ANSWERED", "recurrences": {"totalCount": 1}}
    gone = (await client.ask(cast.paula, GO, i=item))["withdrawItem"]
    assert gone["subject"] == {"status": "WITHDRAWN", "isBlocked": False, "openPushbackCount": 0}
    assert [event["__typename"] for event in gone["events"]] == ["ItemWithdrawn", "PushbackMooted"]
    again = (await client.ask(cast.paula, GO, i=item))["withdrawItem"]
    assert again == {"code": "ITEM_IS_WITHDRAWN", "suggested": ["draftItem"]}
    assert await actions(client, cast.paula, item) == await actions(client, cast.arno, second["id"]) == set()
    query = "query($p: ID!) { pushback(id: $p) { outcome turn { name } item { history { totalCount } } } }"
    seen = (await client.ask(cast.arno, query, p=second["id"]))["pushback"]
    assert seen == {"outcome": "MOOT", "turn": None, "item": {"history": {"totalCount": 7}}}
