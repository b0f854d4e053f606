"""A round from its opening to its outcome: who votes, when, what comes of it, and what is refused."""

from datetime import timedelta
from typing import Any, Final

import pytest
from msgspec.structs import replace

from domain.authority import Who
from domain.commands import COMMANDS
from domain.decision import Decided
from domain.events import (
    EstimationRoundOpened,
    RefinementLoopDetected,
    RoundCancelled,
    RoundSuperseded,
    VoteCast,
    VoteRevealed,
    VotesRevealed,
)
from domain.events.estimation import VoteKind
from domain.events.people import Role
from domain.events.pushback import Reason
from domain.policy import Policy
from domain.refusals import (
    EndsBeforeItStarts,
    NobodyToEstimate,
    NotAllVoted,
    NotAuthorised,
    NotElector,
    NotRevealed,
    OffScale,
    RefusalsStand,
    RoundEnded,
    RoundIsOpen,
    RoundOnUnchangedRevision,
    ServiceCannotDecide,
    StaleDigest,
    UnknownRound,
    VoteAfterReveal,
    VoteUnclear,
)
from domain.state.item import Item
from domain.state.round import RoundPhase
from tests.domain.estimation.telling import (
    ADA,
    BOT,
    CANNOT,
    DAN,
    DORA,
    PAULA,
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
from tests.given import NOW, drafted, given, refused, together, who

LATE: Final = replace(SAM, now=NOW + timedelta(days=1))


def test_who_may_estimate_here_has_a_vote_and_no_service_has() -> None:
    (event,) = do(given(("paula", drafted())), SAM, "open_round").events
    assert isinstance(event, EstimationRoundOpened)
    assert event.electorate == (DORA.person_id, DAN.person_id)
    assert (event.digest, event.scale[:3]) == (drafted().digest, (0.0, 0.5, 1.0))


@pytest.mark.parametrize("facilitator", [SAM, DORA, PAULA])
def test_the_team_and_the_product_owner_may_open_one(facilitator: Who) -> None:
    assert start(by=facilitator).rounds[1].is_open


def test_an_architect_opens_none_and_without_anybody_who_may_estimate_there_is_none() -> None:
    with refused(NotAuthorised):
        start(by=ADA)
    alone, _ = together(who("paula", Role.PRODUCT_OWNER), BOT)
    with refused(NobodyToEstimate):
        do(given(("paula", drafted())), alone, "open_round")


def test_there_is_one_round_at_a_time_on_what_was_shown_and_it_does_not_close_before_it_opens() -> None:
    with refused(RoundIsOpen):
        do(start(), SAM, "open_round")
    with refused(StaleDigest):
        start(expected_digest="another")
    with refused(EndsBeforeItStarts):
        start(closes_at=NOW)


def test_a_vote_says_nothing_in_the_open_and_the_last_one_counts() -> None:
    held = tell(start(), (DORA, "cast_vote", {"points": 5.0}), (DORA, "cast_vote", {"points": 8.0}))
    assert held.rounds[1].votes[DORA.person_id].points == 8.0
    assert held.rounds[1].not_voted == (DAN.person_id,)
    assert {"kind", "points", "reason", "missing", "why"} == VoteCast.HIDDEN


@pytest.mark.parametrize("vote", [{"points": 4.0}, {"points": float("nan")}, {"points": -1.0}])
def test_a_value_is_a_card_of_the_scale(vote: dict[str, Any]) -> None:
    with refused(OffScale) as refusal:
        do(start(), DORA, "cast_vote", 1, **vote)
    assert refusal.value.unmet[:2] == ("0", "0.5")


@pytest.mark.parametrize(
    "vote",
    [
        {},
        {"kind": VoteKind.ABSTAIN, "points": 3.0},
        {"kind": VoteKind.CANNOT_ESTIMATE},
        {"kind": VoteKind.CANNOT_ESTIMATE, "missing": " "},
        {"kind": VoteKind.CANNOT_ESTIMATE, "missing": "The volumes", "points": 3.0},
        {"points": 3.0, "missing": "The volumes"},
        {"points": 3.0, "reason": Reason.TOO_LARGE},
    ],
)
def test_a_vote_says_one_thing(vote: dict[str, Any]) -> None:
    with refused(VoteUnclear):
        do(start(), DORA, "cast_vote", 1, **vote)


def test_who_has_no_vote() -> None:
    held = start()
    with refused(ServiceCannotDecide):
        do(held, BOT, "cast_vote", 1, points=3.0)
    with refused(NotAuthorised):
        do(held, PAULA, "cast_vote", 1, points=3.0)
    with refused(NotElector):
        do(held, who("newcomer", Role.DEVELOPER), "cast_vote", 1, points=3.0)
    with refused(UnknownRound):
        do(held, DORA, "cast_vote", 2, points=3.0)


def test_revealing_waits_for_everybody_unless_told_not_to_or_the_time_is_up() -> None:
    held = tell(start(closes_at=NOW + timedelta(hours=1)), (DORA, "cast_vote", {"points": 5.0}))
    with refused(NotAllVoted) as refusal:
        do(held, SAM, "reveal_votes", 1)
    assert refusal.value.unmet == (DAN.person_id,)
    for by, said in ((LATE, {}), (SAM, {"without_missing": True})):
        first, *votes = do(held, by, "reveal_votes", 1, **said).events
        assert first == VotesRevealed(round=1, not_voted=(DAN.person_id,))
        assert votes == [VoteRevealed(round=1, vote=1, voter_id=DORA.person_id, kind=VoteKind.VALUE, points=5.0)]


def test_after_the_reveal_nobody_votes_and_it_is_not_revealed_again() -> None:
    held = revealed(*points(5.0, 8.0))
    with refused(VoteAfterReveal):
        do(held, DORA, "cast_vote", 1, points=3.0)
    with refused(VoteAfterReveal):
        do(held, SAM, "reveal_votes", 1)


def test_a_vote_is_explained_once_it_is_seen() -> None:
    with refused(NotRevealed):
        do(voted(start(), VOTERS, points(5.0, 8.0)), DAN, "give_rationale", 1, text="The old index")
    held = revealed(*points(5.0, 8.0))
    (given_one,) = do(held, DAN, "give_rationale", 1, text="The old index").events
    assert (given_one.vote, given_one.text) == (2, "The old index")  # type: ignore[attr-defined]
    with refused(NotElector):
        do(held, SAM, "give_rationale", 1, text="I think so too")


def test_there_is_no_other_round_on_content_that_was_found_not_estimable() -> None:
    held = afterwards(revealed(*points(5.0), CANNOT), SAM, "conclude_round", 1)
    with refused(RoundOnUnchangedRevision):
        do(held, SAM, "open_round")
    revised = afterwards(held, PAULA, "revise_item", expected_digest=held.digest, why="Volumes: ten million")
    assert opened(revised, SAM).rounds[2].is_open


@pytest.mark.parametrize("is_before_its_end", [True, False])
def test_another_wording_of_what_was_found_not_estimable_is_no_other_content(*, is_before_its_end: bool) -> None:
    held = revealed(*points(5.0), CANNOT)
    if is_before_its_end:
        held = reworded(held)
    held = afterwards(held, SAM, "conclude_round", 1)
    if not is_before_its_end:
        held = reworded(held)
    for by, command, said in ((SAM, "open_round", {}), (DORA, "record_estimate", {"points": 3.0})):
        with refused(RoundOnUnchangedRevision):
            do(held, by, command, **said, **({"expected_digest": held.digest} if said else {}))
    challenged = afterwards(held, DAN, "challenge_editorial_claim", why="It names the volumes")
    assert opened(challenged, SAM).rounds[2].is_open


def reworded(held: Item) -> Item:
    """Under another title, said to be the same."""
    said = {"expected_digest": held.digest, "title": "Pay by debit card", "editorial": True}
    return afterwards(held, PAULA, "revise_item", **said)


def test_nobody_estimates_alone_what_a_round_asks_for_or_found_not_estimable() -> None:
    estimate = {"points": 3.0, "expected_digest": drafted().digest}
    for held in (start(), revealed(*points(5.0), CANNOT)):
        with refused(RoundIsOpen):
            do(held, DORA, "record_estimate", **estimate)
    unclear = afterwards(revealed(*points(5.0), CANNOT), SAM, "conclude_round", 1)
    with refused(RoundOnUnchangedRevision):
        do(unclear, DORA, "record_estimate", **estimate)
    apart = afterwards(revealed(*points(3.0, 13.0)), SAM, "conclude_round", 1)
    assert afterwards(apart, DORA, "record_estimate", **estimate).live_estimate == 1


def test_a_round_is_not_called_off_once_all_see_that_the_item_cannot_be_estimated() -> None:
    with refused(RefusalsStand) as refusal:
        do(revealed(*points(5.0), CANNOT), SAM, "cancel_round", 1, why="Let us forget it")
    assert refusal.value.unmet == (DAN.person_id,)
    patient = Policy(refusals_to_stop=2)
    for held in (voted(start(), VOTERS, (*points(5.0), CANNOT)), revealed(*points(5.0), CANNOT, policy=patient)):
        assert not afterwards(held, SAM, "cancel_round", 1, why="Wrong item").rounds[1].is_open


def test_a_substantive_revision_ends_a_round_and_an_editorial_one_does_not() -> None:
    for held in (start(), revealed(*points(5.0, 5.0))):
        said = {"expected_digest": held.digest}
        *_, last = do(held, PAULA, "revise_item", why="Because", **said).events
        assert last == RoundSuperseded(round=1, by_revision=2)
        wording = afterwards(held, PAULA, "revise_item", title="Pay by debit card", editorial=True, **said)
        assert wording.rounds[1].is_open


def test_the_estimate_of_a_round_speaks_of_what_was_asked() -> None:
    asked = held = revealed(*points(5.0, 5.0))
    held = afterwards(
        held, PAULA, "revise_item", expected_digest=held.digest, title="Pay by debit card", editorial=True
    )
    recorded = do(held, SAM, "conclude_round", 1).events[1]
    assert (recorded.revision, recorded.digest, recorded.round) == (1, asked.digest, 1)  # type: ignore[attr-defined]


def test_a_round_is_called_off_with_a_why_or_goes_with_its_item() -> None:
    held = afterwards(start(), SAM, "cancel_round", 1, why="Wrong item")
    assert held.rounds[1].phase is RoundPhase.ENDED
    with refused(RoundEnded):
        do(held, DORA, "cast_vote", 1, points=3.0)
    assert RoundCancelled(round=1) in do(start(), PAULA, "withdraw_item", why="Not wanted").events


def test_no_loop_is_seen_in_one_round() -> None:
    assert not any(isinstance(event, RefinementLoopDetected) for event in concluded(CANNOT, CANNOT))


def test_a_command_of_a_round_is_offered_when_it_would_not_be_refused() -> None:
    command = COMMANDS["conclude_round"]
    assert command.allowed is not None
    with refused(NotRevealed):
        command.allowed(start(), SAM, 1)
    outcome: Decided = command.decide(revealed(*points(3.0, 3.0)), SAM, 1)
    assert outcome.authority.role == Role.SCRUM_MASTER
