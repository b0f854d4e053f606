"""What was true then: an answer as of a position is that of a ledger which ends there."""

import random
from datetime import timedelta
from typing import Any

import pytest
from graphql import GraphQLError, parse

from graphql_api.compiler.refusals import BAD_TIME, NOT_YET_KNOWN
from graphql_api.documents import Invalid
from tests.graphql_api.compiled.comparison import documents
from tests.graphql_api.compiled.conftest import Desk
from tests.graphql_api.compiled.generator import now
from tests.graphql_api.compiled.oracle import text


async def agrees_with_the_past(desk: Desk, count: int, seed: int) -> None:
    """Answers as of random positions equal those over a ledger that ends there, nested lists and cursors too."""
    positions = random.Random(seed)
    for one in documents(desk, count, seed, asks_then=True):
        then = parse(now(one.text))
        for variables in one.variables:
            position = positions.randint(0, len(desk.told.entries))
            expected = desk.oracle.execute(then, variables, position)
            assert expected.errors is None
            answer = await desk.compiled(one.text, {**variables, "at": position})
            assert text(answer) == text(expected.data), (one.text, variables, position)


async def test_an_answer_as_of_a_position_is_that_of_a_ledger_that_ends_there(desk: Desk) -> None:
    await agrees_with_the_past(desk, 60, seed=4)


@pytest.mark.slow
async def test_a_thousand_answers_as_of_random_positions(desk: Desk) -> None:
    await agrees_with_the_past(desk, 1000, seed=5)


async def test_a_time_means_the_last_event_in_effect_by_then(desk: Desk) -> None:
    query = "query($at: AsOf) { events(last: 1, asOf: $at) { totalCount nodes { position } } }"
    for entry in desk.told.entries[::40]:
        for step in (-1, 0, 1):
            time = (entry.effective_at + timedelta(microseconds=step)).isoformat()
            variables = {"at": {"time": time}}
            assert await desk.compiled(query, variables) == desk.expected(query, variables)


async def test_a_position_that_the_ledger_has_not_reached_is_refused_without_waiting(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("graphql_api.compiler.plan._PATIENCE_SECONDS", 10**6)
    beyond = len(desk.told.entries) + 1
    with pytest.raises(GraphQLError) as refused:
        await desk.compiled(f"{{ teams(first: 1, asOf: {{position: {beyond}}}) {{ totalCount }} }}")
    assert refused.value.extensions == {"code": NOT_YET_KNOWN}


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


async def test_what_was_erased_is_null_at_every_moment(desk: Desk) -> None:
    erased = sorted(desk.oracle.erased)
    query = """query($at: AsOf) { events(first: 100, asOf: $at) { nodes { position
      ... on ItemDrafted { title criteria } ... on ItemRevised { title criteria }
      ... on PushbackRaised { statement } } } }"""
    nodes = (await desk.compiled(query, {"at": {"position": 99}}))["events"]["nodes"]
    told = [node for node in nodes if node["position"] in erased]
    assert told
    assert all(value is None for node in told for name, value in node.items() if name != "position")
