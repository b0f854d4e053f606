"""Fields become SQL: an object's members one by one, each from where its source says."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from graphql import (
    FieldNode,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLObjectType,
    NameNode,
    get_named_type,
    is_abstract_type,
)

from graphql_api.compiler import pages, tables
from graphql_api.compiler.arguments import Arguments
from graphql_api.compiler.interfaces import Shown, in_one_order, is_one_of, merged, name_of
from graphql_api.compiler.parameters import Parameters
from graphql_api.compiler.records import records
from graphql_api.compiler.refusals import TOO_COMPLEX, NotCompilable, refusal
from graphql_api.compiler.selection import Fields, Selection
from graphql_api.compiler.text import Literal, Pieces, braced, concat, members, or_null, value
from graphql_api.types.fields import source_of
from graphql_api.types.sources import (
    EVENT,
    ById,
    Column,
    Computed,
    Link,
    Member,
    Records,
    Rows,
    Source,
    Told,
)

ObjectType = GraphQLObjectType | GraphQLInterfaceType
LOOK_UPS_MAX: Final = 1000
MARK: Final = "__type"
"""With `marks_types`, each object's first member: for those who walk the answer. Clients cannot choose this name."""


_TYPENAME: Final = FieldNode(name=NameNode(value="__typename"))


@dataclass
class Compiler:
    """One statement in the making. `moment` is the parameter of the position that rows are read as of, if any."""

    selection: Selection
    parameters: Parameters = field(default_factory=Parameters)
    moment: str | None = None
    marks_types: bool = False
    _aliases: int = 0

    def alias(self) -> str:
        """A name for a row that no other row in the statement has; raises the refusal TOO_COMPLEX."""
        self._aliases += 1
        if self._aliases > LOOK_UPS_MAX:
            raise refusal(TOO_COMPLEX, f"This looks into more than {LOOK_UPS_MAX} tables at once; ask in parts.")
        return f"t{self._aliases}"

    def beside(self, alias: str, pointer: str) -> str:
        """A name for the event that a row points at, the same whenever it is asked for; counted like a row."""
        self.alias()
        return f"{alias}_{pointer}"

    def named(self, name: str) -> Any:  # noqa: ANN401 - an object type or interface
        """The schema's type of this name."""
        return self.selection.schema.type_map[name]

    def root(self, parent: GraphQLObjectType, fields: Fields) -> Pieces:
        """The members of a root type, each with its own moment."""
        return self._object(parent, fields, self.root_field)

    def root_field(self, definition: GraphQLField, nodes: list[FieldNode]) -> Pieces:
        """One field of a root type."""
        source = source_of(definition.extensions.get("strawberry-definition"))
        if not isinstance(source, ById | Rows):
            raise NotCompilable(nodes[0].name.value)
        arguments = Arguments.read(definition, nodes[0], self.selection.values)
        around = self.moment
        if arguments.has("asOf"):
            self.moment = arguments.moment("asOf", self.parameters)
        pieces = (
            self._by_id(source, definition, nodes, arguments)
            if isinstance(source, ById)
            else pages.page(self, source, definition, nodes, None)
        )
        self.moment = around
        return pieces

    def _by_id(self, source: ById, definition: GraphQLField, nodes: list[FieldNode], arguments: Arguments) -> Pieces:
        identifier = arguments.text("id", self.parameters)
        return self.linked(source.target, get_named_type(definition.type), nodes, identifier)

    def linked(self, target: str, shown: Any, nodes: list[FieldNode], id_sql: str) -> Pieces:  # noqa: ANN401 - a named type
        """The row with this id, or null; of an interface, whichever type's row has it."""
        if not is_abstract_type(shown):
            return or_null(f"({self.select(target, shown, nodes, 'id', id_sql)})")
        possible = self.selection.schema.get_possible_types(shown)
        selects = [f"({self.select(one.name, one, nodes, 'id', id_sql)})" for one in possible]
        return or_null(f"coalesce({', '.join(selects)})")

    def select(self, target: str, shown: ObjectType, nodes: list[FieldNode], column: str, wanted: str) -> str:
        """The text of the one row whose unique `column` has the wanted value."""
        alias = self.alias()
        text = concat(self.row(shown, nodes, alias))
        source = tables.Source(target, alias, (f"{alias}.{column} = {wanted}",), self.moment)
        return f"SELECT {text} {source.one(text)}"

    def listed(self, target: str, shown: ObjectType, nodes: list[FieldNode], column: str, wanted: str) -> Pieces:
        """The rows whose unique `column` is in the array, in its order."""
        alias = self.alias()
        text = concat(self.row(shown, nodes, alias))
        order = f"array_position({wanted}, {alias}.{column})"
        found = tables.Source(target, alias, (f"{alias}.{column} = ANY({wanted})",), self.moment).all(text + order)
        return [Literal("["), f"(SELECT string_agg({text}, ',' ORDER BY {order}) {found})", Literal("]")]

    def row(self, shown: ObjectType, nodes: list[FieldNode], alias: str) -> Pieces:
        """The row called `alias` as an object; of the interface Event, as the type that its kind says."""
        if isinstance(shown, GraphQLObjectType):
            return self._object(shown, self.selection.fields(shown, nodes), self._member_of(alias))
        groups = self.selection.by_shape(shown, nodes)
        in_order = in_one_order(groups, self.selection.keys(nodes))
        if in_order:
            return self._merged(in_order, [kind for kinds, _ in groups for kind in kinds], alias)
        *rest, (common, fields) = groups
        otherwise = concat(self._event(common, fields, alias))
        whens = (
            f"WHEN {is_one_of(kinds, alias)} THEN {concat(self._event(kinds, told, alias))}" for kinds, told in rest
        )
        return [f"CASE {' '.join(whens)} ELSE {otherwise} END"] if rest else [otherwise]

    def _merged(self, shown: list[Shown], kinds: list[GraphQLObjectType], alias: str) -> Pieces:
        """An event of any kind, member by member."""

        def member(one: Shown) -> Pieces:
            owners = list(one.kinds or kinds)
            called = one.nodes[0].name.value
            if called == "__typename":
                return name_of(owners, alias)
            return self._member(_definition(owners[0], called), one.nodes, alias)

        marked = [Shown(MARK, [_TYPENAME], None)] if self.marks_types else []
        return merged([*marked, *shown], alias, member)

    def _event(self, kinds: list[GraphQLObjectType], fields: Fields, alias: str) -> Pieces:
        """An event of one of these types, of which the same is selected."""
        return self._object(kinds[0], fields, self._member_of(alias), name_of(kinds, alias))

    def _member_of(self, alias: str) -> Callable[[GraphQLField, list[FieldNode]], Pieces]:
        return lambda definition, nodes: self._member(definition, nodes, alias)

    def _object(
        self,
        shown: GraphQLObjectType,
        fields: Fields,
        member: Callable[[GraphQLField, list[FieldNode]], Pieces],
        name: Pieces | None = None,
    ) -> Pieces:
        """An object: `member` gives the value of each field, `name` that of __typename."""
        name = name or [Literal(f'"{shown.name}"')]
        named = [(MARK, name)] if self.marks_types else []
        for key, nodes in fields.items():
            called = nodes[0].name.value
            named.append((key, name if called == "__typename" else member(_definition(shown, called), nodes)))
        return braced(members(named))

    def made(
        self,
        shown: GraphQLObjectType,
        nodes: list[FieldNode],
        member: Callable[[GraphQLField, list[FieldNode]], Pieces],
    ) -> Pieces:
        """An object of a type that is no row: `member` gives the value of each field."""
        return self._object(shown, self.selection.fields(shown, nodes), member)

    def object(
        self, shown: GraphQLObjectType, nodes: list[FieldNode], member: Callable[[str, list[FieldNode]], Pieces]
    ) -> Pieces:
        """The same, where the field's name is enough to know."""
        return self.made(shown, nodes, lambda _, below: member(below[0].name.value, below))

    def _member(self, definition: GraphQLField, nodes: list[FieldNode], alias: str) -> Pieces:
        source: Source | None = source_of(definition.extensions.get("strawberry-definition"))
        shown: Any = get_named_type(definition.type)
        match source:
            case Column(name, form, is_nullable):
                return value(form, f"{alias}.{name}", is_nullable=is_nullable)
            case Computed(sql, form, is_nullable):
                return value(form, f"({sql.format(t=alias)})", is_nullable=is_nullable)
            case Member() | Records():
                return records(self, source, shown, nodes, alias)
            case Told(target, pointer):
                return or_null(f"({self.select(EVENT, shown, nodes, 'position', f'{alias}.{pointer}')})")
            case Link(target, id_sql):
                return self.linked(target, shown, nodes, id_sql.format(t=alias))
            case Rows():
                return pages.page(self, source, definition, nodes, alias)
        raise NotCompilable(nodes[0].name.value)


def _definition(shown: ObjectType, name: str) -> GraphQLField:
    """The field of this name; introspection has none."""
    if name not in shown.fields:
        raise NotCompilable(name)
    definition: GraphQLField = shown.fields[name]
    return definition
