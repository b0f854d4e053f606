"""Estimation rounds: opened, voted in hidden, revealed and concluded; and the ways out of a loop of them."""

from datetime import datetime

from domain.entry import Choice, Event, Hidden, HiddenProse, Prose
from domain.events.pushback import Reason
from domain.ids import ItemId, PersonId
from domain.policy import Consensus, Rule


class VoteKind(Choice):
    """What a vote says."""

    VALUE = "VALUE", "A size in points, one of the round's scale."
    CANNOT_ESTIMATE = "CANNOT_ESTIMATE", "There can be no size yet, and what is missing for one."
    ABSTAIN = "ABSTAIN", "Nothing: the voter leaves it to the others."


class RoundOutcome(Choice):
    """How a round was concluded."""

    AGREED = "AGREED", "The votes agree on an estimate."
    NOT_ESTIMABLE = "NOT_ESTIMABLE", "People cannot estimate this content; another round takes new content."
    NO_CONSENSUS = "NO_CONSENSUS", "The votes do not agree; another round may follow at once."


class WayOut(Choice):
    """What ends a loop of rounds that find an item not estimable."""

    SPIKE = "SPIKE", "Research with a question of its own."
    THREE_AMIGOS = "THREE_AMIGOS", "Business, development and test talk about the item."
    SPLIT = "SPLIT", "The item is cut into smaller ones."


class EstimationRoundOpened(Event, frozen=True, kw_only=True):
    """The team was asked how large an item is; the rules of the round are those of its opening."""

    round: int
    revision: int
    digest: str
    electorate: tuple[PersonId, ...]
    scale: tuple[float, ...]
    consensus: Consensus
    spread_max: int
    refusals_to_stop: int
    closes_at: datetime | None = None
    unmet: tuple[Rule, ...] = ()


class VoteCast(Event, frozen=True, kw_only=True):
    """Somebody voted, or voted again. What they said is shown to nobody until the reveal, which says it anew."""

    round: int
    kind: Hidden[VoteKind] = None
    points: Hidden[float] = None
    reason: Hidden[Reason] = None
    missing: HiddenProse = None
    why: HiddenProse = None


class VotesRevealed(Event, frozen=True, kw_only=True):
    """The votes of a round were laid open; nobody votes any more. Each vote is an event that follows."""

    round: int
    not_voted: tuple[PersonId, ...] = ()


class VoteRevealed(Event, frozen=True, kw_only=True):
    """What one person had voted."""

    round: int
    vote: int
    voter_id: PersonId
    kind: VoteKind
    points: float | None = None
    reason: Reason | None = None
    missing: Prose = None
    why: Prose = None


class RationaleGiven(Event, frozen=True, kw_only=True):
    """Somebody explained their vote after the reveal."""

    round: int
    vote: int
    text: Prose = None


class RoundConcluded(Event, frozen=True, kw_only=True):
    """A round ended with what its votes say; that is final."""

    round: int
    outcome: RoundOutcome
    points: float | None = None
    estimate: int | None = None
    refuser_ids: tuple[PersonId, ...] = ()
    pushback: int | None = None


class RoundCancelled(Event, frozen=True, kw_only=True):
    """A round ended without an outcome; votes that were not revealed stay hidden for ever."""

    round: int
    why: Prose = None


class RoundSuperseded(Event, frozen=True, kw_only=True):
    """A round ended because the item says something else now; votes that were not revealed stay hidden for ever."""

    round: int
    by_revision: int


class RefinementLoopDetected(Event, frozen=True, kw_only=True):
    """Round after round finds an item not estimable; one of the ways out comes before another round."""

    round: int
    not_estimable_rounds: int
    reasons: tuple[Reason, ...]
    counts: tuple[int, ...]
    ways_out: tuple[WayOut, ...] = tuple(WayOut)


class SpikeLinked(Event, frozen=True, kw_only=True):
    """A spike was named that is to find out what keeps an item from being estimated."""

    spike_id: ItemId
    why: Prose = None


class ThreeAmigosNoted(Event, frozen=True, kw_only=True):
    """Three people talked an item through, one each for the business, the development and the test."""

    revision: int
    digest: str
    business_id: PersonId
    development_id: PersonId
    test_id: PersonId
    summary: Prose = None


class ItemSplit(Event, frozen=True, kw_only=True):
    """Part of an item became an item of its own."""

    child_id: ItemId
    why: Prose = None
