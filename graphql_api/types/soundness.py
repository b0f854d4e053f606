"""What must hold of the derived types for SQL to fill them, checked when the server starts.

Nothing can turn a null in the middle of a finished text into an error further up, as GraphQL wants where null may not
be. So a field that says it is never null stands on a column that never is, or on a row that is always there; and
nothing that Python resolves lies below what SQL has finished.
"""

import re
from typing import Any, Final

from graphql import GraphQLField, GraphQLObjectType, GraphQLSchema, get_named_type, is_non_null_type

from domain.entry import EVENTS
from graphql_api.types.fields import source_of
from graphql_api.types.scalars import Position
from graphql_api.types.sources import Column, Computed, Form, Link, Member, Records, Told
from infra.folding.tables import ENTRY_COLUMNS, columns_of
from infra.folding.tables import Column as TableColumn
from projections.declare import ROWS

_COLUMN: Final = re.compile(r"\{t\}\.(\w+)")
_WIDE: Final = "bigint"
_INT: Final = "Int"
_POSITION: Final = Position.__name__


class Unsound(TypeError):
    """Fields that SQL could fill with what their types do not allow; the message names each and says why."""


def check(schema: GraphQLSchema) -> None:
    """Raise Unsound for what could go wrong in an answer."""
    types = [one for one in schema.type_map.values() if isinstance(one, GraphQLObjectType)]
    filled = [
        one for one in types if one.name in ROWS or one.name in EVENTS or one.name.endswith(("Connection", "Edge"))
    ]
    wrong = [said for one in filled for name, told in one.fields.items() if (said := _wrong(one, name, told))]
    if wrong:
        raise Unsound("; ".join(wrong))


def _wrong(owner: GraphQLObjectType, name: str, told: GraphQLField) -> str | None:
    """What is wrong with a field; None if nothing is."""
    place, source = f"{owner.name}.{name}", source_of(told.extensions.get("strawberry-definition"))
    if source is None:
        return f"{place} is resolved by Python below what SQL fills"
    columns = _columns(owner.name)
    if (
        isinstance(source, Column)
        and columns[source.name].cast == _WIDE
        and get_named_type(told.type).name != _POSITION
    ):
        return f"{place} is an {_INT} over a column that holds more"
    if not is_non_null_type(told.type) or _is_always_there(source, columns):
        return None
    return f"{place} is never null, and nothing makes sure of it"


def _columns(owner: str) -> dict[str, TableColumn]:
    if owner in ROWS:
        return {column.name: column for column in columns_of(ROWS[owner])}
    return {column.name: column for column in ENTRY_COLUMNS}


def _is_always_there(source: Any, columns: dict[str, TableColumn]) -> bool:  # noqa: ANN401 - any source
    match source:
        case Column(name):
            return not columns[name].is_nullable
        case Told(_, pointer):
            return not columns[pointer].is_nullable
        case Link(_, id_sql):
            via = _COLUMN.fullmatch(id_sql)
            return via is not None and not columns[via[1]].is_nullable
        case Computed(_, form):
            # A declared expression of another form would have to be shown to have a value.
            return form is Form.OTHER
        case Records(member):
            return _is_always_there(member, columns)
        case Member(pointer=pointer, is_prose=is_prose):
            # What an event's class says is never null, its decoding has made sure of.
            return not is_prose and (pointer is None or not columns[pointer].is_nullable)
        case _:
            return True  # a connection, and what it consists of
