"""Questions through the API: asked in one sentence, answered, closed, or made a pushback of, and whose turn it is."""

from typing import Any

from tests.graphql_api.client import Client
from tests.graphql_api.journeys.test_journey import draft

ASK = """mutation($item: ID!, $text: String!, $to: ID) { askQuestion(input: {item: $item, text: $text, routedTo: $to}) {
  ... on QuestionSuccess { subject { id number state text asker { name } routedTo { name } turn { name } team { name }
    item { openQuestionCount isBlocked } revision { number } pushback { id } } events { __typename } }
  ... on Refusal { code path suggested whoCould { roles } } } }"""
ANSWER = """mutation($question: ID!, $text: String!) { answerQuestion(input: {question: $question, text: $text}) {
  ... on QuestionSuccess { subject { state turn { name } answer { text actor { name } } answeredAt } }
  ... on Refusal { code whoCould { roles people { name } } } } }"""
CLOSE = """mutation($question: ID!) { closeQuestion(input: {question: $question}) {
  ... on QuestionSuccess { subject { state turn { name } ended { __typename } item { openQuestionCount } } }
  ... on Refusal { code } } }"""
PROMOTE = """mutation($question: ID!, $statement: String!) {
  promoteQuestion(input: {question: $question, statement: $statement}) {
    ... on PushbackSuccess { subject { state statement raiser { name } question { id state pushback { id } } }
      events { __typename ... on QuestionPromoted { question { number } pushback { number } } } }
    ... on Refusal { code } } }"""
WAITING = """query($me: ID!) { questions(turn: $me, first: 10) { totalCount nodes { text } }
  person(id: $me) { questions { totalCount } questionsToAnswer(state: ASKED) { totalCount } } }"""


async def asked(client: Client, item: str, text: str = "How many a day?", **said: Any) -> Any:
    """A question of the architect's."""
    return (await client.ask(client.cast.arno, ASK, item=item, text=text, **said))["askQuestion"]["subject"]


async def test_asked_answered_and_closed_and_the_turn_goes_back_and_forth(client: Client) -> None:
    cast, item = client.cast, (await draft(client))["id"]
    question = await asked(client, item)
    assert (question["state"], question["asker"], question["turn"]) == ("ASKED", {"name": "Arno"}, {"name": "Paula"})
    assert question["item"] == {"openQuestionCount": 1, "isBlocked": False}
    assert (question["routedTo"], question["team"]) == ({"name": "Paula"}, {"name": "Player"})
    waiting = await client.ask(cast.dora, WAITING, me=cast.paula.person_id)
    assert waiting["questions"] == {"totalCount": 1, "nodes": [{"text": "How many a day?"}]}
    assert waiting["person"] == {"questions": {"totalCount": 0}, "questionsToAnswer": {"totalCount": 1}}
    answered = await client.ask(cast.paula, ANSWER, question=question["id"], text="Ten million")
    subject = answered["answerQuestion"]["subject"]
    assert (subject["state"], subject["turn"]) == ("ANSWERED", {"name": "Arno"})
    assert subject["answer"] == {"text": "Ten million", "actor": {"name": "Paula"}}
    assert (await client.ask(cast.dora, WAITING, me=cast.arno.person_id))["questions"]["totalCount"] == 1
    closed = (await client.ask(cast.arno, CLOSE, question=question["id"]))["closeQuestion"]["subject"]
    ended = {"state": "CLOSED", "turn": None, "ended": {"__typename": "QuestionClosed"}}
    assert closed == {**ended, "item": {"openQuestionCount": 0}}
    assert (await client.ask(cast.arno, CLOSE, question=question["id"]))["closeQuestion"] == {"code": "QUESTION_ENDED"}


async def test_a_question_goes_to_a_person_who_is_named_and_has_a_role_here(client: Client) -> None:
    cast, item = client.cast, (await draft(client))["id"]
    question = await asked(client, item, to=cast.dora.person_id)
    assert question["turn"] == {"name": "Dora"}
    register = """mutation { registerPerson(input: {name: "Bo"}) { ... on PersonSuccess { subject { id } } } }"""
    bo = (await client.ask(cast.ada, register))["registerPerson"]["subject"]["id"]
    refused = (await client.ask(cast.arno, ASK, item=item, text="Why?", to=bo))["askQuestion"]
    assert (refused["code"], refused["path"]) == ("NO_ROLE_HERE", ["input", "routedTo"])
    refused = (await client.ask(cast.tom, ANSWER, question=question["id"], text="No idea"))["answerQuestion"]
    assert refused == {
        "code": "NOT_ASKED",
        "whoCould": {"roles": ["PRODUCT_OWNER"], "people": [{"name": "Paula"}]},
    }


async def test_the_asker_makes_a_pushback_of_it_and_both_name_each_other(client: Client) -> None:
    cast, item = client.cast, (await draft(client))["id"]
    question = (await asked(client, item))["id"]
    await client.ask(cast.paula, ANSWER, question=question, text="Ten million")
    said = {"question": question, "statement": "A nightly export will not do"}
    assert (await client.ask(cast.dora, PROMOTE, **said))["promoteQuestion"] == {"code": "ASKER_ONLY"}
    promoted = (await client.ask(cast.arno, PROMOTE, **said))["promoteQuestion"]
    subject = promoted["subject"]
    assert (subject["state"], subject["raiser"]) == ("OPEN", {"name": "Arno"})
    assert subject["question"]["id"] == question
    assert subject["question"]["state"] == "PROMOTED"
    named = {"__typename": "QuestionPromoted", "question": {"number": 1}, "pushback": {"number": 1}}
    assert promoted["events"] == [{"__typename": "PushbackRaised"}, named]
    query = """query($q: ID!) { question(id: $q) { state pushback { question { id } events { nodes { kind } } } }
      node(id: $q) { __typename } availableActions(on: $q) { mutation } }"""
    seen = await client.ask(cast.arno, query, q=question)
    events = {"nodes": [{"kind": "PushbackRaised"}, {"kind": "QuestionPromoted"}]}
    assert seen["question"] == {"state": "PROMOTED", "pushback": {"question": {"id": question}, "events": events}}
    assert (seen["node"], seen["availableActions"]) == ({"__typename": "Question"}, [])


async def test_what_each_may_do_with_a_question_and_its_story_in_the_items(client: Client) -> None:
    cast, item = client.cast, (await draft(client))["id"]
    question = (await asked(client, item))["id"]
    query = "query($q: ID!) { availableActions(on: $q) { mutation } }"
    offered = {}
    for name in ("arno", "paula", "dora"):
        seen = await client.ask(getattr(cast, name), query, q=question)
        offered[name] = {action["mutation"] for action in seen["availableActions"]}
    assert offered == {"arno": {"closeQuestion", "promoteQuestion"}, "paula": {"answerQuestion"}, "dora": set()}
    story = """query($i: ID!) { item(id: $i) { questions(state: ASKED) { nodes { id } }
      history(kind: QuestionAsked) { nodes { ... on QuestionAsked { text question { id } } } } } }"""
    seen = (await client.ask(cast.dora, story, i=item))["item"]
    assert seen["questions"] == {"nodes": [{"id": question}]}
    assert seen["history"] == {"nodes": [{"text": "How many a day?", "question": {"id": question}}]}
