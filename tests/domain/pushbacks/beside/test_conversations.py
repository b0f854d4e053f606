"""Conversations held elsewhere: they are noted, confirmed or disputed, and move nothing by themselves."""

from datetime import timedelta
from typing import Any, Final

import pytest
from msgspec.structs import replace

from domain.authority import Who
from domain.commands.pushbacks.conversation import confirm_conversation, dispute_conversation, note_conversation
from domain.commands.pushbacks.escalation import escalate_pushback
from domain.commands.pushbacks.hold import place_hold
from domain.commands.pushbacks.override import propose_override
from domain.commands.pushbacks.pushback import answer_pushback, settle_pushback
from domain.commands.pushbacks.silence import lapse_pushback, remind_holder
from domain.decision import NAMED_MAX
from domain.entry import ActorKind
from domain.events import ConversationConfirmed, ConversationDisputed, ConversationNoted
from domain.events.item import Track
from domain.events.people import Role
from domain.ids import PersonId
from domain.refusals import (
    AlreadyTerminal,
    NobodyIsSilent,
    NoRoleHere,
    NotHeldYet,
    NothingToConfirm,
    TalkedAlone,
    TooManyNamed,
    UnknownConversation,
    UnknownPerson,
)
from domain.state.item import Item
from domain.state.person import Person
from tests.domain.pushbacks.test_escalation import ADA, DANA, PAULA, SAM, ZOE, the_item
from tests.domain.pushbacks.test_override import clock
from tests.given import NOW, after, drafted, given, person_id, refused, together, who

HOUR: Final = timedelta(hours=1)


def noted(item: Item | None = None, by: Who = DANA, *others: Who) -> Item:
    item = the_item() if item is None else item
    there = tuple(Person(id=one.person_id) for one in others or (ADA,))
    return after(item, by, note_conversation(item, by, 1, participants=there, summary="Ten a second is enough"))


def open_states() -> dict[str, Item]:
    """An item with its pushback in each state in which it has not ended."""
    fresh = given(("dana", drafted()))
    answered = after(the_item(), DANA, answer_pushback(the_item(), DANA, 1, text="Ten"))
    restated: dict[str, Any] = {"concern_restated": "Slow", "rationale": "The law"}
    return {
        "held": after(fresh, ADA, place_hold(fresh, ADA, statement="Is it slow?")),
        "open": the_item(),
        "answered": answered,
        "override pending": after(the_item(), PAULA, propose_override(the_item(), PAULA, 1, **restated)),
        "escalated": after(the_item(), ADA, escalate_pushback(the_item(), ADA, 1, why="In circles")),
    }


def test_one_who_was_there_notes_who_else_was_and_what_was_said() -> None:
    there = tuple(Person(id=one.person_id) for one in (ADA, DANA, SAM, ADA))
    outcome = note_conversation(the_item(), DANA, 1, participants=there, summary="Ten", held_at=NOW - HOUR)
    everybody = (DANA.person_id, ADA.person_id, SAM.person_id)
    assert outcome.events == (
        ConversationNoted(pushback=1, conversation=1, participants=everybody, held_at=NOW - HOUR, summary="Ten"),
    )
    assert noted(noted()).pushbacks[1].conversations == (frozenset({ADA.person_id}),) * 2


@pytest.mark.parametrize("state", open_states())
def test_it_moves_nothing_whatever_the_pushback_waits_for(state: str) -> None:
    item = open_states()[state]
    for by, other in ((DANA, ADA), (ADA, DANA), (SAM, ADA)):
        talked = noted(item, by, other)
        talked = after(talked, other, confirm_conversation(talked, other, 1, conversation=1))
        was, now = item.pushbacks[1], talked.pushbacks[1]
        assert replace(now, conversations=(), silence=None) == replace(was, silence=None)
        assert (now.silence is None) == (was.silence is None)
        assert talked.blocks == item.blocks


def test_what_cannot_be_noted() -> None:
    said: dict[str, Any] = {"summary": "Ten"}
    with refused(TalkedAlone):
        note_conversation(the_item(), DANA, 1, participants=(Person(id=DANA.person_id),), **said)
    with refused(UnknownPerson):
        note_conversation(the_item(), DANA, 1, participants=(Person(),), **said)
    with refused(NoRoleHere):
        note_conversation(the_item(), DANA, 1, participants=(Person(id=person_id("stranger")),), **said)
    with refused(TooManyNamed):
        there = tuple(Person(id=person_id(str(number))) for number in range(NAMED_MAX + 1))
        note_conversation(the_item(), DANA, 1, participants=there, **said)
    with refused(NotHeldYet):
        there = (Person(id=ADA.person_id),)
        note_conversation(the_item(), DANA, 1, participants=there, held_at=NOW + HOUR, **said)


def test_the_others_say_once_whether_it_was_so() -> None:
    item = noted(None, DANA, ADA, SAM)
    outcome = confirm_conversation(item, ADA, 1, conversation=1)
    assert outcome.events == (ConversationConfirmed(pushback=1, conversation=1),)
    item = after(item, ADA, outcome)
    disputed = dispute_conversation(item, SAM, 1, conversation=1, text="Twenty")
    assert disputed.events == (ConversationDisputed(pushback=1, conversation=1, text="Twenty"),)
    for by in (ADA, DANA, ZOE):
        with refused(NothingToConfirm):
            confirm_conversation(item, by, 1, conversation=1)


def test_a_conversation_is_named_by_its_number() -> None:
    item = noted(noted(), DANA, ZOE)
    with refused(UnknownConversation):
        confirm_conversation(item, ADA, 1, conversation=3)
    with refused(NothingToConfirm):
        confirm_conversation(item, ADA, 1, conversation=2)
    assert confirm_conversation(item, ZOE, 1, conversation=2).events


def test_a_holder_who_talks_is_not_silent() -> None:
    item = open_states()["answered"]
    item = after(item, clock(7), remind_holder(item, clock(7), 1))
    by = replace(ADA, now=NOW + timedelta(days=10))
    talked = noted(item, by, DANA)
    with refused(NobodyIsSilent):
        lapse_pushback(talked, clock(60), 1)
    asked = noted(item, DANA, ADA)
    assert lapse_pushback(asked, clock(14), 1).events, "what the other side notes gives no more time"
    confirmed = after(asked, by, confirm_conversation(asked, by, 1, conversation=1))
    with refused(NobodyIsSilent):
        lapse_pushback(confirmed, clock(60), 1)


def test_nothing_is_noted_once_it_has_ended() -> None:
    item = noted(open_states()["answered"])
    item = after(item, ADA, settle_pushback(item, ADA, 1))
    there = (Person(id=PersonId(ADA.person_id)),)
    with refused(AlreadyTerminal):
        note_conversation(item, DANA, 1, participants=there, summary="Ten")


def test_what_was_noted_is_confirmed_or_disputed_also_after_the_end() -> None:
    """Otherwise who notes something and ends the pushback right after would have the last word on it."""
    item = noted(noted(open_states()["answered"]))
    ended = after(item, ADA, settle_pushback(item, ADA, 1))
    told = after(ended, ADA, dispute_conversation(ended, ADA, 1, conversation=1, text="Twenty"))
    told = after(told, ADA, confirm_conversation(told, ADA, 1, conversation=2))
    assert told.pushbacks[1] == replace(ended.pushbacks[1], conversations=(frozenset(), frozenset()))


def test_nobody_is_named_who_could_not_say_whether_it_was_so() -> None:
    bot = who("bot", Role.DEVELOPER, kind=ActorKind.SERVICE)
    olga, tess = who("olga", Role.OBSERVER), who("tess", Role.DEVELOPER)
    tess = replace(tess, grants=tuple(replace(grant, track=Track.TECHNICAL) for grant in tess.grants))
    (dana, *_) = together(DANA, bot, olga, tess)
    for other in (bot, olga, tess):
        with refused(NoRoleHere):
            note_conversation(the_item(), dana, 1, participants=(Person(id=other.person_id),), summary="Ten")
