"""Who is a party to a pushback that is escalated, so that nobody rules on their own case; and where nobody could."""

from datetime import timedelta
from typing import Final

import pytest
from msgspec.structs import replace

from domain.authority import Delegation, Power, Who
from domain.commands.pushbacks.escalation import escalate_pushback, rule_on_escalation
from domain.commands.pushbacks.override import propose_override, rescind_override
from domain.commands.pushbacks.pushback import answer_pushback, concede_pushback, withdraw_pushback
from domain.commands.pushbacks.required_change import verify_required_change, waive_required_change
from domain.decision import Decided
from domain.events import PushbackEscalated, PushbackRaised
from domain.events.escalation import Ruling
from domain.events.item import Track
from domain.events.people import Role
from domain.events.pushback import Reason, Stance
from domain.ids import DelegationId, thing_key
from domain.refusals import ArbiterIsParty, NobodyElseRules, OwnChange
from domain.state.item import Item
from tests.domain.pushbacks.test_escalation import revised
from tests.given import NOW, TEAM_ID, after, drafted, given, refused, together, who

TEAM: Final = (
    who("paula", Role.PRODUCT_OWNER),
    who("ada", Role.ARCHITECT),
    who("sam", Role.SCRUM_MASTER),
    who("dana", Role.DEVELOPER),
)
TOM: Final = who("tom", Role.TECHNICAL_PRODUCT_OWNER)
CORA: Final = who("cora", Role.CHIEF_PRODUCT_OWNER)
PAULA, ADA, SAM, DANA, LED_TOM = together(*TEAM, TOM)
CHIEF, LED_PAULA, LED_ADA, LED_SAM, LED_DANA = together(CORA, *TEAM)


def the_item(track: Track = Track.FUNCTIONAL, author: str = "dana", raiser: str = "ada") -> Item:
    raised = PushbackRaised(pushback=1, revision=1, digest="d", stance=Stance.BLOCKING, reason=Reason.UNSORTED)
    return given((author, drafted(track=track)), (raiser, raised))


def put(item: Item, by: Who) -> tuple[Item, PushbackEscalated]:
    """The item once its pushback was escalated, and the event."""
    outcome = escalate_pushback(item, by, 1, why="We talk in circles")
    (event,) = outcome.events
    assert isinstance(event, PushbackEscalated)
    return after(item, by, outcome), event


def rule(item: Item, by: Who, ruling: Ruling = Ruling.OVERRULED) -> Decided:
    return rule_on_escalation(item, by, 1, ruling=ruling, rationale="The load is real")


@pytest.mark.parametrize("by", [PAULA, ADA, DANA, SAM], ids=["owner", "raiser", "author", "Scrum Master"])
def test_who_owns_the_item_never_rules_on_it_whoever_escalates(by: Who) -> None:
    item, event = put(the_item(), by)
    assert PAULA.person_id in event.parties
    assert event.arbiters == (TOM.person_id,)
    with refused(ArbiterIsParty):
        rule(item, PAULA)
    assert rule(item, LED_TOM).events


def test_of_a_technical_item_the_first_owner_is_a_party_and_who_only_stands_in_for_them_may_rule() -> None:
    item, event = put(the_item(Track.TECHNICAL), ADA)
    assert event.arbiters == (PAULA.person_id,)
    with refused(ArbiterIsParty):
        rule(item, LED_TOM)
    assert rule(item, PAULA).events


def test_who_escalates_as_an_owner_takes_a_side_and_a_scrum_master_does_not() -> None:
    zoe = who("zoe", Role.ARCHITECT)
    paula, sam, *_ = together(TEAM[0], TEAM[2], TEAM[1], TEAM[3], TOM, zoe)
    _, event = put(the_item(Track.TECHNICAL), paula)
    assert (paula.person_id in event.parties, event.arbiters) == (True, (zoe.person_id,))
    _, event = put(the_item(Track.TECHNICAL), sam)
    assert sam.person_id not in event.parties
    assert set(event.arbiters) == {paula.person_id, zoe.person_id}


def test_who_took_an_override_back_stays_a_party() -> None:
    item = the_item()
    item = after(item, CHIEF, propose_override(item, CHIEF, 1, concern_restated="Slow", rationale="The law"))
    item = after(item, LED_PAULA, rescind_override(item, LED_PAULA, 1, why="It can wait"))
    with refused(NobodyElseRules):
        escalate_pushback(item, LED_ADA, 1, why="Again")
    assert CHIEF.person_id in item.pushbacks[1].spoke_ids


def standing_in(who: Who, lender: Who, power: Power) -> Who:
    """The same, who may use a power of another's."""
    lent = Delegation(
        delegation_id=DelegationId(thing_key("dlg", TEAM_ID, 1)),
        from_id=lender.person_id,
        person_id=who.person_id,
        powers=frozenset({power}),
        starts_at=NOW,
        ends_at=NOW + timedelta(days=1),
    )
    return replace(who, delegations=(lent,))


def test_in_whose_name_a_delegate_answered_is_a_party_too() -> None:
    item, sam = the_item(Track.TECHNICAL), standing_in(SAM, PAULA, Power.OWN_TECHNICAL_ITEMS)
    outcome = answer_pushback(item, sam, 1, text="Ten a second")
    assert outcome.authority.on_behalf_of == PAULA.person_id
    item = after(item, sam, outcome)
    assert item.pushbacks[1].spoke_ids == {SAM.person_id, PAULA.person_id}
    with refused(NobodyElseRules):
        escalate_pushback(item, ADA, 1, why="Again")


def test_where_nobody_could_rule_nothing_is_escalated_and_the_two_go_on() -> None:
    paula, ada, sam, dana = together(*TEAM)
    for by in (paula, ada, sam, dana):
        with refused(NobodyElseRules):
            escalate_pushback(the_item(), by, 1, why="We talk in circles")
    assert propose_override(the_item(), paula, 1, concern_restated="Slow", rationale="The law").events
    assert answer_pushback(the_item(), dana, 1, text="Ten").events
    assert concede_pushback(the_item(), dana, 1, consequence="We wait").events
    assert withdraw_pushback(the_item(), ada, 1).events


def test_nobody_verifies_a_change_they_made() -> None:
    item, _ = put(the_item(raiser="paula"), PAULA)
    item = after(item, ADA, rule(item, ADA, Ruling.UPHELD))
    item = revised(revised(item, PAULA), DANA, title="Pay by card, a hundred a second")
    with refused(OwnChange):
        verify_required_change(item, PAULA, 1)
    for other in (ADA, LED_TOM):
        assert verify_required_change(item, other, 1).events
    assert waive_required_change(item, PAULA, 1, why="Enough").events


def test_nobody_verifies_a_change_that_was_made_in_their_name() -> None:
    item, _ = put(the_item(raiser="paula"), PAULA)
    item = after(item, ADA, rule(item, ADA, Ruling.UPHELD))
    item = revised(item, standing_in(SAM, PAULA, Power.OWN_FUNCTIONAL_ITEMS))
    with refused(OwnChange):
        verify_required_change(item, PAULA, 1)
    assert verify_required_change(item, ADA, 1).events
