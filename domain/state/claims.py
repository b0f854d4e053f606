"""Revisions that say of themselves that only the wording changes, as rules read them."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

import msgspec

from domain.entry import Entry
from domain.events import ItemChangeReclassified, ItemRevised
from domain.events.item import ChangeKind


class Claim(msgspec.Struct, frozen=True, kw_only=True):
    """An editorial revision: until when that may be challenged, and what it changed."""

    until: datetime | None
    changed_sections: tuple[str, ...]


Claims = Mapping[int, Claim]
NO_CLAIMS: Final[Claims] = MappingProxyType({})


def evolve(claims: Claims, entry: Entry[Any]) -> Claims:
    """The claims since the last substantive revision, by revision, after an entry; total."""
    match entry.event:
        case ItemRevised(change_kind=ChangeKind.SUBSTANTIVE):
            return NO_CLAIMS
        case ItemRevised() as event:
            claim = Claim(until=event.challengeable_until, changed_sections=event.changed_sections)
            return {**claims, event.revision: claim}
        case ItemChangeReclassified(revision=revision):
            return {number: claim for number, claim in claims.items() if number != revision}
        case _:
            return claims
