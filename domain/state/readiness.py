"""Which criteria of the definition of ready were confirmed of an item, and still are, as rules read them."""

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Any, Final

import msgspec

from domain.entry import Entry
from domain.events import ItemRevised, ReadinessConfirmed, ReadinessRevoked
from domain.events.item import ChangeKind


class Confirmation(msgspec.Struct, frozen=True, kw_only=True):
    """A criterion that somebody confirmed: of which revision, about which section if about one."""

    revision: int
    section: str | None = None


Confirmations = Mapping[str, Confirmation]
NO_CONFIRMATIONS: Final[Confirmations] = MappingProxyType({})


def evolve(confirmations: Confirmations, entry: Entry[Any]) -> Confirmations:
    """An item's confirmed criteria after an entry, by id; total."""
    match entry.event:
        case ReadinessConfirmed(criterion=criterion) as event:
            return {**confirmations, criterion: Confirmation(revision=event.revision, section=event.section)}
        case ReadinessRevoked(criterion=criterion):
            return {key: one for key, one in confirmations.items() if key != criterion}
        case _:
            return confirmations


def after_revision(confirmations: Confirmations, revised: ItemRevised) -> Confirmations:
    """Those that a revision leaves: all if it is editorial, else those about a section that it did not change."""
    if revised.change_kind is ChangeKind.EDITORIAL:
        return confirmations
    return without(confirmations, revised.changed_sections, before=revised.revision)


def without(confirmations: Confirmations, changed: Collection[str], *, before: int) -> Confirmations:
    """Without those of earlier revisions about a section that changed, or about none."""
    return {
        key: one
        for key, one in confirmations.items()
        if one.revision >= before or (one.section is not None and one.section not in changed)
    }
