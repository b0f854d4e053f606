"""What comes of the votes of a round: an estimate, a block, or no consensus."""

from collections.abc import Sequence
from typing import Final

import pytest
from msgspec.structs import replace

from domain.events import (
    EstimateRecorded,
    PushbackRaised,
    RoundConcluded,
    VoteRevealed,
)
from domain.events.estimation import RoundOutcome, VoteKind
from domain.events.pushback import Reason, Stance
from domain.policy import Consensus, Policy
from domain.refusals import (
    NotRevealed,
    OnlyTheVotesDecide,
    RoundEnded,
)
from domain.state import item
from tests.domain.estimation.telling import (
    CANNOT,
    DAN,
    DORA,
    SAM,
    VOTERS,
    afterwards,
    concluded,
    do,
    opened,
    points,
    revealed,
    start,
    tell,
    voted,
)
from tests.given import ITEM, drafted, entry, erased, given, refused

MEDIAN: Final = Policy(consensus=Consensus.MEDIAN)
UNANIMOUS: Final = Policy(consensus=Consensus.UNANIMOUS)
FACILITATOR: Final = Policy(consensus=Consensus.FACILITATOR)


@pytest.mark.parametrize(
    ("policy", "votes", "estimate"),
    [
        (Policy(), (5.0, 5.0), 5.0),
        (Policy(), (8.0, 5.0), 8.0),
        (Policy(), (5.0, 13.0), None),
        (UNANIMOUS, (5.0, 5.0), 5.0),
        (UNANIMOUS, (5.0, 8.0), None),
        (MEDIAN, (5.0, 13.0), 13.0),
        (MEDIAN, (3.0, 13.0), None),
        (FACILITATOR, (5.0, 5.0), None),
    ],
)
def test_what_the_votes_agree_on(policy: Policy, votes: Sequence[float], estimate: float | None) -> None:
    first, *more = concluded(*points(*votes), policy=policy)
    assert isinstance(first, RoundConcluded)
    assert first.points == estimate
    assert first.outcome is (RoundOutcome.NO_CONSENSUS if estimate is None else RoundOutcome.AGREED)
    assert [event.points for event in more if isinstance(event, EstimateRecorded)] == [estimate][: len(more)]
    assert len(more) == (estimate is not None)


def test_an_agreed_value_is_the_estimate_of_the_item() -> None:
    held = afterwards(revealed(*points(5.0, 5.0)), SAM, "conclude_round", 1)
    assert (held.live_estimate, held.rounds[1].outcome) == (1, RoundOutcome.AGREED)
    with refused(RoundEnded):
        do(held, SAM, "conclude_round", 1)


def test_a_facilitator_names_points_that_the_votes_bear_out_where_the_rule_leaves_it_to_them() -> None:
    assert concluded(*points(5.0, 13.0), policy=FACILITATOR, points=8.0)[1].points == 8.0  # type: ignore[attr-defined]
    for policy, named in ((FACILITATOR, 20.0), (FACILITATOR, 7.0), (Policy(), 5.0)):
        shown, by = revealed(*points(5.0, 13.0), policy=policy), replace(SAM, policy=policy)
        with refused(OnlyTheVotesDecide):
            do(shown, by, "conclude_round", 1, points=named)
    with refused(OnlyTheVotesDecide):
        concluded(CANNOT, *points(13.0), policy=FACILITATOR, points=13.0)


def test_abstentions_alone_are_no_consensus_and_another_round_may_follow_at_once() -> None:
    (ended,) = concluded({"kind": VoteKind.ABSTAIN}, {"kind": VoteKind.ABSTAIN})
    assert ended.outcome is RoundOutcome.NO_CONSENSUS  # type: ignore[attr-defined]
    again = opened(afterwards(revealed(*points(1.0, 40.0)), SAM, "conclude_round", 1), SAM)
    assert [*again.rounds] == [1, 2]


def test_votes_are_numbered_on_over_the_rounds() -> None:
    first = afterwards(revealed(*points(1.0, 40.0)), SAM, "conclude_round", 1)
    _, *votes = do(voted(opened(first, SAM), VOTERS, points(3.0, 3.0), 2), SAM, "reveal_votes", 2).events
    assert [vote.vote for vote in votes if isinstance(vote, VoteRevealed)] == [3, 4]


def test_nothing_is_concluded_before_the_reveal() -> None:
    with refused(NotRevealed):
        do(start(), SAM, "conclude_round", 1)


def test_one_who_cannot_estimate_stops_the_item_and_says_what_would_lift_it() -> None:
    ended, raised = concluded(*points(5.0), CANNOT)
    assert isinstance(ended, RoundConcluded)
    assert (ended.outcome, ended.refuser_ids, ended.pushback) == (RoundOutcome.NOT_ESTIMABLE, (DAN.person_id,), 1)
    assert isinstance(raised, PushbackRaised)
    assert (raised.stance, raised.reason) == (Stance.BLOCKING, Reason.MISSING_INFORMATION)
    assert (raised.round, raised.raised_for, raised.lifts_when) == (1, DAN.person_id, "The volumes")


def test_the_pushback_is_the_refusers_who_alone_settles_or_withdraws_it() -> None:
    held = afterwards(revealed(*points(5.0), CANNOT), SAM, "conclude_round", 1)
    assert held.blocks == (1,)
    assert held.pushbacks[1].holder_id == DAN.person_id
    assert not afterwards(held, DAN, "withdraw_pushback", 1).blocks


def test_policy_may_ask_for_more_than_one_who_cannot() -> None:
    two = Policy(refusals_to_stop=2)
    assert concluded(*points(5.0), CANNOT, policy=two)[0].outcome is RoundOutcome.AGREED  # type: ignore[attr-defined]
    ended, raised = concluded(CANNOT, CANNOT, policy=two)
    assert isinstance(ended, RoundConcluded)
    assert isinstance(raised, PushbackRaised)
    assert (ended.outcome, raised.raised_for) == (RoundOutcome.NOT_ESTIMABLE, DORA.person_id)


def test_nobody_pushes_back_on_their_own_item_by_not_estimating_it() -> None:
    held = opened(given(("dora", drafted())), SAM)
    held = afterwards(voted(held, VOTERS, [CANNOT, *points(3.0)]), SAM, "reveal_votes", 1)
    (ended,) = do(held, SAM, "conclude_round", 1).events
    assert (ended.outcome, ended.pushback) == (RoundOutcome.NOT_ESTIMABLE, None)  # type: ignore[attr-defined]


def test_words_that_were_erased_do_not_block() -> None:
    held = start()
    cast = do(held, DAN, "cast_vote", 1, **CANNOT).events[0]
    held = item.evolve(held, erased(entry(ITEM, 2, DAN.person_id, cast)))
    held = tell(held, (SAM, "reveal_votes", {"without_missing": True}))
    _, raised = do(held, SAM, "conclude_round", 1).events
    assert isinstance(raised, PushbackRaised)
    assert (raised.stance, raised.lifts_when) == (Stance.ADVISORY, None)
    assert raised.statement
