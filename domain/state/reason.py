"""The reasons for pushing back that a workspace added to those that everybody has, as rules read them."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from domain.entry import Entry
from domain.events import ReasonAdded, ReasonRetired
from domain.events.pushback import ReasonCategory


class AddedReason(msgspec.Struct, frozen=True, kw_only=True):
    """A reason of the workspace's own. One that is retired stays: what was said with it is still understood."""

    number: int
    category: ReasonCategory
    is_retired: bool = False


Reasons = Mapping[str, AddedReason]
"""Added reasons by their codes."""

NO_REASONS: Final[Reasons] = MappingProxyType({})


def evolve(reasons: Reasons, entry: Entry[Any]) -> Reasons:
    """The added reasons after an entry; total."""
    match entry.event:
        case ReasonAdded() as event:
            return {**reasons, event.code: AddedReason(number=event.added_reason, category=event.category)}
        case ReasonRetired(added_reason=number):
            return {
                code: replace(one, is_retired=one.is_retired or one.number == number) for code, one in reasons.items()
            }
        case _:
            return reasons
