"""Those who follow the same at the same time are told by one statement, each workspace by its own."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import pytest
from graphql import subscribe

from graphql_api.islands import Executor
from infra.postgres.together import SharedReads
from tests.graphql_api.compiled.conftest import Desk
from tests.graphql_api.compiled.test_islands import Office


@pytest.fixture
def office(desk: Desk) -> Office:
    return Office(desk)


async def test_one_statement_tells_those_of_one_workspace(office: Office) -> None:
    document = office.documents.read("subscription($after: Int!) { follow(after: $after) { position kind } }").node
    reads = SharedReads(office.pool, lambda _: 32)

    async def first(workspace_id: UUID) -> Any:
        stream: Any = await subscribe(  # type: ignore[misc]  # its resolver is awaited
            office.documents.schema,
            document,
            variable_values={"after": 30},
            context_value={"reads": reads, "workspace_id": workspace_id},
            executor_class=Executor,
        )
        return (await anext(stream)).data

    found = await asyncio.gather(*(first(one) for one in (office.desk.told.world.workspace_id, uuid4()) * 4))
    assert len(office.pool.asked) == 2
    assert found[0]["follow"]["position"] == 31
    assert found[1] != found[0]
    assert found == found[:2] * 4
