"""Which rows a connection has: those that belong to a row, that meet what was asked for, and that are not hidden."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from graphql_api.compiler.arguments import Arguments
from graphql_api.compiler.parameters import WORKSPACE
from graphql_api.compiler.tables import ENTRY, FOLDED, Source, columns
from graphql_api.compiler.text import quoted
from graphql_api.types.connections import argument_name
from graphql_api.types.fields import camel
from graphql_api.types.sources import Rows
from projections.declare import Many

if TYPE_CHECKING:
    from graphql_api.compiler.compiler import Compiler

_OTHER: Final = "other"


def conditions_of(
    compiler: "Compiler", source: Rows, arguments: Arguments, alias: str, parent: str | None
) -> tuple[str, ...]:
    """The conditions on the rows called `alias`; `parent` is the row below which they lie, None at the root."""
    many = source.many
    names = {name: arguments.text(name, compiler.parameters) for name in source.given}
    names |= {"row": alias, "owner": parent, "id": f"{parent}.id"} if parent else {"row": alias}
    found = [*_belonging(compiler, many, names), *_asked(compiler, many, arguments, alias)]
    if many.hides and not arguments.has(camel(argument_name(many.hides[0]))):
        column, hidden = many.hides
        found.append(f"{alias}.{column} <> {quoted(hidden)}")
    return tuple(found)


def _belonging(compiler: "Compiler", many: Many, names: dict[str, str]) -> Iterator[str]:
    if many.where:
        yield f"({many.where.format_map(Tables(names, compiler.moment))})"
    elif "id" in names:
        yield f"{names['row']}.{many.via} = {names['id']}"


def _asked(compiler: "Compiler", many: Many, arguments: Arguments, alias: str) -> Iterator[str]:
    for column in many.by:
        name = camel(argument_name(column))
        if arguments.has(name):
            yield f"{alias}.{column} = {arguments.text(name, compiler.parameters)}"


class Tables(dict[str, str]):
    """What the names in a declared condition stand for: a row class for its table as of the moment, if there is one."""

    def __init__(self, names: dict[str, str], moment: str | None) -> None:
        super().__init__(names)
        self._moment = moment

    def __missing__(self, name: str) -> str:
        if name == "clock":
            place = f"e.workspace_id = {WORKSPACE} AND e.position = {self._moment or FOLDED}"
            return f"(SELECT e.effective_at FROM {ENTRY} e WHERE {place})"  # noqa: S608 - values are parameters
        every = " ".join(f"{_OTHER}.{column}" for column in columns(name))
        return f"(SELECT * {Source(name, _OTHER, (), self._moment).all(every)})"
