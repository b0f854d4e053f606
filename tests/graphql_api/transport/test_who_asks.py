"""Who asks is looked up once for each operation, however it comes; for a subscription once more for each event."""

from typing import Final

import pytest

from domain.events.people import CredentialKind
from infra.deciding import Asker
from infra.people.credentials import Credentials
from tests.graphql_api.client import Client
from tests.graphql_api.signing_in.browser import Browser
from tests.graphql_api.socket import Socket
from tests.graphql_api.transport.test_events import FOLLOW, VIEWER, stream, told

FORM: Final = 'mutation { formTeam(input: {name: "North"}) { ... on Refusal { code } } }'


@pytest.fixture
def looked_up(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The secrets that were looked up, in order."""
    secrets: list[str] = []
    asker = Credentials.asker

    async def counted(self: Credentials, secret: str, *kind: CredentialKind) -> Asker:
        secrets.append(secret)
        return await asker(self, secret, *kind)

    monkeypatch.setattr(Credentials, "asker", counted)
    return secrets


@pytest.mark.parametrize("text", [VIEWER, FORM])
async def test_over_http_once(client: Client, looked_up: list[str], text: str) -> None:
    token = await client.token(client.cast.paula)
    await client.ask(client.cast.paula, text)
    async with stream(client, text, token) as response:
        await response.aread()
    assert looked_up == [token, token]


async def test_in_a_browser_once(client: Client, looked_up: list[str]) -> None:
    browser = Browser(client)
    async with browser.http:
        await browser.sign_in(token=await client.token(client.cast.paula))
        looked_up.clear()
        assert await browser.viewer()
        assert len(looked_up) == 1


async def test_on_a_socket_once_when_it_enters_and_once_for_each_operation(
    client: Client, looked_up: list[str]
) -> None:
    token = await client.token(client.cast.paula)
    async with Socket.open(client.port) as socket:
        await socket.enter(token)
        assert looked_up == [token]
        for number, text in enumerate((VIEWER, FORM)):
            looked_up.clear()
            await socket.ask(str(number), text)
            await socket.next()
            assert (await socket.hear())["type"] == "complete"
            assert looked_up == [token]


async def test_of_a_subscription_once_more_for_each_event(client: Client, looked_up: list[str]) -> None:
    token = await client.token(client.cast.paula)
    head = await client.backend.ledger.head(client.cast.ada.workspace_id)
    async with stream(client, FOLLOW, token, after=head - 3) as response:
        results = told(response)
        for _ in range(3):
            await anext(results)
        assert looked_up == [token] * 4
