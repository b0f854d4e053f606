"""An override: the item goes ahead over a pushback that stands, by somebody who restates the concern and says why."""

from datetime import datetime

from domain.entry import Choice, Event, Prose
from domain.ids import PersonId
from domain.policy import Rule


class Understanding(Choice):
    """What the raiser said to their concern as the override restates it."""

    CONFIRMED = "CONFIRMED", "The concern is restated rightly."
    DISPUTED = "DISPUTED", "The concern is not restated rightly."
    NO_REPLY = "NO_REPLY", "The raiser said nothing in time."


class OverrideProposed(Event, frozen=True, kw_only=True):
    """Somebody will go ahead over a pushback, unless they rescind it or it is escalated before the time is over."""

    pushback: int
    due_at: datetime
    is_emergency: bool
    unmet: tuple[Rule, ...] = ()
    rationale: Prose = None
    concern_restated: Prose = None
    not_addressed: Prose = None


class UnderstandingConfirmed(Event, frozen=True, kw_only=True):
    """The raiser says that the override restates their concern rightly; they may still not agree with it."""

    pushback: int


class UnderstandingDisputed(Event, frozen=True, kw_only=True):
    """The raiser says that the override does not restate their concern rightly."""

    pushback: int
    text: Prose = None


class OverrideRescinded(Event, frozen=True, kw_only=True):
    """An override was taken back before it took effect; the pushback is open again."""

    pushback: int
    why: Prose = None


class PushbackOverridden(Event, frozen=True, kw_only=True):
    """An override took effect, and the pushback stops nothing any more: a terminal outcome.

    With a second person it was an emergency, which waits to be ratified by a third: `ratifier_id` is who should.
    """

    pushback: int
    understanding: Understanding
    proposer_id: PersonId
    seconder_id: PersonId | None = None
    ratifier_id: PersonId | None = None


class OverrideRatified(Event, frozen=True, kw_only=True):
    """A third person stands by an emergency override after the fact; the outcome was and stays what it is."""

    pushback: int
    text: Prose = None


class PushbackDebtDropped(Event, frozen=True, kw_only=True):
    """What was owed after a pushback had ended is owed no more, for its item was withdrawn."""

    pushback: int
