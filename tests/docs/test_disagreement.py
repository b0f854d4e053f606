"""The page on disagreeing shows operations that the schema has, and names every state of a question."""

import re
from pathlib import Path
from typing import Final

import pytest
from graphql import parse, validate

from graphql_api.schema import make_schema
from projections.rows.questions import QuestionState

PAGE: Final = (Path(__file__).parents[2] / "docs" / "disagreement.md").read_text(encoding="utf-8")
OPERATIONS: Final = re.findall(r"```graphql\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_an_operation_that_is_shown_is_one_of_the_schema(operation: str) -> None:
    assert validate(make_schema()._schema, parse(operation)) == []


def test_every_state_of_a_question_is_told() -> None:
    told = re.findall(r"^\| `([A-Z]+)` \| (?:who was asked|the asker|nobody) \|", PAGE, re.MULTILINE)
    assert told == [*QuestionState]
