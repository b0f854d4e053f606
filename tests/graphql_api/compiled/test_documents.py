"""Documents are read once, and only the newest are kept."""

import pytest
import strawberry
from graphql import GraphQLError, OperationType

from graphql_api.documents import TEXT_CHARACTERS_MAX, Documents, Invalid, Newest
from tests.graphql_api.compiled.conftest import make_reading_schema

TEAMS = "{ teams(first: 1) { totalCount } }"


def test_a_document_is_parsed_and_validated_once(schema: strawberry.Schema) -> None:
    documents = Documents(schema)
    assert documents.read(TEAMS) is documents.read(TEAMS)


def test_an_operation_is_compiled_once_for_each_shape(schema: strawberry.Schema) -> None:
    operation = (
        Documents(schema).read("query($n: Int) { team(id: 1) { backlog(first: $n) { totalCount } } }").operation(None)
    )
    plans = [operation.plan(operation.variables(given)) for given in ({"n": 1}, {"n": 2}, {"n": None}, {}, {"n": 3})]
    assert plans[0] is plans[1] is plans[4]
    assert len({id(plan) for plan in plans}) == 3


def test_what_is_wrong_with_a_document_is_remembered(schema: strawberry.Schema) -> None:
    documents = Documents(schema)
    for _ in range(2):
        with pytest.raises(Invalid) as invalid:
            documents.read("{ nobody }")
        assert len(invalid.value.errors) == 1
        assert invalid.value.errors[0].message.startswith("Cannot query field 'nobody' on type 'Query'.")


def test_a_document_that_cannot_be_parsed_is_refused(schema: strawberry.Schema) -> None:
    with pytest.raises(Invalid):
        Documents(schema).read("{ teams(")


def test_a_document_of_too_many_tokens_is_refused(schema: strawberry.Schema) -> None:
    with pytest.raises(Invalid):
        Documents(schema).read("{" + " a: __typename" * 10_000 + "}")


def test_only_the_newest_documents_are_kept(schema: strawberry.Schema) -> None:
    documents = Documents(schema, size_max=2)
    first = documents.read("{ __typename }")
    documents.read(TEAMS)
    assert documents.read("{ __typename }") is first
    documents.read("{ a: __typename }")
    assert documents.read("{ __typename }") is first


def test_a_very_long_document_is_answered_and_not_kept(schema: strawberry.Schema) -> None:
    documents = Documents(schema)
    long = TEAMS + " " * TEXT_CHARACTERS_MAX
    assert documents.read(long).operation(None).kind is OperationType.QUERY
    assert documents.read(long) is not documents.read(long)
    wrong = "{ nobody }" + " " * TEXT_CHARACTERS_MAX
    with pytest.raises(Invalid):
        documents.read(wrong)


def test_the_newest_forgets_what_was_not_asked_for_the_longest() -> None:
    newest: Newest[str, int] = Newest(2)
    newest.keep("a", 1)
    newest.keep("b", 2)
    assert newest.get("a") == 1
    newest.keep("c", 3)
    assert (newest.get("a"), newest.get("b"), newest.get("c"), len(newest)) == (1, None, 3, 2)


def test_one_of_several_operations_has_to_be_named(schema: strawberry.Schema) -> None:
    document = Documents(schema).read(f"query A {TEAMS} query B {TEAMS}")
    assert document.operation("B").kind is OperationType.QUERY
    for name in (None, "C"):
        with pytest.raises(GraphQLError):
            document.operation(name)


@pytest.mark.parametrize(
    "text", ["{ __schema { queryType { name } } }", "{ version }", "{ version teams(first: 1) { totalCount } }"]
)
def test_what_sql_cannot_answer_has_no_plan(text: str) -> None:
    operation = Documents(make_reading_schema()).read(text).operation(None)
    assert operation.plan(operation.variables(None)) is None
