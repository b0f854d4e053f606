"""An escalation: somebody who is no party to a pushback rules on it, and what a pushback that is upheld obliges to."""

from domain.entry import Choice, Event, Prose
from domain.ids import PersonId


class Ruling(Choice):
    """What became of an escalated pushback."""

    UPHELD = "UPHELD", "The concern is right; the item has to change."
    OVERRULED = "OVERRULED", "The item goes ahead."


class PushbackEscalated(Event, frozen=True, kw_only=True):
    """A pushback was put before people who are no party to it; an override that was pending ended.

    `arbiters` are those who may rule as things are; who takes up such a role later may too.
    """

    pushback: int
    parties: tuple[PersonId, ...]
    arbiters: tuple[PersonId, ...]
    why: Prose = None


class ArbiterRecused(Event, frozen=True, kw_only=True):
    """Somebody who could have ruled on a pushback said that they do not; `arbiters` are those who may from then on."""

    pushback: int
    arbiters: tuple[PersonId, ...]
    why: Prose = None


class PushbackUpheld(Event, frozen=True, kw_only=True):
    """An arbiter ruled that the item has to change, which blocks it until that is verified: a terminal outcome."""

    pushback: int
    recused: tuple[PersonId, ...] = ()
    rationale: Prose = None
    required_change: Prose = None


class PushbackOverruled(Event, frozen=True, kw_only=True):
    """An arbiter ruled that the item goes ahead as it is: a terminal outcome."""

    pushback: int
    recused: tuple[PersonId, ...] = ()
    rationale: Prose = None


class RequiredChangeMade(Event, frozen=True, kw_only=True):
    """The item was revised after a pushback was upheld; whether that is the change asked for is not verified yet."""

    pushback: int
    revision: int


class RequiredChangeVerified(Event, frozen=True, kw_only=True):
    """An arbiter or the raiser saw that a revision makes the change that a ruling asked for; it blocks no more."""

    pushback: int
    revision: int


class RequiredChangeRejected(Event, frozen=True, kw_only=True):
    """An arbiter or the raiser says that a revision does not make the change that a ruling asked for."""

    pushback: int
    revision: int
    why: Prose = None


class RequiredChangeWaived(Event, frozen=True, kw_only=True):
    """An arbiter or the raiser lets go of the change that a ruling asked for; the outcome stays what it is."""

    pushback: int
    why: Prose = None


class DissentRecorded(Event, frozen=True, kw_only=True):
    """Somebody whose view did not prevail put on record that they still disagree; the outcome stays what it is."""

    pushback: int
    text: Prose = None
