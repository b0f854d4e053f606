"""How pushbacks end, and what may be owed after the end."""

from enum import StrEnum
from typing import Final

from domain.entry import Event
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


class Outcome(StrEnum):
    """How a pushback ended; it never changes."""

    ANSWERED = "ANSWERED"
    REVISED = "REVISED"
    CONCEDED = "CONCEDED"
    WITHDRAWN = "WITHDRAWN"
    OVERRIDDEN = "OVERRIDDEN"
    UPHELD = "UPHELD"
    OVERRULED = "OVERRULED"
    LAPSED = "LAPSED"
    MOOT = "MOOT"


class Debt(StrEnum):
    """What is owed after a pushback ended.

    RATIFICATION of an emergency override by a third person, or the REQUIRED_CHANGE of one that was upheld.
    """

    RATIFICATION = "RATIFICATION"
    REQUIRED_CHANGE = "REQUIRED_CHANGE"


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
