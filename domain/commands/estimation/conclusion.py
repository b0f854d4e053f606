"""Concluding a round: an estimate, a finding that the item cannot be estimated, or no consensus."""

from typing import Final

from msgspec.structs import replace

from domain.authority import Authority, Power, Who
from domain.commands.estimation.consensus import agreed
from domain.commands.estimation.rounds import going_on
from domain.decision import Decided, decided
from domain.entry import Event
from domain.events import EstimateRecorded, PushbackRaised, RefinementLoopDetected, RoundConcluded
from domain.events.estimation import RoundOutcome
from domain.events.pushback import Reason, Stance
from domain.ids import PersonId
from domain.refusals import NotRevealed, OnlyTheVotesDecide
from domain.state.item import Item
from domain.state.round import RoundPhase, RoundState, not_estimable, reasons

_ERASED: Final = "I cannot estimate this."
"""What a refusal says whose own words were erased before the round was concluded."""


def may_conclude(item: Item, who: Who, round: int) -> Authority:
    """Who facilitates, after the reveal."""
    held = going_on(item, round)
    authority = who.by(Power.FACILITATE_ROUNDS)
    if held.phase is RoundPhase.OPEN:
        raise NotRevealed
    return authority


def conclude_round(item: Item, who: Who, round: int, *, points: float | None = None) -> Decided:
    """End a revealed round with what its votes say, by the rule it was opened with.

    Where they agree, that is the item's estimate. One who cannot estimate is enough to find the item not estimable,
    unless policy says more: that blocks it, as the concern of the first who could not. Points are only named where the
    rule leaves the choice to the facilitator.
    """
    authority, held = may_conclude(item, who, round), item.rounds[round]
    if held.is_stopped:
        if points is not None:
            raise OnlyTheVotesDecide(path="points")
        return decided(authority, *_not_estimable(item, who, round))
    value = agreed(held, points)
    if value is None:
        return decided(authority, _concluded(round, RoundOutcome.NO_CONSENSUS, held))
    return decided(authority, *_agreed(item, round, value))


def _agreed(item: Item, round: int, points: float) -> tuple[Event, ...]:
    """The estimate is of what was asked: a revision since then that changed the wording may yet be challenged."""
    estimate, held = item.estimates + 1, item.rounds[round]
    concluded = _concluded(round, RoundOutcome.AGREED, held)
    recorded = EstimateRecorded(
        estimate=estimate, revision=held.revision, digest=held.digest, points=points, round=round
    )
    return replace(concluded, points=points, estimate=estimate), recorded


def _concluded(round: int, outcome: RoundOutcome, held: RoundState) -> RoundConcluded:
    return RoundConcluded(round=round, outcome=outcome, refuser_ids=held.refusers)


def _not_estimable(item: Item, who: Who, round: int) -> tuple[Event, ...]:
    raised = _raised(item, round)
    concluded = _concluded(round, RoundOutcome.NOT_ESTIMABLE, item.rounds[round])
    pushback = raised[0].pushback if raised else None
    return (replace(concluded, pushback=pushback), *raised, *_loop(item, who, round))


def _raised(item: Item, round: int) -> tuple[PushbackRaised, ...]:
    """The pushback of the first who could not estimate and is not the item's author, who pushes back on nobody."""
    refusers = [refuser for refuser in item.rounds[round].refusers if refuser != item.author_id]
    return (_pushback(item, round, refusers[0]),) if refusers else ()


def _pushback(item: Item, round: int, refuser: PersonId) -> PushbackRaised:
    """In the words of the vote: what is missing is what would lift it; where that was erased, it does not block."""
    vote = item.rounds[round].votes[refuser]
    return PushbackRaised(
        pushback=len(item.pushbacks) + 1,
        revision=item.revision,
        digest=item.digest,
        stance=Stance.BLOCKING if vote.missing else Stance.ADVISORY,
        reason=vote.reason or Reason.MISSING_INFORMATION,
        round=round,
        raised_for=refuser,
        statement=vote.why or vote.missing or _ERASED,
        lifts_when=vote.missing,
    )


def _loop(item: Item, who: Who, round: int) -> tuple[Event, ...]:
    """Said when this round is one too many, with why people could not estimate, counted over all of them."""
    rounds = (*not_estimable(item.rounds), item.rounds[round])
    if len(rounds) < who.policy.loop_limit:
        return ()
    counted = reasons(rounds).most_common()
    detected = RefinementLoopDetected(
        round=round,
        not_estimable_rounds=len(rounds),
        reasons=tuple(reason for reason, _ in counted),
        counts=tuple(count for _, count in counted),
    )
    return (detected,)
