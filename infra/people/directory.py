"""Who and what is there, for people at a terminal: workspaces, people, teams, roles and tokens, with their names."""

from datetime import datetime
from typing import Final, TypeVar
from uuid import UUID

import msgspec

from domain.events.people import Role, TeamKind
from infra import cluster as clusters
from infra.pool import Pool


class Workspace(msgspec.Struct, frozen=True):
    """A workspace and the last position of its ledger."""

    workspace_id: UUID
    name: str
    opened_at: datetime
    position: int


class Person(msgspec.Struct, frozen=True):
    """A person by today's name, which is null once erased."""

    id: str
    name: str | None
    email: str | None
    account: str | None


class Team(msgspec.Struct, frozen=True):
    """A team by its name, which is null once erased."""

    id: str
    name: str | None
    kind: TeamKind


class Assignment(msgspec.Struct, frozen=True):
    """A role that somebody holds or held; `team_id` is null for the whole workspace."""

    id: str
    person_id: str
    person: str | None
    role: Role
    team_id: str | None
    team: str | None
    starts_at: datetime
    ends_at: datetime | None
    is_ended: bool
    is_held: bool


class Token(msgspec.Struct, frozen=True):
    """An access token, without its secret."""

    id: str
    person_id: str
    person: str | None
    kind: str
    scopes: list[str]
    label: str | None
    expires_at: datetime | None
    is_live: bool


R = TypeVar("R")

_WORKSPACES: Final = """
    SELECT w.workspace_id, w.name, w.opened_at, h.position
      FROM ledger.workspace w JOIN ledger.head h USING (workspace_id) ORDER BY w.opened_at, w.workspace_id
"""
_PEOPLE: Final = """
    SELECT p.id, n.name, n.email, e.prose->>'account' AS account FROM person p
    JOIN entry e ON e.workspace_id = p.workspace_id AND e.position = p.registered
      LEFT JOIN ledger.person n ON n.workspace_id = p.workspace_id AND n.person_id = p.id
     WHERE p.workspace_id = $1 ORDER BY n.name, p.id
"""
_TEAMS: Final = """
    SELECT t.id, e.prose ->> 'name' AS name, t.kind FROM team t
      JOIN entry e ON e.workspace_id = t.workspace_id AND e.position = t.formed
     WHERE t.workspace_id = $1 ORDER BY 2, 1
"""
_ASSIGNMENTS: Final = """
    SELECT a.id, a.person_id, n.name AS person, a.role, a.team_id, e.prose ->> 'name' AS team, a.starts_at, a.ends_at,
           a.ended IS NOT NULL AS is_ended,
           a.ended IS NULL AND a.starts_at <= now() AND (a.ends_at IS NULL OR a.ends_at > now()) AS is_held
      FROM role_assignment a
      LEFT JOIN ledger.person n ON n.workspace_id = a.workspace_id AND n.person_id = a.person_id
      LEFT JOIN team t ON t.workspace_id = a.workspace_id AND t.id = a.team_id
      LEFT JOIN entry e ON e.workspace_id = t.workspace_id AND e.position = t.formed
     WHERE a.workspace_id = $1 ORDER BY a.assigned
"""
_TOKENS: Final = """
    SELECT c.id, c.person_id, n.name AS person, e.prose ->> 'label' AS label, c.kind, c.scopes, c.expires_at,
           c.revoked IS NULL AND (c.expires_at IS NULL OR c.expires_at > now()) AS is_live
      FROM credential c
      JOIN entry e ON e.workspace_id = c.workspace_id AND e.position = c.issued
      LEFT JOIN ledger.person n ON n.workspace_id = c.workspace_id AND n.person_id = c.person_id
     WHERE c.workspace_id = $1 ORDER BY c.issued
"""


async def workspaces(cluster: clusters.Cluster) -> tuple[Workspace, ...]:
    """All of them, oldest first: the one question that is asked across workspaces."""
    connection = await cluster.connect(clusters.Role.FOLD)
    try:
        return tuple(Workspace(**row) for row in await connection.fetch(_WORKSPACES))
    finally:
        await connection.close()


class Directory:
    """One workspace's people and what they hold, as the read tables say."""

    def __init__(self, reads: Pool, workspace_id: UUID) -> None:
        self._reads = reads
        self._workspace_id = workspace_id

    async def people(self) -> tuple[Person, ...]:
        """Everybody, by name."""
        return await self._rows(_PEOPLE, Person)

    async def teams(self) -> tuple[Team, ...]:
        """All teams, by name."""
        return await self._rows(_TEAMS, Team)

    async def assignments(self) -> tuple[Assignment, ...]:
        """All role assignments, in the order in which they were given."""
        return await self._rows(_ASSIGNMENTS, Assignment)

    async def tokens(self) -> tuple[Token, ...]:
        """All access tokens, in the order in which they were issued."""
        return await self._rows(_TOKENS, Token)

    async def _rows(self, sql: str, row: type[R]) -> tuple[R, ...]:
        """As JSON, since this pool's connections give every text as bytes."""
        told = await self._reads.fetchval(self._workspace_id, _AS_JSON.format(sql), self._workspace_id)
        return msgspec.json.decode(told, type=tuple[row, ...])  # type: ignore[valid-type]  # a type that is given


_AS_JSON: Final = "SELECT coalesce(json_agg(r), '[]')::text FROM ({}) r"
