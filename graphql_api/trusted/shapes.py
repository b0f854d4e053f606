"""Every form of an operation's variables that makes a statement of its own: absent, null, true, false, given."""

from collections.abc import Iterator
from itertools import islice, product
from typing import Any, Final

from graphql import GraphQLError, GraphQLSchema, VariableDefinitionNode, is_non_null_type, type_from_ast
from graphql.execution.values import VariableValues
from graphql.language import NullValueNode

from graphql_api.documents import PLANS_MAX, Operation

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
    for values in islice(_forms(operation), FORMS_MAX):
        try:
            plan = operation.plan(values)
        except GraphQLError:
            continue  # a form that is refused whoever asks: both `first` and `last`
        if plan is None:
            return
        yield plan.sql


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
