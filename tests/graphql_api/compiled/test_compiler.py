"""What went wrong in compilers of this kind, each as a test; and what a client may rely on."""

import re
from collections.abc import Iterator
from typing import Any, Final

import msgspec
import pytest
from graphql import GraphQLError, validate

from domain.entry import EVENTS
from domain.ids import stream_key
from graphql_api.compiler.parameters import Request
from graphql_api.compiler.refusals import BAD_TEXT
from graphql_api.documents import PLANS_MAX, RULES
from tests.graphql_api.compiled.comparison import documents
from tests.graphql_api.compiled.conftest import Desk
from tests.graphql_api.compiled.oracle import text
from tests.graphql_api.compiled.world import kinds

ITEM = """query($id: ID!) { item(id: $id) {
  id title narrative why criteria points isBlocked author { id name } team { id name }
  currentRevision { number digest sectionDigests { section digest } }
  pushbacks(first: 3) {
    totalCount nodes { id statement state raised { recordedAt } } pageInfo { hasNextPage endCursor } }
  history(last: 5) { nodes { __typename position kind actor { name } ... on PushbackRaised { pushback { id } stance }
    ... on ItemRevised { revision { number } changedSections } } }
} }"""
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


def test_the_world_has_every_kind_of_event(desk: Desk) -> None:
    assert kinds(desk.told.entries) == set(EVENTS.values())


async def test_an_item_with_everything_on_it(desk: Desk) -> None:
    for stream_id in desk.told.world.items:
        variables = {"id": stream_key("itm", stream_id)}
        assert text(await desk.compiled(ITEM, variables)) == text(desk.expected(ITEM, variables))


async def test_a_variable_inside_an_object_is_read_again_for_every_request(desk: Desk) -> None:
    query = "query($p: Position!) { events(first: 100, asOf: {position: $p}) { totalCount } }"
    for position in (3, 50, 3, 200):
        assert await desk.compiled(query, {"p": position}) == {"events": {"totalCount": position}}


async def test_a_plan_never_keeps_a_value_of_an_earlier_request(desk: Desk) -> None:
    query = """query($team: ID!, $status: ItemStatus, $n: Int, $at: AsOf, $more: Boolean! = true, $c: String) {
      backlog(team: $team, status: $status, first: 3, after: $c, asOf: $at) {
        totalCount nodes { id title @include(if: $more) pushbacks(first: $n) { nodes { id } } } } }"""
    team, other = (stream_key("tem", one) for one in desk.told.world.teams[:2])
    cursor = (await desk.compiled(f'{{ backlog(team: "{team}", first: 1) {{ edges {{ cursor }} }} }}'))["backlog"]
    sets: list[dict[str, Any]] = [
        {"team": team},
        {"team": other},
        {"team": team, "status": "OPEN"},
        {"team": team, "status": "ACCEPTED"},
        {"team": team, "status": None, "n": None},
        {"team": team, "n": 1},
        {"team": team, "n": 2, "at": None},
        {"team": team, "n": 2, "at": {"position": 100}},
        {"team": team, "n": 2, "at": {"position": 300}},
        {"team": team, "n": 2, "at": {"time": desk.told.entries[200].effective_at.isoformat()}},
        {"team": team, "more": False},
        {"team": team, "c": cursor["edges"][0]["cursor"]},
        {"team": team, "c": None},
    ]
    for variables in (*sets, *reversed(sets)):
        assert text(await desk.compiled(query, variables)) == text(desk.expected(query, variables))


async def test_the_plans_of_one_document_are_bounded(desk: Desk) -> None:
    names = [f"b{number}" for number in range(7)]
    fields = " ".join(f"{name}: id @include(if: ${name})" for name in names)
    query = (
        f"query({' '.join(f'${name}: Boolean!' for name in names)}) {{ teams(first: 1) {{ nodes {{ {fields} id }} }} }}"
    )
    for number in range(2 ** len(names)):
        variables = {name: bool(number >> place & 1) for place, name in enumerate(names)}
        assert text(await desk.compiled(query, variables)) == text(desk.expected(query, variables))
    assert len(desk.documents.read(query).operation(None).plans) == PLANS_MAX


async def test_an_object_of_which_nothing_is_selected_is_empty(desk: Desk) -> None:
    assert await desk.compiled("{ teams(first: 2) { nodes { id @skip(if: true) } } }") == {"teams": {"nodes": [{}, {}]}}


async def test_a_query_that_reads_no_row_is_answered(desk: Desk) -> None:
    assert await desk.compiled("{ __typename }") == {"__typename": "Query"}


@pytest.mark.parametrize("odd", ["\0", "a\0b", "\ud800", "\udfff tail"])
async def test_text_that_cannot_be_stored_is_refused(desk: Desk, odd: str) -> None:
    query = "query($id: ID!) { item(id: $id) { id } }"
    with pytest.raises(GraphQLError) as refused:
        await desk.compiled(query, {"id": odd})
    assert refused.value.extensions == {"code": BAD_TEXT}


@pytest.mark.parametrize("odd", ["", "itm_", "itm_x", "' OR 1=1 --", "x" * 100_000, "$1", "%s"])
async def test_an_id_that_nobody_gave_out_finds_nothing(desk: Desk, odd: str) -> None:
    query = "query($id: ID!) { item(id: $id) { id } node(id: $id) { id } team(id: $id) { id } }"
    assert await desk.compiled(query, {"id": odd}) == {"item": None, "node": None, "team": None}


async def test_any_thing_is_found_by_its_id_alone(desk: Desk) -> None:
    query = "query($id: ID!) { node(id: $id) { __typename id ... on Item { title } ... on Person { name } } }"
    rows = desk.oracle.state(len(desk.told.entries)).rows
    for name, known in rows.items():
        variables = {"id": next(iter(known))}
        answer = await desk.compiled(query, variables)
        assert answer["node"]["__typename"] == name
        assert text(answer) == text(desk.expected(query, variables))


async def test_another_workspace_sees_nothing(desk: Desk) -> None:
    operation = desk.documents.read(ITEM).operation(None)
    values = operation.variables({"id": stream_key("itm", desk.told.world.items[0])})
    plan = operation.plan(values)
    assert plan is not None
    stranger = desk.told.world.teams[0]
    assert msgspec.json.decode(await plan.run(desk.pool, Request(values, stranger))) == {"data": {"item": None}}


def test_every_table_in_a_statement_is_held_to_the_workspace(desk: Desk) -> None:
    tables = 0
    for one in documents(desk, 60, seed=3):
        operation = desk.documents.read(one.text).operation(None)
        plan = operation.plan(operation.variables(one.variables[0]))
        assert plan is not None
        for _table, alias, rest in re.findall(r"FROM ([a-z_]+) (t\d+) (.{0,60})", plan.sql):
            tables += 1
            assert re.match(rf"WHERE {alias}\.workspace_id = \$\d+\b", rest)
    assert tables > 100


class BrokenPool:
    """A database that fails."""

    def __init__(self) -> None:
        self.asked = 0

    async def fetchval(self, *_: object) -> None:
        """Fail."""
        self.asked += 1
        raise ZeroDivisionError


async def test_an_error_of_sql_is_never_answered_another_way(desk: Desk) -> None:
    operation = desk.documents.read("{ teams(first: 1) { totalCount } }").operation(None)
    values = operation.variables({})
    plan, broken = operation.plan(values), BrokenPool()
    assert plan is not None
    with pytest.raises(ZeroDivisionError):
        await plan.run(broken, Request(values, desk.told.world.workspace_id))
    assert broken.asked == 1
    assert operation.plan(values) is plan


def test_documents_of_the_generator_are_valid(desk: Desk) -> None:
    for one in documents(desk, 5, seed=11):
        assert validate(desk.documents.schema, desk.documents.read(one.text).node, RULES) == []


@pytest.mark.parametrize("then", [None, {"position": 100}])
@pytest.mark.parametrize("statement", STATEMENTS)
async def test_row_level_security_keeps_no_look_up_from_its_index(
    desk: Desk, statement: str, then: dict[str, int] | None
) -> None:
    """An entry is looked up by its position and is not looked for among all of them."""
    inputs = {"one": desk.told.entries[0].act.actor, "p": then}
    explained = await explain(desk, f"{ASKED} {{ {statement} }}", inputs)
    assert not [node["Filter"] for node in explained if '"position" = ' in node.get("Filter", "")]


async def explain(desk: Desk, asked: str, inputs: dict[str, Any]) -> list[dict[str, Any]]:
    """Every node of PostgreSQL's plan for a document, where it reads no whole table that it can read by an index."""
    operation = desk.documents.read(asked).operation(None)
    values = operation.variables(inputs)
    plan, workspace_id = operation.plan(values), desk.told.world.workspace_id
    assert plan is not None
    arguments = [binder(Request(values, workspace_id)) for binder in plan.binders]
    async with desk.pool.connection(workspace_id) as connection, connection.transaction():
        await connection.execute("SET LOCAL enable_seqscan = off")
        told = await connection.fetchval(f"EXPLAIN (FORMAT json) {plan.sql}", *arguments)
    return [*nodes(msgspec.json.decode(told))]


def nodes(plan: Any) -> Iterator[dict[str, Any]]:
    """Every node of an explained plan."""
    inner = plan if isinstance(plan, list) else plan.values()
    if isinstance(plan, dict) and "Node Type" in plan:
        yield plan
    for each in inner:
        if isinstance(each, dict | list):
            yield from nodes(each)
