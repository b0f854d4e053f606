"""Where rows stand in SQL: the table of a type, now or as of a position."""

from typing import Final

from graphql_api.compiler.parameters import WORKSPACE
from graphql_api.types.sources import EVENT
from infra.folding.tables import ENTRY_COLUMNS, FROM, Column, columns_of, past_of, table_of
from infra.folding.tables import WORKSPACE as WORKSPACE_COLUMN
from projections.declare import ROWS

ENTRY: Final = table_of(EVENT)


def columns(target: str) -> dict[str, Column]:
    """The columns of a type's table."""
    own = ENTRY_COLUMNS if target == EVENT else columns_of(ROWS[target])
    return {column.name: column for column in own}


def relation(target: str, alias: str, conditions: list[str], moment: str | None) -> str:
    """`FROM` and `WHERE` over the workspace's rows that meet the conditions, which call the row `alias`."""
    conditions = [f"{alias}.workspace_id = {WORKSPACE}", *conditions]
    if target == EVENT and moment:
        conditions.append(f"{alias}.position <= {moment}")
    if target == EVENT or not moment:
        return f"FROM {table_of(target)} {alias} WHERE {' AND '.join(conditions)}"
    return f"FROM ({_versions(target, alias, conditions, moment)}) {alias}"


def _versions(target: str, alias: str, conditions: list[str], moment: str) -> str:
    """Each row's version valid at the position: the current one if it began by then, or a past one."""
    names = ", ".join(f"{alias}.{name}" for name in (WORKSPACE_COLUMN.name, *columns(target)))
    table, met = table_of(target), " AND ".join([*conditions, f"{alias}.{FROM.name} <= {moment}"])
    current = f"SELECT {names} FROM {table} {alias} WHERE {met}"  # noqa: S608 - values are parameters
    past = f"SELECT {names} FROM {past_of(table)} {alias} WHERE {met} AND {alias}.to_position > {moment}"  # noqa: S608 - values are parameters
    return f"{current} UNION ALL {past}"
