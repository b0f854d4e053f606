"""Pages: sizes, cursors, and walks in both directions; and those of a period, from its begin on and before its end."""

from datetime import timedelta
from itertools import product

import pytest
from graphql import GraphQLError

from domain.events import CommandRefused
from graphql_api.compiler.refusals import BAD_CURSOR, BAD_PAGE_SIZE, BAD_TIME
from graphql_api.documents import Invalid
from tests.graphql_api.compiled.conftest import Desk
from tests.graphql_api.compiled.oracle import cursor_of
from tests.graphql_api.compiled.test_compiler import explain

WALK = """query($first: Int, $last: Int, $after: String, $before: String) {
  events(first: $first, last: $last, after: $after, before: $before) {
    nodes { position } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }"""

PERIOD = """query($since: DateTime, $until: DateTime, $p: AsOf) {
  refusals(first: 100, since: $since, until: $until, asOf: $p) { totalCount nodes { id } } }"""


async def test_a_page_of_which_nothing_is_selected_is_still_one_object(desk: Desk) -> None:
    query = "query($no: Boolean!) { teams(first: 2) { nodes @include(if: $no) { id } } people(last: 1) { __typename } }"
    assert await desk.compiled(query, {"no": False}) == {"teams": {}, "people": {"__typename": "PersonConnection"}}


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


def edges(desk: Desk) -> list[str | None]:
    """No time, and times just before, at and after refusals were recorded."""
    told = [entry.effective_at for entry in desk.told.entries if isinstance(entry.event, CommandRefused)]
    assert len(told) > 3
    around = [(at + timedelta(microseconds=step)).isoformat() for at in told[:4] for step in (-1, 0, 1)]
    return [None, *around]


async def test_the_ledger_of_a_period_holds_what_took_effect_in_it(desk: Desk) -> None:
    asked = """query($since: DateTime, $until: DateTime) {
      events(last: 9, since: $since, until: $until) { totalCount nodes { position } } }"""
    times = [entry.effective_at.isoformat() for entry in desk.told.entries[::60]]
    for since, until in product([None, *times], repeat=2):
        told = {"since": since, "until": until}
        assert await desk.compiled(asked, told) == desk.expected(asked, told)


async def test_a_period_begins_with_its_first_moment_and_ends_before_its_last(desk: Desk) -> None:
    counts, head = set(), len(desk.told.entries)
    for since, until in product(edges(desk), repeat=2):
        for then in (None, {"position": head // 2}):
            asked = {"since": since, "until": until, "p": then}
            answer = await desk.compiled(PERIOD, asked)
            assert answer == desk.expected(PERIOD, asked), asked
            counts.add(answer["refusals"]["totalCount"])
    assert len(counts) > 3


@pytest.mark.parametrize("name", ["since", "until"])
async def test_a_period_says_its_time_zone(desk: Desk, name: str) -> None:
    with pytest.raises(GraphQLError) as refused:
        await desk.compiled(PERIOD, {name: "2024-01-01T00:00:00"})
    assert refused.value.extensions == {"code": BAD_TIME}


@pytest.mark.parametrize("of", ["", "team: $one, ", "person: $one, "])
async def test_a_period_bounds_what_is_read_of_the_index(desk: Desk, of: str) -> None:
    head = f"query($since: DateTime, $until: DateTime{', $one: ID' if of else ''})"
    asked = f"{head} {{ refusals({of}first: 9, since: $since, until: $until) {{ nodes {{ code }} }} }}"
    inputs = {"one": "x", "since": "2024-01-01T00:00:00Z", "until": "2024-02-01T00:00:00Z"}
    explained = await explain(desk, asked, inputs)
    read = [node for node in explained if node.get("Relation Name") == "recorded_refusal"]
    assert read
    assert all("recorded >" in node["Index Cond"] and "recorded <=" in node["Index Cond"] for node in read)
