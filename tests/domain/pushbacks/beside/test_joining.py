"""Joining a pushback: a concern of several people, for which one of them speaks."""

from datetime import timedelta
from typing import Any, Final

import pytest
from msgspec.structs import replace

from domain.authority import Who
from domain.commands.pushbacks.dissent import record_dissent
from domain.commands.pushbacks.escalation import escalate_pushback, rule_on_escalation
from domain.commands.pushbacks.hold import place_hold
from domain.commands.pushbacks.joining import join_pushback, leave_pushback
from domain.commands.pushbacks.override import propose_override, second_emergency_override, take_override_effect
from domain.commands.pushbacks.pushback import (
    answer_pushback,
    concede_pushback,
    raise_pushback,
    settle_pushback,
    withdraw_pushback,
)
from domain.commands.pushbacks.silence import lapse_pushback, remind_holder
from domain.commands.pushbacks.terms import reassign_pushback
from domain.entry import ActorKind
from domain.events import PushbackJoined, PushbackReassigned, PushbackWithdrawn
from domain.events.endings import Outcome
from domain.events.escalation import Ruling
from domain.events.item import Track
from domain.events.people import Role
from domain.events.pushback import Stance
from domain.refusals import (
    AlreadyJoined,
    AlreadyTerminal,
    ArbiterIsParty,
    IsEscalated,
    IsHeld,
    NobodyIsSilent,
    NoRoleHere,
    NotAuthorised,
    NotJoined,
    OwnItem,
    OwnPushback,
    RaiserOnly,
    ServiceCannotDecide,
    SpokeForItem,
)
from domain.state.item import Item
from domain.state.person import Person
from tests.domain.pushbacks.test_override import clock
from tests.given import NOW, after, drafted, given, refused, together, who

ADA, ZOE, YAN, DANA, PAULA, TOM, SAM, BOT, OLGA = together(
    who("ada", Role.ARCHITECT),
    who("zoe", Role.ARCHITECT),
    who("yan", Role.DEVELOPER),
    who("dana", Role.DEVELOPER),
    who("paula", Role.PRODUCT_OWNER),
    who("tom", Role.TECHNICAL_PRODUCT_OWNER),
    who("sam", Role.SCRUM_MASTER),
    who("bot", Role.DEVELOPER, kind=ActorKind.SERVICE),
    who("olga", Role.OBSERVER),
)
RESTATED: Final[dict[str, Any]] = {"concern_restated": "It is slow", "rationale": "The law"}


def raised() -> Item:
    item = given(("dana", drafted()))
    said: dict[str, Any] = {"statement": "It is slow", "lifts_when": "A load test"}
    return after(item, ADA, raise_pushback(item, ADA, stance=Stance.BLOCKING, **said))


def joined(*people: Who, item: Item | None = None) -> Item:
    item = raised() if item is None else item
    for by in people:
        item = after(item, by, join_pushback(item, by, 1))
    return item


def test_who_could_have_raised_it_joins_it_and_says_why_if_they_like() -> None:
    outcome = join_pushback(raised(), ZOE, 1, why="We saw it last year")
    assert outcome.events == (PushbackJoined(pushback=1, why="We saw it last year"),)
    assert joined(ZOE, PAULA).pushbacks[1].joined_ids == (ZOE.person_id, PAULA.person_id)


def test_who_does_not_join() -> None:
    with refused(OwnItem):
        join_pushback(raised(), DANA, 1)
    with refused(AlreadyJoined):
        join_pushback(raised(), ADA, 1)
    with refused(AlreadyJoined):
        join_pushback(joined(ZOE), ZOE, 1)
    with refused(ServiceCannotDecide):
        join_pushback(raised(), BOT, 1)
    with refused(NotAuthorised):
        join_pushback(raised(), OLGA, 1)


def test_who_answered_or_goes_ahead_is_on_the_other_side() -> None:
    answered = after(raised(), PAULA, answer_pushback(raised(), PAULA, 1, text="It is not"))
    proposed = after(raised(), PAULA, propose_override(raised(), PAULA, 1, **RESTATED))
    for item in (answered, proposed):
        with refused(SpokeForItem):
            join_pushback(item, PAULA, 1)
        assert join_pushback(item, ZOE, 1).events


def test_nobody_joins_what_is_not_said_yet_is_before_arbiters_or_has_ended() -> None:
    item = given(("dana", drafted()))
    with refused(IsHeld):
        join_pushback(after(item, ADA, place_hold(item, ADA, statement="Is it slow?")), ZOE, 1)
    with refused(IsEscalated):
        join_pushback(after(raised(), ADA, escalate_pushback(raised(), ADA, 1, why="In circles")), ZOE, 1)
    with refused(AlreadyTerminal):
        join_pushback(after(raised(), ADA, withdraw_pushback(raised(), ADA, 1)), ZOE, 1)


def test_who_joined_is_on_its_side_but_does_not_speak_for_it() -> None:
    item = joined(PAULA, TOM)
    with refused(OwnPushback):
        answer_pushback(item, PAULA, 1, text="It is not")
    with refused(OwnPushback):
        concede_pushback(item, PAULA, 1, consequence="We drop it")
    with refused(OwnPushback):
        propose_override(item, PAULA, 1, **RESTATED)
    answered = after(item, DANA, answer_pushback(item, DANA, 1, text="It is not"))
    with refused(RaiserOnly):
        settle_pushback(answered, PAULA, 1)
    with refused(RaiserOnly):
        withdraw_pushback(answered, PAULA, 1)
    escalated = after(item, PAULA, escalate_pushback(item, PAULA, 1, why="In circles"))
    with refused(ArbiterIsParty):
        rule_on_escalation(escalated, TOM, 1, ruling=Ruling.OVERRULED, rationale="It is fast")
    assert rule_on_escalation(escalated, ZOE, 1, ruling=Ruling.OVERRULED, rationale="It is fast").events


def test_who_joined_may_dissent() -> None:
    item = joined(ZOE)
    item = after(item, PAULA, propose_override(item, PAULA, 1, **RESTATED))
    item = after(item, clock(5), take_override_effect(item, clock(5), 1))
    assert record_dissent(item, ZOE, 1, text="It will be slow").events


def test_nobody_takes_back_what_is_somebody_else_s_concern_too() -> None:
    item = joined(ZOE, YAN)
    outcome = withdraw_pushback(item, ADA, 1, why="I am content")
    assert outcome.events == (PushbackReassigned(pushback=1, person_id=ZOE.person_id, why="I am content"),)
    item = after(item, ADA, outcome)
    assert (item.pushbacks[1].holder_id, item.pushbacks[1].joined_ids) == (ZOE.person_id, (YAN.person_id,))
    assert item.blocks == (1,)
    item = after(item, ZOE, withdraw_pushback(item, ZOE, 1))
    assert item.pushbacks[1].holder_id == YAN.person_id
    assert withdraw_pushback(item, YAN, 1).events == (PushbackWithdrawn(pushback=1),)


def test_it_does_not_become_that_of_who_is_not_here_any_more() -> None:
    gone = replace(ADA, place=tuple(grant for grant in ADA.place if grant.person_id != ZOE.person_id))
    assert withdraw_pushback(joined(ZOE), gone, 1).events == (PushbackWithdrawn(pushback=1),)
    (event,) = withdraw_pushback(joined(ZOE, YAN), gone, 1).events
    assert event == PushbackReassigned(pushback=1, person_id=YAN.person_id)


def test_whose_it_becomes_has_all_the_time_there_is_to_settle_an_answer() -> None:
    item = joined(ZOE)
    item = after(item, DANA, answer_pushback(item, DANA, 1, text="It is not"))
    ada = replace(ADA, now=NOW + timedelta(days=3))
    (event,) = withdraw_pushback(item, ada, 1).events
    assert isinstance(event, PushbackReassigned)
    assert event.due_at == ada.now + timedelta(days=7)
    with refused(NobodyIsSilent):
        lapse_pushback(after(item, ada, withdraw_pushback(item, ada, 1)), clock(60), 1)


def silent(item: Item, now: Who) -> Item:
    """The item once whose its pushback is was reminded in vain."""
    item = after(item, DANA, answer_pushback(item, DANA, 1, text="It is not"))
    return after(item, now, remind_holder(item, now, 1))


def test_when_its_raiser_is_gone_it_becomes_that_of_who_joined_and_lapses_once_nobody_is_left() -> None:
    week, fortnight, later = (replace(clock(days), place=ADA.place) for days in (7, 14, 21))
    item = silent(joined(ZOE, YAN), week)
    outcome = lapse_pushback(item, fortnight, 1)
    due_at = NOW + timedelta(days=21)
    assert outcome.events == (PushbackReassigned(pushback=1, person_id=ZOE.person_id, due_at=due_at),)
    item = after(item, fortnight, outcome)
    assert (item.pushbacks[1].holder_id, item.pushbacks[1].joined_ids) == (ZOE.person_id, (YAN.person_id,))
    with refused(NobodyIsSilent):
        lapse_pushback(item, fortnight, 1)
    assert settle_pushback(item, ZOE, 1).events
    without_yan = replace(clock(28), place=tuple(g for g in ADA.place if g.person_id != YAN.person_id))
    item = after(item, later, remind_holder(item, later, 1))
    assert after(item, without_yan, lapse_pushback(item, without_yan, 1)).pushbacks[1].outcome is Outcome.LAPSED


@pytest.mark.parametrize(
    "narrowed",
    [{"is_service": True}, {"track": Track.TECHNICAL}, {"role": Role.OBSERVER}],
    ids=lambda by: next(iter(by)),
)
def test_it_becomes_that_of_nobody_who_could_not_speak_for_it(narrowed: dict[str, Any]) -> None:
    place = tuple(replace(g, **narrowed) if g.person_id == ZOE.person_id else g for g in ADA.place)
    ada = replace(ADA, place=place)
    assert withdraw_pushback(joined(ZOE), ada, 1).events == (PushbackWithdrawn(pushback=1),)
    with refused(NoRoleHere):
        reassign_pushback(raised(), ada, 1, person=Person(id=ZOE.person_id), why="On leave")


def test_it_may_be_put_before_arbiters_and_still_becomes_somebody_else_s() -> None:
    item = joined(ZOE)
    item = after(item, ADA, escalate_pushback(item, ADA, 1, why="In circles"))
    assert withdraw_pushback(item, ADA, 1).events == (PushbackReassigned(pushback=1, person_id=ZOE.person_id),)


@pytest.mark.parametrize("people", [(ZOE,), (ZOE, YAN)], ids=["one joined", "two did"])
def test_an_answer_settles_it_for_all(people: tuple[Who, ...]) -> None:
    item = joined(*people)
    item = after(item, DANA, answer_pushback(item, DANA, 1, text="It is not"))
    assert after(item, ADA, settle_pushback(item, ADA, 1)).pushbacks[1].outcome is Outcome.ANSWERED


def test_who_leaves_is_on_no_side() -> None:
    item = joined(PAULA)
    item = after(item, PAULA, leave_pushback(item, PAULA, 1))
    assert item.pushbacks[1].joined_ids == ()
    assert answer_pushback(item, PAULA, 1, text="It is not").events
    with refused(NotJoined):
        leave_pushback(item, PAULA, 1)
    with refused(NotJoined):
        leave_pushback(item, ADA, 1)


def test_who_takes_it_over_has_not_joined_any_more() -> None:
    item = joined(ZOE)
    item = after(item, ADA, reassign_pushback(item, ADA, 1, person=Person(id=ZOE.person_id), why="On leave"))
    assert (item.pushbacks[1].holder_id, item.pushbacks[1].joined_ids) == (ZOE.person_id, ())


def test_who_was_ever_on_its_side_does_not_rule_on_it() -> None:
    """Joining and leaving, or handing it on, would otherwise make an arbiter of a party."""
    left = after(joined(TOM), TOM, leave_pushback(joined(TOM), TOM, 1))
    handed = raised()
    for by, to in ((ADA, TOM), (TOM, YAN)):
        handed = after(handed, by, reassign_pushback(handed, by, 1, person=Person(id=to.person_id), why="On leave"))
    for item in (left, handed):
        escalated = after(item, ADA, escalate_pushback(item, ADA, 1, why="In circles"))
        with refused(ArbiterIsParty):
            rule_on_escalation(escalated, TOM, 1, ruling=Ruling.UPHELD, rationale="It is slow")
        assert rule_on_escalation(escalated, ZOE, 1, ruling=Ruling.UPHELD, rationale="It is slow").events


def test_nobody_seconds_an_emergency_over_a_pushback_of_their_own() -> None:
    item = joined(TOM)
    item = after(item, ADA, reassign_pushback(item, ADA, 1, person=Person(id=ZOE.person_id), why="On leave"))
    item = after(item, PAULA, propose_override(item, PAULA, 1, emergency=True, **RESTATED))
    for theirs in (ADA, ZOE, TOM):
        with refused(OwnPushback):
            second_emergency_override(item, theirs, 1)
    assert second_emergency_override(item, SAM, 1).events
