"""A compiled statement with what its parameters are bound to, and the run of it for one request."""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol, TypeVar
from uuid import UUID

from graphql import GraphQLError

from graphql_api.compiler.compiler import Compiler
from graphql_api.compiler.parameters import WORKSPACE, Binder, Parameters, Request
from graphql_api.compiler.refusals import NOT_YET_KNOWN, refusal
from graphql_api.compiler.tables import FOLDED
from graphql_api.compiler.text import concat

_PATIENCE_SECONDS: Final = 2.0
_PAUSE_SECONDS: Final = 0.02
_PLACE: Final = re.compile(r"\$(\d+)")
_HEAD: Final = f"SELECT position FROM ledger.head WHERE workspace_id = {WORKSPACE}"  # noqa: S608 - values are parameters
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
    checks: tuple[Binder, ...]
    """Binders of values that the statement does not use: what was asked is still refused if it may not be asked."""
    moments: tuple[int, ...]

    async def run(self, reads: Reads, request: Request) -> bytes:
        """The answer's text; raises the refusals of what was asked."""
        for check in self.checks:
            check(request)
        arguments = [binder(request) for binder in self.binders]
        for index in self.moments:
            if isinstance(arguments[index], datetime):
                arguments[index] = await reads.fetchval(
                    request.workspace_id, _POSITION_AT, request.workspace_id, arguments[index]
                )
        text: bytes | None = await reads.fetchval(request.workspace_id, self.sql, *arguments)
        if text is not None:
            return text
        head: int | None = await reads.fetchval(request.workspace_id, _HEAD, request.workspace_id)
        if any(arguments[index] > (head or 0) for index in self.moments):
            raise _unknown()
        return await _patiently(lambda: reads.fetchval(request.workspace_id, self.sql, *arguments))


_T = TypeVar("_T")


async def _patiently(attempt: Callable[[], Awaitable[_T | None]]) -> _T:
    """Try until what was asked for is folded; raises the refusal NOT_YET_KNOWN."""
    until = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < until:
        await asyncio.sleep(_PAUSE_SECONDS)
        answer = await attempt()
        if answer is not None:
            return answer
    raise _unknown()


def _unknown() -> GraphQLError:
    return refusal(NOT_YET_KNOWN, "That position is not known here yet; ask again, or for a position you were given.")


def finish(compiler: Compiler, pieces: list[str]) -> Plan:
    """The statement that gives these pieces."""
    parameters, text = compiler.parameters, concat(pieces)
    sql = f"SELECT {text}"
    if parameters.moments:
        last = f"greatest({', '.join(f'${index + 1}::bigint' for index in parameters.moments)})"
        sql = f"SELECT CASE WHEN {last} <= {FOLDED} THEN {text} END"
    return _numbered(sql, parameters)


def _numbered(sql: str, parameters: Parameters) -> Plan:
    """The statement with those parameters only that it uses: what was selected may have left some out."""
    used = sorted({int(number) for number in _PLACE.findall(sql)})
    places = {number: place for place, number in enumerate(used, 1)}
    sql = _PLACE.sub(lambda match: f"${places[int(match[1])]}", sql)
    binders = tuple(parameters.binders[number - 1] for number in used)
    unused = tuple(binder for number, binder in enumerate(parameters.binders, 1) if number not in places)
    return Plan(sql, binders, unused, tuple(places[index + 1] - 1 for index in parameters.moments))


async def folded_position(reads: Reads, workspace_id: UUID) -> int:
    """Up to where the workspace's rows are folded."""
    position: int = await reads.fetchval(workspace_id, f"SELECT {FOLDED}", workspace_id)
    return position


async def known_position(reads: Reads, workspace_id: UUID, moment: int | datetime) -> int:
    """The position that a moment means, once the rows are folded up to it; raises the refusal NOT_YET_KNOWN."""
    if isinstance(moment, datetime):
        at: int = await reads.fetchval(workspace_id, _POSITION_AT, workspace_id, moment)
        return await known_position(reads, workspace_id, at)

    async def folded() -> int | None:
        return moment if await folded_position(reads, workspace_id) >= moment else None

    if await folded() is None:
        head: int | None = await reads.fetchval(workspace_id, _HEAD, workspace_id)
        if moment > (head or 0):
            raise _unknown()
        await _patiently(folded)
    return moment
