"""A thing on an item, followed through what is said: what rules read and what clients see."""

from functools import reduce
from typing import Any, NamedTuple, Self

from domain.authority import Who
from domain.entry import Event
from domain.ids import thing_key
from domain.state import item
from domain.state.item import Item
from projections.declare import Projection
from projections.rows import items
from tests.given import ITEM, ITEM_ID, entry


class Case(NamedTuple):
    """An item as rules read it, and the rows that clients see of it and of the first thing of a kind on it."""

    row: Projection
    prefix: str
    item: Item
    shown: Any = None
    thing: Any = None
    version: int = 0

    def then(self, by: Who, events: tuple[Event, ...]) -> Self:
        """After they said this."""
        return reduce(type(self)._after, [(by, event) for event in events], self)

    def _after(self, said: tuple[Who, Event]) -> Self:
        line = entry(ITEM, self.version + 1, said[0].person_id, said[1])
        shown, thing, first = self.shown, self.thing, thing_key(self.prefix, ITEM_ID, 1)
        if type(line.event) in items.PROJECTION.events:
            shown = items.PROJECTION.evolve(shown, line, None)
        if type(line.event) in self.row.events and first in self.row.keys(line):
            thing = self.row.evolve(thing, line, shown)
        return self._replace(item=item.evolve(self.item, line), shown=shown, thing=thing, version=line.version)
