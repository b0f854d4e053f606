"""What went wrong in compilers of this kind, each as a test; and what a client may rely on."""

import re
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from graphql import GraphQLError, validate

from domain.entry import EVENTS
from domain.ids import stream_key
from graphql_api.compiler.parameters import Request
from graphql_api.compiler.refusals import BAD_CURSOR, BAD_PAGE_SIZE, BAD_TEXT, BAD_TIME, NOT_YET_KNOWN
from graphql_api.documents import PLANS_MAX, RULES, Invalid
from tests.graphql_api.compiled.comparison import documents
from tests.graphql_api.compiled.conftest import Desk
from tests.graphql_api.compiled.oracle import cursor_of, text
from tests.graphql_api.compiled.world import kinds

ITEM = """query($id: ID!) { item(id: $id) {
  id title narrative why criteria points isBlocked author { id name } team { id name }
  currentRevision { number digest sectionDigests { section digest } }
  pushbacks(first: 3) {
    totalCount nodes { id statement state raised { recordedAt } } pageInfo { hasNextPage endCursor } }
  history(last: 5) { nodes { __typename position kind actor { name } ... on PushbackRaised { pushback { id } stance }
    ... on ItemRevised { revision { number } changedSections } } }
} }"""
WALK = """query($first: Int, $last: Int, $after: String, $before: String) {
  events(first: $first, last: $last, after: $after, before: $before) {
    nodes { position } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }"""


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


async def test_a_page_of_which_nothing_is_selected_is_still_one_object(desk: Desk) -> None:
    query = "query($no: Boolean!) { teams(first: 2) { nodes @include(if: $no) { id } } people(last: 1) { __typename } }"
    assert await desk.compiled(query, {"no": False}) == {"teams": {}, "people": {"__typename": "PersonConnection"}}


async def test_an_object_of_which_nothing_is_selected_is_empty(desk: Desk) -> None:
    assert await desk.compiled("{ teams(first: 2) { nodes { id @skip(if: true) } } }") == {"teams": {"nodes": [{}, {}]}}


async def test_a_query_that_reads_no_row_is_answered(desk: Desk) -> None:
    assert await desk.compiled("{ __typename }") == {"__typename": "Query"}


@pytest.mark.parametrize(
    "arguments",
    ["first: -1", "first: 0", "first: 101", "last: -1", "last: 2147483647", "first: 1, last: 1", "", "first: null"],
)
@pytest.mark.parametrize("selection", ["nodes { id }", "totalCount"])
async def test_a_page_at_the_root_has_a_size_from_1_to_100(desk: Desk, arguments: str, selection: str) -> None:
    held = f"({arguments})" if arguments else ""
    with pytest.raises(GraphQLError) as refused:
        await desk.compiled(f"{{ teams{held} {{ {selection} }} }}")
    assert refused.value.extensions == {"code": BAD_PAGE_SIZE}


@pytest.mark.parametrize("size", [-1, 0, 101, 2**31 - 1, None])
async def test_a_size_in_a_variable_is_checked_for_every_request(desk: Desk, size: int | None) -> None:
    query = "query($n: Int) { teams(first: $n) { totalCount } }"
    await desk.compiled(query, {"n": 1})
    with pytest.raises(GraphQLError) as refused:
        await desk.compiled(query, {"n": size})
    assert refused.value.extensions == {"code": BAD_PAGE_SIZE}


async def test_a_number_beyond_32_bits_is_refused_with_the_variables(desk: Desk) -> None:
    with pytest.raises(Invalid):
        await desk.compiled("query($n: Int) { teams(first: $n) { totalCount } }", {"n": 2**31})


@pytest.mark.parametrize(
    "cursor",
    ["", "x", "!!!", "W10", "WzFd", "bnVsbA", "WyJhIiwiYiIsImMiXQ", "WyJhXHUwMDAwIiwiYiJd", "é", "WyJcdWQ4MDAiLCJiIl0"],
)
async def test_a_cursor_that_was_not_given_out_is_refused(desk: Desk, cursor: str) -> None:
    query = 'query($c: String) { backlog(team: "x", first: 1, after: $c) { nodes { id } } }'
    with pytest.raises(GraphQLError) as refused:
        await desk.compiled(query, {"c": cursor})
    assert refused.value.extensions == {"code": BAD_CURSOR}


@pytest.mark.parametrize("number", [2**63, -(2**63) - 1, 1.5, "a", None, True])
async def test_a_cursor_holds_values_that_its_columns_can_have(desk: Desk, number: object) -> None:
    query = "query($c: String) { events(first: 1, after: $c) { nodes { position } } }"
    with pytest.raises(GraphQLError) as refused:
        await desk.compiled(query, {"c": cursor_of((number,))})
    assert refused.value.extensions == {"code": BAD_CURSOR}


@pytest.mark.parametrize("first", [1, 7, 50, 100])
async def test_walking_forward_meets_every_row_once(desk: Desk, first: int) -> None:
    seen: list[int] = []
    cursor = None
    while True:
        page = (await desk.compiled(WALK, {"first": first, "after": cursor}))["events"]
        assert page["pageInfo"]["hasPreviousPage"] == bool(seen)
        seen += [node["position"] for node in page["nodes"]]
        cursor = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert seen == [entry.position for entry in desk.told.entries]


@pytest.mark.parametrize("last", [1, 7, 100])
async def test_walking_backward_meets_every_row_once(desk: Desk, last: int) -> None:
    seen: list[int] = []
    cursor = None
    while True:
        page = (await desk.compiled(WALK, {"last": last, "before": cursor}))["events"]
        assert page["pageInfo"]["hasNextPage"] == bool(seen)
        seen = [node["position"] for node in page["nodes"]] + seen
        cursor = page["pageInfo"]["startCursor"]
        if not page["pageInfo"]["hasPreviousPage"]:
            break
    assert seen == [entry.position for entry in desk.told.entries]


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


async def test_a_time_means_the_last_event_in_effect_by_then(desk: Desk) -> None:
    query = "query($at: AsOf) { events(last: 1, asOf: $at) { totalCount nodes { position } } }"
    for entry in desk.told.entries[::40]:
        for step in (-1, 0, 1):
            time = (entry.effective_at + timedelta(microseconds=step)).isoformat()
            variables = {"at": {"time": time}}
            assert await desk.compiled(query, variables) == desk.expected(query, variables)


async def test_before_the_first_event_there_is_nothing(desk: Desk) -> None:
    query = '{ events(first: 1, asOf: {time: "1999-01-01T00:00:00Z"}) { totalCount } teams(first: 1) { totalCount } }'
    assert await desk.compiled(query) == {"events": {"totalCount": 0}, "teams": {"totalCount": 3}}


async def test_a_time_without_a_zone_is_refused(desk: Desk) -> None:
    with pytest.raises(GraphQLError) as refused:
        await desk.compiled('{ teams(first: 1, asOf: {time: "2024-01-01T00:00:00"}) { totalCount } }')
    assert refused.value.extensions == {"code": BAD_TIME}


@pytest.mark.parametrize(
    "moment", ["{}", '{position: 1, time: "2024-01-01T00:00:00Z"}', "{position: null}", "{position: -1}"]
)
async def test_a_moment_is_a_position_or_a_time(desk: Desk, moment: str) -> None:
    with pytest.raises(Invalid):
        await desk.compiled(f"{{ teams(first: 1, asOf: {moment}) {{ totalCount }} }}")


@pytest.mark.parametrize(
    "moment", [{}, {"position": 1, "time": "2024-01-01T00:00:00Z"}, {"position": 2**53}, {"time": "x"}]
)
async def test_a_moment_in_a_variable_is_a_position_or_a_time(desk: Desk, moment: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        await desk.compiled("query($at: AsOf) { teams(first: 1, asOf: $at) { totalCount } }", {"at": moment})


async def test_a_position_that_is_not_there_is_refused_after_a_while(desk: Desk) -> None:
    with pytest.raises(GraphQLError) as refused:
        await desk.compiled("{ teams(first: 1, asOf: {position: 9007199254740991}) { totalCount } }")
    assert refused.value.extensions == {"code": NOT_YET_KNOWN}


async def test_each_root_field_has_its_own_moment(desk: Desk) -> None:
    query = """{ a: events(first: 1, asOf: {position: 5}) { totalCount } b: events(first: 1) { totalCount }
      c: events(first: 1, asOf: {position: 9}) { totalCount } }"""
    answer = await desk.compiled(query)
    assert [answer[name]["totalCount"] for name in "abc"] == [5, len(desk.told.entries), 9]


async def test_the_answer_now_is_the_answer_as_of_the_last_position(desk: Desk) -> None:
    query = "query($at: AsOf) { items(first: 100, asOf: $at) { totalCount nodes { id title points status } } }"
    head = len(desk.told.entries)
    assert await desk.compiled(query) == await desk.compiled(query, {"at": {"position": head}})


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


async def test_what_was_erased_is_null_at_every_moment(desk: Desk) -> None:
    erased = sorted(desk.oracle.erased)
    query = """query($at: AsOf) { events(first: 100, asOf: $at) { nodes { position
      ... on ItemDrafted { title criteria } ... on ItemRevised { title criteria }
      ... on PushbackRaised { statement } } } }"""
    nodes = (await desk.compiled(query, {"at": {"position": 99}}))["events"]["nodes"]
    told = [node for node in nodes if node["position"] in erased]
    assert told
    assert all(value is None for node in told for name, value in node.items() if name != "position")


def test_documents_of_the_generator_are_valid(desk: Desk) -> None:
    for one in documents(desk, 5, seed=11):
        assert validate(desk.documents.schema, desk.documents.read(one.text).node, RULES) == []
