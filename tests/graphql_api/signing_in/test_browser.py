"""A browser signs in with a token and needs none after that; nobody else's page can use its session."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from domain import ids
from domain.events import CredentialIssued, CredentialRevoked
from graphql_api.limits.attempts import ATTEMPTS_MAX, Attempts
from graphql_api.transport import cookies
from infra.uuid7 import uuid7
from tests.graphql_api.client import Client
from tests.graphql_api.signing_in.browser import OWN, VIEWER, Browser, code
from tests.graphql_api.socket import Socket


async def test_who_signed_in_types_no_token_any_more(client: Client, browser: Browser) -> None:
    assert await browser.viewer() is None
    answer = await browser.sign_in(token=await client.token(client.cast.paula))
    assert answer.status_code == 201
    assert answer.json()["personId"] == client.cast.paula.person_id
    assert (await browser.viewer())["person"] == {"name": "Paula"}
    got = await browser.http.get("/graphql", params=VIEWER, headers=OWN)
    assert got.json()["data"]["viewer"]["person"] == {"name": "Paula"}


async def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(client: Client, browser: Browser) -> None:
    token = await client.token(client.cast.paula)
    plain = (await browser.sign_in(token=token)).headers["set-cookie"]
    assert plain.startswith(f"pushback-{client.port}=pbs_")
    assert "HttpOnly" in plain
    assert "SameSite=Strict" in plain
    assert "Secure" not in plain
    behind_tls = {**OWN, "x-forwarded-proto": "https", "host": "board.example", "origin": "https://board.example"}
    secure = (await browser.http.post("/session", json={"token": token}, headers=behind_tls)).headers["set-cookie"]
    assert secure.startswith("__Host-pushback=pbs_")
    assert secure.endswith("; Secure")


async def test_a_session_is_a_credential_of_its_own_in_the_ledger(client: Client, browser: Browser) -> None:
    paula = client.cast.paula
    token = await client.token(paula)
    await browser.sign_in(token=token)
    by_token = (await client.ask(paula, VIEWER["query"]))["viewer"]["credentialId"]
    assert (await browser.viewer())["credentialId"] != by_token
    last = (await client.backend.ledger.read_stream(paula.workspace_id, _stream(client)))[-1]
    assert isinstance(last.event, CredentialIssued)
    assert (last.event.kind, last.event.opened_with, last.act.credential) == ("SESSION", 1, by_token)
    assert last.event.expires_at is not None
    assert timedelta(days=29) < last.event.expires_at - datetime.now(UTC) <= timedelta(days=30)


async def test_signing_out_ends_the_session_wherever_its_secret_went(client: Client, browser: Browser) -> None:
    await browser.sign_in(token=await client.token(client.cast.paula))
    stolen = {**OWN, "cookie": browser.cookie}
    assert (await browser.sign_out()).status_code == 204
    assert browser.cookie == ""
    assert await browser.viewer(stolen) is None
    last = (await client.backend.ledger.read_stream(client.cast.paula.workspace_id, _stream(client)))[-1]
    assert last.event == CredentialRevoked(credential=2)
    assert (await browser.sign_out()).status_code == 204


async def test_signing_in_anew_ends_the_session_before(client: Client, browser: Browser) -> None:
    await browser.sign_in(token=await client.token(client.cast.paula))
    before = {**OWN, "cookie": browser.cookie}
    await browser.sign_in(token=await client.token(client.cast.arno))
    assert await browser.viewer(before) is None
    assert (await browser.viewer())["person"] == {"name": "Arno"}


async def test_a_session_ends_with_the_token_that_opened_it(client: Client, browser: Browser) -> None:
    paula, credentials = client.cast.paula, client.backend.credentials
    token = await credentials.issue(client.cast.ada, uuid7(), paula.person_id, "short", in_a(minutes=5))
    expires = datetime.fromisoformat((await browser.sign_in(token=token)).json()["expiresAt"])
    assert expires <= in_a(minutes=5)
    await credentials.revoke(paula, uuid7(), str((await credentials.asker(token)).credential_id))
    assert await browser.viewer() is None


async def test_a_session_is_no_token_and_a_token_no_session(client: Client, browser: Browser) -> None:
    token = await client.token(client.cast.paula)
    await browser.sign_in(token=token)
    (session,) = browser.http.cookies.values()
    assert await browser.viewer({"authorization": f"Bearer {session}"}) is None
    assert code(await browser.sign_in(token=session)) == (401, "UNAUTHENTICATED")
    assert await browser.viewer({**OWN, "cookie": browser.cookie.replace(session, token)}) is None


async def test_a_token_that_is_sent_goes_before_the_session(client: Client, browser: Browser) -> None:
    await browser.sign_in(token=await client.token(client.cast.paula))
    arno = {**OWN, "authorization": f"Bearer {await client.token(client.cast.arno)}"}
    assert (await browser.viewer(arno))["person"] == {"name": "Arno"}
    assert await browser.viewer({**OWN, "authorization": "Bearer pbt_wrong"}) is None


async def test_a_token_that_a_socket_names_goes_before_the_session(client: Client, browser: Browser) -> None:
    await browser.sign_in(token=await client.token(client.cast.paula))
    async with Socket.open(client.port, browser.origin, browser.cookie) as socket:
        await socket.enter(await client.token(client.cast.arno))
        await socket.ask("a", "{ viewer { person { name } } }")
        assert await socket.next() == {"viewer": {"person": {"name": "Arno"}}}
    async with Socket.open(client.port, browser.origin, browser.cookie) as socket:
        await socket.say({"type": "connection_init", "payload": {"authorization": "Bearer pbt_wrong"}})
        assert await socket.closing_code() == 4403


@pytest.mark.parametrize("headers", [{}, {**OWN, "origin": "http://127.0.0.1:1"}, {**OWN, "origin": "null"}])
async def test_what_another_page_sends_is_nobodys(client: Client, browser: Browser, headers: dict[str, str]) -> None:
    await browser.sign_in(token=await client.token(client.cast.paula))
    assert await browser.viewer(headers) is None
    answer = await browser.http.post("/session", json={"token": "x"}, headers=headers)
    assert code(answer) == (403, "FORBIDDEN")
    assert code(await browser.http.delete("/session", headers=headers)) == (403, "FORBIDDEN")
    assert (await browser.viewer())["person"] == {"name": "Paula"}


async def test_a_browser_asks_first_and_is_told_no(client: Client) -> None:
    asked = {
        "origin": "http://localhost:1",
        "access-control-request-method": "POST",
        "access-control-request-headers": "x-pushback-client",
    }
    assert (await client.http.options("/graphql", headers=asked)).status_code == 400


async def test_a_socket_of_an_own_page_needs_no_token(client: Client, browser: Browser) -> None:
    await browser.sign_in(token=await client.token(client.cast.paula))
    async with Socket.open(client.port, browser.origin, browser.cookie) as socket:
        await socket.say({"type": "connection_init"})
        assert (await socket.hear())["type"] == "connection_ack"
        await socket.ask("a", "{ viewer { person { name } } }")
        assert await socket.next() == {"viewer": {"person": {"name": "Paula"}}}


@pytest.mark.parametrize("origin", [None, "http://127.0.0.1:1", "http://localhost:{port}", "https://127.0.0.1:{port}"])
async def test_a_socket_of_another_page_is_nobodys(client: Client, browser: Browser, origin: str | None) -> None:
    await browser.sign_in(token=await client.token(client.cast.paula))
    told = origin and origin.format(port=client.port)
    async with Socket.open(client.port, told, browser.cookie) as socket:
        await socket.say({"type": "connection_init"})
        assert await socket.closing_code() == 4403


@pytest.mark.parametrize(
    "body", [b"", b"null", b"[]", b"{}", b'{"token": 1}', b'{"token": "a", "code": "b"}', b"[" * 19_000, b" " * 30_000]
)
async def test_a_body_that_says_nothing_is_told_so(client: Client, body: bytes) -> None:
    answer = await client.http.post("/session", content=body, headers={**OWN, "content-type": "application/json"})
    assert code(answer) == (400, "BAD_REQUEST")
    assert (await client.http.post("/session", content=body, headers=OWN)).status_code == 415


async def test_attempts_are_limited(client: Client, browser: Browser) -> None:
    for _ in range(ATTEMPTS_MAX):
        assert code(await browser.sign_in(token="pbt_guessed")) == (401, "UNAUTHENTICATED")
    answer = await browser.sign_in(token=await client.token(client.cast.paula))
    assert code(answer) == (429, "RATE_LIMITED")
    assert int(answer.headers["retry-after"]) <= 2


def test_attempts_come_back_with_time_and_to_each_address() -> None:
    now = 0.0
    attempts = Attempts(lambda: now)
    assert [attempts.wait_seconds("a") for _ in range(ATTEMPTS_MAX)] == [0] * ATTEMPTS_MAX
    assert attempts.wait_seconds("a") == 2
    assert attempts.wait_seconds("b") == 0
    now = 2.0
    assert [attempts.wait_seconds("a"), attempts.wait_seconds("a")] == [0, 2]


@pytest.mark.parametrize("path", ["/sign-in", "/join"])
async def test_the_page_to_sign_in_runs_no_script_but_its_own(client: Client, path: str) -> None:
    answer = await client.http.get(path)
    assert answer.status_code == 200
    assert "script-src 'self';" in answer.headers["content-security-policy"]
    assert (await client.http.get("/sign_in/page.js")).status_code == 200


@pytest.mark.parametrize("cookie", ["", "a=b", '"', "pushback-1=x; pushback", "pushback-1=pbs_x", "\x7f=;,"])
def test_whatever_stands_in_the_cookie_is_no_fault(cookie: str) -> None:
    headers = [(b"host", b"localhost:1"), (b"x-pushback-client", b"1"), (b"cookie", cookie.encode())]
    found = cookies.session_of({"type": "http", "scheme": "http", "headers": headers})
    assert found in {None, "x", "pbs_x"}


def in_a(**parts: float) -> datetime:
    return datetime.now(UTC) + timedelta(**parts)


def _stream(client: Client) -> UUID:
    return ids.stream_id(client.cast.paula.person_id)
