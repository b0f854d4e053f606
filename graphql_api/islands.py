"""Where graphql-core executes and SQL completes: mutations, subscriptions, and fields that Python resolves.

Everything below such a field is one statement. The islands of one query are read as of one position, so that they
agree with each other whatever is written meanwhile; a payload is one island and agrees with itself.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec
from graphql import GraphQLResolveInfo, OperationType, get_named_type, is_non_null_type
from graphql.execution.values import VariableValues
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext
from strawberry.types import Info

import graphql_api.types.graph  # noqa: F401 - declares the types
from graphql_api.compiler.arguments import moment
from graphql_api.compiler.compiler import Compiler
from graphql_api.compiler.parameters import Request
from graphql_api.compiler.plan import Plan, finish, folded_position, known_position
from graphql_api.compiler.refusals import StrangeDirective
from graphql_api.compiler.selection import Selection
from graphql_api.compiler.text import Pieces, or_null
from graphql_api.directives import apply_directives
from graphql_api.documents import Newest, shape_of
from graphql_api.types.scalars import AsOf
from graphql_api.types.sources import EVENT

ISLANDS_MAX: Final = 1000
_PIN: Final = "pin"


@dataclass(frozen=True)
class Finished:
    """A value that graphql-core sends as it is."""

    value: Any


@dataclass(frozen=True)
class Row:
    """The row of this type with this id."""

    type_name: str
    id: str


@dataclass(frozen=True)
class Rows:
    """Rows of one type with these ids."""

    type_name: str
    ids: Sequence[str]


@dataclass(frozen=True)
class EventAt:
    """The event at a position."""

    position: int


@dataclass(frozen=True)
class Events:
    """The events at these positions, in their order."""

    positions: Sequence[int]


class Pin:
    """The position that all islands of one query are read as of: where the read tables are when the first asks."""

    def __init__(self) -> None:
        self._lock = asyncio.Lock()
        self._position: int | None = None

    async def position(self, context: Mapping[str, Any]) -> int:
        """The position, the same for everybody who asks."""
        async with self._lock:
            if self._position is None:
                self._position = await folded_position(context["reads"], context["workspace_id"])
            return self._position


class Executor(StrawberryGraphQLCoreExecutionContext):
    """graphql-core's execution of one operation, which does not descend into what SQL has finished.

    The context is a dictionary with `reads` and `workspace_id`; resolvers get a copy of it.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.context_value = {**(self.context_value or {}), _PIN: Pin()}

    def complete_value(self, return_type: Any, *details: Any) -> Any:  # noqa: ANN401 - graphql-core's signature, in short
        """A finished value as it is; null where null may not be goes graphql-core's way."""
        *before, result, position_context = details
        is_finished = type(result) is Finished
        if is_finished and not (result.value is None and is_non_null_type(return_type)):
            return result.value
        complete: Any = super().complete_value
        return complete(return_type, *before, None if is_finished else result, position_context)


async def position(info: Info, as_of: AsOf | None) -> int:
    """The position that `asOf` means, that of the query's islands when left out; raises the refusal NOT_YET_KNOWN."""
    context = info.context
    if as_of is None:
        pinned: int = await context[_PIN].position(context)
        return pinned
    return await known_position(context["reads"], context["workspace_id"], moment(as_of))


async def root(info: Info | None) -> Finished:
    """A root field of the query type."""
    raw = _raw(info)
    definition = raw.parent_type.fields[raw.field_name]
    return await _complete(raw, "root", lambda compiler: compiler.root_field(definition, raw.field_nodes))


async def row(info: Info, type_name: str, row_id: str) -> Finished:
    """The row of a type with this id, as the field's selection asks for it; null where there is none."""
    return await _member_alone(info, Row(type_name, row_id))


async def rows_of(info: Info, type_name: str, row_ids: Sequence[str]) -> Finished:
    """The rows of a type with these ids, in this order; those that are not there are left out."""
    return await _member_alone(info, Rows(type_name, row_ids))


async def event_at(info: Info, position: int) -> Finished:
    """The event at a position; null beyond the last."""
    return await _member_alone(info, EventAt(position))


async def events_at(info: Info, positions: Sequence[int]) -> Finished:
    """The events at these positions, in the ledger's order."""
    return await _member_alone(info, Events(positions))


async def each_event_at(info: Info, positions: Sequence[int]) -> list[Finished]:
    """The events at these positions one by one, in the ledger's order."""
    found = await (event_at(info, positions[0]) if len(positions) == 1 else events_at(info, positions))
    return [found] if len(positions) == 1 else [Finished(one) for one in found.value]


async def _member_alone(info: Info, value: "Row | Rows | EventAt | Events") -> Finished:
    raw = _raw(info)

    def pieces(compiler: Compiler) -> Pieces:
        return _member(compiler, "value", value, get_named_type(raw.return_type), raw.field_nodes)

    return await _complete(raw, _kind(value), pieces, {"value": value})


async def payload(info: Info, type_name: str, **members: Row | EventAt | Events | float | str | None) -> Finished:
    """An object of a type that is no row, all of it in one statement: its members by their Python names."""
    raw = _raw(info)
    shown: Any = raw.schema.type_map[type_name]
    kinds = tuple((name, _kind(value)) for name, value in members.items())

    def pieces(compiler: Compiler) -> Pieces:
        def member(definition: Any, nodes: Any) -> Pieces:  # noqa: ANN401 - graphql-core's
            name = definition.extensions["strawberry-definition"].python_name
            return _member(compiler, name, members[name], get_named_type(definition.type), nodes)

        return compiler.made(shown, raw.field_nodes, member)

    return await _complete(raw, ("payload", type_name, kinds), pieces, members)


def _kind(value: object) -> object:
    """What of a member decides the form of the statement."""
    return type(value), getattr(value, "type_name", None)


def _member(compiler: Compiler, name: str, value: Any, shown: Any, nodes: Any) -> Pieces:  # noqa: ANN401 - a payload's member
    def parameter(cast: str, part: Callable[[Any], Any]) -> str:
        return f"{compiler.parameters.add(lambda request: part(request.members[name]))}::{cast}"

    match value:
        case Row(type_name):
            return compiler.linked(type_name, shown, nodes, parameter("text", lambda told: told.id))
        case Rows(type_name):
            ids = parameter("text[]", lambda told: list(told.ids))
            return compiler.listed(type_name, shown, nodes, "id", ids)
        case EventAt():
            wanted = parameter("bigint", lambda told: told.position)
            return or_null(f"({compiler.select(EVENT, shown, nodes, 'position', wanted)})")
        case Events():
            positions = parameter("bigint[]", lambda told: sorted(told.positions))
            return compiler.listed(EVENT, shown, nodes, "position", positions)
    return [parameter("text", lambda told: msgspec.json.encode(told).decode())]


def _raw(info: Info | None) -> GraphQLResolveInfo[Any]:
    if info is None:
        raise TypeError("a field that SQL fills was asked for without its selection")
    return info._raw_info  # noqa: SLF001 - strawberry has no other door to the selection


_plans: Newest[Any, tuple[Any, Plan, bool]] = Newest(ISLANDS_MAX)
"""Plans by the field nodes they complete, which are kept with them: so a remembered document compiles once."""


async def _complete(
    raw: GraphQLResolveInfo[Any],
    kind: object,
    pieces: Callable[[Compiler], Pieces],
    members: Mapping[str, Any] | None = None,
) -> Finished:
    values = VariableValues({}, raw.variable_values)  # type: ignore[arg-type]  # strawberry gives the plain dictionary
    pins = raw.operation.operation is OperationType.QUERY
    key = (id(raw.schema), kind, pins, *(id(node) for node in raw.field_nodes), shape_of(values))
    known = _plans.get(key) or _plans.keep(key, (list(raw.field_nodes), *_compile(raw, values, pieces, pins=pins)))
    _, plan, is_marked = known
    context = raw.context
    pinned = await context[_PIN].position(context) if pins else None
    text = await plan.run(context["reads"], Request(values, context["workspace_id"], pinned, members or {}))
    value = msgspec.json.decode(text)
    return Finished(await apply_directives(raw, raw.field_nodes, value) if is_marked else value)


def _compile(
    raw: GraphQLResolveInfo[Any], values: VariableValues, pieces: Callable[[Compiler], Pieces], *, pins: bool
) -> tuple[Plan, bool]:
    """The plan, and whether its objects are marked with their types because directives have to be applied to them."""
    for is_marked in (False, True):
        selection = Selection(raw.schema, raw.fragments, values, suffers_directives=is_marked)
        compiler = Compiler(selection, marks_types=is_marked)
        if pins:
            compiler.moment = compiler.parameters.add(lambda request: request.moment) + "::bigint"
        try:
            return finish(compiler, pieces(compiler)), is_marked
        except StrangeDirective:
            continue
    raise StrangeDirective(raw.field_name)
