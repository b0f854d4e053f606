"""What always holds of pushbacks while everybody tries everything on one item."""

from hypothesis.stateful import invariant

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

    @invariant()
    def nobody_is_on_both_sides(self) -> None:
        for pushback in self.item.pushbacks.values():
            joined = pushback.joined_ids
            assert self.item.author_id not in pushback.raisers
            assert len({pushback.holder_id, *joined}) == 1 + len(joined)
            assert not pushback.spoke_ids & {*joined} - {pushback.raiser_id}
