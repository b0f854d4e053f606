"""What becomes of pushbacks when the item goes, and what comes back."""

from typing import Final

import pytest

from domain.authority import Who
from domain.commands import COMMANDS
from domain.commands.item import withdraw_item
from domain.commands.pushbacks.pushback import raise_pushback
from domain.decision import Command
from domain.events import (
    EstimationRoundOpened,
    ItemWithdrawn,
    PushbackDebtDropped,
    PushbackMooted,
    PushbackOverridden,
    PushbackRaised,
    PushbackWithdrawn,
    QuestionAsked,
    SignOffGranted,
    SignOffRequested,
    SignOffVoided,
)
from domain.events.override import Understanding
from domain.events.people import Role
from domain.events.pushback import Reason, Stance
from domain.events.sign_off import Label
from domain.ids import PushbackId, thing_key
from domain.policy import Consensus
from domain.refusals import ItemIsWithdrawn, NotAuthorised, StillOpen, TextMissing, UnknownPushback
from domain.state.item import Item
from tests.given import ITEM_ID, Said, after, drafted, given, refused, who

ADA: Final = who("ada", Role.ARCHITECT)
DANA: Final = who("dana", Role.DEVELOPER)
PAULA: Final = who("paula", Role.PRODUCT_OWNER)
GUARDED: Final = [
    command for command in COMMANDS.values() if command.state is Item and not command.opens and command.allowed
]


def raised(ordinal: int, stance: Stance = Stance.ADVISORY) -> Said:
    return "ada", PushbackRaised(pushback=ordinal, revision=1, digest="d", stance=stance, reason=Reason.UNSORTED)


ENDED: Final = ("ada", PushbackWithdrawn(pushback=1))
SIGNED: Final = (
    "ada",
    SignOffGranted(sign_off=1, label=Label.READY, revision=1, digest_signed="d", section_digests={}),
)

REQUESTED: Final = (
    "ada",
    SignOffRequested(sign_off_request=1, label=Label.READY, revision=1, digest="d", person_id=PAULA.person_id),
)
OPENED: Final = (
    "paula",
    EstimationRoundOpened(
        round=1,
        revision=1,
        digest="d",
        electorate=(DANA.person_id,),
        scale=(1.0, 2.0),
        consensus=Consensus.UNANIMOUS,
        spread_max=1,
        refusals_to_stop=1,
    ),
)
ASKED: Final = ("ada", QuestionAsked(question=1, revision=1, routed_to=PAULA.person_id))


def the_item(*said: Said) -> Item:
    """What Dana drafted, and what was said about it."""
    return given(("dana", drafted()), *said)


@pytest.mark.parametrize("person", [DANA, PAULA], ids=["author", "owner of the track"])
def test_an_item_is_withdrawn_with_a_reason_and_what_is_open_on_it_is_moot(person: Who) -> None:
    item = the_item(raised(1), ENDED, raised(2), raised(3, Stance.BLOCKING))
    outcome = withdraw_item(item, person, why="Bought instead")
    assert outcome.events == (
        ItemWithdrawn(why="Bought instead"),
        PushbackMooted(pushback=2),
        PushbackMooted(pushback=3),
    )


def test_nobody_else_withdraws_an_item_and_nobody_without_a_reason() -> None:
    with refused(NotAuthorised):
        withdraw_item(the_item(), ADA, why="I do not like it")
    with refused(TextMissing):
        withdraw_item(the_item(), PAULA, why=" ")


@pytest.mark.parametrize("command", GUARDED, ids=lambda command: command.name)
@pytest.mark.parametrize("person", [ADA, DANA, PAULA], ids=["raiser", "author", "owner of the track"])
def test_only_its_history_is_left_of_a_withdrawn_item(person: Who, command: Command) -> None:
    item = the_item(
        raised(1), SIGNED, REQUESTED, ASKED, OPENED, ("paula", ItemWithdrawn()), ("paula", PushbackMooted(pushback=1))
    )
    assert command.allowed
    with refused(ItemIsWithdrawn):
        command.allowed(item, person, *((1,) if command.thing else ()))


def test_a_concern_may_say_that_it_is_an_earlier_one_again() -> None:
    item = the_item(raised(1), ENDED)
    (event,) = raise_pushback(item, ADA, statement="Again", recurrence_of=pushback(1)).events
    assert isinstance(event, PushbackRaised)
    assert (event.pushback, event.recurrence_of) == (2, 1)
    assert item.pushbacks[1] == the_item(raised(1), ENDED).pushbacks[1]


def test_only_what_has_ended_comes_back() -> None:
    with refused(StillOpen):
        raise_pushback(the_item(raised(1)), ADA, statement="Again", recurrence_of=pushback(1))


@pytest.mark.parametrize(
    "key",
    [PushbackId(""), PushbackId(thing_key("pbk", ITEM_ID, 2)), PushbackId(thing_key("rev", ITEM_ID, 1)),
     PushbackId("pbk_" + "0" * 26 + "_1")],
    ids=["malformed", "never raised", "a revision", "another item's"],
)  # fmt: skip
def test_only_a_pushback_on_the_same_item_comes_back(key: PushbackId) -> None:
    with refused(UnknownPushback) as refusal:
        raise_pushback(the_item(raised(1), ENDED), ADA, statement="Again", recurrence_of=key)
    assert refusal.value.path == "recurrenceOf"


def pushback(ordinal: int) -> PushbackId:
    return PushbackId(thing_key("pbk", ITEM_ID, ordinal))


def test_what_is_owed_after_an_end_is_owed_no_more() -> None:
    urgent = PushbackOverridden(
        pushback=1, understanding=Understanding.NO_REPLY, proposer_id=PAULA.person_id, seconder_id=ADA.person_id
    )
    item = given(("dana", drafted()), raised(1), ("ada", urgent))
    outcome = withdraw_item(item, DANA, why="Bought instead")
    assert outcome.events == (ItemWithdrawn(why="Bought instead"), PushbackDebtDropped(pushback=1))
    assert not after(item, DANA, outcome).owing


def test_no_sign_off_of_a_withdrawn_item_is_left_to_expire() -> None:
    item = the_item(SIGNED)
    outcome = withdraw_item(item, PAULA, why="Bought instead")
    voided = SignOffVoided(sign_off=1, by_revision=1, changed_sections=(), rule="withdrawn-item-voids/1")
    assert voided in outcome.events
    assert not after(item, PAULA, outcome).sign_offs[1].is_live
