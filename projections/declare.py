"""How a read model says what it is: plain columns, and the relations from which GraphQL is compiled to SQL.

A row class has an annotated field for each column and an unannotated attribute for each relation:

    class Pushback(Row, frozen=True, kw_only=True):
        id: PushbackId                                            # text, primary key within the workspace
        item_id: ItemId
        raised: Annotated[int, Points(PushbackRaised)]            # a position: the entry that says it

        item = one("Item", "item_id")
        statement = said("raised", "statement")

Tables, GraphQL types and compiled SQL all follow from that. Each table also has `workspace_id` and `from_position`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Protocol, TypeVar

import msgspec

from domain.entry import Entry, Event

ROWS: dict[str, type["Row"]] = {}
"""Every row class by name; the name is also that of its GraphQL type."""


@dataclass(frozen=True)
class Points:
    """Marks a column that holds the position of an entry of one of these kinds."""

    events: tuple[type[Event], ...]

    def __init__(self, *events: type[Event]) -> None:
        object.__setattr__(self, "events", events)


INTERNAL: Final = object()
"""Marks a column that only the fold reads; GraphQL does not show it."""


@dataclass(frozen=True)
class One:
    """The row of `target` whose id stands in column `via` here, behind `prefix` if any; null where there is none."""

    target: str
    via: str
    doc: str = ""
    prefix: str = ""


@dataclass(frozen=True)
class Many:
    """A connection over the rows of `target` whose column `via` holds this row's id.

    `order` is total over NOT NULL columns of the target, in one direction ("rank, id" or "number DESC").
    `by` names columns of the target that become optional equality arguments. `hides` is a column and the value whose
    rows are left out unless that column's argument is given.

    Rows that belong here by more than a column have `where` instead of `via`: an SQL condition in which `{row}` is a
    row of the target, `{owner}` this one and `{id}` its id. Another table is named by its row class, `{Team}`, and
    read as of the moment asked for; `{clock}` is the time of the last event then.

    Where such rows are few among many, `among` says by which column's values they are found: its name, and the SELECT
    of the values, each once. An index over that column and the order then gives each value's first rows.

    `period` names a column of positions: the optional arguments `since` and `until` then leave the rows whose entry
    there took effect in [since, until). Effective times never fall, so the order's own index finds them.
    """

    target: str
    via: str
    order: str
    by: tuple[str, ...] = ()
    doc: str = ""
    hides: tuple[str, str] | None = None
    where: str = ""
    among: tuple[str, str] | None = None
    period: str = ""


@dataclass(frozen=True)
class Said:
    """One field, prose or data, of the entry that column `pointer` points at. Prose is null once erased."""

    pointer: str
    field: str
    doc: str = ""


@dataclass(frozen=True)
class Expr:
    """A value computed in SQL; `{t}` is this row. `type` is its Python type, None added where it may be null."""

    sql: str
    type: Any
    doc: str = ""


Relation = One | Many | Said | Expr
one, many, said, expr = One, Many, Said, Expr


class Row(msgspec.Struct, frozen=True, gc=False):
    """A read model's row. `id` comes first."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        ROWS[cls.__name__] = cls


def relations(row: type[Row]) -> dict[str, Relation]:
    """The relations that a row class declares, in order."""
    return {name: value for name, value in vars(row).items() if isinstance(value, Relation)}


R = TypeVar("R", bound=Row)


class Keys(Protocol):
    """Which rows an entry touches: their ids, each once."""

    def __call__(self, entry: Entry[Any], /) -> Iterable[str]: ...


@dataclass(frozen=True)
class Projection:
    """A read model: its row, the events it is folded from, which rows such an entry touches, and the pure fold.

    `evolve(row, entry, item)` gives the row after the entry, None where there is none. `item` is the item's row
    after the same entry when the entry belongs to an item's stream; a projection that reads it says so.

    A projection over other rows names their classes in `over` by the prefix of their ids. Its own ids are theirs
    behind its own prefix, `trn_pbk_...`, and its `evolve` gets the row of that id after the same entry.
    """

    row: type[Row]
    events: frozenset[type[Event]]
    keys: Keys
    evolve: Callable[[Any, Entry[Any], Any], Row | None]
    reads_item: bool = False
    over: Mapping[str, type[Row]] = field(default_factory=dict, hash=False)

    def source(self, key: str) -> tuple[str, str]:
        """The class and the id of the row that the row with this id is derived from."""
        beyond = key.partition("_")[2]
        return self.over[beyond.partition("_")[0]].__name__, beyond
