"""Which rows a connection has: those that belong to a row, that meet what was asked for, and that are not hidden."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

from graphql_api.compiler.arguments import Arguments
from graphql_api.compiler.parameters import WORKSPACE
from graphql_api.compiler.tables import CHECKPOINT, ENTRY, Source, columns
from graphql_api.compiler.text import quoted
from graphql_api.types.connections import argument_name
from graphql_api.types.fields import camel
from graphql_api.types.sources import Rows
from projections.declare import Many

if TYPE_CHECKING:
    from graphql_api.compiler.compiler import Compiler

_OTHER: Final = "other"
_BEFORE: Final = f"(SELECT ledger.position_at({WORKSPACE}, {{}} - interval '1 microsecond'))"


class Found(NamedTuple):
    """What a connection's rows meet; and the column, with the SELECT of its values, by which they are found."""

    conditions: tuple[str, ...]
    among: tuple[str, str] | None


def found_by(compiler: "Compiler", source: Rows, arguments: Arguments, alias: str, parent: str | None) -> Found:
    """How the rows called `alias` are found; `parent` is the row below which they lie, None at the root."""
    many = source.many
    names = {name: arguments.text(name, compiler.parameters) for name in source.given}
    names |= {"row": alias, "owner": parent, "id": f"{parent}.id"} if parent else {"row": alias}
    tables = Tables(names, compiler.moment)
    found = [
        *_belonging(many, tables),
        *_asked(compiler, many, arguments, alias),
        *_within(compiler, many, arguments, alias),
    ]
    if many.hides and not arguments.has(camel(argument_name(many.hides[0]))):
        column, hidden = many.hides
        found.append(f"{alias}.{column} <> {quoted(hidden)}")
    return Found(tuple(found), many.among and (many.among[0], many.among[1].format_map(tables)))


def _belonging(many: Many, names: "Tables") -> Iterator[str]:
    if many.where:
        yield f"({many.where.format_map(names)})"
    elif "id" in names:
        yield f"{names['row']}.{many.via} = {names['id']}"


def _asked(compiler: "Compiler", many: Many, arguments: Arguments, alias: str) -> Iterator[str]:
    for column in many.by:
        name = camel(argument_name(column))
        if arguments.has(name):
            yield f"{alias}.{column} = {arguments.text(name, compiler.parameters)}"


def _within(compiler: "Compiler", many: Many, arguments: Arguments, alias: str) -> Iterator[str]:
    """In positions, which stand in the order of their times: `_BEFORE` gives the last one before a time."""
    for name, comparison in (("since", ">"), ("until", "<=")):
        if many.period and arguments.has(name):
            yield f"{alias}.{many.period} {comparison} {_BEFORE.format(arguments.time(name, compiler.parameters))}"


class Tables(dict[str, str]):
    """What the names in a declared condition stand for: a row class for its table as of the moment, if there is one."""

    def __init__(self, names: dict[str, str], moment: str | None) -> None:
        super().__init__(names)
        self._moment = moment

    def __missing__(self, name: str) -> str:
        if name == "clock":
            place = f"e.workspace_id = {WORKSPACE} AND e.position = {self._moment or CHECKPOINT}"
            return f"(SELECT e.effective_at FROM {ENTRY} e WHERE {place})"  # noqa: S608 - values are parameters
        every = " ".join(f"{_OTHER}.{column}" for column in columns(name))
        return f"(SELECT * {Source(name, _OTHER, (), self._moment).all(every)})"
