"""The schema can be asked for as any tool does, and not over and over in one operation."""

from typing import Final

import pytest
from graphql import OperationType, get_introspection_query

from graphql_api.documents import Documents, Invalid
from graphql_api.limits.introspection import TYPES_MAX
from graphql_api.schema import make_schema

TYPES: Final = " ".join(f't{n}: __type(name: "Item") {{ name }}' for n in range(TYPES_MAX))
OF_TYPE: Final = "ofType { " * 18 + "name" + " }" * 18
ASKED: Final = {
    "as GraphiQL asks": get_introspection_query(input_value_deprecation=True),
    "one type, and the types of its fields": '{ __type(name: "Item") { fields { type { fields { name } } } } }',
    "a few types": f"{{ {TYPES} }}",
    "the same again": "{ __schema { types { name } } __schema { types { name } } }",
}
REFUSED: Final = {
    "twice": "{ a: __schema { types { name } } b: __schema { types { name } } }",
    "many types": f'{{ {TYPES} more: __type(name: "Item") {{ name }} }}',
    "from type to type": "{ __schema { types { fields { type { fields { name } } } } } }",
    "to the types of the types": "{ __schema { types { interfaces { possibleTypes { name } } } } }",
    "repeated by names": "{ __schema { a: types { name } b: types { name } } }",
    "repeated below": "{ __schema { types { a: fields { name } b: fields { name } } } }",
    "by fragments": "{ __schema { types { ...a ...b } } } fragment a on __Type { a: fields { name } }"
    " fragment b on __Type { b: fields { name } }",
    "very deep": f'{{ __type(name: "Item") {{ fields {{ type {{ {OF_TYPE} }} }} }} }}',
    "beside data": "{ teams(first: 1) { totalCount } a: __schema { types { name } } b: __schema { types { name } } }",
}


@pytest.fixture(scope="module")
def documents() -> Documents:
    return Documents(make_schema())


@pytest.mark.parametrize("text", ASKED.values(), ids=ASKED.keys())
def test_tools_learn_the_schema(documents: Documents, text: str) -> None:
    assert documents.read(text).operation(None).kind is OperationType.QUERY


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED.keys())
def test_asking_for_the_schema_again_and_again_is_refused(documents: Documents, text: str) -> None:
    with pytest.raises(Invalid) as invalid:
        documents.read(text)
    (error,) = invalid.value.errors
    assert error.extensions == {"code": "TOO_MUCH_INTROSPECTION"}
