"""/metrics: for this machine, or for who has the operator's token."""

from hmac import compare_digest
from typing import Final

from prometheus_client import CONTENT_TYPE_LATEST
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from graphql_api.observing import metrics
from graphql_api.readiness import Readiness, is_here
from infra.backend import Backend

_PROXIED: Final = ("forwarded", "x-forwarded-for", "x-real-ip", "via")


class MetricsPage:
    """The page. With a token it is told to whoever brings it, without one to this machine; 404 to everybody else."""

    def __init__(self, backend: Backend, readiness: Readiness, token: str | None = None) -> None:
        self._backend = backend
        self._readiness = readiness
        self._token = token

    async def answer(self, request: Request) -> Response:
        """What is counted, and what can be seen now."""
        if not self._may_see(request):
            return PlainTextResponse("Not Found", 404)
        backend = self._backend
        for name, pool in (("read", backend.reads), ("write", backend.pool)):
            metrics.IN_USE.labels(name).set(pool.in_use)
        _, body, _ = await self._readiness.found()
        metrics.LAG.set(body.get("lag", float("nan")))
        metrics.LATE.set(body.get("late", float("nan")))
        return Response(metrics.text(), media_type=CONTENT_TYPE_LATEST)

    def _may_see(self, request: Request) -> bool:
        if self._token is not None:
            said = request.headers.get("authorization", "")
            return compare_digest(said.encode(), f"Bearer {self._token}".encode())
        return is_here(request) and not any(name in request.headers for name in _PROXIED)
