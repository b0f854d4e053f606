"""An exception is told in the same words over HTTP, server-sent events and WebSocket: with its own code, or masked."""

import asyncio
import json
from collections.abc import AsyncGenerator, MutableMapping
from typing import Any, Final

import pytest
from graphql import GraphQLError

from graphql_api.documents import Invalid
from graphql_api.faults import Fault
from graphql_api.transport.events import stream
from graphql_api.transport.execution import Execution, Result
from graphql_api.transport.http import failed
from infra.identity.keys import ProviderAway
from infra.people.credentials import UnknownToken
from tests.graphql_api.client import Client
from tests.graphql_api.socket import Socket

CASES: Final[list[tuple[Exception, str]]] = [
    (Invalid([GraphQLError("no", extensions={"code": "TOO_DEEP"})]), "TOO_DEEP"),
    (Fault(415, "UNSUPPORTED_MEDIA_TYPE", "no"), "UNSUPPORTED_MEDIA_TYPE"),
    (UnknownToken(), "UNAUTHENTICATED"),
    (ProviderAway(), "UNAVAILABLE"),
    (ValueError("a secret"), "INTERNAL_SERVER_ERROR"),
]
EACH: Final = pytest.mark.parametrize(("error", "code"), CASES, ids=[code for _, code in CASES])


def shown(errors: Any) -> str:
    """The code of the only entry, which has words and none that are ours alone."""
    (entry,) = errors
    assert entry["message"]
    assert "secret" not in entry["message"]
    return str(entry["extensions"]["code"])


@EACH
def test_over_http(error: Exception, code: str) -> None:
    assert shown(json.loads(failed(error, "1f").content)["errors"]) == code


class Patient:
    """A connection that nobody is sent away from."""

    def keep_little(self) -> None:
        """It is a list."""

    def send_away(self) -> None:
        raise AssertionError


@EACH
async def test_over_server_sent_events(error: Exception, code: str) -> None:
    sent: list[bytes] = []

    async def results() -> AsyncGenerator[Result, None]:
        yield Result(b"{}", 7)
        raise error

    async def receive() -> Any:
        await asyncio.Event().wait()

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message.get("body", b""))

    await stream(results(), Patient(), receive, send, "1f")
    _, first, failure, end = sent
    assert first == b"event: next\ndata: {}\nid: 7\n\n"
    assert shown(json.loads(failure.removeprefix(b"event: next\ndata: "))["errors"]) == code
    assert end.startswith(b"event: complete")


@EACH
async def test_over_websocket(client: Client, monkeypatch: pytest.MonkeyPatch, error: Exception, code: str) -> None:
    async def fail(*_: object) -> bytes:
        raise error

    monkeypatch.setattr(Execution, "answer", fail)
    async with Socket.open(client.port) as socket:
        await socket.enter(await client.token(client.cast.paula))
        await socket.ask("a", "{ __typename }")
        message = await socket.hear()
    assert message["type"] == "error"
    assert shown(message["payload"]) == code
