"""Hostile and hasty commands: what people may type, who may say it, and what comes twice or at once."""

import asyncio
import json
from typing import Any, Final
from uuid import uuid4

import pytest
from graphql import (
    GraphQLInputObjectType,
    GraphQLList,
    get_named_type,
    get_nullable_type,
    is_required_input_field,
)

from domain import ids
from domain.events import CommandRefused
from tests.graphql_api.client import Client
from tests.graphql_api.hostile.test_foreign_ids import INPUTS, Things, filled, own  # noqa: F401 - a fixture
from tests.graphql_api.journeys.test_journey import RAISE, REVISE, SIGN, draft, raised

NOT_KEPT: Final = ("expectedDigest", "anchors", "criterion", "kinds")
"""What is compared with what there is."""

TEXTS: Final = [
    (name, field, is_required_input_field(definition))
    for name, given in INPUTS.items()
    if isinstance(given, GraphQLInputObjectType)
    for field, definition in given.fields.items()
    if get_named_type(definition.type).name == "String" and field not in NOT_KEPT
]

FIRST: Final = {
    "addReason": "REASON_CODE_MALFORMED",
    "castVote": "VOTE_AFTER_REVEAL",
    "confirmReadiness": "UNKNOWN_CRITERION",
    "disputeConversation": "NOTHING_TO_CONFIRM",
    "linkSpike": "SPIKE_EXPECTED",
    "noteThreeAmigos": "NOT_THREE_PEOPLE",
    "promoteQuestion": "UNKNOWN_REASON",
    "raisePushback": "UNKNOWN_REASON",
    "registerWebhook": "WEBHOOK_ADDRESS_MALFORMED",
    "rejectRequiredChange": "NO_CHANGE_REQUIRED",
    "retireReason": "UNKNOWN_REASON",
    "revokeReadiness": "NOT_CONFIRMED",
    "setCalendar": "UNKNOWN_TIME_ZONE",
    "sortPushback": "UNKNOWN_REASON",
    "splitItem": "PART_EXPECTED",
    "substantiateHold": "NOT_HELD",
    "waiveRequiredChange": "NO_CHANGE_REQUIRED",
}
"""What a command is refused for before its texts are read, where the things of the test are in no state for it."""


@pytest.fixture
async def said(client: Client, own: Things) -> dict[str, dict[str, Any]]:  # noqa: F811 - the fixture above
    """An input of each mutation for which somebody is only refused because of a text."""
    cast = client.cast
    await cast.do(cast.arno, "answer_pushback", own.ids["pbk"], text="Ten million")
    other = (await cast.do(cast.arno, "draft_item", team=cast.team, title="Another", track="TECHNICAL")).subject_id
    pending = (await cast.do(cast.dora, "raise_pushback", own.ids["itm"], statement="Too large")).subject_id
    await cast.do(cast.paula, "propose_override", pending, concern_restated="It is large", rationale="The law")
    urgent = (await cast.do(cast.dora, "raise_pushback", own.ids["itm"], statement="Too risky")).subject_id
    words = {"concern_restated": "It is risky", "rationale": "Production is down"}
    await cast.do(cast.paula, "propose_override", urgent, **words, emergency=True)
    await cast.do(cast.arno, "second_emergency_override", urgent)
    escalated = (await cast.do(cast.dora, "raise_pushback", own.ids["itm"], statement="Too soon")).subject_id
    await cast.do(cast.dora, "escalate_pushback", escalated, why="We talk in circles")
    inputs = {name: filled(name, own) for name in INPUTS}
    for name in ("ruleOnEscalation", "recuseFromEscalation"):
        inputs[name]["pushback"] = escalated
    inputs["ruleOnEscalation"]["ruling"] = "UPHELD"
    inputs["recordDissent"]["pushback"] = urgent
    inputs["ratifyOverride"]["pushback"] = urgent
    inputs["requestSignOff"] |= {"label": "READY", "person": cast.tom.person_id}
    for name in ("disputeUnderstanding", "rescindOverride"):
        inputs[name]["pushback"] = pending
    inputs["rankItem"]["below"] = other
    for name in ("raisePushback", "changeStance"):
        inputs[name] |= {"stance": "BLOCKING", "liftsWhen": "Volumes"}
    inputs["endWorkspaceRole"]["assignment"] = ids.thing_key("asg", cast.ada.workspace_key, 1)
    return inputs


async def codes(client: Client, name: str, said: dict[str, Any]) -> set[str]:
    """What each of the cast is told, refused or not."""
    cast, found = client.cast, set()
    mutation = (
        f"mutation($input: {INPUTS[name].name}!) {{ {name}(input: $input) {{ __typename ... on Refusal {{ code }} }} }}"
    )
    for who in (cast.dora, cast.paula, cast.tom, cast.arno, cast.ada):
        answer = (await client.ask(who, mutation, input=said))[name]
        found.add(answer.get("code", "DONE"))
    return found


def with_text(name: str, field: str, said: dict[str, Any], text: str) -> dict[str, Any]:
    """The input with this text in one place."""
    given = INPUTS[name]
    assert isinstance(given, GraphQLInputObjectType)
    is_list = isinstance(get_nullable_type(given.fields[field].type), GraphQLList)
    return {**said, field: [text] if is_list else text}


@pytest.mark.parametrize(
    ("text", "code"), [("a\0b", "TEXT_NOT_STORABLE"), ("x" * (1 << 20), "TEXT_TOO_LONG")], ids=["NUL", "1 MB"]
)
async def test_no_text_comes_in_that_cannot_be_kept(
    client: Client, said: dict[str, dict[str, Any]], text: str, code: str
) -> None:
    for who in (client.cast.dora, client.cast.paula, client.cast.tom, client.cast.arno, client.cast.ada):
        await client.token(who)
    head = await client.backend.ledger.head(client.cast.ada.workspace_id)
    for name, field, _ in TEXTS:
        assert await codes(client, name, with_text(name, field, said[name], text)) & {code, FIRST.get(name)}, (
            name,
            field,
        )
    recorded = await client.backend.ledger.read_after(client.cast.ada.workspace_id, head, 1000)
    assert {type(entry.event) for entry in recorded} <= {CommandRefused}, "who may not sign is refused by a gate"


@pytest.mark.parametrize("text", ["", " \n\t"])
async def test_a_text_that_is_needed_says_something(client: Client, said: dict[str, dict[str, Any]], text: str) -> None:
    required = [(name, field) for name, field, is_required in TEXTS if is_required]
    assert len(required) > 4
    for name, field in [*required, ("raisePushback", "liftsWhen")]:
        missing = {"TEXT_MISSING", "LIFTS_WHEN_REQUIRED", "CONCERN_NOT_RESTATED", "WHY_REQUIRED", FIRST.get(name)}
        assert await codes(client, name, with_text(name, field, said[name], text)) & missing, (name, field)


async def test_half_a_surrogate_pair_does_not_come_in(client: Client, own: Things) -> None:  # noqa: F811
    token = await client.token(client.cast.arno)
    headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
    head = await client.backend.ledger.head(client.cast.ada.workspace_id)
    for half in ("\\ud800", "\\udfff", "\\ud800\\ud800", "a\\udc00b"):
        body = json.dumps({"query": RAISE, "variables": {"item": own.ids["itm"], "statement": "HALF"}}).replace(
            "HALF", half
        )
        response = await client.http.post("/graphql", content=body, headers=headers)
        assert response.json()["errors"][0]["extensions"]["code"] == "BAD_REQUEST"
        literal = json.dumps({"query": f'{{ items(first: 1, sourceKey: "{half}") {{ totalCount }} }}'})
        response = await client.http.post("/graphql", content=literal, headers=headers)
        assert response.json()["errors"][0]["extensions"]["code"] == "GRAPHQL_PARSE_FAILED"
    assert await client.backend.ledger.head(client.cast.ada.workspace_id) == head


async def test_an_unknown_reason_is_no_reason(client: Client, own: Things) -> None:  # noqa: F811
    given = 'input: {item: $i, statement: "No", reason: $r}'
    text = f"mutation($i: ID!, $r: Reason!) {{ raisePushback({given}) {{ __typename }} }}"
    for reason in ("BECAUSE", "", "unsorted", 1, None):
        code = await client.code(client.cast.dora, text, i=own.ids["itm"], r=reason)
        assert code == "GRAPHQL_VALIDATION_FAILED"


async def test_the_wrong_role_is_refused_and_told_whose_it_is(client: Client, own: Things) -> None:  # noqa: F811
    said = {"item": own.ids["itm"], "digest": own.digest, "label": "ACCEPTANCE"}
    refused = (await client.ask(client.cast.dora, SIGN, **said))["grantSignOff"]
    assert refused["code"] == "NOT_AUTHORISED"


async def test_a_stale_revision_is_refused_whatever_is_done_to_it(client: Client, own: Things) -> None:  # noqa: F811
    said = {"item": own.ids["itm"], "digest": own.digest}
    assert "subject" in (await client.ask(client.cast.arno, REVISE, **said, why="The law"))["reviseItem"]
    for stale in (own.digest, "", "0" * 64, "a\0b", "x" * 10_000):
        again = await client.ask(client.cast.arno, REVISE, item=own.ids["itm"], digest=stale, why="Another")
        assert again["reviseItem"]["code"] == "STALE_DIGEST"
        signed = await client.ask(client.cast.arno, SIGN, item=own.ids["itm"], digest=stale, label="ARCHITECTURE")
        assert signed["grantSignOff"]["code"] == "STALE_DIGEST"


async def test_the_same_command_many_times_at_once_acts_once(client: Client) -> None:
    item, command_id = (await draft(client))["id"], str(uuid4())
    await client.token(client.cast.arno)
    head = await client.backend.ledger.head(client.cast.ada.workspace_id)
    said = {"item": item, "statement": "No volumes", "id": command_id}
    answers = await asyncio.gather(*(client.ask(client.cast.arno, RAISE, **said) for _ in range(20)))
    assert all(answer == answers[0] for answer in answers)
    assert answers[0]["raisePushback"]["position"] == head + 1
    assert await client.backend.ledger.head(client.cast.ada.workspace_id) == head + 1


async def test_a_command_id_is_of_one_request(client: Client) -> None:
    item, command_id = (await draft(client))["id"], str(uuid4())
    said = {"item": item, "id": command_id}
    await client.ask(client.cast.arno, RAISE, **said, statement="No volumes")
    for who in (client.cast.arno, client.cast.dora):
        other = (await client.ask(who, RAISE, **said, statement="Something else"))["raisePushback"]
        assert (other["code"], other["path"]) == ("COMMAND_ID_REUSED", ["input", "commandId"])
    bad = await client.code(client.cast.arno, RAISE, item=item, statement="No", id="not a UUID")
    assert bad == "GRAPHQL_VALIDATION_FAILED"


async def test_of_two_writers_who_saw_the_same_one_comes_first(client: Client) -> None:
    item = await draft(client)
    await client.token(client.cast.paula)
    said = {"item": item["id"], "digest": item["digest"]}
    writers = (client.ask(client.cast.paula, REVISE, **said, why=f"Reason {n}") for n in range(8))
    answers = [answer["reviseItem"] for answer in await asyncio.gather(*writers)]
    codes = sorted(answer.get("code", "DONE") for answer in answers)
    assert codes == ["DONE", *["STALE_DIGEST"] * 7]
    (done,) = [answer for answer in answers if "subject" in answer]
    assert {answer["current"] for answer in answers if "code" in answer} == {done["subject"]["digest"]}


async def test_many_writers_on_one_stream_all_get_through(client: Client) -> None:
    item = (await draft(client))["id"]
    await client.token(client.cast.arno)
    pushbacks = await asyncio.gather(*(raised(client, item, f"Concern {n}") for n in range(16)))
    ordinals = sorted(ids.parse(pushback["id"]).ordinal for pushback in pushbacks)
    assert ordinals == list(range(1, 17))
