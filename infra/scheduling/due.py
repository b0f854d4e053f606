"""What is due: rows of any class with the columns `due_at` and `due`, the name of the command that time gives then."""

from collections.abc import Collection
from datetime import datetime
from functools import cache
from typing import Final, NamedTuple
from uuid import UUID, uuid5

from infra.cluster import Connection
from infra.folding.tables import falls_due, table_of
from projections import PROJECTIONS

AT_ONCE: Final = 200
"""How many are read in one look."""

_COMMANDS: Final = UUID("5c0e7c1e-9d4f-5b7a-8f0b-0d1f6a0b5d11")
"""The namespace of the ids of commands that time gives."""


class Due(NamedTuple):
    """A command that time gives at a moment, on the thing with this id."""

    workspace_id: UUID
    id: str
    command: str
    at: datetime

    @property
    def command_id(self) -> UUID:
        """The same in every process and every run, so that the ledger takes it once."""
        return uuid5(_COMMANDS, f"{self.workspace_id} {self.id} {self.command} {self.at.isoformat()}")


async def read_due(connection: Connection, beside: Collection[Due] = ()) -> list[Due]:
    """What is or will be due in all workspaces, the earliest first, without those of `beside`."""
    ids, moments = [due.id for due in beside], [due.at for due in beside]
    return [Due(*row) for row in await connection.fetch(_in_all(), AT_ONCE, ids, moments)]


async def read_due_in(connection: Connection, workspace_id: UUID, until: datetime) -> list[Due]:
    """What is due in a workspace by a moment, the earliest first."""
    return [Due(*row) for row in await connection.fetch(_in_one(), AT_ONCE, workspace_id, until)]


@cache
def _in_all() -> str:
    return _select("(id, due_at) NOT IN (SELECT * FROM unnest($2::text[], $3::timestamptz[]))")


@cache
def _in_one() -> str:
    return _select("workspace_id = $2 AND due_at <= $3")


def _select(condition: str) -> str:
    """Each table gives its first by its own index; `id` settles the order of those at the same moment."""
    tables = [table_of(projection.row.__name__) for projection in PROJECTIONS if falls_due(projection.row)]
    parts = (
        f"(SELECT workspace_id, id, due, due_at FROM {table} WHERE due IS NOT NULL"  # noqa: S608 - names of classes
        f" AND {condition} ORDER BY due_at LIMIT $1)"
        for table in tables
    )
    return f"SELECT * FROM ({' UNION ALL '.join(parts)}) d ORDER BY due_at, id LIMIT $1"  # noqa: S608 - names of classes
