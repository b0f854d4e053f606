"""Directives of one's own on fields that SQL fills: applied to the finished value, where each field lies in it."""

from collections.abc import Iterable
from typing import Any

from graphql import FieldNode, GraphQLResolveInfo
from graphql.execution.values import VariableValues
from strawberry.extensions.directives import SPECIFIED_DIRECTIVES, process_directive
from strawberry.utils.await_maybe import await_maybe

from graphql_api.compiler.compiler import MARK
from graphql_api.compiler.selection import Selection


async def apply_directives(raw: GraphQLResolveInfo[Any], nodes: Iterable[FieldNode], value: Any) -> Any:  # noqa: ANN401 - JSON
    """The value with its marks taken off and its directives applied, the innermost first."""
    values = VariableValues({}, raw.variable_values)  # type: ignore[arg-type]  # strawberry gives the plain dictionary
    selection = Selection(raw.schema, raw.fragments, values, suffers_directives=True)
    return await _below(raw, selection, list(nodes), value)


async def _below(raw: GraphQLResolveInfo[Any], selection: Selection, nodes: list[FieldNode], value: Any) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, list):
        return [await _below(raw, selection, nodes, element) for element in value]
    if not isinstance(value, dict):
        return value
    shown: Any = raw.schema.type_map[value.pop(MARK)]
    fields = selection.fields(shown, nodes)
    return {key: await _field(raw, selection, fields[key], told) for key, told in value.items()}


async def _field(raw: GraphQLResolveInfo[Any], selection: Selection, nodes: list[FieldNode], value: Any) -> Any:  # noqa: ANN401 - JSON
    value = await _below(raw, selection, nodes, value)
    for directive in nodes[0].directives or ():
        if directive.name.value not in SPECIFIED_DIRECTIVES:
            told, arguments = process_directive(directive, value, raw)
            value = await await_maybe(told.resolver(**arguments))
    return value
