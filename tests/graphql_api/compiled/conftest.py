"""One populated workspace for all tests of this folder: its ledger, its read tables, and the schema over them."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import msgspec
import pytest
import strawberry
from graphql import ExecutionResult, execute

from domain.entry import Entry
from graphql_api.compiler.parameters import Request
from graphql_api.documents import Documents
from graphql_api.islands import Executor
from graphql_api.roots import make_query_type
from graphql_api.types.graph import implementations
from graphql_api.types.scalars import configuration
from infra.cluster import Cluster, Role
from infra.folding.projector import Projector, folds
from infra.folding.schema import ensure_read_schema
from infra.ledger import Ledger
from infra.pool import Pool, plain, reads
from tests.graphql_api.client import backend, cast, client  # noqa: F401 - fixtures
from tests.graphql_api.compiled.oracle import Oracle
from tests.graphql_api.compiled.world import World, name_people, record


class Told(NamedTuple):
    """What was recorded in a workspace, by whom and about what."""

    world: World
    entries: list[Entry[Any]]
    names: dict[str, str | None]
    read_schema: str


def make_reading_schema() -> strawberry.Schema:
    """The schema of everything that SQL answers, and one field that it does not."""

    @strawberry.type
    class Query(make_query_type()):  # type: ignore[misc]  # made at run time
        @strawberry.field
        def version(self) -> str:
            return "1"

    return strawberry.Schema(Query, types=implementations(), config=configuration(), execution_context_class=Executor)


@pytest.fixture(scope="session")
def schema() -> strawberry.Schema:
    return make_reading_schema()


@pytest.fixture(scope="session")
def told(cluster: Cluster) -> Told:
    return asyncio.run(tell(cluster, uuid4()))


async def tell(cluster: Cluster, workspace_id: UUID) -> Told:
    """Record and fold a world."""
    world = World(workspace_id, seed=7)
    world.populate(people=5, teams=3, items=14, more=480)
    read_schema = await ensure_read_schema(cluster)
    pool, folding = plain(cluster, Role.APP, 2), folds(cluster, 1, read_schema)
    ledger, projector = Ledger(pool), Projector(folding)
    entries = await record(world, ledger)
    names = await name_people(world, pool)
    assert await projector.catch_up(workspace_id, 60) == len(entries)
    await projector.close()
    await ledger.close()
    await folding.close()
    await pool.close()
    return Told(world, entries, names, read_schema)


class Desk:
    """Where queries are answered, each way."""

    def __init__(self, schema: strawberry.Schema, told: Told, oracle: Oracle, pool: Pool) -> None:
        self.schema, self.told, self.oracle, self.pool = schema, told, oracle, pool
        self.documents = Documents(schema)

    async def compiled(self, text: str, variables: dict[str, Any] | None = None) -> Any:
        """The data that the compiled statement gives."""
        operation = self.documents.read(text).operation(None)
        values = operation.variables(variables)
        plan = operation.plan(values)
        assert plan is not None
        answer = await plan.run(self.pool, Request(values, self.told.world.workspace_id))
        return msgspec.json.decode(answer)["data"]

    async def executed(self, text: str, variables: dict[str, Any] | None = None) -> ExecutionResult:
        """What graphql-core gives with islands."""
        context = {"reads": self.pool, "workspace_id": self.told.world.workspace_id}
        result: Any = execute(
            self.documents.schema,
            self.documents.read(text).node,
            variable_values=variables,
            context_value=context,
            executor_class=Executor,
        )
        return result if isinstance(result, ExecutionResult) else await result

    def expected(self, text: str, variables: dict[str, Any] | None = None, position: int | None = None) -> Any:
        """What the oracle says."""
        result = self.oracle.execute(self.documents.read(text).node, variables or {}, position)
        assert result.errors is None, result.errors
        return result.data


@pytest.fixture(scope="session")
def oracle(schema: strawberry.Schema, told: Told) -> Oracle:
    return Oracle(Documents(schema).schema, told.entries, told.names)


@pytest.fixture
async def desk(schema: strawberry.Schema, told: Told, oracle: Oracle, cluster: Cluster) -> AsyncIterator[Desk]:
    pool = reads(cluster, 2, told.read_schema)
    yield Desk(schema, told, oracle, pool)
    await pool.close()
