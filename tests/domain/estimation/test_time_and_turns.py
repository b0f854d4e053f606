"""Whose move a round is, what the clock does to it, and what a challenge of a revision does to it and its estimate."""

from datetime import timedelta
from typing import Any, Final

from msgspec.structs import replace

from domain.authority import HOLDERS, Power, Who
from domain.entry import ActorKind
from domain.events import EstimateRecorded, EstimateStaled, ItemRevised, RoundSuperseded, VoteRevealed, VotesRevealed
from domain.events.item import ChangeKind
from domain.ids import SYSTEM
from domain.refusals import NotYetDue, RoundEnded, VoteAfterReveal
from domain.state.item import Item
from projections.rows.estimation import rounds
from projections.rows.estimation.rounds import RoundState
from projections.turns import TurnRule, Whose
from tests.domain.estimation.telling import DAN, DORA, PAULA, SAM, afterwards, do, opened, start, voted
from tests.given import NOW, drafted, given, person_id, refused

CLOSES_AT: Final = NOW + timedelta(hours=1)
CLOCK: Final = Who(person_id=SYSTEM, kind=ActorKind.SYSTEM, now=CLOSES_AT, salt="")
THREE: Final[dict[str, Any]] = {"points": 3.0}


def reworded(held: Item) -> Item:
    """The item after a revision that says it only changes the wording."""
    said = {"expected_digest": held.digest, "narrative": "In other words", "editorial": True}
    outcome = do(held, PAULA, "revise_item", **said)
    (revised,) = [event for event in outcome.events if isinstance(event, ItemRevised)]
    assert revised.change_kind is ChangeKind.EDITORIAL
    return afterwards(held, PAULA, "revise_item", **said)


def test_the_clock_reveals_when_the_time_is_up_and_not_before() -> None:
    held = voted(start(closes_at=CLOSES_AT), (DORA,), [THREE])
    with refused(NotYetDue):
        do(held, replace(CLOCK, now=CLOSES_AT - timedelta(microseconds=1)), "reveal_votes_on_time", 1)
    outcome = do(held, CLOCK, "reveal_votes_on_time", 1)
    revealed, vote = outcome.events
    assert revealed == VotesRevealed(round=1, not_voted=(DAN.person_id,))
    assert isinstance(vote, VoteRevealed)
    assert (vote.voter_id, vote.points) == (DORA.person_id, 3.0)
    assert outcome.authority.authorised_by == "votes-are-revealed-on-time/1"
    shown = afterwards(held, CLOCK, "reveal_votes_on_time", 1)
    with refused(VoteAfterReveal):
        do(shown, CLOCK, "reveal_votes_on_time", 1)


def test_the_clock_reveals_neither_a_round_without_an_end_nor_one_that_has_ended() -> None:
    with refused(NotYetDue):
        do(start(), CLOCK, "reveal_votes_on_time", 1)
    over = afterwards(start(closes_at=CLOSES_AT), SAM, "cancel_round", 1, why="Nobody is there")
    with refused(RoundEnded):
        do(over, CLOCK, "reveal_votes_on_time", 1)


def row(**said: Any) -> rounds.EstimationRound:
    """A round as clients see it, with two electors."""
    electorate = (person_id("dora"), person_id("dan"))
    always: dict[str, Any] = {"id": "rnd", "item_id": "itm", "team_id": "tem", "revision_id": "rev"}
    always |= {"number": 1, "opened_at": NOW, "opened": 1, "opener_id": person_id("sam")}
    return rounds.EstimationRound(**{**always, "electorate_ids": electorate, "missing_ids": electorate, **said})


def test_a_round_is_the_turn_of_who_has_not_voted_then_of_who_opened_it_and_of_nobody_once_it_ended() -> None:
    missing, opener = (person_id("dan"),), person_id("sam")
    moving = (Power.FACILITATE_ROUNDS,)
    facilitators = HOLDERS[Power.FACILITATE_ROUNDS]
    waiting = rounds.whose(row(state=RoundState.OPEN, missing_ids=missing))
    assert waiting == Whose(
        TurnRule.VOTE, None, facilitators, person_ids=missing, powers=moving, needs=(Power.ESTIMATE,)
    )
    complete = rounds.whose(row(state=RoundState.OPEN, missing_ids=(), turn_id=opener))
    assert complete == Whose(TurnRule.REVEAL_VOTES, opener, facilitators, powers=moving, needs=moving)
    shown = rounds.whose(row(state=RoundState.REVEALED, missing_ids=missing, turn_id=opener))
    assert shown == Whose(TurnRule.CONCLUDE_ROUND, opener, facilitators, powers=moving, needs=moving)
    for state in set(RoundState) - {RoundState.OPEN, RoundState.REVEALED}:
        assert rounds.whose(row(state=state)) is None


def test_an_estimate_is_of_what_was_asked_so_a_challenge_of_what_came_between_makes_it_stale() -> None:
    held = afterwards(voted(start(), (DORA, DAN), [THREE, THREE]), SAM, "reveal_votes", 1)
    asked = held.digest
    held = afterwards(held, DORA, "raise_pushback", statement="Why?")
    held = reworded(held)
    outcome = do(held, SAM, "conclude_round", 1)
    (recorded,) = [event for event in outcome.events if isinstance(event, EstimateRecorded)]
    assert (recorded.revision, recorded.digest, recorded.points) == (1, asked, 3.0)
    held = afterwards(held, SAM, "conclude_round", 1)
    challenged = do(held, DORA, "challenge_editorial_claim", why="It says more")
    assert EstimateStaled(estimate=1, by_revision=2) in challenged.events


def test_a_challenge_supersedes_a_round_that_was_opened_before_what_is_challenged() -> None:
    held = reworded(afterwards(start(), DORA, "raise_pushback", statement="Why?"))
    challenged = do(held, DORA, "challenge_editorial_claim", why="It says more")
    assert RoundSuperseded(round=1, by_revision=2) in challenged.events
    later = given(("paula", drafted()))
    later = opened(reworded(afterwards(later, DORA, "raise_pushback", statement="Why?")), SAM)
    challenged = do(later, DORA, "challenge_editorial_claim", why="It says more")
    assert not [event for event in challenged.events if isinstance(event, RoundSuperseded)]
