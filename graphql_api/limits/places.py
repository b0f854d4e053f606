"""The fields of an operation where they stand in its answer, fragments put in their places."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    get_named_type,
)

Parent = GraphQLNamedType | None
"""The type that a field is selected of; None where there is none."""


class Selected(NamedTuple):
    """A field at a place: `path` are the response keys down to it, `names` the fields' own names."""

    path: tuple[str, ...]
    names: tuple[str, ...]
    parent: Parent
    node: FieldNode


class _Found(NamedTuple):
    """Selections at a place, and the fragments they stand in."""

    path: tuple[str, ...]
    names: tuple[str, ...]
    parent: Parent
    within: frozenset[str]
    selections: SelectionSetNode


class Places:
    """A document's view on the schema. It need not be valid."""

    def __init__(self, schema: GraphQLSchema, fragments: Mapping[str, FragmentDefinitionNode]) -> None:
        self._schema = schema
        self._fragments = fragments

    def of(self, node: OperationDefinitionNode, steps_max: int) -> Iterator[Selected]:
        """Each field, above those below it. Not all of them after so many selections in braces."""
        root = self._schema.get_root_type(node.operation)
        waiting = [_Found((), (), root, frozenset(), node.selection_set)]
        for _ in range(steps_max):
            if not waiting:
                break
            found = waiting.pop()
            for one in found.selections.selections:
                if isinstance(one, FieldNode):
                    yield Selected(*_down(found, one), found.parent, one)
                below = self._below(one, found)
                if below:
                    waiting.append(below)

    def _below(self, node: SelectionNode, found: _Found) -> _Found | None:
        if isinstance(node, FieldNode):
            shown = type_of(found.parent, node)
            below = get_named_type(shown) if shown else None
            selections = node.selection_set
            return _Found(*_down(found, node), below, found.within, selections) if selections else None
        if isinstance(node, InlineFragmentNode):
            return found._replace(parent=self._condition(node, found.parent), selections=node.selection_set)
        fragment = self._fragments.get(node.name.value) if isinstance(node, FragmentSpreadNode) else None
        if fragment is None or fragment.name.value in found.within:
            return None
        within = found.within | {fragment.name.value}
        parent = self._condition(fragment, found.parent)
        return found._replace(parent=parent, within=within, selections=fragment.selection_set)

    def _condition(self, fragment: InlineFragmentNode | FragmentDefinitionNode, parent: Parent) -> Parent:
        told = fragment.type_condition
        return self._schema.get_type(told.name.value) if told else parent


def _down(found: _Found, node: FieldNode) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return (*found.path, (node.alias or node.name).value), (*found.names, node.name.value)


def type_of(parent: Parent, node: FieldNode) -> GraphQLOutputType | None:
    """The type of a field; None of one that its parent does not have."""
    if not isinstance(parent, GraphQLObjectType | GraphQLInterfaceType):
        return None
    field = parent.fields.get(node.name.value)
    return field.type if field else None
