"""Challenging a revision that says it only changes the wording, and the one table of what a change does."""

from datetime import timedelta
from typing import Any, Final

from msgspec.structs import replace

from domain.authority import Who
from domain.commands.challenge import challenge_editorial_claim, may_challenge
from domain.commands.item import record_estimate, revise_item
from domain.commands.sign_offs.granting import grant_sign_off
from domain.commands.sign_offs.requests import request_sign_off
from domain.decision import Decided
from domain.entry import ActorKind
from domain.events import (
    EditorialClaimChallenged,
    EstimateRecorded,
    EstimateStaled,
    ItemChangeReclassified,
    PushbackRaised,
    QuorumLost,
    SignOffRequestEnded,
    SignOffVoided,
)
from domain.events.item import ChangeKind
from domain.events.people import Role
from domain.events.pushback import Reason, Stance
from domain.events.sign_off import Label, RequestOutcome
from domain.ids import RevisionId, thing_key
from domain.policy import Policy
from domain.refusals import (
    ConcernedOnly,
    NothingToChallenge,
    ServiceCannotDecide,
    TextMissing,
    TooLateToChallenge,
    UnknownRevision,
)
from domain.state.item import Item
from domain.state.person import Person
from tests.given import ITEM_ID, NOW, Said, after, drafted, given, refused, who

PAULA: Final = who("paula", Role.PRODUCT_OWNER)
ADA: Final = who("ada", Role.ARCHITECT)
ESTIMATED: Final = ("dora", EstimateRecorded(estimate=1, revision=1, digest="d", points=3))
RAISED: Final = (
    "ada",
    PushbackRaised(pushback=1, revision=1, digest="d", stance=Stance.ADVISORY, reason=Reason.UNSORTED),
)
REVISION_2: Final = RevisionId(thing_key("rev", ITEM_ID, 2))


def reworded(*said: Said, title: str = "Pay by any card") -> Item:
    """Accepted by Paula, then reworded."""
    item = given(("dana", drafted()), *said)
    item = after(item, PAULA, grant_sign_off(item, PAULA, label=Label.ACCEPTANCE, expected_digest=item.digest))
    return again(item, title=title)


def again(item: Item, *, editorial: bool = True, **said: Any) -> Item:
    return after(item, PAULA, revise_item(item, PAULA, expected_digest=item.digest, editorial=editorial, **said))


def challenge(item: Item, by: Who = PAULA, why: str = "It is another promise", **said: Any) -> Decided:
    return challenge_editorial_claim(item, by, why=why, **said)


def test_a_challenged_claim_counts_as_substantive_with_all_that_follows() -> None:
    item = reworded(ESTIMATED)
    rule = "challenged-editorial-claim-voids/1"
    assert challenge(item).events == (
        EditorialClaimChallenged(revision=2, why="It is another promise"),
        ItemChangeReclassified(
            revision=2,
            before=ChangeKind.EDITORIAL,
            after=ChangeKind.SUBSTANTIVE,
            changed_sections=("title",),
            rule=rule,
        ),
        SignOffVoided(sign_off=1, by_revision=2, changed_sections=("title",), rule=rule),
        EstimateStaled(estimate=1, by_revision=2),
    )
    with refused(ConcernedOnly):
        challenge(again(after(item, PAULA, challenge(item)), title="Pay"))


def test_what_was_signed_after_the_claim_stays() -> None:
    item = reworded()
    item = after(item, ADA, grant_sign_off(item, ADA, label=Label.ARCHITECTURE, expected_digest=item.digest))
    item = after(item, ADA, challenge(item, ADA))
    assert [ordinal for ordinal, sign_off in item.sign_offs.items() if sign_off.is_live] == [2]


def test_where_too_few_are_left_of_those_who_signed_the_quorum_is_lost() -> None:
    two = Policy(acceptance_quorum=2)
    petra = replace(who("petra", Role.PRODUCT_OWNER), policy=two)
    item = reworded()
    item = after(item, petra, grant_sign_off(item, petra, label=Label.ACCEPTANCE, expected_digest=item.digest))
    assert Label.ACCEPTANCE in item.quorums
    outcome = challenge(item, replace(PAULA, policy=two))
    assert outcome.events[-1] == QuorumLost(label=Label.ACCEPTANCE, sign_offs=(2,), needed=2)
    assert after(item, PAULA, outcome).quorums == frozenset()


def test_an_earlier_claim_is_challenged_by_its_revision() -> None:
    item = again(reworded(), title="Pay by card or invoice")
    assert challenge(item).events[0] == EditorialClaimChallenged(revision=3, why="It is another promise")
    assert challenge(item, revision=REVISION_2).events[0].revision == 2  # type: ignore[attr-defined]
    for strange in ("rev_", thing_key("rev", ITEM_ID, 4), thing_key("sof", ITEM_ID, 1)):
        with refused(UnknownRevision):
            challenge(item, revision=RevisionId(strange))
    with refused(NothingToChallenge):
        challenge(item, revision=RevisionId(thing_key("rev", ITEM_ID, 1)))


def test_only_who_signed_or_pushed_back_challenges_and_says_why() -> None:
    with refused(ConcernedOnly):
        challenge(reworded(), ADA)
    assert challenge(reworded(RAISED), ADA).events
    with refused(TextMissing):
        challenge(reworded(), why=" ")
    with refused(ServiceCannotDecide):
        challenge(reworded(RAISED), replace(ADA, kind=ActorKind.SERVICE))


def test_who_estimates_challenges_a_claim_that_kept_an_estimate() -> None:
    dora, bot = who("dora", Role.DEVELOPER), who("bot", Role.DEVELOPER, kind=ActorKind.SERVICE)
    item = again(given(("dana", drafted()), ESTIMATED), title="Pay by any card")
    assert challenge(item, dora).authority.role == Role.DEVELOPER
    assert EstimateStaled(estimate=1, by_revision=2) in challenge(item, dora).events
    for held, by in ((item, bot), (item, ADA), (reworded(), dora), (after(item, dora, challenge(item, dora)), dora)):
        with refused(ConcernedOnly if held.claims else NothingToChallenge):
            challenge(held, by)
    with refused(ConcernedOnly):
        challenge(after(item, dora, record_estimate(item, dora, points=3, expected_digest=item.digest)), dora)


def test_a_request_made_since_the_claim_stays_open() -> None:
    petra = who("petra", Role.PRODUCT_OWNER)
    here = replace(PAULA, place=(*PAULA.grants, *ADA.grants, *petra.grants))
    item = given(("dana", drafted()), RAISED)
    asked = request_sign_off(item, here, label=Label.ACCEPTANCE, person=Person(id=petra.person_id))
    item = again(after(item, here, asked), title="Pay by any card")
    since = request_sign_off(item, here, label=Label.ARCHITECTURE, person=Person(id=ADA.person_id))
    item = after(item, here, since)
    ended = [event for event in challenge(item, ADA).events if isinstance(event, SignOffRequestEnded)]
    assert ended == [SignOffRequestEnded(sign_off_request=1, outcome=RequestOutcome.STALE)]


def test_nothing_is_challenged_twice_or_where_nothing_was_claimed() -> None:
    item = reworded(RAISED)
    with refused(NothingToChallenge):
        challenge(after(item, PAULA, challenge(item)), ADA)
    with refused(NothingToChallenge):
        may_challenge(again(item, why="The law", editorial=False), ADA)


def test_the_time_to_challenge_ends() -> None:
    item = reworded()
    assert challenge(item, replace(PAULA, now=NOW + timedelta(days=6))).events
    with refused(TooLateToChallenge):
        challenge(item, replace(PAULA, now=NOW + timedelta(days=15)))
