"""The estimation rounds of an item as rules read them, hidden votes included, and the loop they may be in."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from enum import Enum, auto
from types import MappingProxyType
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from domain.entry import Entry
from domain.events import (
    EstimationRoundOpened,
    ItemSplit,
    RefinementLoopDetected,
    RoundCancelled,
    RoundConcluded,
    RoundSuperseded,
    SpikeLinked,
    ThreeAmigosNoted,
    VoteCast,
    VoteRevealed,
    VotesRevealed,
)
from domain.events.estimation import RoundOutcome, VoteKind
from domain.events.pushback import Reason
from domain.ids import ItemId, PersonId
from domain.policy import Consensus


class RoundPhase(Enum):
    """Where a round stands: votes come in, are talked about, or it is over."""

    OPEN = auto()
    REVEALED = auto()
    ENDED = auto()


class Vote(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody voted last; `ordinal` counts revealed votes within the item, 0 for a hidden one."""

    kind: VoteKind = VoteKind.ABSTAIN
    points: float | None = None
    reason: Reason | None = None
    missing: str | None = None
    why: str | None = None
    ordinal: int = 0


class RoundState(msgspec.Struct, frozen=True, kw_only=True):
    """A round as rules read it, with the rules of its opening."""

    revision: int
    digest: str
    electorate: tuple[PersonId, ...]
    scale: tuple[float, ...]
    consensus: Consensus
    spread_max: int
    refusals_to_stop: int
    closes_at: datetime | None = None
    phase: RoundPhase = RoundPhase.OPEN
    outcome: RoundOutcome | None = None
    votes: Mapping[PersonId, Vote] = MappingProxyType({})

    @property
    def is_open(self) -> bool:
        """Whether it has not ended."""
        return self.phase is not RoundPhase.ENDED

    @property
    def not_voted(self) -> tuple[PersonId, ...]:
        """Whose vote is missing."""
        return tuple(elector for elector in self.electorate if elector not in self.votes)

    @property
    def refusers(self) -> tuple[PersonId, ...]:
        """Who cannot estimate, in the order of the electorate."""
        return tuple(
            elector
            for elector in self.electorate
            if elector in self.votes and self.votes[elector].kind is VoteKind.CANNOT_ESTIMATE
        )

    @property
    def is_stopped(self) -> bool:
        """Whether as many cannot estimate as are enough to find the item not estimable."""
        return len(self.refusers) >= self.refusals_to_stop


Rounds = Mapping[int, RoundState]
NO_ROUNDS: Final[Rounds] = MappingProxyType({})


class Loop(msgspec.Struct, frozen=True, kw_only=True):
    """Whether rounds go in a circle, and what was done about it; a session counts for the revision it was about.

    `linked` are the spikes and parts of the item, those of earlier loops included: each is one way out, once.
    """

    is_detected: bool = False
    has_way_out: bool = False
    session_revision: int = 0
    linked: frozenset[ItemId] = frozenset()

    def is_left(self, revision: int) -> bool:
        """Whether nothing stands between the item in this revision and another round."""
        return not self.is_detected or self.has_way_out or self.session_revision == revision


def under_way(rounds: Rounds) -> int:
    """The round that has not ended, 0 for none; there is one at most."""
    return next((ordinal for ordinal, held in rounds.items() if held.is_open), 0)


def not_estimable(rounds: Rounds) -> tuple[RoundState, ...]:
    """The rounds that found the item not estimable."""
    return tuple(held for held in rounds.values() if held.outcome is RoundOutcome.NOT_ESTIMABLE)


def reasons(rounds: tuple[RoundState, ...]) -> Counter[Reason]:
    """Why people could not estimate in these rounds, counted."""
    votes = [held.votes[refuser] for held in rounds for refuser in held.refusers]
    return Counter(vote.reason for vote in votes if vote.reason is not None)


def evolve(rounds: Rounds, entry: Entry[Any]) -> Rounds:
    """An item's rounds after an entry, by ordinal; total."""
    event = entry.event
    if isinstance(event, EstimationRoundOpened):
        return {**rounds, event.round: _opened(event)}
    if event.round not in rounds:
        return rounds
    return {**rounds, event.round: _evolve(rounds[event.round], event, PersonId(entry.act.actor))}


def evolve_loop(loop: Loop, entry: Entry[Any]) -> Loop:
    """The loop after an entry; total."""
    match entry.event:
        case RefinementLoopDetected():
            return Loop(is_detected=True, linked=loop.linked)
        case SpikeLinked(spike_id=other) | ItemSplit(child_id=other):
            return replace(loop, has_way_out=True, linked=loop.linked | {other})
        case ThreeAmigosNoted(revision=revision):
            return replace(loop, session_revision=revision)
        case _:
            return loop


def _opened(event: EstimationRoundOpened) -> RoundState:
    return RoundState(
        revision=event.revision,
        digest=event.digest,
        electorate=event.electorate,
        scale=event.scale,
        consensus=event.consensus,
        spread_max=event.spread_max,
        refusals_to_stop=event.refusals_to_stop,
        closes_at=event.closes_at,
    )


def _evolve(held: RoundState, event: Any, actor_id: PersonId) -> RoundState:  # noqa: ANN401 - any event of a round
    match event:
        case VoteCast():
            return replace(held, votes={**held.votes, actor_id: _vote(event, 0)})
        case VoteRevealed():
            return replace(held, votes={**held.votes, event.voter_id: _vote(event, event.vote)})
        case VotesRevealed():
            return replace(held, phase=RoundPhase.REVEALED)
        case RoundConcluded(outcome=outcome):
            return replace(held, phase=RoundPhase.ENDED, outcome=outcome)
        case RoundCancelled() | RoundSuperseded():
            return replace(held, phase=RoundPhase.ENDED)
        case _:
            return held


def _vote(event: VoteCast | VoteRevealed, ordinal: int) -> Vote:
    return Vote(
        kind=event.kind or VoteKind.ABSTAIN,
        points=event.points,
        reason=event.reason,
        missing=event.missing,
        why=event.why,
        ordinal=ordinal,
    )
