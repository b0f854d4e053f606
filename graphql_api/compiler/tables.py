"""Where rows stand in SQL: the table of a type, now or as of a position."""

import re
from dataclasses import dataclass
from typing import Final

from graphql_api.compiler.parameters import WORKSPACE
from graphql_api.types.sources import EVENT
from infra.folding.tables import ENTRY_COLUMNS, FROM, TO, Column, columns_of, past_of, table_of
from infra.folding.tables import WORKSPACE as WORKSPACE_COLUMN
from projections.declare import ROWS

ENTRY: Final = table_of(EVENT)
CHECKPOINT: Final = f"(SELECT position FROM checkpoint WHERE workspace_id = {WORKSPACE})"  # noqa: S608 - values are parameters
"""Up to where the workspace's rows are folded; null where nothing is.

A condition compares with this and not with FOLDED: under row level security PostgreSQL takes `coalesce` for something
that could leak what it is compared with, and then reads the whole table instead of the index.
"""

FOLDED: Final = f"coalesce({CHECKPOINT}, 0)"
"""The same, 0 where nothing is."""


def columns(target: str) -> dict[str, Column]:
    """The columns of a type's table."""
    own = ENTRY_COLUMNS if target == EVENT else columns_of(ROWS[target])
    return {column.name: column for column in own}


@dataclass(frozen=True)
class Source:
    """The rows of a type that meet conditions, which call a row `alias`, as of a position or now."""

    target: str
    alias: str
    conditions: tuple[str, ...]
    moment: str | None

    def all(self, used_in: str = "") -> str:
        """`FROM ...`: every row. As of a position it has those columns only that the text uses."""
        if self._is_present:
            return self._present("")
        return f"FROM ({self._versions(used_in, '')}) {self.alias}"

    def one(self, used_in: str) -> str:
        """`FROM ...`: the row that a unique column picks. Most rows are found in the first table, which ends it."""
        if self._is_present:
            return self._present("")
        return f"FROM ({self._versions(used_in, '')} LIMIT 1) {self.alias}"

    def first(self, used_in: str, order: str) -> str:
        """`SELECT ...`: the rows in an order that ends with a limit.

        As of a position each of the two tables gives its first rows in the order of its index, and few are merged.
        """
        if self._is_present:
            return f"SELECT {self.alias}.* {self._present(order)}"
        return f"SELECT {self.alias}.* FROM ({self._versions(used_in + order, order)}) {self.alias} {order}"  # noqa: S608 - values are parameters

    @property
    def _is_present(self) -> bool:
        return self.moment is None or self.target == EVENT

    def _present(self, order: str) -> str:
        """Rows as they stand; of entries, which never change, those up to the position."""
        known = [f"{self.alias}.position <= {self.moment}"] if self.moment else []
        return self._from(table_of(self.target), known, order)

    def _versions(self, used_in: str, order: str) -> str:
        """Each row's version valid at the position: the current one if it began by then, or a past one."""
        begun = f"{self.alias}.{FROM.name} <= {self.moment}"
        ended = f"{self.alias}.{TO.name} > {self.moment}"
        table, names = table_of(self.target), self._names(used_in)
        current, past = self._from(table, [begun], order), self._from(past_of(table), [begun, ended], order)
        return f"(SELECT {names} {current}) UNION ALL (SELECT {names} {past})"

    def _names(self, used_in: str) -> str:
        used = set(re.findall(rf"\b{self.alias}\.(\w+)", used_in))
        known = [WORKSPACE_COLUMN.name, *columns(self.target)]
        return ", ".join(f"{self.alias}.{name}" for name in known if name in used)

    def _from(self, table: str, more: list[str], order: str) -> str:
        met = " AND ".join([f"{self.alias}.workspace_id = {WORKSPACE}", *self.conditions, *more])
        return f"FROM {table} {self.alias} WHERE {met} {order}".rstrip()
