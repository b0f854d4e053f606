"""One open connection of a pool: the workspace its session is set to, and the statements it keeps prepared."""

from collections.abc import Sequence
from contextlib import suppress
from enum import Enum, auto
from typing import Any, Final, TypeAlias
from uuid import UUID

import asyncpg

from infra.cluster import Connection

Prepared: TypeAlias = "asyncpg.prepared_stmt.PreparedStatement[asyncpg.Record]"

_SET_WORKSPACE: Final = "select set_config('pushback.workspace', $1, false)"


class Unknown(Enum):
    """The workspace of a session after something went wrong in it: neither one of them nor none."""

    WORKSPACE = auto()


class Held:
    """A connection and the workspace that its session is set to; None is no workspace, which sees no rows."""

    __slots__ = ("_prepared", "connection", "workspace_id")

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.workspace_id: UUID | Unknown | None = None
        self._prepared: dict[str, Prepared] = {}

    async def enter(self, workspace_id: UUID | None) -> None:
        """See this workspace's rows and no others."""
        if self.workspace_id != workspace_id:
            await self.connection.fetchval(_SET_WORKSPACE, str(workspace_id or ""))
            self.workspace_id = workspace_id

    async def prepare(self, sql: str) -> Prepared:
        """The statement, which stays prepared."""
        prepared = self._prepared.get(sql)
        if prepared is None:
            prepared = self._prepared[sql] = await self.connection.prepare(sql)
        return prepared

    async def make_ready(self, statements: Sequence[str]) -> None:
        """Prepare and plan them: each is run once with nulls in no workspace, for PostgreSQL plans what is run.

        What does not run with nulls is planned all the same.
        """
        for sql in statements:
            with suppress(asyncpg.PostgresError):
                prepared = await self.prepare(sql)
                await prepared.fetchval(*(None for _ in prepared.get_parameters()))

    async def fetchval(self, sql: str, *arguments: Any) -> Any:  # noqa: ANN401 - SQL decides
        """The first value of the first row."""
        prepared = self._prepared.get(sql)
        if prepared is None:
            return await self.connection.fetchval(sql, *arguments)
        return await prepared.fetchval(*arguments)
