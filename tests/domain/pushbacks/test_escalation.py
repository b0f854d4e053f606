"""Escalating a pushback: by whom, who rules, what a ruling does, and what it obliges to."""

from datetime import timedelta
from typing import Any, Final

import pytest
from msgspec.structs import replace

from domain.authority import Delegation, Power, Who
from domain.commands.item import revise_item, withdraw_item
from domain.commands.pushbacks.escalation import escalate_pushback, recuse_from_escalation, rule_on_escalation
from domain.commands.pushbacks.override import propose_override, take_override_effect
from domain.commands.pushbacks.pushback import answer_pushback, concede_pushback, settle_pushback, withdraw_pushback
from domain.commands.pushbacks.required_change import (
    reject_required_change,
    verify_required_change,
    waive_required_change,
)
from domain.commands.pushbacks.terms import reassign_pushback
from domain.commands.sign_offs.granting import grant_sign_off
from domain.decision import Decided
from domain.entry import ActorKind
from domain.events import (
    ArbiterRecused,
    OverrideProposed,
    PushbackClaimedAddressed,
    PushbackEscalated,
    PushbackOverruled,
    PushbackRaised,
    PushbackResponded,
    PushbackUpheld,
    RequiredChangeMade,
    RequiredChangeRejected,
    RequiredChangeVerified,
    RequiredChangeWaived,
)
from domain.events.endings import Debt, Outcome
from domain.events.escalation import Ruling
from domain.events.people import Role
from domain.events.pushback import Reason, Stance
from domain.events.sign_off import Label
from domain.ids import DelegationId, thing_key
from domain.refusals import (
    AlreadyRecused,
    AlreadyTerminal,
    ArbiterIsParty,
    ChangeNotMade,
    IsEscalated,
    NobodyElseRules,
    NoChangeRequired,
    NoOverridePending,
    NotAuthorised,
    NotEscalated,
    OnlyUpheldObliges,
    OpenBlockingPushback,
    ServiceCannotDecide,
    TextMissing,
)
from domain.state.item import Item
from domain.state.person import Person
from tests.domain.pushbacks.test_override import DUE, clock
from tests.given import NOW, TEAM_ID, Said, after, drafted, given, person_id, refused, together, who

TEAM: Final = (
    who("paula", Role.PRODUCT_OWNER),
    who("ada", Role.ARCHITECT),
    who("zoe", Role.ARCHITECT),
    who("tom", Role.TECHNICAL_PRODUCT_OWNER),
    who("sam", Role.SCRUM_MASTER),
    who("dana", Role.DEVELOPER),
)
PAULA, ADA, ZOE, TOM, SAM, DANA = together(*TEAM)
CHIEFS: Final = (who("cora", Role.CHIEF_PRODUCT_OWNER), who("carl", Role.CHIEF_TECHNICAL_PRODUCT_OWNER))
CORA, CARL, LED_ZOE, LED_DANA, LED_PAULA = together(
    *CHIEFS, TEAM[2], TEAM[5], TEAM[0], place=tuple(grant for person in (*TEAM, *CHIEFS) for grant in person.grants)
)
PROPOSED: Final = ("paula", OverrideProposed(pushback=1, due_at=DUE, is_emergency=False))


def the_item(*said: Said, stance: Stance = Stance.BLOCKING) -> Item:
    """Dana's item, on which Ada pushed back, and what was said then."""
    raised = PushbackRaised(pushback=1, revision=1, digest="d", stance=stance, reason=Reason.UNSORTED)
    return given(("dana", drafted()), ("ada", raised), *said)


def escalated(item: Item | None = None, by: Who = ADA) -> Item:
    """The item once its pushback was escalated."""
    item = the_item() if item is None else item
    return after(item, by, escalate_pushback(item, by, 1, why="We talk in circles"))


def ruled(item: Item, by: Who = ZOE, ruling: Ruling = Ruling.UPHELD, **said: Any) -> Decided:
    return rule_on_escalation(item, by, 1, ruling=ruling, rationale="The load is real", **said)


def upheld(item: Item | None = None, by: Who = ZOE) -> Item:
    """The item once its pushback was upheld."""
    item = escalated() if item is None else item
    return after(item, by, ruled(item, by))


def revised(item: Item, by: Who = DANA, title: str = "Pay by card, ten a second") -> Item:
    return after(item, by, revise_item(item, by, expected_digest=item.digest, title=title))


@pytest.mark.parametrize("person", [ADA, DANA, PAULA, SAM], ids=["raiser", "author", "owner", "Scrum Master"])
@pytest.mark.parametrize(
    "said",
    [
        (),
        (("dana", PushbackResponded(pushback=1)),),
        (("dana", PushbackClaimedAddressed(pushback=1, revision=1)),),
        (PROPOSED,),
    ],
    ids=["open", "responded", "awaiting verification", "override pending"],
)
def test_either_side_and_the_scrum_master_escalate_from_every_open_state(person: Who, said: tuple[Said, ...]) -> None:
    (event,) = escalate_pushback(the_item(*said), person, 1, why="We talk in circles").events
    assert isinstance(event, PushbackEscalated)
    assert set(event.parties) == {person_id("ada"), person_id("dana"), person_id("paula")}
    assert set(event.arbiters) == {person_id("tom"), person_id("zoe")}


def test_who_has_no_part_in_it_does_not_escalate_and_nobody_without_a_why() -> None:
    for other in (ZOE, TOM):
        with refused(NotAuthorised):
            escalate_pushback(the_item(), other, 1, why="I have heard of it")
    with refused(TextMissing):
        escalate_pushback(the_item(), ADA, 1, why=" ")
    with refused(ServiceCannotDecide):
        escalate_pushback(the_item(), replace(ADA, kind=ActorKind.SERVICE), 1, why="Beep")
    with refused(IsEscalated):
        escalate_pushback(escalated(), DANA, 1, why="Me too")


def test_an_escalation_ends_a_pending_override_and_the_time_it_had() -> None:
    item = escalated(the_item(PROPOSED))
    with refused(NoOverridePending):
        take_override_effect(item, clock(5), 1)


def test_while_others_have_to_rule_the_two_may_end_it_and_do_nothing_else() -> None:
    item = escalated(the_item(("dana", PushbackResponded(pushback=1))))
    with refused(IsEscalated):
        answer_pushback(item, DANA, 1, text="Ten")
    with refused(IsEscalated):
        settle_pushback(item, ADA, 1)
    with refused(IsEscalated):
        propose_override(item, PAULA, 1, concern_restated="Slow", rationale="The law")
    with refused(IsEscalated):
        reassign_pushback(item, ADA, 1, person=Person(id=person_id("tom")), why="You rule on nothing")
    assert withdraw_pushback(item, ADA, 1).events
    assert concede_pushback(item, DANA, 1, consequence="We wait").events


def test_the_chiefs_rule_where_two_of_them_are_here_and_no_parties() -> None:
    item = escalated(by=replace(SAM, place=CORA.place))
    for chief in (CORA, CARL):
        assert ruled(item, chief).events
    with refused(NotAuthorised):
        ruled(item, LED_ZOE)


def test_the_absence_of_one_chief_never_blocks_a_ruling() -> None:
    alone = tuple(grant for grant in CORA.place if grant.person_id != CARL.person_id)
    assert ruled(escalated(), replace(LED_ZOE, place=alone)).events
    assert ruled(escalated(), replace(CORA, place=alone)).events
    his = given(
        ("dana", drafted()),
        ("carl", PushbackRaised(pushback=1, revision=1, digest="d", stance=Stance.ADVISORY, reason=Reason.OTHER)),
    )
    (event,) = escalate_pushback(his, LED_DANA, 1, why="He is my chief").events
    assert isinstance(event, PushbackEscalated)
    assert event.arbiters[0] == CORA.person_id
    assert person_id("zoe") in event.arbiters
    assert CARL.person_id not in event.arbiters


@pytest.mark.parametrize("party", [PAULA, ADA], ids=["answered for the item", "raised it"])
def test_no_party_rules(party: Who) -> None:
    item = escalated(the_item(("paula", PushbackResponded(pushback=1))))
    with refused(ArbiterIsParty):
        ruled(item, party)
    for other in (SAM, DANA):
        with refused(ArbiterIsParty if other is DANA else NotAuthorised):
            ruled(item, other)
    with refused(ServiceCannotDecide):
        ruled(item, replace(ZOE, kind=ActorKind.SERVICE))


def test_who_should_not_rule_recuses_themselves_as_long_as_somebody_else_may() -> None:
    item = escalated(the_item(("paula", PushbackResponded(pushback=1))))
    outcome = recuse_from_escalation(item, ZOE, 1, why="I wrote it")
    assert outcome.events == (ArbiterRecused(pushback=1, arbiters=(person_id("tom"),), why="I wrote it"),)
    item = after(item, ZOE, outcome)
    with refused(AlreadyRecused):
        ruled(item, ZOE)
    with refused(NobodyElseRules):
        recuse_from_escalation(item, TOM, 1, why="I too")
    (event,) = ruled(item, TOM, Ruling.OVERRULED).events
    assert event == PushbackOverruled(pushback=1, recused=(person_id("zoe"),), rationale="The load is real")


def test_a_chief_who_recuses_themselves_lets_others_stand_in() -> None:
    item = escalated(by=replace(SAM, place=CORA.place))
    (event,) = recuse_from_escalation(item, CORA, 1, why="He is my brother").events
    assert isinstance(event, ArbiterRecused)
    assert event.arbiters[0] == CARL.person_id
    assert person_id("zoe") in event.arbiters


def test_there_is_a_ruling_only_on_what_was_escalated_and_once() -> None:
    with refused(NotEscalated):
        ruled(the_item())
    with refused(NotEscalated):
        recuse_from_escalation(the_item(), ZOE, 1, why="No")
    with refused(AlreadyTerminal):
        ruled(upheld())
    with refused(TextMissing):
        rule_on_escalation(escalated(), ZOE, 1, ruling=Ruling.UPHELD, rationale="")


def test_overruled_it_blocks_nothing_and_obliges_to_nothing() -> None:
    item = escalated()
    with refused(OnlyUpheldObliges):
        ruled(item, ruling=Ruling.OVERRULED, required_change="A load test")
    item = after(item, ZOE, ruled(item, ruling=Ruling.OVERRULED))
    assert (item.pushbacks[1].outcome, item.blocks, dict(item.owing)) == (Outcome.OVERRULED, (), {})


@pytest.mark.parametrize("stance", Stance)
def test_upheld_it_blocks_the_item_whatever_it_was_until_a_revision_is_verified(stance: Stance) -> None:
    item = escalated(the_item(stance=stance))
    outcome = ruled(item, required_change="A load test")
    assert outcome.events == (PushbackUpheld(pushback=1, rationale="The load is real", required_change="A load test"),)
    item = after(item, ZOE, outcome)
    assert (item.pushbacks[1].outcome, item.blocks, item.owing[1].debt) == (Outcome.UPHELD, (1,), Debt.REQUIRED_CHANGE)
    with refused(OpenBlockingPushback):
        grant_sign_off(item, DANA, label=Label.READY, expected_digest=item.digest)
    with refused(ChangeNotMade):
        verify_required_change(item, ADA, 1)
    outcome = revise_item(item, DANA, expected_digest=item.digest, title="Pay by card, ten a second")
    assert RequiredChangeMade(pushback=1, revision=2) in outcome.events
    item = after(item, DANA, outcome)
    assert item.blocks == (1,)
    for verifier in (ADA, ZOE, TOM):
        verified = verify_required_change(item, verifier, 1)
        assert verified.events == (RequiredChangeVerified(pushback=1, revision=2),)
        assert after(item, verifier, verified).blocks == ()
        assert after(item, verifier, verified).pushbacks == item.pushbacks
    with refused(ArbiterIsParty):
        verify_required_change(item, DANA, 1)


def test_a_change_that_falls_short_is_sent_back_and_the_next_revision_looked_at() -> None:
    item = revised(upheld())
    outcome = reject_required_change(item, ADA, 1, why="Still one a second")
    assert outcome.events == (RequiredChangeRejected(pushback=1, revision=2, why="Still one a second"),)
    item = after(item, ADA, outcome)
    assert item.blocks == (1,)
    with refused(ChangeNotMade):
        verify_required_change(item, ADA, 1)
    item = revised(item, title="Pay by card, a hundred a second")
    assert verify_required_change(item, ADA, 1).events == (RequiredChangeVerified(pushback=1, revision=3),)


def test_who_could_verify_the_change_may_also_let_go_of_it() -> None:
    outcome = waive_required_change(upheld(), ADA, 1, why="The deadline has passed")
    assert outcome.events == (RequiredChangeWaived(pushback=1, why="The deadline has passed"),)
    item = after(upheld(), ADA, outcome)
    assert (item.blocks, item.pushbacks[1].outcome) == ((), Outcome.UPHELD)
    with refused(NoChangeRequired):
        verify_required_change(item, ADA, 1)


def test_a_withdrawn_item_owes_no_change() -> None:
    item = upheld()
    item = after(item, DANA, withdraw_item(item, DANA, why="Bought instead"))
    assert (item.blocks, dict(item.owing)) == ((), {})


def test_no_party_rules_through_somebody_else() -> None:
    item = escalated(the_item(("paula", PushbackResponded(pushback=1))))
    lent = Delegation(
        delegation_id=DelegationId(thing_key("dlg", TEAM_ID, 1)),
        from_id=PAULA.person_id,
        person_id=SAM.person_id,
        powers=frozenset({Power.STAND_IN_FOR_CHIEFS}),
        starts_at=NOW,
        ends_at=NOW + timedelta(days=1),
    )
    with refused(ArbiterIsParty):
        ruled(item, replace(SAM, delegations=(lent,)))
    theirs = replace(lent, from_id=TOM.person_id)
    assert ruled(item, replace(SAM, delegations=(theirs,))).authority.on_behalf_of == TOM.person_id
