"""How many rows an operation may answer with: pages in pages multiply, whatever little each of them asks for."""

from collections.abc import Callable, Iterable
from math import prod
from typing import Final

from graphql import FieldNode, GraphQLInterfaceType, GraphQLObjectType, IntValueNode, VariableNode
from graphql.execution.values import VariableValues

from graphql_api.compiler.refusals import refusal
from graphql_api.limits.places import Selected
from graphql_api.types.connections import PAGE_SIZE, PAGE_SIZE_MAX
from graphql_api.types.fields import source_of
from graphql_api.types.sources import Rows

ROWS_MAX: Final = 20_000
TOO_MANY_ROWS: Final = "TOO_MANY_ROWS"

_LISTED: Final = frozenset({"nodes", "edges"})
_SIZES: Final = ("first", "last")

Size = int | str
"""How many rows a page has at most, or the variable that says so."""

Path = tuple[str, ...]


class RowsAsked:
    """The pages of one operation, each with those it lies in."""

    def __init__(self, fields: Iterable[Selected]) -> None:
        sizes: dict[Path, Size] = {}
        listed: set[Path] = set()
        for path, _, parent, node in fields:
            if isinstance(parent, GraphQLObjectType | GraphQLInterfaceType) and _is_page(parent, node):
                sizes[path] = max(sizes.get(path, 0), _size(node), key=_most)
            if path[:-1] in sizes and node.name.value in _LISTED:
                listed.add(path[:-1])
        self._pages = [
            [sizes[path[:end]] for end in range(1, len(path) + 1) if path[:end] in listed] for path in listed
        ]
        self._varies = any(isinstance(size, str) for page in self._pages for size in page)
        self.depends = self._count(_least) <= ROWS_MAX < self._count(_most)
        """Whether it is the variables that decide if these are too many."""

    def refuse_excess(self, values: VariableValues | None = None) -> None:
        """Raise a GraphQLError when there may be too many, with these values or whatever they are."""
        count = self._count(_least) if values is None else self._count_with(values)
        if count > ROWS_MAX:
            message = f"This may answer with {count} rows, at most {ROWS_MAX} at once; ask for smaller pages."
            raise refusal(TOO_MANY_ROWS, message)

    def count(self, values: VariableValues) -> int:
        """How many rows may be answered with these values."""
        return self._count_with(values) if self._varies else self._count(_least)

    def _count_with(self, values: VariableValues) -> int:
        def told(size: Size) -> int:
            given = values.coerced.get(size) if isinstance(size, str) else size
            return _clamped(given) if isinstance(given, int) else PAGE_SIZE

        return self._count(told)

    def _count(self, told: Callable[[Size], int]) -> int:
        return sum(prod(map(told, page)) for page in self._pages)


def _is_page(parent: GraphQLObjectType | GraphQLInterfaceType, node: FieldNode) -> bool:
    field = parent.fields.get(node.name.value)
    return field is not None and isinstance(source_of(field.extensions.get("strawberry-definition")), Rows)


def _size(node: FieldNode) -> Size:
    told = {argument.name.value: argument.value for argument in node.arguments or ()}
    given = [told[name] for name in _SIZES if isinstance(told.get(name), IntValueNode | VariableNode)]
    if len(given) > 1:
        return PAGE_SIZE_MAX
    match given:
        case [VariableNode() as variable]:
            return variable.name.value
        case [IntValueNode() as number]:
            return _clamped(int(number.value))
    return PAGE_SIZE


def _clamped(size: int) -> int:
    """Whoever asks for less or more than a page holds is refused elsewhere."""
    return min(max(size, 0), PAGE_SIZE_MAX)


def _least(size: Size) -> int:
    return 0 if isinstance(size, str) else size


def _most(size: Size) -> int:
    return PAGE_SIZE_MAX if isinstance(size, str) else size
