"""A compiled statement with what its parameters are bound to, and the run of it for one request."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol
from uuid import UUID

from graphql_api.compiler.compiler import Compiler
from graphql_api.compiler.parameters import WORKSPACE, Binder, Request
from graphql_api.compiler.refusals import NOT_YET_KNOWN, refusal
from graphql_api.compiler.text import concat

_PATIENCE_SECONDS: Final = 2.0
_PAUSE_SECONDS: Final = 0.02
_FOLDED: Final = f"coalesce((SELECT position FROM checkpoint WHERE workspace_id = {WORKSPACE}), 0)"  # noqa: S608 - values are parameters
_POSITION_AT: Final = f"SELECT ledger.position_at({WORKSPACE}, $2)"


class Reads(Protocol):
    """Connections that only read, and give text as bytes."""

    async def fetchval(self, workspace_id: UUID | None, sql: str, /, *arguments: Any) -> Any:  # noqa: ANN401 - SQL decides
        """The first value of the first row."""


@dataclass(frozen=True)
class Plan:
    """One statement for one shape of a document. Its value is null while a moment that it names is not folded yet."""

    sql: str
    binders: tuple[Binder, ...]
    moments: tuple[int, ...]

    async def run(self, reads: Reads, request: Request) -> bytes:
        """The answer's text; raises the refusals of what was asked."""
        arguments = [binder(request) for binder in self.binders]
        for index in self.moments:
            if isinstance(arguments[index], datetime):
                arguments[index] = await reads.fetchval(
                    request.workspace_id, _POSITION_AT, request.workspace_id, arguments[index]
                )
        text: bytes | None = await reads.fetchval(request.workspace_id, self.sql, *arguments)
        if text is None:
            return await _patiently(lambda: reads.fetchval(request.workspace_id, self.sql, *arguments))
        return text


async def _patiently(attempt: Callable[[], Awaitable[bytes | None]]) -> bytes:
    """Try until what was asked for is folded; raises the refusal NOT_YET_KNOWN."""
    until = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < until:
        await asyncio.sleep(_PAUSE_SECONDS)
        text = await attempt()
        if text is not None:
            return text
    raise refusal(NOT_YET_KNOWN, "That position is not known here yet; ask again, or for a position you were given.")


def finish(compiler: Compiler, pieces: list[str]) -> Plan:
    """The statement that gives these pieces."""
    parameters, text = compiler.parameters, concat(pieces)
    binders, moments = tuple(parameters.binders), tuple(parameters.moments)
    if not moments:
        return Plan(f"SELECT {text}", binders, moments)
    last = f"greatest({', '.join(f'${index + 1}::bigint' for index in moments)})"
    return Plan(f"SELECT CASE WHEN {last} <= {_FOLDED} THEN {text} END", binders, moments)


async def folded_position(reads: Reads, workspace_id: UUID) -> int:
    """Up to where the workspace's rows are folded."""
    position: int = await reads.fetchval(workspace_id, f"SELECT {_FOLDED}", workspace_id)
    return position
