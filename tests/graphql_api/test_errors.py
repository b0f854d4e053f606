"""Every code that an error may have stands in docs/errors.md; a fault of the variables says where it is."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import graphql_api
from domain.refusals import REFUSALS
from graphql_api.documents import Documents, Invalid
from graphql_api.schema import make_schema
from graphql_api.types.errors import ERRORS, page

SOURCE = Path(graphql_api.__file__).parent
PAGE = SOURCE.parent / "docs" / "errors.md"
DRAFT = "mutation A($input: DraftItemInput!) { draftItem(input: $input) { __typename } }"


def codes(tree: ast.AST) -> Iterator[str]:
    """Constants that are named as they read, and literals where a code is expected."""
    for node in ast.walk(tree):
        match node:
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.Constant(value=str(value))) if name == value:
                yield value
            case ast.Call(func=ast.Name(id="refusal" | "problem"), args=[ast.Constant(value=str(value)), *_]):
                yield value
            case ast.Call(func=ast.Name(id="Fault"), args=[_, ast.Constant(value=str(value)), *_]):
                yield value


def test_every_code_in_the_source_is_told_and_no_other() -> None:
    found = {code for path in SOURCE.rglob("*.py") for code in codes(ast.parse(path.read_text()))}
    assert found == set(ERRORS)
    assert not found & set(REFUSALS), "an error and a refusal never share a code"


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text() == page(), "run `make schema` and commit docs/errors.md"


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({}, "variables.input"),
        ({"input": 3}, "variables.input"),
        ({"input": {"team": "tem_1", "title": 3}}, "variables.input.title"),
        ({"input": {"team": "tem_1", "title": "at .team: no", "commandId": "1"}}, "variables.input.commandId"),
        ({"input": {"team": "tem_1", "title": "A", "criteria": ["a", {}]}}, "variables.input.criteria.1"),
    ],
)
def test_a_fault_of_the_variables_says_where_it_is(given: dict[str, Any], path: str) -> None:
    with pytest.raises(Invalid) as invalid:
        Documents(make_schema()).read(DRAFT).operation(None).variables(given)
    assert [(error.extensions or {})["path"] for error in invalid.value.errors] == [path]
