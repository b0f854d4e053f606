"""The read tables as they follow from the row classes: columns, SQL types, twins for past versions, indexes.

A row's current version stands in its table, `item`; those before it in the twin, `item_past`, each valid in
[from_position, to_position). Statements name no schema: the connection's search_path says which version's it is.
"""

import re
from datetime import date, datetime
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Final, NamedTuple, TypeAlias, Union, get_args, get_origin, get_type_hints

from projections import PROJECTIONS
from projections.declare import ROWS, Many, Points, Row, relations
from projections.roots import ROOTS, All

ENTRY: Final = "Event"
"""How relations call the table `entry`."""

_SCALARS: Final = {bool: "bool", int: "int", float: "float8", str: 'text COLLATE "C"', datetime: "timestamptz"}
_ARRAYS: Final = {str: 'text[] COLLATE "C"', int: "int[]", date: "date[]"}


class Column(NamedTuple):
    """One column: its name and its SQL type with NOT NULL where it always has a value."""

    name: str
    sql_type: str
    is_nullable: bool

    @property
    def is_array(self) -> bool:
        """Whether it holds several values."""
        return "[]" in self.sql_type

    @property
    def cast(self) -> str:
        """The type without its collation: how a parameter is called."""
        return self.sql_type.partition(" ")[0]

    @property
    def ddl(self) -> str:
        """As it stands in CREATE TABLE."""
        return f"{self.name} {self.sql_type}{'' if self.is_nullable else ' NOT NULL'}"


WORKSPACE: Final = Column("workspace_id", "uuid", is_nullable=False)
FROM: Final = Column("from_position", "bigint", is_nullable=False)
TO: Final = Column("to_position", "bigint", is_nullable=False)

ENTRY_COLUMNS: Final = (
    WORKSPACE,
    Column("position", "bigint", is_nullable=False),
    Column("subject_id", 'text COLLATE "C"', is_nullable=False),
    Column("pushback_id", 'text COLLATE "C"', is_nullable=True),
    Column("version", "int", is_nullable=False),
    Column("kind", 'text COLLATE "C"', is_nullable=False),
    Column("recorded_at", "timestamptz", is_nullable=False),
    Column("occurred_at", "timestamptz", is_nullable=True),
    Column("effective_at", "timestamptz", is_nullable=False),
    Column("actor_id", 'text COLLATE "C"', is_nullable=False),
    Column("actor_kind", 'text COLLATE "C"', is_nullable=False),
    Column("acting_role", 'text COLLATE "C"', is_nullable=False),
    Column("authorised_by", 'text COLLATE "C"', is_nullable=False),
    Column("on_behalf_of_id", 'text COLLATE "C"', is_nullable=True),
    Column("credential_id", 'text COLLATE "C"', is_nullable=True),
    Column("command_id", "uuid", is_nullable=True),
    Column("data", "jsonb", is_nullable=False),
    Column("prose", "jsonb", is_nullable=True),
)
"""The table `entry`: each event in today's form, its prose apart so that it can be cleared."""

_BOOKS: Final = (
    """CREATE TABLE checkpoint (
         workspace_id uuid PRIMARY KEY, position bigint NOT NULL, has_stopped bool NOT NULL DEFAULT false
       ) WITH (fillfactor = 50)""",
    """CREATE TABLE stopped (
         workspace_id uuid, projection text COLLATE "C", position bigint NOT NULL, error text NOT NULL,
         since timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (workspace_id, projection))""",
)
"""`checkpoint`: up to where all tables of a workspace are folded. `stopped`: what has not been since `position`."""

_ENTRY_KEY: Final = "workspace_id, position"
_OWN_WORKSPACE: Final = "workspace_id = (SELECT nullif(current_setting('pushback.workspace', true), '')::uuid)"


def table_of(row_name: str) -> str:
    """`SignOff` -> `sign_off`; the events' table is `entry`."""
    return "entry" if row_name == ENTRY else re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", row_name).lower()


def past_of(table: str) -> str:
    """The twin that holds the versions of before."""
    return f"{table}_past"


@cache
def columns_of(row: type[Row]) -> tuple[Column, ...]:
    """The columns that the row class itself declares, `id` first."""
    hints = get_type_hints(row, include_extras=True)
    return tuple(_column(name, hints[name]) for name in row.__struct_fields__)


def _column(name: str, hint: Any) -> Column:  # noqa: ANN401 - any annotation
    options, is_nullable, is_position = [hint], False, False
    while len(options) == 1 and get_origin(options[0]) in (Annotated, Union, UnionType):
        inner, *marks = get_args(options[0])
        if get_origin(options[0]) is Annotated:
            options, is_position = [inner], is_position or any(isinstance(mark, Points) for mark in marks)
            continue
        is_nullable = True
        options = [option for option in (inner, *marks) if option is not NoneType]
    return Column(name, "bigint" if is_position else _sql_type(options[0]), is_nullable)


def _sql_type(hint: Any) -> str:  # noqa: ANN401 - any annotation
    if get_origin(hint) is tuple:
        return _ARRAYS[_plain(get_args(hint)[0])]
    return _SCALARS[_plain(hint)]


def _plain(hint: Any) -> type:  # noqa: ANN401 - any annotation
    """The stored type: str for an id or a choice."""
    while hasattr(hint, "__supertype__"):
        hint = hint.__supertype__
    return str if issubclass(hint, Enum) else hint


def create_tables() -> tuple[str, ...]:
    """Statements for all tables with their policies. Only what a refold looks rows up by has its primary key yet."""
    rows = [statement for projection in PROJECTIONS for statement in _create_row_tables(projection.row)]
    return (*_BOOKS, _create("entry", ENTRY_COLUMNS), *rows, *(_policy(table) for table in tables()))


def tables() -> tuple[str, ...]:
    """Every table that belongs to a workspace."""
    twins = [
        (table_of(projection.row.__name__), past_of(table_of(projection.row.__name__))) for projection in PROJECTIONS
    ]
    return ("checkpoint", "stopped", "entry", *(name for pair in twins for name in pair))


def _create_row_tables(row: type[Row]) -> tuple[str, str]:
    table, columns = table_of(row.__name__), columns_of(row)
    return (
        _create(table, (WORKSPACE, *columns, FROM), ", PRIMARY KEY (workspace_id, id)"),
        _create(past_of(table), (WORKSPACE, *columns, FROM, TO)),
    )


def _create(table: str, columns: tuple[Column, ...], key: str = "") -> str:
    return f"CREATE TABLE {table} ({', '.join(column.ddl for column in columns)}{key})"


def _policy(table: str) -> str:
    """The second net; the fold owns the tables and is not held by it."""
    return (
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY; "
        f"CREATE POLICY own_workspace ON {table} FOR SELECT USING ({_OWN_WORKSPACE})"
    )


def create_indexes() -> tuple[str, ...]:
    """Statements for the other keys, and for the indexes that connections are read by, now and as of then.

    On past versions the validity stands at the end of each index, so that a version which is not valid then costs no
    look at its row; what is filtered as of then is found in its order.
    """
    keys = [f"ALTER TABLE entry ADD PRIMARY KEY ({_ENTRY_KEY})"]
    for projection in PROJECTIONS:
        past = past_of(table_of(projection.row.__name__))
        keys.append(f"ALTER TABLE {past} ADD PRIMARY KEY (workspace_id, id, from_position)")
    keys += [_due_index(projection.row) for projection in PROJECTIONS if falls_due(projection.row)]
    now = [_index(table_of(target), columns) for target, columns in (*_owned(), *_listed(), *_filtered())]
    then = [
        _index(past_of(table_of(target)), (*columns, FROM.name, TO.name))
        for target, columns in (*_owned(), *_listed())
        if target != ENTRY
    ]
    return tuple(dict.fromkeys((*keys, *now, *then)))


def falls_due(row: type[Row]) -> bool:
    """Whether something happens to such rows by itself: `due` names the command that is given at `due_at`."""
    return {"due", "due_at"} <= set(row.__struct_fields__)


def _due_index(row: type[Row]) -> str:
    """Of all workspaces together, in the order in which the scheduler reads them."""
    return f"CREATE INDEX ON {table_of(row.__name__)} (due_at) WHERE due IS NOT NULL"


def _index(table: str, columns: tuple[str, ...]) -> str:
    partial = " WHERE pushback_id IS NOT NULL" if columns[0] == "pushback_id" else ""
    return f"CREATE INDEX ON {table} (workspace_id, {', '.join(columns)}){partial}"


_Path: TypeAlias = tuple[str, tuple[str, ...]]
"""What is listed, and the columns after the workspace by which it is found."""


def _owned() -> list[_Path]:
    """What belongs to another row."""
    declared = [relation for row in ROWS.values() for relation in relations(row).values() if isinstance(relation, Many)]
    return [(many.target, (many.via, *_order(many.order))) for many in declared if not many.where]


def _listed() -> list[_Path]:
    """What is listed whole. A list whose filter must be given is another row's; some keys serve an order already."""
    orders = [(root.target, _order(root.order)) for root in _lists() if not root.required]
    return [path for path in orders if path[1] not in (("id",), ("position",))]


def _filtered() -> list[_Path]:
    """What is listed by the row it belongs to. Of one item there is little: its index by number serves every order."""
    return [
        (root.target, (name, *_order(root.order)))
        for root in _lists()
        for name in root.by
        if name.endswith("_id") and name != "item_id"
    ]


def _lists() -> list[All]:
    return [root for root in ROOTS.values() if isinstance(root, All)]


def _order(order: str) -> tuple[str, ...]:
    return tuple(part.split()[0] for part in order.split(","))
