"""Where graphql-core executes and SQL completes: mutations, subscriptions, and fields that Python resolves.

Everything below such a field is one statement. The islands of one query are read as of one position, so that they
agree with each other whatever is written meanwhile; a payload is one island and agrees with itself.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import msgspec
from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    GraphQLOutputType,
    GraphQLResolveInfo,
    GraphQLSchema,
    OperationType,
    get_named_type,
    is_non_null_type,
)
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
_ALONE: Final = "value"


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


@dataclass(frozen=True)
class Payload:
    """An object of a type that is no row, all of it in one statement: its members by their Python names."""

    type_name: str
    members: Mapping[str, object]


Told = Row | Rows | EventAt | Events | Payload
"""What one statement tells. Without values, an example of it: a statement is the same for all."""

EXAMPLES: Final = "examples"
"""Under this name a root field's metadata has an example of each form that it tells."""


@dataclass(frozen=True)
class Place:
    """A field of an operation, with these variables."""

    schema: GraphQLSchema
    fragments: Mapping[str, FragmentDefinitionNode]
    nodes: list[FieldNode]
    return_type: GraphQLOutputType
    values: VariableValues
    pins: bool
    """Whether it is read as of one position with the other islands."""


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
    return await _complete(raw, "root", lambda compiler: compiler.root_field(definition, raw.field_nodes), {})


async def row(info: Info, type_name: str, row_id: str) -> Finished:
    """The row of a type with this id, as the field's selection asks for it; null where there is none."""
    return await tell(info, Row(type_name, row_id))


async def rows_of(info: Info, type_name: str, row_ids: Sequence[str]) -> Finished:
    """The rows of a type with these ids, in this order; those that are not there are left out."""
    return await tell(info, Rows(type_name, row_ids))


async def event_at(info: Info, position: int) -> Finished:
    """The event at a position; null beyond the last."""
    return await tell(info, EventAt(position))


async def events_at(info: Info, positions: Sequence[int]) -> Finished:
    """The events at these positions, in the ledger's order."""
    return await tell(info, Events(positions))


async def each_event_at(info: Info, positions: Sequence[int]) -> list[Finished]:
    """The events at these positions one by one, in the ledger's order."""
    found = await (event_at(info, positions[0]) if len(positions) == 1 else events_at(info, positions))
    return [found] if len(positions) == 1 else [Finished(one) for one in found.value]


async def tell(info: Info, value: Told) -> Finished:
    """What one statement tells, as the field's selection asks for it."""
    members = value.members if isinstance(value, Payload) else {_ALONE: value}
    raw = _raw(info)
    return await _complete(raw, _kind(value), _pieces(_place(raw), value), members)


def statement(place: Place, example: Told) -> str:
    """The statement that tells something like the example at this place, compiled now and kept for good."""
    key, planned = _planned(place, _kind(example), _pieces(place, example))
    _trusted[key] = planned
    return planned.plan.sql


def _pieces(place: Place, value: Told) -> Callable[[Compiler], Pieces]:
    if not isinstance(value, Payload):
        shown_alone = get_named_type(place.return_type)
        return lambda compiler: _member(compiler, _ALONE, value, shown_alone, place.nodes)
    shown: Any = place.schema.type_map[value.type_name]

    def pieces(compiler: Compiler) -> Pieces:
        def member(definition: Any, nodes: Any) -> Pieces:  # noqa: ANN401 - graphql-core's
            name = definition.extensions["strawberry-definition"].python_name
            return _member(compiler, name, value.members[name], get_named_type(definition.type), nodes)

        return compiler.made(shown, place.nodes, member)

    return pieces


def _kind(value: object) -> object:
    """What of a value decides the form of the statement."""
    members = tuple((name, _kind(one)) for name, one in value.members.items()) if isinstance(value, Payload) else ()
    return type(value), getattr(value, "type_name", None), members


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


class _Planned(NamedTuple):
    """A plan, and the field nodes it completes: they live as long, so that no others have their ids."""

    nodes: list[FieldNode]
    plan: Plan
    is_marked: bool
    """Whether its objects are marked with their types, because directives have to be applied to them."""


_plans: Newest[Any, _Planned] = Newest(ISLANDS_MAX)
"""By the field nodes they complete: so a remembered document compiles once."""

_trusted: dict[Any, _Planned] = {}
"""Those of trusted documents, which are never forgotten."""


def _place(raw: GraphQLResolveInfo[Any]) -> Place:
    values = VariableValues({}, raw.variable_values)  # type: ignore[arg-type]  # strawberry gives the plain dictionary
    pins = raw.operation.operation is OperationType.QUERY
    return Place(raw.schema, raw.fragments, list(raw.field_nodes), raw.return_type, values, pins)


async def _complete(
    raw: GraphQLResolveInfo[Any], kind: object, pieces: Callable[[Compiler], Pieces], members: Mapping[str, Any]
) -> Finished:
    place, context = _place(raw), raw.context
    _, (_, plan, is_marked) = _planned(place, kind, pieces)
    pinned = await context[_PIN].position(context) if place.pins else None
    text = await plan.run(context["reads"], Request(place.values, context["workspace_id"], pinned, members))
    value = msgspec.json.decode(text)
    return Finished(await apply_directives(raw, raw.field_nodes, value) if is_marked else value)


def _planned(place: Place, kind: object, pieces: Callable[[Compiler], Pieces]) -> tuple[Any, _Planned]:
    """The plan, compiled unless it is known, and the key it is known by."""
    key = (id(place.schema), kind, place.pins, *(id(node) for node in place.nodes), shape_of(place.values))
    known = _trusted.get(key) or _plans.get(key)
    return key, known or _plans.keep(key, _compile(place, pieces))


def _compile(place: Place, pieces: Callable[[Compiler], Pieces]) -> _Planned:
    for is_marked in (False, True):
        selection = Selection(place.schema, place.fragments, place.values, suffers_directives=is_marked)
        compiler = Compiler(selection, marks_types=is_marked)
        if place.pins:
            compiler.moment = compiler.parameters.add(lambda request: request.moment) + "::bigint"
        try:
            return _Planned(place.nodes, finish(compiler, pieces(compiler)), is_marked)
        except StrangeDirective:
            continue
    raise StrangeDirective(place.nodes[0].name.value)
