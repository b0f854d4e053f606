"""Going ahead over a pushback: by whom, in which words, and what the raiser and others may say to it."""

from datetime import timedelta
from typing import Any, Final

import pytest
from msgspec.structs import replace

from domain.authority import Who
from domain.commands.pushbacks.override import (
    confirm_understanding,
    dispute_understanding,
    propose_override,
    ratify_override,
    rescind_override,
    second_emergency_override,
    take_override_effect,
)
from domain.commands.pushbacks.pushback import answer_pushback, concede_pushback, settle_pushback, withdraw_pushback
from domain.decision import Decided
from domain.entry import ActorKind
from domain.events import (
    OverrideProposed,
    OverrideRatified,
    OverrideRescinded,
    PushbackOverridden,
    PushbackRaised,
    PushbackResponded,
    UnderstandingConfirmed,
    UnderstandingDisputed,
)
from domain.events.endings import Outcome
from domain.events.override import Understanding
from domain.events.people import Role
from domain.events.pushback import Reason, Stance
from domain.ids import SYSTEM
from domain.policy import Level, Policy, Rule
from domain.refusals import (
    AlreadyTerminal,
    ConcernNotRestated,
    GracePeriodRunning,
    NoOverridePending,
    NotAnEmergency,
    NotAuthorised,
    NothingChanged,
    NothingToRatify,
    OverrideIsPending,
    OwnOverride,
    OwnPushback,
    PolicyForbids,
    RaiserOnly,
    ServiceCannotDecide,
    TextMissing,
    WhyRequired,
)
from domain.state.item import Item
from tests.given import NOW, Said, after, drafted, given, person_id, refused, together, who

PAULA, ADA, TOM, SAM, DANA = together(
    who("paula", Role.PRODUCT_OWNER),
    who("ada", Role.ARCHITECT),
    who("tom", Role.TECHNICAL_PRODUCT_OWNER),
    who("sam", Role.SCRUM_MASTER),
    who("dana", Role.DEVELOPER),
)
DUE: Final = NOW + timedelta(days=1)
RAISED: Final = (
    "ada",
    PushbackRaised(pushback=1, revision=1, digest="d", stance=Stance.BLOCKING, reason=Reason.UNSORTED),
)
PROPOSED: Final = ("paula", OverrideProposed(pushback=1, due_at=DUE, is_emergency=False))
URGENT: Final = ("paula", OverrideProposed(pushback=1, due_at=DUE, is_emergency=True))
OFF: Final = Policy(levels=dict.fromkeys(Rule, Level.OFF))


def clock(days: float) -> Who:
    """The scheduler, so many days later."""
    return Who(person_id=SYSTEM, kind=ActorKind.SYSTEM, now=NOW + timedelta(days=days), salt="")


def the_item(*said: Said) -> Item:
    """Dana's item, blocked by Ada, and what was said then."""
    return given(("dana", drafted()), RAISED, *said)


def proposed(item: Item, by: Who = PAULA, **said: Any) -> Decided:
    words = {"concern_restated": "It will be slow", "rationale": "The law does not wait"}
    return propose_override(item, by, 1, **{**words, **said})


def test_the_product_owner_restates_the_concern_and_says_why_and_the_raiser_gets_a_day() -> None:
    (event,) = proposed(the_item(), not_addressed="The load").events
    assert event == OverrideProposed(
        pushback=1,
        due_at=DUE,
        is_emergency=False,
        concern_restated="It will be slow",
        rationale="The law does not wait",
        not_addressed="The load",
    )


@pytest.mark.parametrize("policy", [Policy(), OFF])
def test_an_override_always_says_why_and_restates_the_concern_whatever_the_policy(policy: Policy) -> None:
    paula = replace(PAULA, policy=policy)
    with refused(ConcernNotRestated):
        proposed(the_item(), paula, concern_restated=" ")
    with refused(WhyRequired):
        proposed(the_item(), paula, rationale="")


def test_only_the_product_owner_overrides_and_never_a_pushback_of_their_own() -> None:
    for other in (TOM, SAM, DANA):
        with refused(NotAuthorised):
            proposed(the_item(), other)
    with refused(OwnPushback):
        proposed(the_item(), replace(ADA, grants=PAULA.grants))
    with refused(ServiceCannotDecide):
        proposed(the_item(), replace(PAULA, kind=ActorKind.SERVICE))


def test_who_overrides_on_an_item_of_their_own_is_noted_or_refused_as_policy_says() -> None:
    hers = given(("paula", drafted()), RAISED)
    (event,) = proposed(hers).events
    assert isinstance(event, OverrideProposed)
    assert event.unmet == (Rule.SECOND_PERSON_OVERRIDES,)
    required = Policy(levels={Rule.SECOND_PERSON_OVERRIDES: Level.REQUIRE})
    with refused(PolicyForbids):
        proposed(hers, replace(PAULA, policy=required))
    assert proposed(the_item(), replace(PAULA, policy=required)).events


def test_an_override_blocks_nothing_once_it_takes_effect_and_not_before() -> None:
    item = the_item(PROPOSED)
    assert item.blocks == (1,)
    with refused(GracePeriodRunning):
        take_override_effect(item, clock(0.9), 1)
    outcome = take_override_effect(item, clock(1), 1)
    assert outcome.events == (
        PushbackOverridden(pushback=1, understanding=Understanding.NO_REPLY, proposer_id=person_id("paula")),
    )
    assert outcome.authority.authorised_by == "override-takes-effect/1"
    ended = after(item, clock(1), outcome)
    assert (ended.blocks, ended.pushbacks[1].outcome, dict(ended.owing)) == ((), Outcome.OVERRIDDEN, {})
    with refused(AlreadyTerminal):
        take_override_effect(ended, clock(2), 1)


def test_nobody_but_time_lets_it_take_effect() -> None:
    with refused(NotAuthorised):
        take_override_effect(the_item(PROPOSED), replace(PAULA, now=NOW + timedelta(days=2)), 1)
    with refused(NoOverridePending):
        take_override_effect(the_item(), clock(2), 1)


@pytest.mark.parametrize(
    ("replies", "understanding"),
    [
        ((), Understanding.NO_REPLY),
        ((UnderstandingConfirmed(pushback=1),), Understanding.CONFIRMED),
        ((UnderstandingDisputed(pushback=1),), Understanding.DISPUTED),
        ((UnderstandingDisputed(pushback=1), UnderstandingConfirmed(pushback=1)), Understanding.CONFIRMED),
    ],
)
def test_the_outcome_says_what_the_raiser_replied(replies: tuple[Any, ...], understanding: Understanding) -> None:
    item = the_item(PROPOSED, *(("ada", reply) for reply in replies))
    (event,) = take_override_effect(item, clock(1), 1).events
    assert isinstance(event, PushbackOverridden)
    assert event.understanding is understanding


def test_the_raiser_says_whether_they_were_understood() -> None:
    item = the_item(PROPOSED)
    assert confirm_understanding(item, ADA, 1).events == (UnderstandingConfirmed(pushback=1),)
    said = dispute_understanding(item, ADA, 1, text="Not slow: wrong").events
    assert said == (UnderstandingDisputed(pushback=1, text="Not slow: wrong"),)
    with refused(NothingChanged):
        confirm_understanding(the_item(PROPOSED, ("ada", UnderstandingConfirmed(pushback=1))), ADA, 1)
    with refused(RaiserOnly):
        confirm_understanding(item, DANA, 1)
    with refused(NoOverridePending):
        confirm_understanding(the_item(), ADA, 1)


def test_it_may_be_rescinded_with_a_why_and_the_pushback_is_open_again() -> None:
    item = the_item(PROPOSED)
    with refused(TextMissing):
        rescind_override(item, PAULA, 1, why="")
    with refused(NotAuthorised):
        rescind_override(item, DANA, 1, why="I drafted it")
    outcome = rescind_override(item, PAULA, 1, why="You are right")
    assert outcome.events == (OverrideRescinded(pushback=1, why="You are right"),)
    opened = after(item, PAULA, outcome)
    with refused(NoOverridePending):
        rescind_override(opened, PAULA, 1, why="Again")
    assert answer_pushback(opened, DANA, 1, text="Ten").events


def test_while_it_is_pending_the_two_may_still_end_it_but_not_go_on_talking() -> None:
    item = the_item(("dana", PushbackResponded(pushback=1)), PROPOSED)
    with refused(OverrideIsPending):
        answer_pushback(item, DANA, 1, text="Ten")
    with refused(OverrideIsPending):
        proposed(item)
    with refused(OverrideIsPending):
        settle_pushback(item, ADA, 1)
    assert concede_pushback(item, DANA, 1, consequence="We wait").events
    assert withdraw_pushback(item, ADA, 1).events


def test_an_emergency_takes_effect_when_a_second_person_seconds_it_and_a_third_should_ratify_it() -> None:
    (event,) = proposed(the_item(), emergency=True).events
    assert isinstance(event, OverrideProposed)
    assert event.is_emergency
    with refused(OwnOverride):
        second_emergency_override(the_item(URGENT), PAULA, 1)
    with refused(NotAuthorised):
        second_emergency_override(the_item(URGENT), DANA, 1)
    with refused(NotAnEmergency):
        second_emergency_override(the_item(PROPOSED), TOM, 1)
    (overridden,) = second_emergency_override(the_item(URGENT), TOM, 1).events
    assert overridden == PushbackOverridden(
        pushback=1,
        understanding=Understanding.NO_REPLY,
        proposer_id=person_id("paula"),
        seconder_id=person_id("tom"),
        ratifier_id=person_id("ada"),
    )


def test_an_emergency_that_nobody_seconds_waits_like_any_other_and_owes_nothing() -> None:
    item = the_item(URGENT)
    ended = after(item, clock(1), take_override_effect(item, clock(1), 1))
    assert (ended.pushbacks[1].outcome, dict(ended.owing)) == (Outcome.OVERRIDDEN, {})


def test_an_emergency_is_ratified_by_somebody_who_had_no_part_in_it() -> None:
    item = the_item(URGENT)
    ended = after(item, TOM, second_emergency_override(item, TOM, 1))
    for part in (PAULA, TOM):
        with refused(OwnOverride):
            ratify_override(ended, part, 1)
    outcome = ratify_override(ended, SAM, 1, text="It could not wait")
    assert outcome.events == (OverrideRatified(pushback=1, text="It could not wait"),)
    ratified = after(ended, SAM, outcome)
    assert ratified.pushbacks == ended.pushbacks
    with refused(NothingToRatify):
        ratify_override(ratified, ADA, 1)


def test_where_nobody_else_answers_for_the_team_the_raiser_should_ratify_and_may() -> None:
    paula, tom, dana = together(PAULA, TOM, DANA)
    hers = ("dana", RAISED[1])
    item = given(("tom", drafted()), hers, URGENT)
    (overridden,) = second_emergency_override(item, tom, 1).events
    assert isinstance(overridden, PushbackOverridden)
    assert overridden.ratifier_id == dana.person_id
    assert ratify_override(after(item, tom, Decided(tom.as_party(), (overridden,))), dana, 1).events
    assert paula.place == tom.place
