"""Voting in a round, and explaining a vote once all see it."""

from domain.authority import Authority, Power, Who
from domain.commands.estimation.rounds import going_on
from domain.decision import Decided, decided
from domain.events import RationaleGiven, VoteCast
from domain.events.estimation import VoteKind
from domain.events.pushback import Reason
from domain.refusals import NotElector, NotRevealed, OffScale, VoteAfterReveal, VoteUnclear
from domain.state.item import Item
from domain.state.round import RoundPhase
from domain.text import optional, prose


def may_vote(item: Item, who: Who, round: int) -> Authority:
    """Who could estimate when it opened and still can, until the reveal."""
    held = going_on(item, round)
    authority = who.by(Power.ESTIMATE)
    if who.person_id not in held.electorate:
        raise NotElector
    if held.phase is RoundPhase.REVEALED:
        raise VoteAfterReveal
    return authority


def cast_vote(
    item: Item,
    who: Who,
    round: int,
    *,
    kind: VoteKind = VoteKind.VALUE,
    points: float | None = None,
    reason: Reason | None = None,
    missing: str | None = None,
    why: str | None = None,
) -> Decided:
    """Vote in a round: points of its scale, that you cannot estimate and what is missing, or an abstention.

    Until the reveal you may vote again and your last vote counts; nobody, you included, is shown it.
    """
    authority = may_vote(item, who, round)
    lacks = optional("missing", missing)
    _must_be_clear(kind, points, reason, lacks)
    if kind is VoteKind.VALUE and points not in item.rounds[round].scale:
        raise OffScale(path="points", unmet=tuple(f"{card:g}" for card in item.rounds[round].scale))
    if kind is VoteKind.CANNOT_ESTIMATE:
        reason = reason or Reason.MISSING_INFORMATION
    cast = VoteCast(round=round, kind=kind, points=points, reason=reason, missing=lacks, why=optional("why", why))
    return decided(authority, cast)


def _must_be_clear(kind: VoteKind, points: float | None, reason: Reason | None, missing: str | None) -> None:
    """Refuses what says two things, or nothing."""
    if (points is not None) != (kind is VoteKind.VALUE):
        raise VoteUnclear(path="points")
    if (missing is not None) != (kind is VoteKind.CANNOT_ESTIMATE):
        raise VoteUnclear(path="missing")
    if reason is not None and kind is not VoteKind.CANNOT_ESTIMATE:
        raise VoteUnclear(path="reason")


def may_explain(item: Item, who: Who, round: int) -> Authority:
    """Who voted, between the reveal and the end of the round."""
    held = going_on(item, round)
    if who.person_id not in held.votes:
        raise NotElector
    if held.phase is RoundPhase.OPEN:
        raise NotRevealed
    return who.as_party()


def give_rationale(item: Item, who: Who, round: int, *, text: str) -> Decided:
    """Say why you voted as you did, now that all votes are seen."""
    authority = may_explain(item, who, round)
    vote = item.rounds[round].votes[who.person_id].ordinal
    return decided(authority, RationaleGiven(round=round, vote=vote, text=prose("text", text)))
