"""graphql-core executes, SQL completes: what stands side by side in one document agrees."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import strawberry
from graphql import ExecutionResult, execute, subscribe
from strawberry.directive import DirectiveLocation, DirectiveValue
from strawberry.types import Info

from domain.ids import stream_key
from graphql_api.documents import Documents
from graphql_api.islands import Events, Executor, Finished, Payload, Row, event_at, events_at, row, rows_of, tell
from graphql_api.roots import make_query_type
from graphql_api.types.graph import TYPES, implementations
from graphql_api.types.scalars import Position, configuration
from tests.graphql_api.compiled.conftest import Desk
from tests.graphql_api.compiled.oracle import text


@strawberry.directive(locations=[DirectiveLocation.FIELD], description="In capitals.")
def shout(value: DirectiveValue[Any]) -> Any:
    """In capitals."""
    return value.upper() if isinstance(value, str) else value


ITEM: Any = TYPES["Item"]
EVENT: Any = TYPES["Event"]
ITEMS: Any = list.__class_getitem__(ITEM)
EVENTS: Any = list.__class_getitem__(EVENT)
FOLLOWED: Any = AsyncIterator[EVENT]


class CountingPool:
    """The desk's pool, which folds away what changes between two statements."""

    def __init__(self, desk: Desk) -> None:
        self._pool = desk.pool
        self.asked: list[str] = []
        self.arguments: list[tuple[Any, ...]] = []

    async def fetchval(self, workspace_id: Any, sql: str, *arguments: Any) -> Any:
        """Ask, and remember what was asked."""
        self.asked.append(sql)
        self.arguments.append(arguments)
        return await self._pool.fetchval(workspace_id, sql, *arguments)


def resolved(function: Any, annotation: Any) -> Any:
    """A field that Python resolves; the type is made at run time."""
    function.__annotations__["return"] = annotation
    return function


async def one(info: Info, id: strawberry.ID) -> Any:  # noqa: A002 - as clients call it
    return await row(info, "Item", str(id))


async def several(info: Info, ids: list[strawberry.ID]) -> Any:
    return await rows_of(info, "Item", [str(one) for one in ids])


async def events(info: Info, positions: list[int]) -> Any:
    return await events_at(info, positions)


async def none(_info: Info) -> Any:
    return Finished(None)


async def act(info: Info, id: strawberry.ID, positions: list[int]) -> Any:  # noqa: A002 - as clients call it
    subject, told = Row("Item", str(id)), Events(positions)
    members = {"subject": subject, "events": told, "position": max(positions), "projected": True}
    return await tell(info, Payload("Success", members))


async def follow(info: Info, after: int) -> Any:
    for position in (after + 1, after + 2):
        yield await event_at(info, position)


def make_schema() -> strawberry.Schema:
    """Python beside SQL, SQL below Python, a mutation, a subscription, and a directive of one's own."""

    @strawberry.type
    class Reading(make_query_type()):  # type: ignore[misc]  # made at run time
        item_of = strawberry.field(resolver=resolved(one, ITEM | None))
        items_of = strawberry.field(resolver=resolved(several, ITEMS))
        told = strawberry.field(resolver=resolved(events, EVENTS))
        nothing = strawberry.field(resolver=resolved(none, ITEM))

        @strawberry.field
        def version(self) -> str:
            return "1"

    members = {"subject": ITEM | None, "events": EVENTS, "position": Position, "projected": bool}
    success = strawberry.type(type("Success", (), {"__annotations__": members}))
    mutation = type("Acting", (), {"act": strawberry.mutation(resolver=resolved(act, success))})
    following = type("Following", (), {"follow": strawberry.subscription(resolver=resolved(follow, FOLLOWED))})
    return strawberry.Schema(
        Reading,
        strawberry.type(mutation),
        strawberry.type(following),
        directives=[shout],
        types=implementations(),
        config=configuration(),
        execution_context_class=Executor,
    )


class Office:
    """Where documents are executed by graphql-core."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.documents = Documents(make_schema())
        self.pool = CountingPool(desk)
        self.context = {"reads": self.pool, "workspace_id": desk.told.world.workspace_id}

    async def execute(self, query: str, variables: dict[str, Any] | None = None) -> ExecutionResult:
        """The result of one operation."""
        result: Any = execute(
            self.documents.schema,
            self.documents.read(query).node,
            variable_values=variables,
            context_value=self.context,
            executor_class=Executor,
        )
        return result if isinstance(result, ExecutionResult) else await result

    async def data(self, query: str, variables: dict[str, Any] | None = None) -> Any:
        """What it answers; there is no error."""
        result = await self.execute(query, variables)
        assert result.errors is None, result.errors
        return result.data


@pytest.fixture
def office(desk: Desk) -> Office:
    return Office(desk)


def item_ids(desk: Desk) -> list[str]:
    return [stream_key("itm", one) for one in desk.told.world.items]


async def test_introspection_beside_data(office: Office) -> None:
    data = await office.data(
        "{ __schema { queryType { name } } teams(first: 2) { nodes { id } totalCount } __typename }"
    )
    assert data["__schema"] == {"queryType": {"name": "Reading"}}
    assert data["teams"] == office.desk.expected("{ teams(first: 2) { nodes { id } totalCount } }")["teams"]
    assert data["__typename"] == "Reading"


async def test_a_field_of_python_beside_fields_of_sql(office: Office) -> None:
    query = "query($n: Int!) { teams(first: $n) { nodes { id name backlog(first: 2) { nodes { title } } } } }"
    with_python = query.replace("{ teams", "{ version teams", 1)
    data = await office.data(with_python, {"n": 2})
    assert data.pop("version") == "1"
    assert text(data) == text(office.desk.expected(query, {"n": 2}))


async def test_what_stands_below_a_field_of_python_is_filled_by_sql(office: Office) -> None:
    first, second, *_ = item_ids(office.desk)
    selection = "{ id title pushbacks(first: 2) { nodes { id raiser { name } } } }"
    query = f"query($a: ID!, $b: [ID!]!) {{ itemOf(id: $a) {selection} itemsOf(ids: $b) {{ id }} }}"
    data = await office.data(query, {"a": first, "b": [second, "unknown", first]})
    assert {"item": data["itemOf"]} == office.desk.expected(
        f"query($a: ID!) {{ item(id: $a) {selection} }}", {"a": first}
    )
    assert data["itemsOf"] == [{"id": second}, {"id": first}]


async def test_an_alias_and_a_fragment_below_python(office: Office) -> None:
    query = """query($a: ID!) { x: itemOf(id: $a) { ...F } x: itemOf(id: $a) { kind } }
      fragment F on Item { t: title __typename }"""
    data = await office.data(query, {"a": item_ids(office.desk)[0]})
    assert list(data["x"]) == ["t", "__typename", "kind"]


async def test_the_islands_of_one_query_are_read_as_of_one_position(office: Office) -> None:
    query = (
        "{ version teams(first: 1) { totalCount } people(first: 1) { totalCount } told(positions: [1]) { position } }"
    )
    await office.data(query)
    asked = [sql for sql in office.pool.asked if "checkpoint" in sql]
    assert len(asked) == 1
    head = len(office.desk.told.entries)
    islands = [given for sql, given in zip(office.pool.asked, office.pool.arguments, strict=True) if sql not in asked]
    assert len(islands) == 3
    assert all(head in given for given in islands)


async def test_an_island_with_a_moment_of_its_own_keeps_it(office: Office) -> None:
    data = await office.data("{ version a: events(first: 1, asOf: {position: 4}) { totalCount } }")
    assert data["a"] == {"totalCount": 4}


async def test_a_directive_of_ones_own_on_fields_of_sql(office: Office) -> None:
    query = """query($on: Boolean!) { teams(first: 9) { nodes { id @shout kind name @shout @include(if: $on)
      backlog(first: 2) { nodes { __typename @shout ...F } } } } people(first: 1) { totalCount } }
      fragment F on Item { title @shout current: currentRevision { title } }"""
    plain = query.replace(" @shout", "")
    data, expected = await office.data(query, {"on": True}), office.desk.expected(plain, {"on": True})
    for team in expected["teams"]["nodes"]:
        team["id"], team["name"] = team["id"].upper(), team["name"] and team["name"].upper()
        for item in team["backlog"]["nodes"]:
            item["__typename"], item["title"] = "ITEM", item["title"] and item["title"].upper()
    assert text(data) == text(expected)


async def test_a_directive_below_an_interface(office: Office) -> None:
    query = """{ events(first: 40) { nodes { position
      ... on PersonRegistered { account @shout } ... on TeamFormed { name } } } }"""
    data, expected = await office.data(query), office.desk.expected(query.replace(" @shout", ""))
    for event in expected["events"]["nodes"]:
        if event.get("account"):
            event["account"] = event["account"].upper()
    assert text(data) == text(expected)


async def test_introspection_python_sql_and_a_directive_in_one_document(office: Office) -> None:
    query = """{ __type(name: "Team") { name } version teams(first: 1) { nodes { id @shout } } }"""
    data = await office.data(query)
    assert data["__type"] == {"name": "Team"}
    assert data["version"] == "1"
    assert data["teams"]["nodes"][0]["id"].startswith("TEM_")


async def test_a_payload_is_one_statement(office: Office) -> None:
    query = """mutation($id: ID!) { act(id: $id, positions: [9, 3]) { position projected __typename
      subject { id title } events { position kind actor { id } } } }"""
    data = await office.data(query, {"id": item_ids(office.desk)[0]})
    assert len(office.pool.asked) == 1
    act = data["act"]
    assert list(act) == ["position", "projected", "__typename", "subject", "events"]
    assert (act["position"], act["projected"], act["__typename"]) == (9, True, "Success")
    assert [event["position"] for event in act["events"]] == [3, 9]
    expected = office.desk.expected("query($id: ID!) { item(id: $id) { id title } }", {"id": item_ids(office.desk)[0]})
    assert act["subject"] == expected["item"]


async def test_a_payload_about_something_unknown_says_null(office: Office) -> None:
    query = 'mutation { act(id: "itm_x", positions: [1]) { subject { id } events { position } } }'
    assert await office.data(query) == {"act": {"subject": None, "events": [{"position": 1}]}}


async def test_a_subscription_yields_events_as_they_are_selected(office: Office) -> None:
    query = """subscription($after: Int!) { follow(after: $after) { position kind subject { id __typename }
      ... on PushbackRaised { statement pushback { state } } } }"""
    document = office.documents.read(query).node
    stream: Any = subscribe(
        office.documents.schema,
        document,
        variable_values={"after": 30},
        context_value=office.context,
        executor_class=Executor,
    )
    stream = stream if hasattr(stream, "__aiter__") else await stream
    seen = [result.data["follow"] async for result in stream]
    assert [event["position"] for event in seen] == [31, 32]


async def test_null_where_null_may_not_be_is_an_error_of_that_field(office: Office) -> None:
    result = await office.execute("{ version nothing { id } }")
    assert result.data is None
    assert [error.path for error in result.errors or ()] == [["nothing"]]


async def test_a_refusal_in_an_island_is_an_error_of_its_field(office: Office) -> None:
    result = await office.execute('{ version item(id: "a\\u0000") { id } }')
    assert result.data == {"version": "1", "item": None}
    assert [(error.path, error.extensions) for error in result.errors or ()] == [(["item"], {"code": "BAD_TEXT"})]


async def test_an_error_of_sql_is_an_error_of_its_field(office: Office) -> None:
    class Broken(CountingPool):
        async def fetchval(self, workspace_id: Any, sql: str, *arguments: Any) -> Any:
            """Fail for the statement of the island."""
            return await super().fetchval(
                workspace_id, "SELECT 1/0" if "person" in sql else sql, *arguments[: 1 * ("person" not in sql)]
            )

    office.context["reads"] = Broken(office.desk)
    result = await office.execute('{ version person(id: "x") { id } }')
    assert result.data == {"version": "1", "person": None}
    assert [error.path for error in result.errors or ()] == [["person"]]
