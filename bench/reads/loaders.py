"""The peer of the read figures: the same three queries with strawberry resolvers, DataLoaders and document caches."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import asyncpg
import strawberry
from strawberry.dataloader import DataLoader
from strawberry.extensions import ParserCache, ValidationCache
from strawberry.types import Info

NAMES: Final = """
    SELECT p.id, n.name FROM person p LEFT JOIN ledger.person n ON n.workspace_id = $1 AND n.person_id = p.id
     WHERE p.workspace_id = $1 AND p.id = ANY($2)"""
TEAM: Final = """
    SELECT t.id, e.prose->>'name' AS name FROM team t JOIN entry e ON e.workspace_id = $1 AND e.position = t.formed
     WHERE t.workspace_id = $1 AND t.id = ANY($2)"""
ITEMS: Final = """
    SELECT i.*, e.prose->>'title' AS title, e.prose->>'narrative' AS narrative, e.prose->>'why' AS why
      FROM item i JOIN entry e ON e.workspace_id = $1 AND e.position = i.content
     WHERE i.workspace_id = $1 AND i.id = ANY($2)"""
BACKLOG: Final = """
    SELECT i.*, e.prose->>'title' AS title, e.prose->>'narrative' AS narrative, e.prose->>'why' AS why
      FROM item i JOIN entry e ON e.workspace_id = $1 AND e.position = i.content
     WHERE i.workspace_id = $1 AND i.team_id = $2 ORDER BY i.rank, i.id LIMIT $3"""
PUSHBACKS_OF: Final = """
    SELECT * FROM (
      SELECT p.*, e.prose->>'statement' AS statement, row_number() OVER (PARTITION BY p.item_id ORDER BY number DESC) n
        FROM pushback p JOIN entry e ON e.workspace_id = $1 AND e.position = p.raised
       WHERE p.workspace_id = $1 AND p.item_id = ANY($2)) ranked WHERE n <= $3 ORDER BY number DESC"""
AUDIT: Final = """
    SELECT p.*, e.prose->>'statement' AS statement FROM pushback p
      JOIN entry e ON e.workspace_id = $1 AND e.position = p.raised
     WHERE p.workspace_id = $1 AND p.team_id = $2 ORDER BY p.raised DESC LIMIT $3"""
EVENTS_OF: Final = """
    SELECT pushback_id AS item_id, kind, recorded_at, acting_role, actor_id FROM entry
     WHERE workspace_id = $1 AND pushback_id = ANY($2) ORDER BY position"""
MANY: Final = "SELECT * FROM {} WHERE workspace_id = $1 AND item_id = ANY($2) ORDER BY number DESC"


def loaders(pool: asyncpg.Pool, workspace_id: UUID) -> dict[str, Any]:
    """A request's loaders."""

    def one(sql: str) -> DataLoader[str, Any]:
        async def load(keys: Sequence[str]) -> list[Any]:
            rows = {row["id"]: row for row in await pool.fetch(sql, workspace_id, list(keys))}
            return [rows.get(key) for key in keys]

        return DataLoader(load)

    def many(sql: str, *more: Any) -> DataLoader[str, list[Any]]:
        async def load(keys: Sequence[str]) -> list[list[Any]]:
            rows = defaultdict(list)
            for row in await pool.fetch(sql, workspace_id, list(keys), *more):
                rows[row["item_id"]].append(row)
            return [rows[key] for key in keys]

        return DataLoader(load)

    return {
        "pool": pool,
        "workspace": workspace_id,
        "person": one(NAMES),
        "team": one(TEAM),
        "item": one(ITEMS),
        "pushbacks": many(PUSHBACKS_OF, 3),
        "events": many(EVENTS_OF),
        "estimates": many(MANY.format("estimate")),
        "sign_offs": many(MANY.format("sign_off")),
    }


def _person(column: str) -> Callable[..., Any]:
    async def load(root: strawberry.Parent[Any], info: Info) -> "Person":
        row = await info.context["person"].load(root.row[column])
        return Person(name=row["name"])

    return load


def _column(name: str) -> Callable[..., Any]:
    def read(root: strawberry.Parent[Any]) -> Any:  # noqa: ANN401 - a column's value
        return root.row[name]

    return read


def column(name: str, kind: Any) -> Any:  # noqa: ANN401 - a strawberry field
    """A field that a column of the row fills."""
    read = _column(name)
    read.__annotations__["return"] = kind
    return strawberry.field(resolver=read)


@strawberry.type
class Person:
    """A person."""

    name: str | None


@strawberry.type
class Team:
    """A team."""

    name: str | None


@strawberry.type
class Estimate:
    """An estimate."""

    row: strawberry.Private[Any]
    points = column("points", float)
    is_stale = column("is_stale", bool)
    recorder: Person = strawberry.field(resolver=_person("recorder_id"))


@strawberry.type
class SignOff:
    """A sign-off."""

    row: strawberry.Private[Any]
    label = column("label", str)
    state = column("state", str)
    acting_role = column("acting_role", str)
    signer: Person = strawberry.field(resolver=_person("signer_id"))


@strawberry.type
class Event:
    """An event on a pushback."""

    row: strawberry.Private[Any]
    kind = column("kind", str)
    recorded_at = column("recorded_at", datetime)
    acting_role = column("acting_role", str)
    actor: Person = strawberry.field(resolver=_person("actor_id"))


@strawberry.type
class Events:
    """A page."""

    nodes: list[Event]


@strawberry.type
class Pushback:
    """A pushback."""

    row: strawberry.Private[Any]
    statement = column("statement", str | None)
    state = column("state", str)
    stance = column("stance", str)
    reason = column("reason", str)
    outcome = column("outcome", str | None)
    raised_at = column("raised_at", datetime)
    raiser: Person = strawberry.field(resolver=_person("raiser_id"))

    @strawberry.field
    async def events(self, info: Info, first: int) -> Events:
        """Its story."""
        rows = await info.context["events"].load(self.row["id"])
        return Events(nodes=[Event(row=row) for row in rows[:first]])

    @strawberry.field
    async def item(self, info: Info) -> "Item":
        """What it is about."""
        return Item(row=await info.context["item"].load(self.row["item_id"]))


@strawberry.type
class Pushbacks:
    """A page."""

    nodes: list[Pushback]


@strawberry.type
class Estimates:
    """A page."""

    nodes: list[Estimate]


@strawberry.type
class SignOffs:
    """A page."""

    nodes: list[SignOff]


@strawberry.type
class Item:
    """An item."""

    row: strawberry.Private[Any]
    id = column("id", strawberry.ID)
    title = column("title", str | None)
    narrative = column("narrative", str | None)
    why = column("why", str | None)
    rank = column("rank", str)
    status = column("status", str)
    digest = column("digest", str)
    points = column("points", float | None)
    author: Person = strawberry.field(resolver=_person("author_id"))

    @strawberry.field
    async def team(self, info: Info) -> Team:
        """Whose backlog it is on."""
        return Team(name=(await info.context["team"].load(self.row["team_id"]))["name"])

    @strawberry.field
    async def pushbacks(self, info: Info, first: int) -> Pushbacks:
        """The newest."""
        rows = await info.context["pushbacks"].load(self.row["id"])
        return Pushbacks(nodes=[Pushback(row=row) for row in rows[:first]])

    @strawberry.field
    async def estimates(self, info: Info, first: int) -> Estimates:
        """The newest."""
        rows = await info.context["estimates"].load(self.row["id"])
        return Estimates(nodes=[Estimate(row=row) for row in rows[:first]])

    @strawberry.field
    async def sign_offs(self, info: Info, first: int) -> SignOffs:
        """The newest."""
        rows = await info.context["sign_offs"].load(self.row["id"])
        return SignOffs(nodes=[SignOff(row=row) for row in rows[:first]])


@strawberry.type
class Items:
    """A page."""

    nodes: list[Item]


@strawberry.type
class Query:
    """The three queries."""

    @strawberry.field
    async def item(self, info: Info, id: strawberry.ID) -> Item | None:  # noqa: A002 - the name clients use
        """One item."""
        row = await info.context["item"].load(id)
        return Item(row=row) if row else None

    @strawberry.field
    async def backlog(self, info: Info, team: strawberry.ID, first: int) -> Items:
        """A team's backlog."""
        context = info.context
        rows = await context["pool"].fetch(BACKLOG, context["workspace"], team, first)
        return Items(nodes=[Item(row=row) for row in rows])

    @strawberry.field
    async def pushbacks(self, info: Info, team: strawberry.ID, first: int) -> Pushbacks:
        """The audit list."""
        context = info.context
        rows = await context["pool"].fetch(AUDIT, context["workspace"], team, first)
        return Pushbacks(nodes=[Pushback(row=row) for row in rows])


_PARSED = ParserCache(maxsize=100)
_VALIDATED = ValidationCache(maxsize=100)
schema = strawberry.Schema(Query, extensions=[lambda: _PARSED, lambda: _VALIDATED])
