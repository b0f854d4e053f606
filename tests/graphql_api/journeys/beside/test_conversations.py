"""Noting through the API what was said over a coffee."""

from tests.graphql_api.client import Client
from tests.graphql_api.journeys.test_journey import draft, raised
from tests.graphql_api.journeys.test_pushbacks import actions

NOTE = """mutation($p: ID!, $with: [ID!]!) {
  noteConversation(input: {pushback: $p, participants: $with, summary: "Two million are enough",
                           heldAt: "2025-01-06T10:00:00Z"}) {
    ... on PushbackSuccess {
      subject { state turn { name } conversationCount conversation conversed { participants heldAt summary } }
      events { __typename } }
    ... on Refusal { code path } } }"""
CONFIRM = """mutation($p: ID!, $n: Int!) { confirmConversation(input: {pushback: $p, conversation: $n}) {
  ... on PushbackSuccess { subject { state turn { name } } events { __typename } } ... on Refusal { code } } }"""
DISPUTE = """mutation($p: ID!) { disputeConversation(input: {pushback: $p, conversation: 1, text: "Three"}) {
  ... on PushbackSuccess { subject { events(kind: ConversationDisputed) { nodes {
    actor { name } ... on ConversationDisputed { conversation text } } } } } ... on Refusal { code } } }"""


async def test_a_talk_is_noted_by_one_and_confirmed_by_another_and_settles_nothing(client: Client) -> None:
    cast = client.cast
    key = (await raised(client, (await draft(client))["id"]))["id"]
    alone = (await client.ask(cast.paula, NOTE, p=key, **{"with": [cast.paula.person_id]}))["noteConversation"]
    assert alone == {"code": "TALKED_ALONE", "path": ["input", "participants"]}
    people = [cast.arno.person_id, cast.dora.person_id]
    answer = (await client.ask(cast.paula, NOTE, p=key, **{"with": people}))["noteConversation"]
    assert answer["events"] == [{"__typename": "ConversationNoted"}]
    assert answer["subject"] == {
        "state": "OPEN", "turn": {"name": "Paula"}, "conversationCount": 1, "conversation": "Two million are enough",
        "conversed": {
            "participants": [cast.paula.person_id, *people], "heldAt": "2025-01-06T10:00:00+00:00",
            "summary": "Two million are enough",
        },
    }  # fmt: skip
    assert {"confirmConversation", "disputeConversation"} <= await actions(client, cast.arno, key)
    assert "confirmConversation" not in await actions(client, cast.paula, key)
    confirmed = (await client.ask(cast.arno, CONFIRM, p=key, n=1))["confirmConversation"]
    assert confirmed == {
        "subject": {"state": "OPEN", "turn": {"name": "Paula"}},
        "events": [{"__typename": "ConversationConfirmed"}],
    }
    assert (await client.ask(cast.arno, CONFIRM, p=key, n=1))["confirmConversation"]["code"] == "NOTHING_TO_CONFIRM"
    disputed = (await client.ask(cast.dora, DISPUTE, p=key))["disputeConversation"]["subject"]["events"]["nodes"]
    assert disputed == [{"actor": {"name": "Dora"}, "conversation": 1, "text": "Three"}]
