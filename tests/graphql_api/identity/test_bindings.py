"""Whose account it is: bound by an administrator or by accepting an invitation, one person's at a time, revocable."""

import asyncio

import httpx
import pytest

from domain.events import CredentialIssued
from domain.events.people import CredentialKind, Scope
from domain.ids import stream_id
from domain.refusals import NotAuthorised
from graphql_api.transport import sockets
from infra.identity.identities import NoProvider
from infra.people.credentials import IdentityBound, UnknownToken
from infra.uuid7 import uuid7
from tests.cast import assemble
from tests.graphql_api.client import Client
from tests.graphql_api.identity.asking import UNKNOWN, VIEWER, refusal, viewer
from tests.graphql_api.identity.provider import Provider
from tests.graphql_api.signing_in.browser import OWN, code
from tests.graphql_api.socket import Socket

REVOKE = "mutation($input: RevokeCredentialInput!) { revokeCredential(input: $input) { __typename } }"
ISSUE = """mutation($person: ID!) {
  issueCredential(input: {person: $person, label: "more"}) { ... on Refusal { code } } }"""


async def accept(client: Client, link: str, bearer: str) -> httpx.Response:
    """As a program does it that has a token of the provider."""
    headers = {**OWN, "authorization": f"Bearer {bearer}"}
    return await client.http.post("/session", json={"code": link}, headers=headers)


async def issue(client: Client, bearer: str, person_id: str) -> httpx.Response:
    """What only who administers people may do."""
    said = {"query": ISSUE, "variables": {"person": person_id}}
    return await client.http.post("/graphql", json=said, headers={"authorization": f"Bearer {bearer}"})


async def invite(client: Client) -> str:
    """A link for Dora."""
    return await client.backend.credentials.invite(client.cast.ada, uuid7(), client.cast.dora.person_id)


async def test_who_is_not_bound_is_told_to_ask_for_an_invitation(trusting: Client, provider: Provider) -> None:
    headers = {"authorization": f"Bearer {provider.token('stranger')}"}
    answer = await trusting.http.post("/graphql", json=VIEWER, headers=headers)
    assert code(answer) == UNKNOWN
    assert "ask an administrator for an invitation" in answer.text


async def test_an_invitation_binds_the_account_that_accepts_it(trusting: Client, provider: Provider) -> None:
    link = await invite(trusting)
    answer = await accept(trusting, link, provider.token())
    dora = trusting.cast.dora
    assert answer.status_code == 201
    assert answer.json() == {"personId": dora.person_id, "expiresAt": None}
    assert "set-cookie" not in answer.headers
    assert (await viewer(trusting, provider.token()))["person"] == {"name": "Dora"}
    entries = (await trusting.backend.ledger.read_stream(dora.workspace_id, stream_id(dora.person_id)))[-2:]
    assert isinstance(entries[0].event, CredentialIssued)
    assert entries[0].event.kind is CredentialKind.IDENTITY
    assert entries[0].act.actor == dora.person_id
    assert b"dora" not in repr(entries).lower().replace(dora.person_id, "").encode()
    assert code(await accept(trusting, link, provider.token("other"))) == UNKNOWN


async def test_an_invitation_is_used_by_one_account(trusting: Client, provider: Provider) -> None:
    link = await invite(trusting)
    answers = await asyncio.gather(*(accept(trusting, link, provider.token(f"dora-{n}")) for n in range(8)))
    assert sorted(answer.status_code for answer in answers) == [201, *[401] * 7]


@pytest.mark.usefixtures("bound")
async def test_an_account_is_one_persons(trusting: Client, provider: Provider) -> None:
    link = await invite(trusting)
    assert code(await accept(trusting, link, provider.token())) == (409, "IDENTITY_BOUND")
    cast, identities = trusting.cast, trusting.backend.identities
    with pytest.raises(IdentityBound):
        await identities.bind(cast.ada, uuid7(), cast.paula.person_id, "dora")
    assert (await accept(trusting, link, provider.token("other"))).status_code == 201


async def test_of_many_who_bind_one_account_one_does(trusting: Client) -> None:
    cast, identities = trusting.cast, trusting.backend.identities
    people = [cast.paula, cast.tom, cast.arno, cast.dora]
    told = await asyncio.gather(
        *(identities.bind(cast.ada, uuid7(), person.person_id, "shared") for person in people), return_exceptions=True
    )
    assert sorted(isinstance(each, IdentityBound) for each in told) == [False, True, True, True]


async def test_a_bad_token_uses_no_invitation_up(trusting: Client, provider: Provider) -> None:
    link = await invite(trusting)
    assert code(await accept(trusting, link, provider.token(aud="elsewhere"))) == UNKNOWN
    assert code(await accept(trusting, link, "pbt_nothing")) == UNKNOWN
    assert (await accept(trusting, link, provider.token())).status_code == 201


async def test_a_binding_ends_at_once_and_can_be_made_again(trusting: Client, provider: Provider, bound: str) -> None:
    cast, token = trusting.cast, provider.token()
    assert (await viewer(trusting, token))["credentialId"] == bound
    await trusting.ask(cast.ada, REVOKE, input={"credential": bound})
    assert await refusal(trusting, token) == UNKNOWN
    again = await trusting.backend.identities.bind(cast.ada, uuid7(), cast.paula.person_id, "dora")
    assert await viewer(trusting, token) == {"person": {"name": "Paula"}, "credentialId": again.subject_id}


@pytest.mark.usefixtures("bound")
async def test_an_account_acts_and_does_not_administer(trusting: Client, provider: Provider) -> None:
    answer = await issue(trusting, provider.token(), trusting.cast.dora.person_id)
    assert answer.json()["data"]["issueCredential"]["code"] == "INSUFFICIENT_SCOPE"


async def test_an_account_goes_as_far_as_it_was_bound_for(trusting: Client, provider: Provider) -> None:
    cast = trusting.cast
    await trusting.backend.identities.bind(cast.ada, uuid7(), cast.ada.person_id, "ada", tuple(Scope))
    answer = await issue(trusting, provider.token("ada"), cast.ada.person_id)
    assert answer.json()["data"]["issueCredential"] == {}


@pytest.mark.usefixtures("bound")
async def test_only_administrators_bind(trusting: Client) -> None:
    paula = trusting.cast.paula
    with pytest.raises(NotAuthorised):
        await trusting.backend.identities.bind(paula, uuid7(), paula.person_id, "paula")


@pytest.mark.usefixtures("bound")
async def test_an_account_sees_its_own_workspace_only(trusting: Client, provider: Provider) -> None:
    elsewhere = await assemble(trusting.backend.ledger, trusting.backend.deciding)
    query = {"query": f'{{ person(id: "{elsewhere.paula.person_id}") {{ id }} team(id: "{elsewhere.team}") {{ id }} }}'}
    headers = {"authorization": f"Bearer {provider.token()}"}
    answer = await trusting.http.post("/graphql", json=query, headers=headers)
    assert answer.json()["data"] == {"person": None, "team": None}
    with pytest.raises(IdentityBound):
        await trusting.backend.identities.bind(elsewhere.ada, uuid7(), elsewhere.dora.person_id, "dora")


@pytest.mark.usefixtures("bound")
async def test_a_token_of_the_provider_is_no_cookie_and_opens_no_session(trusting: Client, provider: Provider) -> None:
    answer = await trusting.http.post("/session", json={"token": provider.token()}, headers=OWN)
    assert code(answer) == UNKNOWN


@pytest.mark.usefixtures("bound")
async def test_sockets_and_streams_know_it_too(trusting: Client, provider: Provider) -> None:
    async with Socket.open(trusting.port) as socket:
        await socket.enter(provider.token())
        await socket.ask("1", VIEWER["query"])
        assert (await socket.next())["viewer"]["person"] == {"name": "Dora"}
    headers = {"authorization": f"Bearer {provider.token()}", "accept": "text/event-stream"}
    answer = await trusting.http.post("/graphql", json=VIEWER, headers=headers)
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert '"Dora"' in answer.text


async def test_a_socket_ends_with_its_binding(
    trusting: Client, provider: Provider, bound: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sockets, "INIT_SECONDS", 0.1)
    monkeypatch.setattr(sockets, "BEAT_SECONDS", 0.1)
    async with Socket.open(trusting.port) as socket:
        await socket.enter(provider.token())
        await trusting.backend.credentials.revoke(trusting.cast.ada, uuid7(), bound)
        assert await socket.closing_code() == 4403


async def test_a_server_without_a_provider_takes_none_of_its_tokens(client: Client, provider: Provider) -> None:
    assert await refusal(client, provider.token()) == UNKNOWN
    assert provider.asked == []
    with pytest.raises(NoProvider):
        await client.backend.identities.bind(client.cast.ada, uuid7(), client.cast.dora.person_id, "dora")
    with pytest.raises(UnknownToken):
        await client.backend.identities.accept("pbi_code", provider.token())
