"""What was true then: an answer as of a position is that of a ledger which ends there."""

import random

import pytest
from graphql import parse

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
