"""How large a document may be, measured before it is validated: nobody's question may cost everybody their answers.

Depth and lists are counted along the longest path, fields as they stand once fragments are put in their places.
Introspection is measured by rules of its own (graphql_api/limits/introspection.py) and counts nothing here.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLNamedType,
    GraphQLOutputType,
    GraphQLSchema,
    GraphQLWrappingType,
    OperationDefinitionNode,
    OperationType,
    SelectionNode,
    get_named_type,
    is_list_type,
)

from graphql_api.compiler.refusals import refusal
from graphql_api.limits.introspection import refuse_long_introspection
from graphql_api.limits.places import Places, Selected, type_of

TOKENS_MAX: Final = 5000
DEPTH_MAX: Final = 12
LISTS_MAX: Final = 4
FIELDS_MAX: Final = 10_000
ALIASES_MAX: Final = 100
"""Names in one operation for fields that are there under another name: each is answered by itself."""

PAIRS_MAX: Final = 10_000
"""Of fields that are answered as one: whether they agree is looked at pair by pair."""

MUTATIONS_MAX: Final = 20
"""In one operation: they run one after the other."""

TOO_DEEP: Final = "TOO_DEEP"
TOO_MANY_ALIASES: Final = "TOO_MANY_ALIASES"
TOO_MANY_FIELDS: Final = "TOO_MANY_FIELDS"
TOO_MANY_LISTS: Final = "TOO_MANY_LISTS"
TOO_MANY_MUTATIONS: Final = "TOO_MANY_MUTATIONS"
TOO_MANY_REPEATS: Final = "TOO_MANY_REPEATS"


class Size(NamedTuple):
    """How far a selection goes down, how many lists lie in one another, and how many fields it has."""

    depth: int = 0
    lists: int = 0
    fields: int = 0


_NOTHING: Final = Size()
STEPS_MAX: Final = 2 * FIELDS_MAX


def refuse_excess(schema: GraphQLSchema, document: DocumentNode) -> None:
    """Raise a GraphQLError when the document asks for more than one request may. It need not be valid."""
    fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
    measure, places = _Measure(schema, fragments), Places(schema, fragments)
    for node in document.definitions:
        if isinstance(node, OperationDefinitionNode):
            _refuse(measure.of(schema.get_root_type(node.operation), node.selection_set.selections), node)
            counts = Counter(one.path for one in places.of(node, STEPS_MAX))
            _refuse_repeats(counts, node)
            if node.operation is OperationType.MUTATION:
                _refuse_mutations(sum(len(path) == 1 for path in counts), node)
            refuse_long_introspection(places.of(node, STEPS_MAX), node)
            _refuse_aliases(places.of(node, STEPS_MAX), node)


def _refuse_repeats(places: Counter[tuple[str, ...]], node: OperationDefinitionNode) -> None:
    if sum(count * (count - 1) for count in places.values()) > 2 * PAIRS_MAX:
        message = "This selects the same fields again and again; select each of them once."
        raise refusal(TOO_MANY_REPEATS, message, node)


def _refuse(size: Size, node: OperationDefinitionNode) -> None:
    if size.depth > DEPTH_MAX:
        raise refusal(TOO_DEEP, f"This goes {size.depth} fields deep; ask at most {DEPTH_MAX} at once.", node)
    if size.lists > LISTS_MAX:
        message = f"This asks for lists in lists {size.lists} deep, at most {LISTS_MAX} are answered at once."
        raise refusal(TOO_MANY_LISTS, message, node)
    if size.fields > FIELDS_MAX:
        message = f"This selects {size.fields} fields, at most {FIELDS_MAX} are answered at once."
        raise refusal(TOO_MANY_FIELDS, message, node)


def _refuse_aliases(fields: Iterable[Selected], node: OperationDefinitionNode) -> None:
    named = {(one.path, one.parent, one.names[-1]) for one in fields}
    count = len(named) - len({(path[:-1], parent, name) for path, parent, name in named})
    if count > ALIASES_MAX:
        message = f"This asks for fields again under {count} other names, at most {ALIASES_MAX} are answered at once."
        raise refusal(TOO_MANY_ALIASES, message, node)


def _refuse_mutations(count: int, node: OperationDefinitionNode) -> None:
    if count > MUTATIONS_MAX:
        message = f"This holds {count} mutations, at most {MUTATIONS_MAX} are carried out at once."
        raise refusal(TOO_MANY_MUTATIONS, message, node)


class _Measure:
    """Measures each fragment once, however often it is spread: so a short document cannot make it work long."""

    def __init__(self, schema: GraphQLSchema, fragments: Mapping[str, FragmentDefinitionNode]) -> None:
        self._schema = schema
        self._fragments = fragments
        self._measured: dict[str, Size] = {}

    def of(self, parent: GraphQLNamedType | None, selections: Iterable[SelectionNode]) -> Size:
        parts = [self._of_one(parent, node) for node in selections]
        return Size(
            max((part.depth for part in parts), default=0),
            max((part.lists for part in parts), default=0),
            sum(part.fields for part in parts),
        )

    def _of_one(self, parent: GraphQLNamedType | None, node: SelectionNode) -> Size:
        if isinstance(node, FieldNode):
            return self._of_field(parent, node)
        if isinstance(node, FragmentSpreadNode):
            return self._of_fragment(node.name.value)
        condition = getattr(node, "type_condition", None)
        shown = self._schema.get_type(condition.name.value) if condition else parent
        return self.of(shown, node.selection_set.selections)  # type: ignore[attr-defined]  # an inline fragment

    def _of_field(self, parent: GraphQLNamedType | None, node: FieldNode) -> Size:
        if node.name.value.startswith("__"):
            return _NOTHING
        shown = type_of(parent, node)
        if node.selection_set is None:
            return Size(depth=1, fields=1)
        below = self.of(get_named_type(shown) if shown else None, node.selection_set.selections)
        is_list = _has_list(shown)
        return Size(below.depth + 1, below.lists + is_list, below.fields + 1)

    def _of_fragment(self, name: str) -> Size:
        fragment = self._fragments.get(name)
        if fragment is None:
            return _NOTHING
        if name not in self._measured:
            self._measured[name] = _NOTHING  # of one that spreads itself; validation refuses it
            condition = self._schema.get_type(fragment.type_condition.name.value)
            self._measured[name] = self.of(condition, fragment.selection_set.selections)
        return self._measured[name]


def _has_list(shown: GraphQLOutputType | None) -> bool:
    while isinstance(shown, GraphQLWrappingType):
        if is_list_type(shown):
            return True
        shown = shown.of_type
    return False
