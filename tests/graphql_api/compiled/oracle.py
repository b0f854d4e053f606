"""What every query must answer: the declared relations over rows in memory, executed by graphql-core alone.

Written without a look at the compiler: it knows rows, events and declarations, no SQL and no sources. The schema is
rebuilt from its SDL, so nothing that the compiler reads is left in it.
"""

import base64
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import graphql
import msgspec
from graphql import DocumentNode, ExecutionResult, GraphQLObjectType, GraphQLResolveInfo, GraphQLSchema

from domain.entry import Entry
from domain.events.people import erased_by
from domain.ids import PersonId, thing_key
from infra.folding.fold import fold, touches
from projections import PROJECTIONS
from projections.declare import INTERNAL, ROWS, Expr, Many, One, Points, Row, Said, relations
from projections.entries import pushback_id, subject_id
from projections.roots import ROOTS, All
from projections.roots import ById as RowById
from tests.graphql_api.compiled.meanings import EXPRESSIONS, THINGS, WHERE


def snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)


@dataclass(frozen=True)
class State:
    """All rows and entries of a workspace as of a position."""

    ledger: "Oracle"
    position: int
    rows: Mapping[str, Mapping[str, Row]]
    names: Mapping[str, str | None]

    def all(self, target: str) -> Iterable[Any]:
        if target == "Event":
            return [EntryView(self, entry) for entry in self.ledger.entries[: self.position]]
        return [RowView(self, row) for row in self.rows[target].values()]

    def one(self, target: str, key: str | None) -> Any:
        row = self.rows[target].get(key or "")
        return RowView(self, row) if row else None

    def any(self, key: str) -> Any:
        return next((found for target in ROWS if (found := self.one(target, key))), None)

    def entry(self, position: int | None) -> Any:
        return EntryView(self, self.ledger.entries[position - 1]) if position else None


@dataclass(frozen=True)
class RowView:
    """A row as an object of the graph."""

    state: State
    row: Any

    @property
    def typename(self) -> str:
        return type(self.row).__name__

    def column(self, name: str) -> Any:
        return getattr(self.row, name)

    def get(self, name: str, arguments: dict[str, Any]) -> Any:
        told = relations(type(self.row)).get(name)
        match told:
            case One(target, via, prefix=prefix):
                key = self.column(via)
                return self.state.one(target, prefix + key if key else None)
            case Many():
                return page(self.state, told, f"{self.typename}.{name}", arguments, self.column("id"))
            case Said(pointer, field):
                entry = self.state.entry(self.column(pointer))
                return entry.said(field) if entry else None
            case Expr():
                return EXPRESSIONS[self.typename, name](self.state, self.row)
        return self.state.entry(self.column(name)) if self._is_pointer(name) else self.column(name)

    def _is_pointer(self, name: str) -> bool:
        hint = get_type_hints(type(self.row), include_extras=True)[name]
        parts = [hint, *get_args(hint)]
        marks = [mark for part in parts if get_origin(part) is Annotated for mark in get_args(part)]
        assert INTERNAL not in marks
        return any(isinstance(mark, Points) for mark in marks)


@dataclass(frozen=True)
class EntryView:
    """An event as an object of the graph."""

    state: State
    entry: Entry[Any]

    @property
    def typename(self) -> str:
        return type(self.entry.event).__name__

    def said(self, name: str) -> Any:
        event = self.entry.event
        if name in event.PROSE and self.entry.position in self.state.ledger.erased:
            return None
        value = getattr(event, name, None)
        if isinstance(value, dict):
            return [{"section": key, "digest": value[key]} for key in sorted(value, key=str.encode)]
        return value

    def column(self, name: str) -> Any:
        entry, act = self.entry, self.entry.act
        known = {
            "position": entry.position, "kind": entry.event.TOPIC, "subject_id": subject_id(entry),
            "pushback_id": pushback_id(entry), "version": entry.version, "recorded_at": entry.recorded_at,
            "occurred_at": act.occurred_at, "effective_at": entry.effective_at, "actor_id": act.actor,
            "actor_kind": act.actor_kind, "acting_role": act.acting_role, "authorised_by": act.authorised_by,
            "on_behalf_of_id": act.on_behalf_of, "credential_id": act.credential,
            "command_id": entry.command_id and str(entry.command_id),
        }  # fmt: skip
        return known[name]

    def get(self, name: str, _arguments: dict[str, Any]) -> Any:
        state, subject = self.state, self.column("subject_id")
        if name in ("actor", "on_behalf_of"):
            return state.one("Person", self.column(f"{name}_id"))
        if name == "subject":
            return state.any(subject)
        if name.endswith("_kind") and name != "actor_kind" and name not in self.entry.event.__struct_fields__:
            return self.said("kind")
        if name in THINGS:
            target, prefix = THINGS[name]
            return state.one(target, thing_key(prefix, PersonId(subject), self.said(name)))
        return self.said(name) if name in self.entry.event.__struct_fields__ and name != "kind" else self.column(name)


def page(state: State, many: Many, place: str, arguments: dict[str, Any], key: Any = None) -> Any:
    """One page of a connection; `place` says which, `key` is the id of whom its rows belong to."""
    order, is_descending = [part.split()[0] for part in many.order.split(",")], "DESC" in many.order
    wanted = {column: arguments.get(camel(column.removesuffix("_id"))) for column in many.by}
    belongs = WHERE.get(place) or (lambda _, row, key: row.column(many.via) == key)
    found = [row for row in state.all(many.target) if key is None or belongs(state, row, key)]
    if many.hides and wanted[many.hides[0]] is None:
        found = [row for row in found if row.column(many.hides[0]) != many.hides[1]]
    found = [row for row in found if all(value is None or row.column(name) == value for name, value in wanted.items())]
    found = [row for row in found if not many.period or _is_within(state.entry(row.column(many.period)), arguments)]
    rows = [(tuple(row.column(name) for name in order), row) for row in found]
    rows.sort(
        key=lambda row: [part.encode() if isinstance(part, str) else part for part in row[0]], reverse=is_descending
    )
    return _cut(rows, arguments, is_descending=is_descending)


def _is_within(told: EntryView, arguments: dict[str, Any]) -> bool:
    """Whether the entry took effect in the period asked for, from `since` on and before `until`."""
    since, until, at = arguments.get("since"), arguments.get("until"), told.entry.effective_at
    is_early = until is None or at < datetime.fromisoformat(until)
    return is_early and (since is None or at >= datetime.fromisoformat(since))


def _cut(rows: list[tuple[Any, Any]], arguments: dict[str, Any], *, is_descending: bool) -> Any:
    after, before = _key(arguments.get("after")), _key(arguments.get("before"))
    start = 0 if after is None else sum(1 for key, _ in rows if key == after or (key < after) != is_descending)
    stop = (
        len(rows) if before is None else sum(1 for key, _ in rows if key != before and (key < before) != is_descending)
    )
    stop = max(start, stop)
    first, last = arguments.get("first"), arguments.get("last")
    if last is not None:
        start_of_page, stop_of_page = max(start, stop - last), stop
    else:
        start_of_page, stop_of_page = start, min(stop, start + (20 if first is None else first))
    on_page = rows[start_of_page:stop_of_page]
    cursors = [cursor_of(key) for key, _ in on_page]
    has_previous = start_of_page > start or (
        after is not None and _any_at(rows, after, is_descending=is_descending, is_after=False)
    )
    has_next = stop_of_page < stop or (
        before is not None and _any_at(rows, before, is_descending=is_descending, is_after=True)
    )
    return {
        "nodes": [row for _, row in on_page],
        "edges": [{"cursor": cursor, "node": row} for cursor, (_, row) in zip(cursors, on_page, strict=True)],
        "total_count": len(rows),
        "page_info": {
            "has_next_page": has_next,
            "has_previous_page": has_previous,
            "start_cursor": cursors[0] if cursors else None,
            "end_cursor": cursors[-1] if cursors else None,
        },
    }


def _any_at(rows: list[tuple[Any, Any]], bound: Any, *, is_descending: bool, is_after: bool) -> bool:
    """Whether there is a row at the cursor, or on its far side."""
    return any(key == bound or (key > bound) == (is_after != is_descending) for key, _ in rows)


def cursor_of(key: tuple[Any, ...]) -> str:
    text = json.dumps(list(key), separators=(",", ":"), ensure_ascii=False)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _key(cursor: str | None) -> tuple[Any, ...] | None:
    return None if cursor is None else tuple(json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))))


def camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(part.title() for part in rest)


class Oracle:
    """Answers queries over a ledger, as of any of its positions."""

    def __init__(
        self, schema: graphql.GraphQLSchema, entries: list[Entry[Any]], names: Mapping[str, str | None]
    ) -> None:
        self.schema: GraphQLSchema = graphql.build_schema(graphql.print_schema(schema))
        self.entries, self.names = entries, names
        self.erased = frozenset(position for entry in entries for position in erased_by(entry.event))
        self._states: dict[int, State] = {}

    def state(self, position: int) -> State:
        """The rows that folding the first entries gives."""
        if position not in self._states:
            touched = touches(PROJECTIONS, self.entries[:position])
            known: Any = {name: dict.fromkeys(wanted) for name, wanted in touched.wanted.items()}
            assert not fold(touched, known).stops
            rows = {
                name: {key: version.row for key, version in known.get(name, {}).items() if version} for name in ROWS
            }
            self._states[position] = State(self, position, rows, self.names)
        return self._states[position]

    def position_of(self, as_of: dict[str, Any] | None, position: int) -> int:
        """The position that an AsOf names; `position` without one."""
        if not as_of:
            return position
        if as_of.get("position") is not None:
            return int(as_of["position"])
        time = datetime.fromisoformat(as_of["time"])
        return sum(1 for entry in self.entries if entry.effective_at <= time)

    def execute(
        self, document: DocumentNode, variables: dict[str, Any], position: int | None = None
    ) -> ExecutionResult:
        """The answer over the first `position` entries, or all of them."""
        base = len(self.entries) if position is None else position

        def resolve(source: Any, info: GraphQLResolveInfo[Any], /, **arguments: Any) -> Any:
            name = snake(info.field_name)
            if source is None:
                return self._root(name, self.state(self.position_of(arguments.get("asOf"), base)), arguments)
            value = source[name] if isinstance(source, dict) else source.get(name, arguments)
            return value.isoformat() if isinstance(value, datetime) else value

        def resolve_type(value: Any, info: GraphQLResolveInfo[Any], _type: Any) -> str:
            kind: GraphQLObjectType | Any = info.schema.get_type(value.typename)
            return str(kind.name)

        result = graphql.execute(
            self.schema, document, variable_values=variables, field_resolver=resolve, type_resolver=resolve_type
        )
        assert isinstance(result, ExecutionResult)
        return result

    def _root(self, name: str, state: State, arguments: dict[str, Any]) -> Any:
        if name == "node":
            return state.any(arguments["id"])
        told = ROOTS[name]
        if isinstance(told, RowById):
            return state.one(told.target, arguments["id"])
        assert isinstance(told, All)
        return page(state, told, f"Query.{name}", arguments, tuple(arguments[name] for name in told.given) or None)


def normal(value: Any) -> Any:
    """JSON with one form for each number and each time."""
    if isinstance(value, dict):
        return {key: normal(told) for key, told in value.items()}
    if isinstance(value, list):
        return [normal(told) for told in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, str) and len(value) in range(20, 33) and value[10:11] == "T" and value[-6:] == "+00:00":
        return datetime.fromisoformat(value).isoformat()
    return value


def text(value: Any) -> str:
    """A response as text that is equal when the response is, its members' order included."""
    return msgspec.json.encode(normal(value)).decode()
