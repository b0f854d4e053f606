"""An invitation: a link that signs one person in, once; whatever else is done with it is told clearly."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from domain.commands.people import credentials
from domain.events import CredentialIssued, CredentialRevoked
from domain.events.people import CredentialKind, Scope
from domain.ids import stream_id
from infra.uuid7 import uuid7
from tests.graphql_api.client import Client
from tests.graphql_api.signing_in.browser import Browser, code
from tests.graphql_api.signing_in.conftest import OpenBrowser

INVITE = """mutation($input: InvitePersonInput!) { invitePerson(input: $input) {
  ... on IssuedSuccess { secret joinPath subject { id kind person { name } } events { __typename } }
  ... on Refusal { code unmet } } }"""
ENDED = (401, "UNAUTHENTICATED")


async def invite(client: Client, **said: str) -> Any:
    """What Ada is answered who invites Dora."""
    given = {"person": client.cast.dora.person_id, **said}
    return (await client.ask(client.cast.ada, INVITE, input=given))["invitePerson"]


async def test_a_link_signs_the_invited_person_in(client: Client, browser: Browser) -> None:
    invited = await invite(client)
    assert invited["joinPath"] == f"/join#{invited['secret']}"
    assert invited["subject"]["kind"] == "INVITATION"
    assert invited["subject"]["person"] == {"name": "Dora"}
    assert (await browser.sign_in(code=invited["secret"])).status_code == 201
    assert (await browser.viewer())["person"] == {"name": "Dora"}
    dora = client.cast.dora
    last = (await client.backend.ledger.read_stream(dora.workspace_id, stream_id(dora.person_id)))[-1]
    assert last.act.credential == invited["subject"]["id"]
    assert last.act.actor == dora.person_id


async def test_to_look_at_a_link_does_not_use_it_up(client: Client, browser: Browser) -> None:
    invited = await invite(client)
    path, _, kept = invited["joinPath"].partition("#")
    for method in ("GET", "HEAD", "GET"):
        looked = await client.http.request(method, path)
        assert looked.status_code == 200
        assert kept not in looked.text
    assert (await browser.sign_in(code=kept)).status_code == 201


async def test_who_is_invited_may_do_everything_that_they_may(client: Client, browser: Browser) -> None:
    dora = client.cast.dora
    await browser.sign_in(code=(await invite(client))["secret"])
    *_, session, ended = await client.backend.ledger.read_stream(dora.workspace_id, stream_id(dora.person_id))
    opened = session.event
    assert ended.event == CredentialRevoked(credential=1), "the link is used up"
    assert isinstance(opened, CredentialIssued)
    assert (opened.kind, set(opened.scopes)) == (CredentialKind.SESSION, set(Scope))


async def test_a_link_works_once(client: Client, browser: Browser, open_browser: OpenBrowser) -> None:
    link = (await invite(client))["secret"]
    assert (await browser.sign_in(code=link)).status_code == 201
    answer = await open_browser().sign_in(code=link)
    assert code(answer) == ENDED
    assert "The link was used, has expired or was revoked" in answer.text
    assert (await browser.viewer())["person"] == {"name": "Dora"}


async def test_of_many_at_once_one_is_let_in(client: Client, open_browser: OpenBrowser) -> None:
    link = (await invite(client))["secret"]
    answers = await asyncio.gather(*(open_browser().sign_in(code=link) for _ in range(10)))
    assert sorted(answer.status_code for answer in answers) == [201, *[401] * 9]


async def test_a_link_that_expired_lets_nobody_in(
    client: Client, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(credentials, "INVITATION_LASTS", timedelta(milliseconds=1))
    link = (await invite(client))["secret"]
    assert code(await browser.sign_in(code=link)) == ENDED


async def test_a_link_that_was_revoked_or_replaced_lets_nobody_in(client: Client, browser: Browser) -> None:
    invited = await invite(client)
    await client.backend.credentials.revoke(client.cast.ada, uuid7(), invited["subject"]["id"])
    assert code(await browser.sign_in(code=invited["secret"])) == ENDED
    first, second = (await invite(client))["secret"], (await invite(client))["secret"]
    assert code(await browser.sign_in(code=first)) == ENDED
    assert (await browser.sign_in(code=second)).status_code == 201


async def test_a_code_is_no_token(client: Client, browser: Browser) -> None:
    link = (await invite(client))["secret"]
    assert await browser.viewer({"authorization": f"Bearer {link}"}) is None
    assert code(await browser.sign_in(token=link.replace("pbi_", "pbt_"))) == ENDED


async def test_only_administrators_invite(client: Client) -> None:
    refused = await client.ask(client.cast.paula, INVITE, input={"person": client.cast.dora.person_id})
    assert refused["invitePerson"]["code"] == "NOT_AUTHORISED"


async def test_a_retry_does_not_show_the_code_again(client: Client) -> None:
    command_id = str(uuid7())
    await invite(client, commandId=command_id)
    given = {"person": client.cast.dora.person_id, "commandId": command_id}
    assert await client.code(client.cast.ada, INVITE, input=given) == "TOKEN_SHOWN_BEFORE"
