"""What was selected: fields by response key, fragments spread, @skip and @include decided."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from graphql import (
    DirectiveNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLAbstractType,
    GraphQLIncludeDirective,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLSkipDirective,
    InlineFragmentNode,
    SelectionNode,
    SelectionSetNode,
    is_abstract_type,
)
from graphql.execution.values import VariableValues, get_directive_values

from graphql_api.compiler.refusals import NotCompilable, StrangeDirective

Fields = dict[str, list[FieldNode]]
"""Response key -> the field nodes that are merged under it."""

_KNOWN: Final = ("skip", "include")


@dataclass(frozen=True)
class Selection:
    """A document's view on the schema, with the variables that decide its shape."""

    schema: GraphQLSchema
    fragments: Mapping[str, FragmentDefinitionNode]
    values: VariableValues
    suffers_directives: bool = False
    """Whether directives of one's own are left for later, or make the selection NotCompilable."""

    def fields(self, parent: GraphQLObjectType, nodes: Iterable[FieldNode]) -> Fields:
        """What is selected of `parent` below these field nodes."""
        return self.of(parent, [node.selection_set for node in nodes if node.selection_set])

    def of(self, parent: GraphQLObjectType, sets: Iterable[SelectionSetNode]) -> Fields:
        """What these selection sets select of `parent`."""
        found: Fields = {}
        for selected in sets:
            self._collect(parent, selected, found)
        return found

    def _collect(self, parent: GraphQLObjectType | None, selected: SelectionSetNode, found: Fields) -> None:
        """Add what is selected; without a parent, whatever type it is of."""
        for node in selected.selections:
            if not self._is_included(node):
                continue
            if isinstance(node, FieldNode):
                found.setdefault((node.alias or node.name).value, []).append(node)
                continue
            fragment = self._fragment(node)
            if self._applies(fragment, parent):
                self._collect(parent, fragment.selection_set, found)

    def _fragment(self, node: SelectionNode) -> InlineFragmentNode | FragmentDefinitionNode:
        if isinstance(node, FragmentSpreadNode):
            return self.fragments[node.name.value]
        if isinstance(node, InlineFragmentNode):
            return node
        raise NotCompilable(node.kind)

    def _is_included(self, node: SelectionNode) -> bool:
        self._check(node.directives or ())
        skip = get_directive_values(GraphQLSkipDirective, node, self.values)
        include = get_directive_values(GraphQLIncludeDirective, node, self.values)
        return not (skip and skip["if"]) and not (include and not include["if"])

    def _check(self, directives: Iterable[DirectiveNode]) -> None:
        strange = [directive.name.value for directive in directives if directive.name.value not in _KNOWN]
        if strange and not self.suffers_directives:
            raise StrangeDirective(strange[0])

    def _applies(self, fragment: InlineFragmentNode | FragmentDefinitionNode, parent: GraphQLObjectType | None) -> bool:
        if fragment.type_condition is None or parent is None:
            return True
        condition: Any = self.schema.get_type(fragment.type_condition.name.value)
        return condition is parent or (is_abstract_type(condition) and self.schema.is_sub_type(condition, parent))

    def keys(self, nodes: list[FieldNode]) -> list[str]:
        """Every response key below these field nodes in the order in which they stand, whatever type it is of."""
        found: Fields = {}
        for node in nodes:
            if node.selection_set:
                self._collect(None, node.selection_set, found)
        return list(found)

    def by_shape(
        self, parent: GraphQLAbstractType, nodes: list[FieldNode]
    ) -> list[tuple[list[GraphQLObjectType], Fields]]:
        """The possible types of an interface, those together of which the same is selected; the largest group last."""
        groups: dict[Any, tuple[list[GraphQLObjectType], Fields]] = {}
        for possible in self.schema.get_possible_types(parent):
            fields = self.fields(possible, nodes)
            shape = tuple((key, *(id(node) for node in merged)) for key, merged in fields.items())
            groups.setdefault(shape, ([], fields))[0].append(possible)
        return sorted(groups.values(), key=lambda group: len(group[0]))
