"""Events of any kind in one list, and how large a statement may become."""

import pytest
from graphql import GraphQLError

from domain.entry import EVENTS
from graphql_api.compiler.compiler import LOOK_UPS_MAX
from graphql_api.compiler.refusals import TOO_COMPLEX
from graphql_api.documents import Invalid
from projections.declare import ROWS
from tests.graphql_api.compiled.conftest import Desk
from tests.graphql_api.compiled.oracle import text


async def test_a_field_of_two_events_by_one_name_is_each_ones_own(desk: Desk) -> None:
    query = """{ events(last: 100) { nodes { kind
      ... on ItemDrafted { one: rank two: title } ... on PushbackRaised { one: digest two: statement }
      ... on ItemRevised { one: digest two: narrative }
      ... on PersonRegistered { one: commitment two: account } } } }"""
    assert text(await desk.compiled(query)) == text(desk.expected(query))


@pytest.mark.parametrize(
    "selection",
    [
        "... on ItemDrafted { rank } position kind ... on ItemDrafted { position }",
        "... on ItemDrafted { position rank } position",
        "position ... on PushbackRaised { pushback { id } statement } kind ... on PushbackRaised { stance } __typename",
        "__typename ... on PushbackRaised { __typename } ... on Event { subject { __typename id } }",
        "... on PushbackRaised { stance }",
        "... on Event { ... on PushbackRaised { stance } ... on ItemDrafted { track } }",
    ],
)
async def test_what_some_kinds_show_stands_where_it_was_asked_for(desk: Desk, selection: str) -> None:
    query = f"{{ events(last: 100) {{ nodes {{ {selection} }} }} }}"
    assert text(await desk.compiled(query)) == text(desk.expected(query))


async def test_what_all_kinds_show_is_written_once(desk: Desk) -> None:
    kinds_apart = " ".join(
        f"... on {event.__name__} {{ a{number}: version }}" for number, event in enumerate(EVENTS.values())
    )
    query = f"{{ events(last: 5) {{ nodes {{ position subject {{ id }} actor {{ name }} {kinds_apart} }} }} }}"
    operation = desk.documents.read(query).operation(None)
    plan = operation.plan(operation.variables({}))
    assert plan is not None
    assert plan.sql.count("FROM ledger.person") == 1
    assert text(await desk.compiled(query)) == text(desk.expected(query))


async def test_a_query_that_looks_into_too_many_tables_is_refused(desk: Desk) -> None:
    fields = " ".join(f'a{number}: node(id: "x") {{ id }}' for number in range(LOOK_UPS_MAX // len(ROWS) + 1))
    with pytest.raises(GraphQLError) as refused:
        await desk.compiled(f"{{ {fields} }}")
    assert refused.value.extensions == {"code": TOO_COMPLEX}


async def test_fragments_on_every_kind_below_each_other_cannot_grow_without_end(desk: Desk) -> None:
    selection = "position"
    for _ in range(4):
        apart = " ".join(
            f"... on {event.__name__} {{ subject {{ id ...on Item {{ history {{ nodes {{ position }} }} }} }} }}"
            for event in EVENTS.values()
        )
        selection = f"position {apart} subject {{ ... on Item {{ history {{ nodes {{ {selection} }} }} }} }}"
    with pytest.raises((GraphQLError, Invalid)):
        await desk.compiled(f"{{ events(first: 1) {{ nodes {{ {selection} }} }} }}")
