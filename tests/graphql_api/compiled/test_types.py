"""The derived types: everything is described, and what is never null stands on something."""

from typing import Any

import pytest
import strawberry
from graphql import GraphQLEnumType, GraphQLSchema, is_specified_scalar_type

from domain.entry import EVENTS
from graphql_api.documents import Documents
from graphql_api.islands import Executor
from graphql_api.roots import make_query_type
from graphql_api.types.fields import Backed, backed
from graphql_api.types.graph import TYPES, implementations
from graphql_api.types.scalars import configuration
from graphql_api.types.soundness import Unsound, check
from graphql_api.types.sources import Column, Form, Link, Told
from projections.declare import ROWS
from projections.words import WORDS, Unsaid, words

INTROSPECTION = "__"


@pytest.fixture
def core(schema: strawberry.Schema) -> GraphQLSchema:
    return Documents(schema).schema


def test_every_type_field_and_argument_is_described(core: GraphQLSchema) -> None:
    silent = []
    for name, kind in core.type_map.items():
        if name.startswith(INTROSPECTION) or is_specified_scalar_type(kind):
            continue
        fields: dict[str, Any] = getattr(kind, "fields", {})
        silent += [name] if not kind.description else []
        silent += [f"{name}.{field}" for field, told in fields.items() if not told.description]
        silent += [
            f"{name}.{field}({argument})"
            for field, told in fields.items()
            for argument, given in getattr(told, "args", {}).items()
            if not given.description
        ]
    assert [place for place in silent if not place.startswith("Query.version")] == ["Query"]


def test_every_row_and_every_event_is_a_type(core: GraphQLSchema) -> None:
    assert {*ROWS, *(event.__name__ for event in EVENTS.values())} <= core.type_map.keys()


def test_an_event_says_of_each_kind_what_it_means(core: GraphQLSchema) -> None:
    kinds = core.type_map["EventKind"]
    assert isinstance(kinds, GraphQLEnumType)
    assert kinds.values.keys() == EVENTS.keys()
    assert all(value.description for value in kinds.values.values())


def test_no_sentence_speaks_of_a_column_that_is_gone() -> None:
    classes = {**ROWS, **EVENTS}
    names = {name for cls in classes.values() for name in cls.__struct_fields__}
    places = {f"{owner}.{name}" for owner, cls in classes.items() for name in cls.__struct_fields__}
    assert {name for name in WORDS if name not in names | places} == set()


def test_a_column_without_a_sentence_stops_the_start() -> None:
    with pytest.raises(Unsaid):
        words("Item", "no_such_column")


def with_field(name: str, field: Backed) -> GraphQLSchema:
    """The schema with one more field of teams."""
    definition = TYPES["Team"].__strawberry_definition__
    definition.fields.append(field)
    field.type_annotation = strawberry.annotation.StrawberryAnnotation(field.metadata["annotation"], namespace=TYPES)
    try:
        query = strawberry.type(type("Query", (make_query_type(),), {}))
        made = strawberry.Schema(
            query, types=implementations(), config=configuration(), execution_context_class=Executor
        )
        core = made._schema
        assert name in core.type_map["Team"].fields  # type: ignore[attr-defined]
        return core
    finally:
        definition.fields.remove(field)


@pytest.mark.parametrize(
    ("annotation", "source"),
    [
        ("Event", Told("Event", "no")),
        ("str", Column("id", Form.WORD, is_nullable=False)),
    ],
)
def test_a_sound_field_is_let_through(annotation: str, source: Any) -> None:
    if isinstance(source, Told):
        source = Told("Event", "formed")
    check(with_field("odd", backed("odd", annotation, source, "Odd.")))


@pytest.mark.parametrize(
    ("annotation", "source", "why"),
    [
        ("Team", Link("Team", "concat({t}.id, 'x')"), "nothing makes sure"),
        ("int", Column("formed", Form.NUMBER, is_nullable=False), "holds more"),
    ],
)
def test_a_field_that_could_be_null_or_too_large_stops_the_start(annotation: str, source: Any, why: str) -> None:
    with pytest.raises(Unsound, match=rf"Team\.odd .*{why}"):
        check(with_field("odd", backed("odd", annotation, source, "Odd.")))


def test_a_field_of_python_below_what_sql_fills_stops_the_start() -> None:
    field: Any = strawberry.field(lambda: "x", name="odd", description="Odd.")
    field.python_name = "odd"
    definition = TYPES["Team"].__strawberry_definition__
    definition.fields.append(field)
    field.type_annotation = strawberry.annotation.StrawberryAnnotation(str)
    try:
        query = strawberry.type(type("Query", (make_query_type(),), {}))
        made = strawberry.Schema(query, types=implementations(), config=configuration())
        with pytest.raises(Unsound, match=r"Team\.odd is resolved by Python"):
            Documents(made)
    finally:
        definition.fields.remove(field)
