"""Putting on record that one still disagrees: whose view did not prevail, as often as they like, changing nothing."""

import pytest
from msgspec.structs import replace

from domain.commands.pushbacks.dissent import record_dissent
from domain.commands.pushbacks.escalation import recuse_from_escalation
from domain.commands.pushbacks.override import take_override_effect
from domain.entry import ActorKind
from domain.events import DissentRecorded, PushbackReassigned, PushbackWithdrawn
from domain.events.escalation import Ruling
from domain.refusals import DissentersOnly, NothingToDissentFrom, TextMissing
from domain.state.item import Item
from tests.domain.pushbacks.test_escalation import (
    ADA,
    DANA,
    PAULA,
    PROPOSED,
    TOM,
    ZOE,
    escalated,
    ruled,
    the_item,
    upheld,
)
from tests.domain.pushbacks.test_override import clock
from tests.given import after, person_id, refused


def overridden() -> Item:
    item = the_item(PROPOSED)
    return after(item, clock(5), take_override_effect(item, clock(5), 1))


def overruled() -> Item:
    item = escalated()
    item = after(item, TOM, recuse_from_escalation(item, TOM, 1, why="I wrote it"))
    return after(item, ZOE, ruled(item, ruling=Ruling.OVERRULED))


@pytest.mark.parametrize("item", [overridden(), overruled()], ids=["overridden", "overruled"])
def test_the_raiser_puts_on_record_that_they_still_disagree_and_the_outcome_stays(item: Item) -> None:
    before = item.pushbacks
    for _ in range(2):
        outcome = record_dissent(item, ADA, 1, text="It will be slow")
        assert outcome.events == (DissentRecorded(pushback=1, text="It will be slow"),)
        item = after(item, ADA, outcome)
    assert item.pushbacks == before
    assert record_dissent(item, replace(ADA, kind=ActorKind.SERVICE), 1, text="Beep").events
    for other in (DANA, PAULA):
        with refused(DissentersOnly):
            record_dissent(item, other, 1, text="I am glad")
    with refused(TextMissing):
        record_dissent(item, ADA, 1, text="")


def test_who_took_it_over_dissents_like_who_raised_it() -> None:
    handed = ("ada", PushbackReassigned(pushback=1, person_id=person_id("tom")))
    item = the_item(handed, PROPOSED)
    item = after(item, clock(5), take_override_effect(item, clock(5), 1))
    assert record_dissent(item, TOM, 1, text="Slow").events
    assert record_dissent(item, ADA, 1, text="Slow").events


def test_who_recused_themselves_may_say_what_they_think() -> None:
    assert record_dissent(overruled(), TOM, 1, text="I would have upheld it").events


def test_the_item_s_side_dissents_from_what_was_upheld() -> None:
    assert record_dissent(upheld(), DANA, 1, text="It is fast enough").events
    with refused(DissentersOnly):
        record_dissent(upheld(), ADA, 1, text="I am glad")


def test_there_is_nothing_to_dissent_from_where_the_two_ended_it_or_nobody_did() -> None:
    for item in (the_item(), the_item(("ada", PushbackWithdrawn(pushback=1)))):
        with refused(NothingToDissentFrom):
            record_dissent(item, ADA, 1, text="No")
