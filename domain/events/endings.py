"""How pushbacks end, and what may be owed after the end."""

from typing import Final

from domain.entry import Choice, Event
from domain.events.escalation import PushbackOverruled, PushbackUpheld
from domain.events.override import PushbackOverridden
from domain.events.pushback import (
    HoldExpired,
    PushbackAnswered,
    PushbackConceded,
    PushbackLapsed,
    PushbackMooted,
    PushbackSettledByRevision,
    PushbackWithdrawn,
)


class Outcome(Choice):
    """How a pushback ended; it never changes."""

    ANSWERED = "ANSWERED", "The raiser accepted the answer."
    REVISED = "REVISED", "The raiser accepted what the item was changed to."
    CONCEDED = "CONCEDED", "The item's side agreed with the concern."
    WITHDRAWN = "WITHDRAWN", "The raiser took it back."
    OVERRIDDEN = "OVERRIDDEN", "The item goes ahead over it, with the concern restated."
    UPHELD = "UPHELD", "It was ruled that the concern is right; the item has to change."
    OVERRULED = "OVERRULED", "It was ruled that the item goes ahead."
    LAPSED = "LAPSED", "Its raiser said nothing: to the answer, also when reminded, or of what they held the item for."
    MOOT = "MOOT", "The item it was about was taken away."


class Debt(Choice):
    """What is owed after a pushback ended."""

    RATIFICATION = "RATIFICATION", "A third person has to ratify an emergency override."
    REQUIRED_CHANGE = "REQUIRED_CHANGE", "The change that a ruling asked for has to be made and verified."


OUTCOMES: Final[dict[type[Event], Outcome]] = {
    PushbackAnswered: Outcome.ANSWERED,
    PushbackSettledByRevision: Outcome.REVISED,
    PushbackConceded: Outcome.CONCEDED,
    PushbackWithdrawn: Outcome.WITHDRAWN,
    PushbackOverridden: Outcome.OVERRIDDEN,
    PushbackUpheld: Outcome.UPHELD,
    PushbackOverruled: Outcome.OVERRULED,
    PushbackLapsed: Outcome.LAPSED,
    HoldExpired: Outcome.LAPSED,
    PushbackMooted: Outcome.MOOT,
}
"""The events that end a pushback."""
