"""Every statement that a trusted document may need is there before it is asked."""

from itertools import product
from typing import Any

import pytest

from graphql_api.documents import PLANS_MAX, Documents
from graphql_api.schema import make_schema
from graphql_api.trusted.trusted import STATEMENTS_MAX, Trusted

BACKLOG = """query Backlog($team: ID!, $first: Int = 20, $after: String, $names: Boolean!, $sizes: Boolean = true) {
  backlog(team: $team, first: $first, after: $after) {
    nodes { id author @include(if: $names) { name } points @skip(if: $sizes) }
  }
}"""
GIVEN: dict[str, tuple[Any, ...]] = {"first": (7, None), "after": ("", None), "sizes": (True, False)}


@pytest.fixture(scope="module")
def documents() -> Documents:
    return Documents(make_schema())


def forms() -> list[dict[str, Any]]:
    """Variables in every form: each that may be left out is, too."""
    made: list[dict[str, Any]] = []
    for names in (True, False):
        for some in product(*((None, *enumerate(options)) for options in GIVEN.values())):
            told = {name: pair[1] for name, pair in zip(GIVEN, some, strict=True) if pair is not None}
            made.append({"team": "tem_1", "names": names, **told})
    return made


def test_no_form_of_the_variables_is_compiled_when_it_is_asked(documents: Documents) -> None:
    ready = Trusted(documents, {"b7": BACKLOG}).statements()
    operation = documents.read(BACKLOG).operation(None)
    known, asked = len(operation.plans), 0
    for variables in forms():
        if variables.get("first", 20) is None:
            continue  # refused: a page has a size
        asked += 1
        plan = operation.plan(operation.variables(variables))
        assert plan is not None
        assert plan.sql in ready
    assert asked
    assert len(operation.plans) == known <= PLANS_MAX


def test_an_operation_of_very_many_forms_has_the_likeliest_ready(documents: Documents) -> None:
    switches = [f"s{number}" for number in range(20)]
    told = ", ".join(f"${name}: Boolean!" for name in switches)
    fields = " ".join(f"{name}: id @skip(if: ${name})" for name in switches)
    text = f"query Many({told}) {{ team(id: 1) {{ {fields} }} }}"
    assert 1 < len(Trusted(documents, {"b7": text}).statements()) <= PLANS_MAX


def test_the_likeliest_of_each_document_come_first_and_there_is_an_end(documents: Documents) -> None:
    texts = {str(n): f"query A($if: Boolean!) {{ team(id: {n}) {{ id name @skip(if: $if) }} }}" for n in range(700)}
    ready = Trusted(documents, texts).statements()
    assert len(ready) <= STATEMENTS_MAX
    assert any("name" in sql for sql in ready)


def test_what_sql_does_not_answer_has_nothing_to_prepare(documents: Documents) -> None:
    written = 'mutation { issueCredential(input: {person: "psn_1", label: "a"}) { ... on Refusal { code } } }'
    assert Trusted(documents, {"a": "{ viewer { credentialId } }", "b": written}).statements() == []
