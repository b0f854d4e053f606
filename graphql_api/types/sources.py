"""Where the value of a field comes from: what the compiler reads to write SQL. Each field of a type has one."""

from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Final

from projections.declare import Many

EVENT: Final = "Event"
"""The interface of all events, and how relations call the table `entry`."""

NODE: Final = "Node"
"""The interface of everything that has an id."""


class Form(Enum):
    """How a value is written as JSON."""

    WORD = auto()
    """Text that needs no escaping: ids and choices."""
    NUMBER = auto()
    TEXT = auto()
    OTHER = auto()
    """Booleans, fractions and times: what PostgreSQL's json_scalar writes."""
    TIME = auto()
    LIST = auto()


@dataclass(frozen=True)
class Column:
    """A column of the row."""

    name: str
    form: Form
    is_nullable: bool


@dataclass(frozen=True)
class Computed:
    """An SQL expression over the row, which it calls `{t}`."""

    sql: str
    form: Form
    is_nullable: bool


@dataclass(frozen=True)
class Member:
    """A member of an event's data or prose. `pointer` names the row's column with the event's position.

    None means that the row is the event itself. Prose is null once erased.
    """

    name: str
    form: Form
    is_prose: bool
    pointer: str | None = None


@dataclass(frozen=True)
class Records:
    """A member that is an object of names and values, shown as a list of records by name."""

    member: Member
    key: str
    """The record's field that holds the name; its other field holds the value."""


@dataclass(frozen=True)
class Part:
    """A field of an object that is no row: what gives it is known where the object is made."""

    name: str


@dataclass(frozen=True)
class Told:
    """The event at the position in column `pointer`; `target` is its type, or Event where several are possible."""

    target: str
    pointer: str


@dataclass(frozen=True)
class Link:
    """The row of `target` (or of Node, any row) whose id the expression over `{t}` gives; null where there is none."""

    target: str
    id_sql: str


@dataclass(frozen=True)
class Rows:
    """A connection over the rows of a type."""

    many: Many
    required: tuple[str, ...] = ()
    is_root: bool = False
    given: tuple[str, ...] = ()
    """Arguments of a root that give the ids by which its rows are chosen."""
    by: dict[str, str] = field(default_factory=dict, hash=False)
    """Argument -> column."""


@dataclass(frozen=True)
class ById:
    """A root field: the row of `target`, or of Node any row, with the id given."""

    target: str


Source = Column | Computed | Member | Records | Part | Told | Link | Rows | ById
