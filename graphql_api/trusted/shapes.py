"""Every form of an operation's variables that makes a statement of its own: absent, null, true, false, given."""

from collections.abc import Iterator
from contextlib import suppress
from itertools import islice, product
from typing import Any, Final

from graphql import (
    GraphQLError,
    GraphQLSchema,
    OperationType,
    VariableDefinitionNode,
    is_non_null_type,
    type_from_ast,
)
from graphql.execution.values import VariableValues
from graphql.language import NullValueNode

from graphql_api.compiler.selection import Selection
from graphql_api.documents import PLANS_MAX, Operation
from graphql_api.islands import EXAMPLES, Place, statement

COMBINATIONS_MAX: Final = 4096
"""Looked at for one operation; with more variables than that, those that differ little come first anyway."""

FORMS_MAX: Final = 4 * PLANS_MAX
"""Compiled for one operation, those counted that are refused."""

_ABSENT: Final = object()
_GIVEN: Final = object()
"""Stands for any value: what it is a statement is told only when it runs."""


def statements(operation: Operation) -> Iterator[str]:
    """The statement of each form that has one, compiled and remembered; the likeliest forms first."""
    yield from islice(_compiled(operation), PLANS_MAX)


def _compiled(operation: Operation) -> Iterator[str]:
    found = _of_query if operation.kind is OperationType.QUERY else _of_answers
    for values in islice(_forms(operation), FORMS_MAX):
        with suppress(GraphQLError):  # a form that is refused whoever asks: both `first` and `last`
            yield from found(operation, values)


def _of_query(operation: Operation, values: VariableValues) -> Iterator[str]:
    plan = operation.plan(values)
    if plan is not None:
        yield plan.sql


def _of_answers(operation: Operation, values: VariableValues) -> Iterator[str]:
    """What reads the answers of mutations, and what a subscription tells."""
    root = operation.schema.get_root_type(operation.kind)
    assert root is not None  # noqa: S101 - the operation is valid
    selection = Selection(operation.schema, operation.fragments, values, suffers_directives=True)
    for nodes in selection.of(root, [operation.node.selection_set]).values():
        definition = root.fields.get(nodes[0].name.value)
        if definition is None:
            continue  # __typename
        told = definition.extensions["strawberry-definition"].metadata.get(EXAMPLES, ())
        place = Place(operation.schema, operation.fragments, nodes, definition.type, values, pins=False)
        yield from (statement(place, example) for example in told)


def _forms(operation: Operation) -> Iterator[VariableValues]:
    definitions = operation.node.variable_definitions or ()
    each = [_options(operation.schema, one) for one in definitions]
    combined = islice(product(*(range(len(options)) for options in each)), COMBINATIONS_MAX)
    for places in sorted(combined, key=lambda places: sum(place > 0 for place in places)):
        chosen = [options[place] for options, place in zip(each, places, strict=True)]
        names = [one.variable.name.value for one in definitions]
        yield VariableValues({}, {n: v for n, v in zip(names, chosen, strict=True) if v is not _ABSENT})


def _options(schema: GraphQLSchema, definition: VariableDefinitionNode) -> list[Any]:
    """What a variable may be, the likeliest first."""
    is_required = is_non_null_type(type_from_ast(schema, definition.type))
    kind = definition.type.type if is_required else definition.type  # type: ignore[attr-defined]  # it has one
    is_condition = getattr(getattr(kind, "name", None), "value", None) == "Boolean"
    options: list[Any] = [True, False] if is_condition else [_GIVEN]
    if is_required:
        return options
    default = definition.default_value
    if default is None:
        return [*options, _ABSENT, None]
    return [None, *options] if isinstance(default, NullValueNode) else [*options, None]
