"""How PostgreSQL carries out compiled statements: what is looked up is found by an index, never by reading a table."""

from collections.abc import Iterator
from typing import Any, Final

import msgspec
import pytest

from graphql_api.compiler.parameters import Request
from tests.graphql_api.compiled.conftest import Desk

ASKED: Final = "query($one: ID!, $p: AsOf)"
WAITING: Final = "rule since item { title } pushback { statement } people(first: 3) { totalCount nodes { name } }"
STATEMENTS: Final = (
    "item(id: $one, asOf: $p) { title pushbacks { nodes { events { nodes { kind } } } } }",
    "backlog(team: $one, first: 9, asOf: $p) { nodes { title author { name } } }",
    "pushbacks(team: $one, first: 9, asOf: $p) { totalCount nodes { statement } }",
    f"attention(person: $one, first: 9, asOf: $p) {{ totalCount nodes {{ {WAITING} }} }}",
    f"person(id: $one, asOf: $p) {{ attention {{ nodes {{ {WAITING} }} }} }}",
    "events(subject: $one, last: 9, asOf: $p) { nodes { kind } }",
)


@pytest.mark.parametrize("then", [None, {"position": 100}])
@pytest.mark.parametrize("statement", STATEMENTS)
async def test_row_level_security_keeps_no_look_up_from_its_index(
    desk: Desk, statement: str, then: dict[str, int] | None
) -> None:
    """With reading a whole table forbidden where there is another way, none is read."""
    operation = desk.documents.read(f"{ASKED} {{ {statement} }}").operation(None)
    values = operation.variables({"one": desk.told.entries[0].act.actor, "p": then})
    plan, workspace_id = operation.plan(values), desk.told.world.workspace_id
    assert plan is not None
    arguments = [binder(Request(values, workspace_id)) for binder in plan.binders]
    async with desk.pool.connection(workspace_id) as connection, connection.transaction():
        await connection.execute("SET LOCAL enable_seqscan = off")
        told = await connection.fetchval(f"EXPLAIN (FORMAT json) {plan.sql}", *arguments)
    scans = [node["Relation Name"] for node in nodes(msgspec.json.decode(told)) if node["Node Type"] == "Seq Scan"]
    assert not scans


def nodes(plan: Any) -> Iterator[dict[str, Any]]:
    """Every node of an explained plan."""
    inner = plan if isinstance(plan, list) else plan.values()
    if isinstance(plan, dict) and "Node Type" in plan:
        yield plan
    for each in inner:
        if isinstance(each, dict | list):
            yield from nodes(each)
