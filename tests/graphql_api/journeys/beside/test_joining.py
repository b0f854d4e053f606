"""Joining a pushback through the API, and what becomes of it when its raiser takes it back."""

from tests.graphql_api.client import Client
from tests.graphql_api.journeys.test_journey import ANSWER, draft, raised
from tests.graphql_api.journeys.test_pushbacks import actions

JOIN = """mutation($p: ID!, $why: String) { joinPushback(input: {pushback: $p, why: $why}) {
  ... on PushbackSuccess {
    subject { state holder { name } turn { name } joinedIds joiners(first: 9) { totalCount nodes { name } } }
    events { __typename ... on PushbackJoined { why } } }
  ... on Refusal { code suggested } } }"""
LEAVE = """mutation($p: ID!) { leavePushback(input: {pushback: $p}) {
  ... on PushbackSuccess { subject { joiners(first: 9) { totalCount } } } ... on Refusal { code } } }"""
WITHDRAW = """mutation($p: ID!) { withdrawPushback(input: {pushback: $p, why: "Good enough for me"}) {
  ... on PushbackSuccess { events { __typename }
    subject { state outcome raiser { name } holder { name } joiners(first: 9) { totalCount } } } } }"""


async def test_what_several_share_does_not_end_when_its_raiser_takes_it_back(client: Client) -> None:
    cast, item = client.cast, (await draft(client))["id"]
    key = (await raised(client, item))["id"]
    assert "joinPushback" in await actions(client, cast.dora, key)
    answer = (await client.ask(cast.dora, JOIN, p=key, why="We count it every night"))["joinPushback"]
    assert answer["events"] == [{"__typename": "PushbackJoined", "why": "We count it every night"}]
    assert answer["subject"] == {
        "state": "OPEN", "holder": {"name": "Arno"}, "turn": {"name": "Paula"},
        "joinedIds": [cast.dora.person_id], "joiners": {"totalCount": 1, "nodes": [{"name": "Dora"}]},
    }  # fmt: skip
    again = (await client.ask(cast.dora, JOIN, p=key))["joinPushback"]
    assert again == {"code": "ALREADY_JOINED", "suggested": ["raisePushback", "leavePushback"]}
    assert (await client.ask(cast.paula, JOIN, p=key))["joinPushback"]["code"] == "OWN_ITEM"
    assert {"leavePushback", "escalatePushback"} <= await actions(client, cast.dora, key)
    withdrawn = (await client.ask(cast.arno, WITHDRAW, p=key))["withdrawPushback"]
    assert withdrawn["events"] == [{"__typename": "PushbackReassigned"}]
    assert withdrawn["subject"] == {
        "state": "OPEN", "outcome": None, "raiser": {"name": "Arno"}, "holder": {"name": "Dora"},
        "joiners": {"totalCount": 0},
    }  # fmt: skip
    ended = (await client.ask(cast.dora, WITHDRAW, p=key))["withdrawPushback"]["subject"]
    assert (ended["state"], ended["outcome"]) == ("CLOSED", "WITHDRAWN")


async def test_who_joined_may_leave_and_answer_then(client: Client) -> None:
    cast = client.cast
    drafted = await cast.do(cast.dora, "draft_item", team=cast.team, title="Sort by price")
    key = (await raised(client, drafted.subject_id))["id"]
    await client.ask(cast.paula, JOIN, p=key)
    refused = (await client.ask(cast.paula, ANSWER, pushback=key, text="All of them"))["answerPushback"]
    assert refused["code"] == "OWN_PUSHBACK"
    assert (await client.ask(cast.paula, LEAVE, p=key))["leavePushback"]["subject"] == {"joiners": {"totalCount": 0}}
    assert (await client.ask(cast.paula, LEAVE, p=key))["leavePushback"] == {"code": "NOT_JOINED"}
    answered = (await client.ask(cast.paula, ANSWER, pushback=key, text="All of them"))["answerPushback"]
    assert answered["subject"]["state"] == "RESPONDED"
