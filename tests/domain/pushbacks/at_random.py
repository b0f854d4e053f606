"""What always holds of pushbacks while everybody tries everything on one item."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from hypothesis.stateful import invariant
from msgspec.structs import replace

from domain.authority import Who
from domain.entry import Entry, Event
from domain.events import ItemRevised
from domain.state.item import Item
from domain.state.person import Person
from domain.state.pushback import PushbackState
from tests.given import NOW


def of_conversations(people: Sequence[Who]) -> dict[str, Sequence[Any]]:
    """What is given for an argument of a command on conversations."""
    others = tuple((Person(id=one.person_id),) for one in people)
    return {
        "participants": (*others, (Person(),), ()),
        "held_at": (None, NOW - timedelta(days=1), NOW + timedelta(days=999)),
        "conversation": (1, 1, 2, 0),
    }


def is_as_it_ended(ended: PushbackState, now: PushbackState) -> bool:
    """Whether nothing is different, but that people said of a noted conversation whether it was so."""
    heard = all(left <= unheard for left, unheard in zip(now.conversations, ended.conversations, strict=True))
    return heard and replace(now, conversations=ended.conversations) == ended


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
