"""Tokens through the API: issued to oneself, shown once, going only so far as they say, ended by their holder."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest

from domain.commands import COMMANDS
from domain.events import CredentialIssued
from domain.events.people import Scope
from domain.ids import stream_id
from infra.backend import Backend
from infra.uuid7 import uuid7
from tests.graphql_api.client import Client
from tests.graphql_api.hostile.test_foreign_ids import INPUTS, filled, populate_and_fold
from tests.graphql_api.signing_in.browser import VIEWER, Browser

ISSUE = """mutation($input: IssueCredentialInput!) { issueCredential(input: $input) {
  ... on IssuedSuccess { secret joinPath projected subject { id label scopes kind expiresAt } events { __typename } }
  ... on Refusal { code path } } }"""
REVOKE = """mutation($input: RevokeCredentialInput!) { revokeCredential(input: $input) {
  ... on CredentialSuccess { subject { id revoked { recordedAt } } } ... on Refusal { code } } }"""
LIST = "{ viewer { person { credentials(first: 10) { nodes { id label kind scopes openedWith { id } } } } } }"
RAISE = """mutation($item: ID!) { raisePushback(input: {item: $item, statement: "Why?"}) {
  __typename ... on Refusal { code unmet } } }"""
ACTIONS = "query($on: ID!) { availableActions(on: $on) { mutation } }"


async def asked(client: Client, token: str, query: str, **variables: Any) -> Any:
    """The data that is answered to this token."""
    headers = {"authorization": f"Bearer {token}"}
    answer = (await client.http.post("/graphql", json={"query": query, "variables": variables}, headers=headers)).json()
    assert "errors" not in answer, answer
    return answer["data"]


async def token_of(client: Client, *scopes: Scope) -> str:
    """A token of Arno's that goes so far."""
    return await client.backend.credentials.issue(
        client.cast.ada, uuid7(), client.cast.arno.person_id, "narrow", scopes=scopes
    )


async def test_people_issue_tokens_to_themselves_and_end_them(client: Client) -> None:
    paula = client.cast.paula
    expires = (datetime.now(UTC) + timedelta(days=90)).isoformat()
    given = {"person": paula.person_id, "label": "script", "scopes": ["READ"], "expiresAt": expires}
    issued = (await client.ask(paula, ISSUE, input=given))["issueCredential"]
    assert (issued["subject"]["scopes"], issued["subject"]["kind"], issued["joinPath"]) == (["READ"], "TOKEN", None)
    assert (await asked(client, issued["secret"], VIEWER["query"]))["viewer"]["person"] == {"name": "Paula"}
    listed = (await client.ask(paula, LIST))["viewer"]["person"]["credentials"]["nodes"]
    assert [row["label"] for row in listed] == ["script", "test"]
    ended = (await client.ask(paula, REVOKE, input={"credential": issued["subject"]["id"]}))["revokeCredential"]
    assert ended["subject"]["revoked"]
    headers = {"authorization": f"Bearer {issued['secret']}"}
    assert (await client.http.post("/graphql", json=VIEWER, headers=headers)).status_code == 401


async def test_nobody_issues_tokens_to_others_or_ends_theirs(client: Client) -> None:
    given = {"person": client.cast.ada.person_id, "label": "mine"}
    refused = (await client.ask(client.cast.paula, ISSUE, input=given))["issueCredential"]
    assert refused["code"] == "NOT_AUTHORISED"
    await client.token(client.cast.ada)
    viewer = (await client.ask(client.cast.ada, VIEWER["query"]))["viewer"]
    ending = await client.ask(client.cast.paula, REVOKE, input={"credential": viewer["credentialId"]})
    assert ending["revokeCredential"] == {"code": "NOT_AUTHORISED"}


async def test_a_secret_is_in_no_entry_of_the_ledger_and_in_no_table(client: Client, backend: Backend) -> None:
    paula = client.cast.paula
    given = {"person": paula.person_id, "label": "script"}
    issued = (await client.ask(paula, ISSUE, input=given))["issueCredential"]
    entries = await backend.ledger.read_after(paula.workspace_id, 0, 1000)
    assert issued["secret"] not in repr(entries)
    assert issued["secret"] not in (await client.post(paula, LIST)).text
    kept = await backend.pool.fetchval(
        None,
        "select credential_id from ledger.credential where token_hash = $1",
        sha256(issued["secret"].encode()).digest(),
    )
    assert kept == issued["subject"]["id"]


async def test_an_administrator_makes_tokens_for_others_and_the_ledger_shows_who_did(client: Client) -> None:
    ada, paula = client.cast.ada, client.cast.paula
    given = {"person": paula.person_id, "label": "from Ada"}
    issued = (await client.ask(ada, ISSUE, input=given))["issueCredential"]
    assert (await asked(client, issued["secret"], VIEWER["query"]))["viewer"]["person"] == {"name": "Paula"}
    last = (await client.backend.ledger.read_stream(paula.workspace_id, stream_id(paula.person_id)))[-1]
    assert isinstance(last.event, CredentialIssued)
    assert (last.event.kind, last.act.actor) == ("TOKEN", ada.person_id)


async def test_a_retry_does_not_show_the_secret_again(client: Client) -> None:
    given = {"person": client.cast.paula.person_id, "label": "script", "commandId": str(uuid7())}
    assert (await client.ask(client.cast.paula, ISSUE, input=given))["issueCredential"]["secret"]
    assert await client.code(client.cast.paula, ISSUE, input=given) == "TOKEN_SHOWN_BEFORE"


async def test_every_event_names_the_credential_it_came_by(client: Client) -> None:
    item = (await client.cast.item()).subject_id
    token = await token_of(client, Scope.READ, Scope.WRITE)
    own = (await asked(client, token, VIEWER["query"]))["viewer"]["credentialId"]
    await asked(client, token, RAISE, item=item)
    (last,) = (await asked(client, token, "{ events(last: 1) { nodes { kind credentialId } } }"))["events"]["nodes"]
    assert last == {"kind": "PushbackRaised", "credentialId": own}


async def test_a_token_to_read_changes_nothing(client: Client) -> None:
    own = await populate_and_fold(client.backend, client.cast)
    token = await token_of(client, Scope.READ)
    assert (await asked(client, token, VIEWER["query"]))["viewer"]["person"] == {"name": "Arno"}
    assert (await asked(client, token, ACTIONS, on=own.ids["itm"]))["availableActions"] == []
    head = await client.backend.ledger.head(client.cast.ada.workspace_id)
    for name, given in INPUTS.items():
        text = f"mutation($input: {given.name}!) {{ {name}(input: $input) {{ ... on Refusal {{ code unmet }} }} }}"
        answer = (await asked(client, token, text, input=filled(name, own)))[name]
        assert answer["code"] == "INSUFFICIENT_SCOPE", name
        assert answer["unmet"] in (["WRITE"], ["ADMIN"])
    assert await client.backend.ledger.head(client.cast.ada.workspace_id) == head


async def test_a_token_to_write_administers_nothing(client: Client) -> None:
    item = (await client.cast.item()).subject_id
    token = await token_of(client, Scope.READ, Scope.WRITE)
    assert (await asked(client, token, RAISE, item=item))["raisePushback"] == {"__typename": "PushbackSuccess"}
    given = {"person": client.cast.arno.person_id, "label": "more"}
    assert (await asked(client, token, ISSUE, input=given))["issueCredential"]["code"] == "INSUFFICIENT_SCOPE"


async def test_a_session_goes_no_further_than_its_token(client: Client, browser: Browser) -> None:
    item = (await client.cast.item()).subject_id
    await browser.sign_in(token=await token_of(client, Scope.READ))
    said = {"query": RAISE, "variables": {"item": item}}
    answer = await browser.http.post("/graphql", json=said, headers={"x-pushback-client": "1"})
    assert answer.json()["data"]["raisePushback"]["code"] == "INSUFFICIENT_SCOPE"
    assert (await browser.sign_out()).status_code == 204
    assert await browser.viewer() is None


async def test_every_token_may_end_itself(client: Client) -> None:
    token = await token_of(client, Scope.READ)
    own = (await asked(client, token, VIEWER["query"]))["viewer"]["credentialId"]
    assert "subject" in (await asked(client, token, REVOKE, input={"credential": own}))["revokeCredential"]


@pytest.mark.parametrize(
    "said", [{"label": ""}, {"label": "a", "scopes": []}, {"label": "a", "expiresAt": "2001-01-01T00:00:00Z"}]
)
async def test_what_makes_no_token_is_told(client: Client, said: dict[str, Any]) -> None:
    given = {"person": client.cast.paula.person_id, **said}
    refused = (await client.ask(client.cast.paula, ISSUE, input=given))["issueCredential"]
    assert refused["code"] in {"TEXT_MISSING", "NO_SCOPES", "ENDS_BEFORE_IT_STARTS"}


def test_every_command_says_how_far_a_credential_must_go() -> None:
    administering = {name for name, command in COMMANDS.items() if command.scope is Scope.ADMIN}
    assert administering >= {"issue_credential", "invite_person", "register_person", "assign_workspace_role"}
    assert {name for name, command in COMMANDS.items() if command.scope is Scope.READ} == {"open_session"}
