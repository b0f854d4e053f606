"""Opening a round, laying its votes open, and calling it off."""

from datetime import datetime
from typing import Final

from domain.authority import About, Authority, Power, Who
from domain.decision import Decided, decided
from domain.entry import Event
from domain.events import EstimationRoundOpened, RoundCancelled, RoundSuperseded, VoteRevealed, VotesRevealed
from domain.policy import Level, Rule
from domain.refusals import (
    EndsBeforeItStarts,
    NobodyToEstimate,
    NotAllVoted,
    NotYetDue,
    RefinementLoop,
    RefusalsStand,
    RoundEnded,
    RoundIsOpen,
    RoundOnUnchangedRevision,
    UnknownRound,
    VoteAfterReveal,
)
from domain.state.item import Item, must_be_as_shown, must_stand
from domain.state.round import RoundPhase, RoundState, not_estimable, under_way
from domain.text import prose

REVEALED_BY: Final = "votes-are-revealed-on-time/1"


def may_open(item: Item, who: Who) -> Authority:
    """Who facilitates, unless a round is under way or this content was found not estimable."""
    must_stand(item)
    authority = who.by(Power.FACILITATE_ROUNDS)
    must_be_estimable(item)
    _unmet(item, who)
    return authority


def must_be_estimable(item: Item) -> None:
    """Refuses a size while a round is asking for it, or for what a round found not estimable but for its wording."""
    if under_way(item.rounds):
        raise RoundIsOpen
    if any(held.revision >= item.substance for held in not_estimable(item.rounds)):
        raise RoundOnUnchangedRevision(current=item.digest)


def open_round(
    item: Item, who: Who, *, expected_digest: str | None = None, closes_at: datetime | None = None
) -> Decided:
    """Ask the team how large an item is. Who may estimate here now has a vote; nobody sees one before the reveal.

    With `closesAt` the votes are revealed then, whoever is missing.
    """
    authority = may_open(item, who)
    must_be_as_shown(item, expected_digest)
    electorate = who.people_with(Power.ESTIMATE, About(track=item.track, item_id=item.id))
    if not electorate:
        raise NobodyToEstimate
    if closes_at is not None and closes_at <= who.now:
        raise EndsBeforeItStarts(path="closesAt")
    policy = who.policy
    opened = EstimationRoundOpened(
        round=len(item.rounds) + 1,
        revision=item.revision,
        digest=item.digest,
        electorate=electorate,
        scale=tuple(sorted(set(policy.scale))),
        consensus=policy.consensus,
        spread_max=policy.spread_max,
        refusals_to_stop=policy.refusals_to_stop,
        closes_at=closes_at,
        unmet=_unmet(item, who),
    )
    return decided(authority, opened)


def _unmet(item: Item, who: Who) -> tuple[Rule, ...]:
    """What opening a round in a loop leaves unmet; refuses where policy requires one of the ways out."""
    is_left = item.loop.is_left(item.revision)
    if not is_left and who.policy.level(Rule.LOOP_IS_LEFT_FIRST) is Level.REQUIRE:
        raise RefinementLoop(unmet=(Rule.LOOP_IS_LEFT_FIRST.words,))
    return who.policy.weigh(Rule.LOOP_IS_LEFT_FIRST, is_met=is_left)


def may_reveal(item: Item, who: Who, round: int) -> Authority:
    """Who facilitates, once."""
    held = going_on(item, round)
    authority = who.by(Power.FACILITATE_ROUNDS)
    if held.phase is RoundPhase.REVEALED:
        raise VoteAfterReveal
    return authority


def reveal_votes(item: Item, who: Who, round: int, *, without_missing: bool = False) -> Decided:
    """Lay all votes open at once. Nobody votes any more.

    While somebody has not voted and the time is not up, this needs `withoutMissing`; who they are is recorded.
    """
    authority, held = may_reveal(item, who, round), item.rounds[round]
    is_time_up = held.closes_at is not None and held.closes_at <= who.now
    if held.not_voted and not (without_missing or is_time_up):
        raise NotAllVoted(path="withoutMissing", unmet=held.not_voted)
    return decided(authority, *_revealed(item, round))


def may_reveal_on_time(item: Item, who: Who, round: int) -> Authority:
    """The scheduler, once the time of an open round is up."""
    held = going_on(item, round)
    authority = who.as_system(REVEALED_BY)
    if held.phase is RoundPhase.REVEALED:
        raise VoteAfterReveal
    if held.closes_at is None or who.now < held.closes_at:
        raise NotYetDue
    return authority


def reveal_votes_on_time(item: Item, who: Who, round: int) -> Decided:
    """Lay open the votes of a round whose time is up, whoever is missing."""
    return decided(may_reveal_on_time(item, who, round), *_revealed(item, round))


def _revealed(item: Item, round: int) -> tuple[Event, ...]:
    """The reveal, with who is missing."""
    return (VotesRevealed(round=round, not_voted=item.rounds[round].not_voted), *_votes(item, round))


def _votes(item: Item, round: int) -> tuple[VoteRevealed, ...]:
    """Each vote in the open, in the order of the electorate, numbered on from those of earlier rounds."""
    held = item.rounds[round]
    before = sum(1 for other in item.rounds.values() for vote in other.votes.values() if vote.ordinal)
    voters = [elector for elector in held.electorate if elector in held.votes]
    return tuple(
        VoteRevealed(
            round=round,
            vote=ordinal,
            voter_id=voter,
            kind=held.votes[voter].kind,
            points=held.votes[voter].points,
            reason=held.votes[voter].reason,
            missing=held.votes[voter].missing,
            why=held.votes[voter].why,
        )
        for ordinal, voter in enumerate(voters, before + 1)
    )


def may_cancel(item: Item, who: Who, round: int) -> Authority:
    """Who facilitates, while it has not ended and no votes are seen that find the item not estimable."""
    held = going_on(item, round)
    authority = who.by(Power.FACILITATE_ROUNDS)
    if held.phase is RoundPhase.REVEALED and held.is_stopped:
        raise RefusalsStand(unmet=held.refusers)
    return authority


def cancel_round(item: Item, who: Who, round: int, *, why: str) -> Decided:
    """Call a round off, saying why. Votes that were not revealed stay hidden for ever.

    Once it is seen that people cannot estimate the item, the round is concluded with that instead.
    """
    authority = may_cancel(item, who, round)
    return decided(authority, RoundCancelled(round=round, why=prose("why", why)))


def superseded(item: Item, by_revision: int) -> tuple[Event, ...]:
    """What a substantive revision does to the round under way: it ends, for what was asked is not asked any more."""
    ordinal = under_way(item.rounds)
    return (RoundSuperseded(round=ordinal, by_revision=by_revision),) if ordinal else ()


def gone(item: Item) -> tuple[Event, ...]:
    """What the withdrawal of its item does to the round under way."""
    ordinal = under_way(item.rounds)
    return (RoundCancelled(round=ordinal),) if ordinal else ()


def going_on(item: Item, round: int) -> RoundState:
    """A round that has not ended."""
    if round not in item.rounds:
        raise UnknownRound(path="round")
    must_stand(item)
    if not item.rounds[round].is_open:
        raise RoundEnded
    return item.rounds[round]
