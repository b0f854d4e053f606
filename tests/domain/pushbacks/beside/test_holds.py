"""Holding an item: a block without a concern yet, which ends by itself."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

import pytest
from msgspec.structs import replace

from domain.authority import Delegation, Power, Who
from domain.commands.challenge import challenge_editorial_claim
from domain.commands.item import revise_item, withdraw_item
from domain.commands.pushbacks.escalation import escalate_pushback
from domain.commands.pushbacks.hold import expire_hold, place_hold, substantiate_hold
from domain.commands.pushbacks.override import propose_override
from domain.commands.pushbacks.pushback import (
    answer_pushback,
    concede_pushback,
    raise_pushback,
    sort_pushback,
    withdraw_pushback,
)
from domain.commands.pushbacks.terms import amend_pushback, change_stance, reassign_pushback
from domain.commands.sign_offs.granting import grant_sign_off
from domain.decision import Decided
from domain.entry import ActorKind
from domain.events import HoldExpired, HoldSubstantiated, PushbackRaised
from domain.events.endings import Outcome
from domain.events.item import Track
from domain.events.people import Role
from domain.events.pushback import Reason, Stance
from domain.events.sign_off import Label
from domain.ids import DelegationId, thing_key
from domain.policy import Policy
from domain.refusals import (
    AlreadyTerminal,
    HeldBefore,
    IsHeld,
    LiftsWhenRequired,
    NotAuthorised,
    NotHeld,
    NotYetDue,
    OpenBlockingPushback,
    OwnItem,
    RaiserOnly,
    ServiceCannotDecide,
    StaleDigest,
)
from domain.state.item import Item, evolve
from domain.state.person import Person
from domain.state.pushback import Phase
from tests.domain.pushbacks.test_override import clock
from tests.given import ITEM, NOW, TEAM_ID, after, drafted, entry, given, refused, together, who

ADA, ZOE, DANA, PAULA, TOM, STAN, BOT = together(
    who("ada", Role.ARCHITECT),
    who("zoe", Role.ARCHITECT),
    who("dana", Role.DEVELOPER),
    who("paula", Role.PRODUCT_OWNER),
    who("tom", Role.TECHNICAL_PRODUCT_OWNER),
    who("stan", Role.STAKEHOLDER),
    who("bot", Role.DEVELOPER, kind=ActorKind.SERVICE),
)
TWO_DAYS: Final = timedelta(days=2)


def an_item() -> Item:
    return given(("dana", drafted(narrative="With any card", section_digests={"title": "t", "narrative": "n"})))


def held(item: Item | None = None, by: Who = ADA) -> Item:
    item = an_item() if item is None else item
    return after(item, by, place_hold(item, by, statement="Does the bank allow it?"))


def expired(item: Item | None = None) -> Item:
    item = held() if item is None else item
    return after(item, clock(2), expire_hold(item, clock(2), len(item.pushbacks)))


def revised(item: Item, **said: Any) -> Item:
    return after(item, DANA, revise_item(item, DANA, expected_digest=item.digest, **said))


def test_a_hold_is_a_block_of_two_working_days_that_says_what_is_looked_into() -> None:
    (event,) = place_hold(an_item(), ADA, statement="Does the bank allow it?", anchors=("narrative",)).events
    assert isinstance(event, PushbackRaised)
    assert (event.stance, event.due_at, event.statement) == (
        Stance.BLOCKING,
        NOW + TWO_DAYS,
        "Does the bank allow it?",
    )
    assert (event.anchors, event.lifts_when) == (("narrative",), None)
    assert held().blocks == (1,)
    with refused(OpenBlockingPushback):
        grant_sign_off(held(), DANA, label=Label.READY, expected_digest=held().digest)


def test_policy_says_how_long() -> None:
    ada = replace(ADA, policy=Policy(hold_days=4))
    (event,) = place_hold(an_item(), ada, statement="Does the bank allow it?").events
    assert isinstance(event, PushbackRaised)
    assert event.due_at == NOW + timedelta(days=4)


def test_who_may_block_may_hold_and_nobody_their_own_item() -> None:
    assert place_hold(an_item(), ZOE, statement="Wait").events
    with refused(OwnItem):
        place_hold(an_item(), DANA, statement="Wait")
    for other in (PAULA, STAN):
        with refused(NotAuthorised):
            place_hold(an_item(), other, statement="Wait")
    with refused(ServiceCannotDecide):
        place_hold(an_item(), BOT, statement="Wait")
    with refused(StaleDigest):
        place_hold(an_item(), ADA, statement="Wait", expected_digest="another")


def test_it_ends_by_itself_and_only_in_its_time() -> None:
    with refused(NotYetDue):
        expire_hold(held(), clock(1.9), 1)
    with refused(NotAuthorised):
        expire_hold(held(), replace(DANA, now=NOW + 9 * TWO_DAYS), 1)
    outcome = expire_hold(held(), clock(2), 1)
    assert (outcome.authority.authorised_by, outcome.events) == ("hold-expires/1", (HoldExpired(pushback=1),))
    item = after(held(), clock(2), outcome)
    assert (item.pushbacks[1].outcome, item.blocks) == (Outcome.LAPSED, ())
    with refused(AlreadyTerminal):
        expire_hold(item, clock(9), 1)
    with refused(AlreadyTerminal):
        substantiate_hold(item, ADA, 1, statement="It does not")


def test_once_its_time_is_over_it_is_too_late_though_nobody_has_ended_it_yet() -> None:
    just = replace(ADA, now=NOW + TWO_DAYS - timedelta(seconds=1))
    assert substantiate_hold(held(), just, 1, statement="It does not").events
    with refused(AlreadyTerminal):
        substantiate_hold(held(), replace(ADA, now=NOW + TWO_DAYS), 1, statement="It does not")


def test_who_holds_it_says_in_time_what_the_concern_is_about_the_item_as_it_is_then() -> None:
    item = revised(held(), narrative="With any debit card")
    outcome = substantiate_hold(item, ADA, 1, statement="Not abroad", reason=Reason.COMPLIANCE, anchors=("narrative",))
    (event,) = outcome.events
    assert isinstance(event, HoldSubstantiated)
    assert (event.revision, event.digest, event.statement) == (2, item.digest, "Not abroad")
    assert (event.stance, [*event.quoted_digests]) == (Stance.ADVISORY, ["narrative"])
    item = after(item, ADA, outcome)
    said = item.pushbacks[1]
    assert (said.phase, said.reason, said.revision, item.blocks) == (Phase.OPEN, Reason.COMPLIANCE, 2, ())
    with refused(NotHeld):
        substantiate_hold(item, ADA, 1, statement="Again")
    with refused(NotHeld):
        expire_hold(item, clock(9), 1)
    assert answer_pushback(item, DANA, 1, text="It is, since May").events


def test_it_goes_on_to_block_only_by_saying_what_would_lift_it() -> None:
    with refused(LiftsWhenRequired):
        substantiate_hold(held(), ADA, 1, statement="Not abroad", stance=Stance.BLOCKING)
    said: dict[str, Any] = {"stance": Stance.BLOCKING, "lifts_when": "The bank agrees"}
    assert after(held(), ADA, substantiate_hold(held(), ADA, 1, statement="Not abroad", **said)).blocks == (1,)
    with refused(StaleDigest):
        substantiate_hold(held(), ADA, 1, statement="Not abroad", expected_digest="another")


def test_whoever_holds_it_alone_says_so_and_may_let_go() -> None:
    for other in (ZOE, DANA, PAULA):
        with refused(RaiserOnly):
            substantiate_hold(held(), other, 1, statement="It does not")
        with refused(RaiserOnly):
            withdraw_pushback(held(), other, 1)
    item = after(held(), ADA, withdraw_pushback(held(), ADA, 1, why="The bank allows it"))
    assert (item.pushbacks[1].outcome, item.blocks) == (Outcome.WITHDRAWN, ())


@pytest.mark.parametrize(
    "said",
    [
        lambda item: answer_pushback(item, DANA, 1, text="It does"),
        lambda item: concede_pushback(item, DANA, 1, consequence="We drop it"),
        lambda item: propose_override(item, PAULA, 1, concern_restated="Something", rationale="The law"),
        lambda item: escalate_pushback(item, DANA, 1, why="It takes too long"),
        lambda item: amend_pushback(item, ADA, 1, statement="It does not", why="I know more"),
        lambda item: change_stance(item, ADA, 1, stance=Stance.ADVISORY, why="Not that bad"),
        lambda item: reassign_pushback(item, ADA, 1, person=Person(id=ZOE.person_id), why="She knows more"),
        lambda item: sort_pushback(item, DANA, 1, reason=Reason.COMPLIANCE),
    ],
    ids=["answer", "concede", "override", "escalate", "amend", "change stance", "reassign", "sort"],
)
def test_until_then_there_is_nothing_to_say_to_it(said: Callable[[Item], Decided]) -> None:
    with refused(IsHeld):
        said(held())


def test_it_is_moot_with_the_item() -> None:
    item = after(held(), DANA, withdraw_item(held(), DANA, why="Bought instead"))
    assert item.pushbacks[1].outcome is Outcome.MOOT


@pytest.mark.parametrize("ended", [expired, lambda: after(held(), ADA, withdraw_pushback(held(), ADA, 1))])
def test_nobody_holds_twice_what_says_the_same(ended: Callable[[], Item]) -> None:
    for item in (held(), ended(), revised(ended(), narrative="With any  card", editorial=True)):
        with refused(HeldBefore):
            place_hold(item, ADA, statement="One more day")
        assert raise_pushback(item, ADA, statement="The bank forbids it").events
        assert place_hold(item, ZOE, statement="What do the lawyers say?").events


def test_what_says_something_else_may_be_held_again() -> None:
    assert place_hold(revised(expired(), value="Less fraud"), ADA, statement="Again").events
    claimed = revised(held(expired(), ZOE), narrative="By invoice", editorial=True)
    with refused(HeldBefore):
        place_hold(claimed, ADA, statement="Again")
    challenged = after(claimed, ZOE, challenge_editorial_claim(claimed, ZOE, why="It is another thing"))
    assert place_hold(challenged, ADA, statement="Again").events


def test_nobody_holds_again_what_they_revised_themselves() -> None:
    """The Technical Product Owner owns the item, and could hold it for ever by revising one word each time."""
    item = given(("dana", drafted(track=Track.TECHNICAL)))
    item = expired(held(item, TOM))
    for title in ("Pay by card, fast", "Pay by card, faster"):
        item = after(item, TOM, revise_item(item, TOM, expected_digest=item.digest, title=title))
        with refused(HeldBefore):
            place_hold(item, TOM, statement="One more day")
    assert place_hold(revised(item, title="Pay by invoice"), TOM, statement="Again").events


def test_nobody_holds_again_what_is_revised_in_their_name() -> None:
    item = expired(held(given(("dana", drafted(track=Track.TECHNICAL))), TOM))
    (event,) = revise_item(item, DANA, expected_digest=item.digest, title="Pay by invoice").events
    by = entry(ITEM, 9, ZOE.person_id, event)
    with refused(HeldBefore):
        in_their_name = replace(by, act=replace(by.act, on_behalf_of=TOM.person_id))
        place_hold(evolve(item, in_their_name), TOM, statement="Again")
    assert place_hold(evolve(item, by), TOM, statement="Again").events


def test_a_delegation_lends_no_hold_of_its_own() -> None:
    lent = Delegation(
        delegation_id=DelegationId(thing_key("dlg", TEAM_ID, 1)),
        from_id=ADA.person_id,
        person_id=STAN.person_id,
        powers=frozenset({Power.BLOCK_FUNCTIONAL_ITEMS}),
        starts_at=NOW - timedelta(days=1),
        ends_at=NOW + timedelta(days=1),
    )
    stan = replace(STAN, delegations=(lent,))
    assert raise_pushback(an_item(), stan, statement="No", stance=Stance.BLOCKING, lifts_when="The bank agrees").events
    for item in (an_item(), expired()):
        with refused(NotAuthorised):
            place_hold(item, stan, statement="Wait")
