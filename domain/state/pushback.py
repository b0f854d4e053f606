"""The pushbacks on an item as rules read them."""

from collections.abc import Mapping
from enum import Enum, auto
from types import MappingProxyType
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from domain.entry import Entry
from domain.events import (
    PushbackAnchorOutdated,
    PushbackAnswered,
    PushbackClaimedAddressed,
    PushbackConceded,
    PushbackMooted,
    PushbackRaised,
    PushbackReasonSorted,
    PushbackReassigned,
    PushbackResponded,
    PushbackSettledByRevision,
    PushbackStanceChanged,
    PushbackVerificationRejected,
    PushbackWithdrawn,
)
from domain.events.pushback import Reason, Stance
from domain.ids import PersonId


class Phase(Enum):
    """Where a pushback stands: whose turn it is, or over."""

    OPEN = auto()
    RESPONDED = auto()
    AWAITING_VERIFICATION = auto()
    CLOSED = auto()


class PushbackState(msgspec.Struct, frozen=True, kw_only=True):
    """A pushback as rules read it. `holder_id` is whose it is now; `sections` are those quoted that still say so."""

    raiser_id: PersonId
    holder_id: PersonId
    stance: Stance
    reason: Reason
    revision: int
    sections: frozenset[str] = frozenset()
    phase: Phase = Phase.OPEN
    claimed_revision: int = 0

    @property
    def is_open(self) -> bool:
        """Whether it has no outcome yet."""
        return self.phase is not Phase.CLOSED


Pushbacks = Mapping[int, PushbackState]
NO_PUSHBACKS: Final[Pushbacks] = MappingProxyType({})


def evolve(pushbacks: Pushbacks, entry: Entry[Any]) -> Pushbacks:
    """An item's pushbacks after an entry, by ordinal; total."""
    event = entry.event
    if isinstance(event, PushbackRaised):
        return {**pushbacks, event.pushback: _raised(PersonId(entry.act.actor), event)}
    ordinal = getattr(event, "pushback", 0)
    if ordinal not in pushbacks:
        return pushbacks
    return {**pushbacks, ordinal: _evolve(pushbacks[ordinal], event)}


def _raised(raiser_id: PersonId, event: PushbackRaised) -> PushbackState:
    return PushbackState(
        raiser_id=raiser_id,
        holder_id=raiser_id,
        stance=event.stance,
        reason=event.reason,
        revision=event.revision,
        sections=frozenset(event.quoted_digests),
    )


def _evolve(pushback: PushbackState, event: Any) -> PushbackState:  # noqa: ANN401 - any event
    match event:
        case PushbackReasonSorted(reason=reason):
            return replace(pushback, reason=reason)
        case PushbackStanceChanged(stance=stance):
            return replace(pushback, stance=stance)
        case PushbackReassigned(person_id=person_id):
            return replace(pushback, holder_id=person_id)
        case PushbackAnchorOutdated(section=section):
            return replace(pushback, sections=pushback.sections - {section})
        case PushbackResponded():
            return replace(pushback, phase=Phase.RESPONDED)
        case PushbackClaimedAddressed(revision=revision):
            return replace(pushback, phase=Phase.AWAITING_VERIFICATION, claimed_revision=revision)
        case PushbackVerificationRejected():
            return replace(pushback, phase=Phase.OPEN)
        case PushbackAnswered() | PushbackSettledByRevision() | PushbackConceded() | PushbackWithdrawn():
            return replace(pushback, phase=Phase.CLOSED)
        case PushbackMooted():
            return replace(pushback, phase=Phase.CLOSED)
        case _:
            return pushback
