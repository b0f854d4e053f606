"""/readyz: cheap however often it is asked, and discreet to strangers."""

from datetime import UTC, datetime
from typing import cast
from uuid import uuid4

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from graphql_api.readiness import Readiness
from infra.backend import Backend
from infra.folding.projector import Health, Stopped

WORKSPACE = uuid4()


class Fold:
    """A backend whose projector has stopped, which counts how often it is asked."""

    def __init__(self) -> None:
        self.projector = self.scheduler = self.deliveries = self
        self.paused = 1
        self.late = 2
        self.asked = 0

    async def health(self) -> Health:
        """As the projector tells it."""
        self.asked += 1
        return Health({WORKSPACE: 3}, (Stopped(WORKSPACE, "Item", 2, "ValueError", datetime.now(UTC)),), {})


def asking(fold: Fold, host: str) -> httpx.AsyncClient:
    app = Starlette(routes=[Route("/readyz", Readiness(cast("Backend", fold)).answer)])
    return httpx.AsyncClient(transport=httpx.ASGITransport(app, client=(host, 1)), base_url="http://here")


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "127.8.8.8"])
async def test_on_this_machine_it_says_what_has_stopped(host: str) -> None:
    response = await asking(Fold(), host).get("/readyz")
    assert response.status_code == 503
    assert response.json()["stopped"] == [{"workspace": str(WORKSPACE), "projection": "Item", "position": 2}]


@pytest.mark.parametrize("host", ["10.0.0.7", "2001:db8::1", "somewhere"])
async def test_elsewhere_it_names_no_workspace(host: str) -> None:
    response = await asking(Fold(), host).get("/readyz")
    assert response.status_code == 503
    assert response.json() == {"status": "degraded", "lag": 3, "late": 2, "paused_webhooks": 1, "stopped": 1}


async def test_asked_again_at_once_it_answers_from_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr("graphql_api.readiness.time.monotonic", lambda: now)
    fold = Fold()
    client = asking(fold, "127.0.0.1")
    for _ in range(5):
        await client.get("/readyz")
    assert fold.asked == 1
    now = 102.0
    await client.get("/readyz")
    assert fold.asked == 2
