"""Documents that together ask for every field of the schema, by every argument, along every relation."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any, Final, NamedTuple

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLSchema,
    get_named_type,
    is_abstract_type,
    is_leaf_type,
    is_required_argument,
)

PAGING: Final = frozenset({"first", "last", "after", "before", "asOf"})
ROWS_MAX: Final = 40
BELOW_MAX: Final = 5
TYPES_MAX: Final = 12
"""Of how many types something may be for the fields of each to be asked along a relation."""


class Asked(NamedTuple):
    """A document, and the variables it is asked with."""

    text: str
    variables: dict[str, Any]


class Walk:
    """The documents for a workspace with these ids, by the argument that may take them."""

    def __init__(self, schema: GraphQLSchema, ids: Mapping[str, Sequence[str]]) -> None:
        self._schema, self._ids = schema, ids

    def documents(self) -> Iterator[Asked]:
        """Each root with all fields, then along each relation with all fields of what is there, then by each filter."""
        for name, root in self._roots():
            for given in self._given(name, root):
                for selected in (*self._wholes(root.type), *self._along(root.type)):
                    yield self._asked(name, root, given, selected)
                for filtered in self._filters(name, root):
                    yield self._asked(name, root, {**given, **filtered}, self._whole(root.type))

    def as_of(self, positions: Sequence[int]) -> Iterator[Asked]:
        """Each root with all fields as it was at each of these positions."""
        for name, root in self._roots():
            if "asOf" in root.args:
                for given, position in product(self._given(name, root), positions):
                    then = {**given, "asOf": {"position": position}}
                    yield self._asked(name, root, then, self._whole(root.type))

    def _wholes(self, type_: Any) -> Iterator[str]:
        """All fields that are values, and those of everything that is no row of its own: for each possible type."""
        kind = self._shown(type_)
        for one in self._schema.get_possible_types(kind) if is_abstract_type(kind) else ():
            yield self._page(type_, f"{{ ... on {one.name} {{ {self._fields(one)} }} }}")
        yield self._whole(type_)

    def _whole(self, type_: Any) -> str:
        return self._page(type_, self._values(self._shown(type_)))

    def _page(self, type_: Any, selected: str) -> str:
        """The selection; around it that of a page of them where there may be many."""
        is_page = self._shown(type_) is not get_named_type(type_)
        return f" {{ totalCount nodes {selected} }}" if is_page else f" {selected}"

    def _roots(self) -> Iterator[tuple[str, GraphQLField]]:
        root = self._schema.query_type
        assert root is not None
        yield from root.fields.items()

    def _asked(self, name: str, root: GraphQLField, given: Mapping[str, Any], selected: str) -> Asked:
        declared = ", ".join(f"${argument}: {root.args[argument].type}" for argument in given)
        told = [f"first: {ROWS_MAX}"] * ("first" in root.args) + [f"{argument}: ${argument}" for argument in given]
        said = f"({', '.join(told)})" if told else ""
        selected = "" if is_leaf_type(get_named_type(root.type)) else selected
        return Asked(f"query {name}{f'({declared})' if declared else ''} {{ {name}{said}{selected} }}", dict(given))

    def _given(self, name: str, root: GraphQLField) -> Iterator[dict[str, str]]:
        """What the root has to be given: each id of its sort."""
        required = [argument for argument, told in root.args.items() if is_required_argument(told)]
        if not required:
            yield {}
            return
        first, *others = required
        for key in self._known(name, first):
            yield {first: key, **{other: self._known(name, other)[0] for other in others}}

    def _known(self, name: str, argument: str) -> Sequence[str]:
        return self._ids.get(f"{name}.{argument}") or self._ids[name if argument == "id" else argument]

    def _filters(self, name: str, root: GraphQLField) -> Iterator[dict[str, str]]:
        for argument, told in root.args.items():
            kind = get_named_type(told.type)
            if argument in PAGING or is_required_argument(told):
                continue
            if isinstance(kind, GraphQLEnumType):
                yield from ({argument: value} for value in kind.values)
            elif kind.name == "ID":
                yield from ({argument: key} for key in self._known(name, argument))

    def _along(self, type_: Any) -> Iterator[str]:
        kind = self._shown(type_)
        for holder in self._told_apart(kind):
            for name, told in getattr(holder, "fields", {}).items():
                if not is_leaf_type(get_named_type(told.type)) and self._may_be_asked(told):
                    few = f"(first: {BELOW_MAX})" if "first" in told.args else ""
                    along = f"{name}{few}{self._whole(told.type)}"
                    yield self._page(type_, f"{{ __typename ... on {holder.name} {{ {along} }} }}")

    def _told_apart(self, kind: Any) -> Iterator[Any]:
        """The types whose relations are followed: of events those of votes, and no more of what has a root anyway."""
        if not is_abstract_type(kind):
            yield kind
        elif kind.name == "Event":
            yield from (one for one in self._schema.get_possible_types(kind) if one.name.startswith("Vote"))

    def _shown(self, type_: Any) -> Any:
        """What a connection holds, or the type itself."""
        kind = get_named_type(type_)
        nodes = getattr(kind, "fields", {}).get("nodes")
        return get_named_type(nodes.type) if nodes else kind

    def _values(self, kind: Any, seen: tuple[str, ...] = ()) -> str:
        """All values of one type; of what may be of several, what all of them have and what each of a few has."""
        if not is_abstract_type(kind):
            return f"{{ __typename {self._fields(kind, seen)} }}"
        possible = self._schema.get_possible_types(kind)
        some = [one for one in possible if len(possible) <= TYPES_MAX or one.name == "VoteCast"]
        parts = [f"... on {one.name} {{ {self._fields(one, seen, f'{one.name}_')} }}" for one in some]
        return f"{{ __typename {self._fields(kind, seen)} {' '.join(parts)} }}"

    def _fields(self, kind: Any, seen: tuple[str, ...] = (), alias: str = "") -> str:
        parts = ["__typename"]
        for name, told in getattr(kind, "fields", {}).items():
            below: Any = get_named_type(told.type)
            called = f"{alias}{name}: {name}" if alias else name
            if is_leaf_type(below) and self._may_be_asked(told):
                parts.append(called)
            elif self._is_part(below) and below.name not in seen and self._may_be_asked(told):
                parts.append(f"{called} {self._values(below, (*seen, below.name))}")
        return " ".join(parts)

    def _is_part(self, kind: Any) -> bool:
        """Whether it is no row of its own, but part of one."""
        is_page = "nodes" in getattr(kind, "fields", {})
        return not is_abstract_type(kind) and not is_page and "id" not in kind.fields

    def _may_be_asked(self, told: GraphQLField) -> bool:
        return not any(is_required_argument(argument) for argument in told.args.values())
