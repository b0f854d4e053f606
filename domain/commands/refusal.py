"""Which refusals are facts: what the rules refused at a gate, to somebody with a role there, within limits."""

from typing import Final, NamedTuple

from domain.authority import READERS, Who
from domain.decision import Decided, decided
from domain.events import CommandRefused
from domain.policy import Level, Rule
from domain.refusals import (
    AlreadySigned,
    AlreadyTerminal,
    ConcernNotRestated,
    NothingChanged,
    OverrideIsPending,
    Refused,
    StaleDigest,
    TextMissing,
    TextNotStorable,
    TextTooLong,
    WhyRequired,
)
from domain.state.item import Item

SLIPS: Final[tuple[type[Refused], ...]] = (
    AlreadySigned,
    AlreadyTerminal,
    ConcernNotRestated,
    NothingChanged,
    OverrideIsPending,
    StaleDigest,
    TextMissing,
    TextNotStorable,
    TextTooLong,
    WhyRequired,
)
"""Refusals that say nothing about a gate: slips of typing, old screens, second clicks."""

_LEADS_NOWHERE: Final = "UNKNOWN_"
"""How the codes of refused ids begin."""


class Attempt(NamedTuple):
    """What somebody tried: the command, the id of the thing inside the item if any, and the label if any."""

    command: str
    thing: str | None = None
    label: str | None = None


def _acts(who: Who) -> bool:
    """Whether they hold a role in which one acts; nobody else comes to a gate."""
    return any(grant.role not in READERS for grant in who.grants)


def recorded(item: Item, who: Who, attempt: Attempt, refused: Refused) -> Decided | None:
    """The fact that follows from a refusal at a gate; None where it is not to be recorded."""
    if not item.revision or not _acts(who) or who.policy.level(Rule.RECORD_REFUSALS) is Level.OFF:
        return None
    if isinstance(refused, SLIPS) or refused.code.startswith(_LEADS_NOWHERE):
        return None
    if item.refusals.get(who.person_id, 0) >= who.policy.recorded_refusals_max:
        return None
    fact = CommandRefused(
        refusal=sum(item.refusals.values()) + 1,
        command=attempt.command,
        code=refused.code,
        thing=attempt.thing,
        label=attempt.label,
        unmet=refused.unmet or None,
    )
    return decided(who.as_holder(), fact)
