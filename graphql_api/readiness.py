"""/readyz: whether this process can serve. It is asked without a token: it costs little and tells strangers little."""

import asyncio
import time
from ipaddress import ip_address
from typing import Any, Final, NamedTuple

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from infra.backend import Backend

LAG_ENTRIES_MAX: Final = 10_000
"""Further behind than this, the read tables are not ready."""

KEPT_SECONDS: Final = 1.0

_STOPPED: Final = "stopped"


class Found(NamedTuple):
    """A status of HTTP, what to tell, and until when that holds."""

    status: int
    body: dict[str, Any]
    until: float


class Readiness:
    """What one process found out, kept for a second: the connections that fold are few."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._lock = asyncio.Lock()
        self._found: Found | None = None

    async def answer(self, request: Request) -> Response:
        """503 while the database does not answer, a projection has stopped, or the read tables are far behind.

        `late` counts what should have happened by itself a minute ago and has not; `paused_webhooks` those whose
        receivers have not answered for a day.
        What has stopped is told by name on this machine, and counted elsewhere: workspaces are nobody else's business.
        """
        status, body, _ = await self.found()
        if _STOPPED in body and not is_here(request):
            body = {**body, _STOPPED: len(body[_STOPPED])}
        return JSONResponse(body, status)

    async def found(self) -> Found:
        """What is true, or was a second ago."""
        async with self._lock:
            if self._found is None or time.monotonic() > self._found.until:
                self._found = await self._look()
            return self._found

    async def _look(self) -> Found:
        try:
            health = await self._backend.projector.health()
        except Exception as error:  # noqa: BLE001 - whatever it is, this process cannot serve
            return _found(503, {"status": "unavailable", "database": type(error).__name__})
        stopped = [
            {"workspace": str(each.workspace_id), "projection": each.projection, "position": each.position}
            for each in health.stopped
        ]
        lag = sum(health.lag.values())
        is_ready = not stopped and lag <= LAG_ENTRIES_MAX
        late = self._backend.scheduler.late
        body = {
            "status": "ready" if is_ready else "degraded",
            "lag": lag,
            "late": late,
            "paused_webhooks": self._backend.deliveries.paused,
            _STOPPED: stopped,
        }
        return _found(200 if is_ready else 503, body)


def _found(status: int, body: dict[str, Any]) -> Found:
    return Found(status, body, time.monotonic() + KEPT_SECONDS)


def is_here(request: Request) -> bool:
    """Whether it was sent from this machine, as far as the connection tells."""
    try:
        return request.client is not None and ip_address(request.client.host).is_loopback
    except ValueError:
        return False
