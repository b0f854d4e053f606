"""What a revision does to pushbacks, while everybody tries everything on one item."""

from domain.entry import Entry, Event
from domain.events import ItemRevised
from domain.state.item import Item


class MarksWhatChanged:
    """A part of the machine that tries everything."""

    lines: list[Entry[Event]]
    item: Item

    def marks_what_changed(self, before: Item) -> None:
        """After a revision no open pushback quotes what is not there any more, and whose turn it is stays."""
        if self.item.revision == before.revision:
            return
        (revised,) = [
            line.event
            for line in self.lines
            if isinstance(line.event, ItemRevised) and line.event.revision == self.item.revision
        ]
        changed = set(revised.changed_sections)
        for ordinal, pushback in self.item.pushbacks.items():
            earlier = before.pushbacks[ordinal]
            assert pushback.phase is earlier.phase
            assert pushback.sections == (earlier.sections - changed if pushback.is_open else earlier.sections)
