"""Connections: pages of rows with cursors, in both directions."""

from typing import Any, Final, get_type_hints

from strawberry.types.arguments import StrawberryArgument

from graphql_api.types.envelope import ENVELOPE
from graphql_api.types.fields import Backed, argument, backed, declare
from graphql_api.types.hints import read
from graphql_api.types.sources import EVENT, Part, Rows
from projections.declare import ROWS, Many, One, relations
from projections.words import words

PAGE_SIZE_MAX: Final = 100
PAGE_SIZE: Final = 20
"""How many rows a nested connection gives when it is not told; a connection at the root must be told."""

_PAGING: Final = (
    argument("first", "int | None", f"How many rows from the start, or after `after`: 1 to {PAGE_SIZE_MAX}."),
    argument("after", "str | None", "The cursor after which the page starts."),
    argument("last", "int | None", f"How many rows from the end, or before `before`: 1 to {PAGE_SIZE_MAX}."),
    argument("before", "str | None", "The cursor before which the page ends."),
)

_PERIOD: Final = (
    argument("since", "datetime | None", "From this time on, itself included."),
    argument("until", "datetime | None", "Before this time."),
)


def connection(name: str, source: Rows, doc: str, made: type[Backed] = Backed) -> Backed:
    """A field that gives a page of rows."""
    owner = [argument(name, "ID", "A person: their id.") for name in source.given]
    extra = (AS_OF,) if source.is_root else ()
    period = _PERIOD if source.many.period else ()
    arguments = [*owner, *(_filter(source, column) for column in source.many.by), *period, *_PAGING, *extra]
    return backed(name, f"{source.many.target}Connection", source, doc, arguments, made)


AS_OF: Final = argument("as_of", "AsOf | None", "The moment to answer for, everything below included; null for now.")


def argument_name(column: str) -> str:
    """`team_id` -> `team`: an argument takes the id, as its type says."""
    return column.removesuffix("_id")


def _filter(source: Rows, column: str) -> StrawberryArgument:
    hint, doc = _column(source.many.target, column)
    annotation = read(hint).name + ("" if column in source.required else " | None")
    return argument(argument_name(column), annotation, f"Filters by: {doc}")


def _column(target: str, name: str) -> tuple[Any, str]:
    """The annotation of a column and what it means."""
    if target == EVENT:
        return ENVELOPE[name].hint, ENVELOPE[name].doc
    row = ROWS[target]
    said = (one.doc for one in relations(row).values() if isinstance(one, One) and one.via == name)
    return get_type_hints(row, include_extras=True)[name], next(said, "") or words(target, name)


def declare_connection(target: str) -> None:
    """`ItemConnection` and `ItemEdge` for `Item`."""
    edge = (
        backed("cursor", "str", Part("cursor"), "Where the row lies: opaque, for `after` and `before`."),
        backed("node", target, Part("node"), "The row."),
    )
    declare(f"{target}Edge", edge, f"A place in a {target}Connection.")
    page = (
        backed("edges", f"list[{target}Edge]", Part("edges"), "The rows of the page, each with its cursor."),
        backed("nodes", f"list[{target}]", Part("nodes"), "The rows of the page."),
        backed("page_info", "PageInfo", Part("page_info"), "Where the page lies."),
        backed("total_count", "int", Part("total_count"), "How many rows there are on all pages."),
    )
    declare(f"{target}Connection", page, f"A page of {target} rows.")


def declare_page_info() -> None:
    """The type that all connections share."""
    page = (
        backed("has_next_page", "bool", Part("has_next_page"), "Whether there are rows after this page."),
        backed("has_previous_page", "bool", Part("has_previous_page"), "Whether there are rows before this page."),
        backed("start_cursor", "str | None", Part("start_cursor"), "The cursor of the first row; null without rows."),
        backed("end_cursor", "str | None", Part("end_cursor"), "The cursor of the last row; null without rows."),
    )
    declare("PageInfo", page, "Where a page lies in its connection.")


def targets() -> set[str]:
    """Every type that is listed somewhere below a root."""
    return {many.target for row in ROWS.values() for many in relations(row).values() if isinstance(many, Many)}
