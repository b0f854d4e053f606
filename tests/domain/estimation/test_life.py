"""Every state of a round is reached, every one leads to an end, and the guide shows them as they are."""

import re

import pytest
from graphql import parse, validate

from domain.policy import Policy
from graphql_api.schema import make_schema
from projections.rows.estimation.rounds import RoundState
from projections.turns import TurnRule
from tests.domain.estimation.life import IN_GUIDE, drawn, explored

PAGE = IN_GUIDE.page
GOING_ON = {RoundState.OPEN, RoundState.REVEALED}


def test_every_state_is_reached_and_what_has_ended_stays() -> None:
    steps = explored()
    assert {state for step in steps for state in step} == set(RoundState)
    assert {before for before, _ in steps} == GOING_ON
    for state in GOING_ON:
        assert {after for before, after in steps if before is state} - GOING_ON


def test_the_guide_shows_the_states_as_they_are() -> None:
    assert IN_GUIDE.shown() == drawn(), "run `python -m tests.domain.estimation.life`"


@pytest.mark.parametrize("operation", re.findall(r"```graphql\n(.*?)```", PAGE, re.DOTALL))
def test_an_operation_that_is_shown_is_one_of_the_schema(operation: str) -> None:
    assert validate(make_schema()._schema, parse(operation)) == []


def test_the_guide_names_turns_and_settings_that_there_are() -> None:
    told = set(re.findall(r"`([A-Z_]+)`", PAGE))
    assert {TurnRule.VOTE, TurnRule.REVEAL_VOTES, TurnRule.CONCLUDE_ROUND} <= told
    settings = re.findall(r"^\| `([a-zA-Z]+)` \|", PAGE, re.MULTILINE)
    names = {re.sub(r"_(.)", lambda found: found[1].upper(), name) for name in Policy.__struct_fields__}
    assert settings
    assert set(settings) <= names
