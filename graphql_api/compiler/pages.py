"""Connections in SQL: one page of rows in an order, with cursors in both directions and exact page information."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from graphql import FieldNode, GraphQLField, get_named_type

from graphql_api.compiler import cursors
from graphql_api.compiler.arguments import Arguments
from graphql_api.compiler.conditions import Found, found_by
from graphql_api.compiler.cursors import BadCursor, Order
from graphql_api.compiler.parameters import Request
from graphql_api.compiler.refusals import BAD_CURSOR, BAD_PAGE_SIZE, refusal
from graphql_api.compiler.tables import Source
from graphql_api.compiler.text import Literal, Pieces, concat, value
from graphql_api.types.connections import PAGE_SIZE, PAGE_SIZE_MAX
from graphql_api.types.sources import Form, Rows

if TYPE_CHECKING:
    from graphql_api.compiler.compiler import Compiler

Member = Callable[[str, list[FieldNode]], Pieces]
"""What gives the value of the field called so."""


@dataclass(frozen=True)
class Page:
    """One page in the making. `found` says which rows the connection has, the cursors bound the page."""

    compiler: "Compiler"
    order: Order
    alias: str
    found: Found
    after: tuple[str, ...] | None
    before: tuple[str, ...] | None
    size: str
    is_backward: bool

    def rows(self, size: str, used_in: str) -> str:
        """The first `size` rows from the page's start, or with `is_backward` from its end backwards."""
        bounds = list(self.found.conditions)
        if self.after:
            bounds.append(self.order.beyond(self.alias, self.after, is_after=True))
        if self.before:
            bounds.append(self.order.beyond(self.alias, self.before, is_after=False))
        order = f"ORDER BY {self.order.sql(self.alias, is_reversed=self.is_backward)} LIMIT {size}"
        if self.found.among is None:
            return self._source(bounds).first(used_in, order)
        column, values = self.found.among
        each = self._source([*bounds, f"{self.alias}.{column} = among.value"]).first(used_in, order)
        return f"SELECT {self.alias}.* FROM ({values}) among (value) CROSS JOIN LATERAL ({each}) {self.alias} {order}"  # noqa: S608 - values are parameters

    def count(self) -> str:
        """How many rows the connection has."""
        return f"(SELECT count(*) {self._all()})"

    def exists_beyond(self, cursor: tuple[str, ...] | None, *, is_after: bool) -> str:
        """Whether the connection has a row at the cursor or further out than it."""
        if cursor is None:
            return "false"
        return (
            f"EXISTS (SELECT {self._all(self.order.beyond(self.alias, cursor, is_after=is_after, is_inclusive=True))})"
        )

    def _all(self, *more: str) -> str:
        among = self.found.among
        each = [f"{self.alias}.{among[0]} = ANY (ARRAY({among[1]}))"] if among else []
        return self._source([*self.found.conditions, *each, *more]).all()

    def _source(self, conditions: Sequence[str]) -> Source:
        return Source(self.order.target, self.alias, tuple(conditions), self.compiler.moment)


def page(
    compiler: "Compiler", source: Rows, definition: GraphQLField, nodes: list[FieldNode], parent: str | None
) -> Pieces:
    """The connection's object; `parent` is the row below which it lies, None at the root."""
    arguments = Arguments.read(definition, nodes[0], compiler.selection.values)
    many, alias = source.many, compiler.alias()
    found = found_by(compiler, source, arguments, alias, parent)
    order = cursors.order(many.target, many.order)
    size, is_backward = _size(compiler, source, arguments)
    after, before = (_cursor(compiler, arguments, name, order) for name in ("after", "before"))
    made = Page(compiler, order, alias, found, after, before, size, is_backward)
    return [_select(made, get_named_type(definition.type), nodes)]


def _size(compiler: "Compiler", source: Rows, arguments: Arguments) -> tuple[str, bool]:
    """The page's size as SQL, and whether it is counted from the end; raises the refusal BAD_PAGE_SIZE."""
    given = [name for name in ("first", "last") if arguments.has(name)]
    if len(given) > 1:
        raise refusal(BAD_PAGE_SIZE, "Say `first` or `last`, not both.", arguments.node)
    if not given and source.is_root:
        raise refusal(BAD_PAGE_SIZE, f"Say how many: `first` or `last`, 1 to {PAGE_SIZE_MAX}.", arguments.node)
    if not given:
        return str(PAGE_SIZE), False
    name = given[0]
    if not arguments.is_variable(name):
        return str(_checked(arguments.given[name], name, arguments.node)), name == "last"

    def binder(request: Request) -> int:
        return _checked(arguments.value(name, request.values), name, arguments.node)

    return f"{compiler.parameters.add(binder, arguments.key(name, 'size'))}::int", name == "last"


def _checked(size: int, name: str, node: FieldNode) -> int:
    if 1 <= size <= PAGE_SIZE_MAX:
        return size
    raise refusal(BAD_PAGE_SIZE, f"`{name}` is {size}; a page holds 1 to {PAGE_SIZE_MAX}.", node)


def _cursor(compiler: "Compiler", arguments: Arguments, name: str, order: Order) -> tuple[str, ...] | None:
    """A parameter for each value of the cursor in this argument; None without one."""
    if not arguments.has(name):
        return None

    def part(index: int) -> str:
        def binder(request: Request) -> Any:  # noqa: ANN401 - a column's value
            return _read(arguments.value(name, request.values), order, arguments.node)[index]

        return f"{compiler.parameters.add(binder)}::{order.keys[index].cast}"

    return tuple(part(index) for index in range(len(order.keys)))


def _read(cursor: str, order: Order, node: FieldNode) -> tuple[Any, ...]:
    try:
        return cursors.read(cursor, order.keys)
    except BadCursor as error:
        message = "This cursor is not one of this connection's; use `endCursor`, `startCursor` or an edge's `cursor`."
        raise refusal(BAD_CURSOR, message, node) from error


def _select(made: Page, shown: Any, nodes: list[FieldNode]) -> str:  # noqa: ANN401 - the connection's type
    """The connection's object as a scalar subquery: what is selected decides what is read."""
    fields = made.compiler.selection.fields(shown, nodes)
    selected = {node.name.value for merged in fields.values() for node in merged}
    text = concat(made.compiler.object(shown, nodes, _members(made, shown, needs_bounds="pageInfo" in selected)))
    alias, size = made.alias, made.size
    if "pageInfo" in selected:
        numbered = "*, row_number() OVER () AS nth_, count(*) OVER () AS fetched_"
        rows = f"SELECT {numbered} FROM ({made.rows(f'{size} + 1', text)}) {alias}"  # noqa: S608 - values are parameters
        return f"(SELECT {text} FROM ({rows}) {alias} HAVING true)"  # noqa: S608 - values are parameters
    if selected & {"nodes", "edges"}:
        return f"(SELECT {text} FROM ({made.rows(size, text)}) {alias} HAVING true)"  # noqa: S608 - values are parameters
    return f"(SELECT {text})"


def _members(made: Page, shown: Any, *, needs_bounds: bool) -> Member:  # noqa: ANN401 - the connection's type
    """What gives each member of the connection. With bounds one row more than the page was read."""
    compiler, alias = made.compiler, made.alias
    on_page = f" FILTER (WHERE {alias}.nth_ <= {made.size})" if needs_bounds else ""

    def listed(pieces: Pieces) -> Pieces:
        rows = f"string_agg({concat(pieces)}, ',' ORDER BY {made.order.sql(alias)}){on_page}"
        return [Literal("["), rows, Literal("]")]

    def edge(name: str, nodes: list[FieldNode]) -> Pieces:
        if name == "cursor":
            return [Literal('"'), made.order.cursor(alias), Literal('"')]
        return compiler.row(compiler.named(made.order.target), nodes, alias)

    def member(name: str, nodes: list[FieldNode]) -> Pieces:
        if name == "totalCount":
            return [made.count()]
        below = get_named_type(shown.fields[name].type)
        if name == "pageInfo":
            return compiler.object(below, nodes, _bounds(made))
        return listed(compiler.row(below, nodes, alias) if name == "nodes" else compiler.object(below, nodes, edge))

    return member


def _bounds(made: Page) -> Member:
    """What gives each member of the page information."""
    alias, order = made.alias, made.order
    overflows = f"coalesce(max({alias}.fetched_) > {made.size}, false)"
    before_it = made.exists_beyond(made.after, is_after=False)
    after_it = made.exists_beyond(made.before, is_after=True)
    near, far = "1", f"least({alias}.fetched_, {made.size})"
    first, last = (far, near) if made.is_backward else (near, far)
    found = {
        "hasNextPage": [f"json_scalar({after_it if made.is_backward else f'{overflows} OR {after_it}'})"],
        "hasPreviousPage": [f"json_scalar({f'{overflows} OR {before_it}' if made.is_backward else before_it})"],
        "startCursor": _cursor_of(order, alias, first),
        "endCursor": _cursor_of(order, alias, last),
    }
    return lambda name, _: found[name]


def _cursor_of(order: Order, alias: str, nth: str) -> Pieces:
    """The cursor of the row that was read as the n-th; null without rows."""
    return value(Form.WORD, f"max({order.cursor(alias)}) FILTER (WHERE {alias}.nth_ = {nth})", is_nullable=True)
