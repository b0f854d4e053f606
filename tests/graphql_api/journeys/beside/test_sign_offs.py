"""Asking for a sign-off, declining it, challenging a claim to change only the wording: through the API."""

from typing import Any

from tests.graphql_api.client import Client
from tests.graphql_api.journeys.test_journey import REVISE, SIGN, draft
from tests.graphql_api.journeys.test_pushbacks import actions

REQUEST = """mutation($item: ID!, $label: Label!, $person: ID!) {
  requestSignOff(input: {item: $item, label: $label, person: $person, dueWorkingDays: 2, text: "Before Friday?"}) {
    ... on SignOffRequestSuccess { subject { id label state text asked { name } requester { name } turn { name }
      waitsFor { rule } requested { __typename } } }
    ... on Refusal { code path } } }"""
ASKED = """query($r: ID!) { signOffRequest(id: $r) { state turn { name } endedAt ended { outcome } } }"""
DECLINE = """mutation($item: ID!, $digest: String!, $lifts: String) {
  declineSignOff(input: {item: $item, label: READY, expectedDigest: $digest, statement: "What is 90 days counted from?",
                         liftsWhen: $lifts}) {
    ... on PushbackSuccess { subject { id state stance raiser { name } item { isBlocked } } events { __typename } }
    ... on Refusal { code path unmet } } }"""
CHALLENGE = """mutation($item: ID!, $why: String!) { challengeEditorialClaim(input: {item: $item, why: $why}) {
  ... on ItemSuccess { subject { currentRevision { changeKind } signOffs(first: 1) { nodes { state } } }
    events { __typename } }
  ... on Refusal { code path } } }"""
CRITERIA = """mutation($team: ID!, $criteria: [String!]!, $kinds: [CriterionKind!]) {
  draftItem(input: {team: $team, title: "Keep it", criteria: $criteria, criteriaKinds: $kinds}) {
    ... on ItemSuccess { subject { id digest criteria criteriaKinds } } ... on Refusal { code path } } }"""


async def requested(client: Client, item: str, label: str = "READY") -> Any:
    """The answer when Paula asks Dora."""
    said = {"item": item, "label": label, "person": client.cast.dora.person_id}
    return (await client.ask(client.cast.paula, REQUEST, **said))["requestSignOff"]


async def test_a_sign_off_is_asked_for_and_given(client: Client) -> None:
    cast, item = client.cast, await draft(client)
    refused = await requested(client, item["id"], "ARCHITECTURE")
    assert refused == {"code": "CANNOT_SIGN", "path": ["input", "person"]}
    subject = (await requested(client, item["id"]))["subject"]
    key = subject.pop("id")
    assert subject == {
        "label": "READY", "state": "ASKED", "text": "Before Friday?", "asked": {"name": "Dora"},
        "requester": {"name": "Paula"}, "turn": {"name": "Dora"}, "waitsFor": {"rule": "SIGN_OFF"},
        "requested": {"__typename": "SignOffRequested"},
    }  # fmt: skip
    assert (await requested(client, item["id"]))["code"] == "ALREADY_REQUESTED"
    signed = (await client.ask(cast.dora, SIGN, item=item["id"], digest=item["digest"], label="READY"))["grantSignOff"]
    assert (signed["subject"]["label"], signed["subject"]["signer"]) == ("READY", {"name": "Dora"})
    answered = (await client.ask(cast.paula, ASKED, r=key))["signOffRequest"]
    assert answered.pop("endedAt")
    assert answered == {"state": "GRANTED", "turn": None, "ended": {"outcome": "GRANTED"}}


async def test_who_is_asked_declines_by_pushing_back(client: Client) -> None:
    cast, item = client.cast, await draft(client)
    key = (await requested(client, item["id"]))["subject"]["id"]
    said = {"item": item["id"], "digest": item["digest"]}
    declined = (await client.ask(cast.dora, DECLINE, **said, lifts="The day is named"))["declineSignOff"]
    assert [event["__typename"] for event in declined["events"]][:2] == ["PushbackRaised", "SignOffDeclined"]
    subject = declined["subject"]
    assert (subject["stance"], subject["raiser"], subject["item"]) == (
        "BLOCKING",
        {"name": "Dora"},
        {"isBlocked": True},
    )
    assert (await client.ask(cast.paula, ASKED, r=key))["signOffRequest"]["state"] == "DECLINED"
    assert "settlePushback" not in await actions(client, cast.dora, subject["id"]), "nobody has answered it"


async def test_a_claim_to_change_only_the_wording_is_challenged_and_what_was_signed_is_void(client: Client) -> None:
    cast, item = client.cast, await draft(client)
    await client.ask(cast.dora, SIGN, item=item["id"], digest=item["digest"], label="READY")
    said = {"item": item["id"], "digest": item["digest"], "narrative": "For ever", "editorial": True}
    revised = (await client.ask(cast.paula, REVISE, **said))["reviseItem"]
    assert revised["subject"]["currentRevision"]["changeKind"] == "EDITORIAL"
    assert "SignOffCarriedForward" in {event["__typename"] for event in revised["events"]}
    stranger = (await client.ask(cast.tom, CHALLENGE, item=item["id"], why="It says more"))["challengeEditorialClaim"]
    assert stranger == {"code": "CONCERNED_ONLY", "path": []}
    empty = (await client.ask(cast.dora, CHALLENGE, item=item["id"], why=" "))["challengeEditorialClaim"]
    assert empty == {"code": "TEXT_MISSING", "path": ["input", "why"]}
    answer = (await client.ask(cast.dora, CHALLENGE, item=item["id"], why="It says more"))["challengeEditorialClaim"]
    kinds = [event["__typename"] for event in answer["events"]]
    assert kinds[:3] == ["EditorialClaimChallenged", "ItemChangeReclassified", "SignOffVoided"]
    assert answer["subject"] == {
        "currentRevision": {"changeKind": "SUBSTANTIVE"}, "signOffs": {"nodes": [{"state": "VOIDED"}]},
    }  # fmt: skip


async def test_a_criterion_says_what_it_is_about(client: Client) -> None:
    paula, team = client.cast.paula, client.cast.team
    criteria = ["Kept for 90 days", "Answers within a second"]
    told = {"team": team, "criteria": criteria, "kinds": ["RETENTION", "QUALITY"]}
    subject = (await client.ask(paula, CRITERIA, **told))["draftItem"]["subject"]
    assert (subject["criteria"], subject["criteriaKinds"]) == (criteria, ["RETENTION", "QUALITY"])
    plain = (await client.ask(paula, CRITERIA, team=team, criteria=criteria))["draftItem"]["subject"]
    assert not plain["criteriaKinds"]
    assert plain["digest"] != subject["digest"], "the digest covers what they are about"
    fewer = (await client.ask(paula, CRITERIA, **{**told, "kinds": ["RETENTION"]}))["draftItem"]
    assert fewer == {"code": "CRITERIA_KINDS_DIFFER", "path": ["input", "criteriaKinds"]}
