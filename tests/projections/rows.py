"""The rows that a history leaves, for the tests of the read models."""

from typing import Any

from domain.entry import Entry, Event
from domain.ids import thing_key
from tests.given import ITEM, ITEM_ID, Said, entries
from tests.read_tables import folded


def row_of(history: list[Entry[Event]], name: str, key: str) -> Any:
    """The row with this id after a history; it must be there."""
    version = folded(history).current[name][key]
    assert version
    return version.row


def item(*said: Said) -> Any:
    """The item's row after this was said on it."""
    return row_of(entries(ITEM, *said), "Item", ITEM_ID)


def thing(name: str, prefix: str, *said: Said, ordinal: int = 1) -> Any:
    """The row of a pushback, sign-off, ... of the item."""
    return row_of(entries(ITEM, *said), name, thing_key(prefix, ITEM_ID, ordinal))
