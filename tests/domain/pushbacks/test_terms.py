"""Whose pushback it is may change its words, its stance and its holder; it stays the same pushback."""

from collections.abc import Callable
from typing import Any, Final

import pytest
from msgspec.structs import replace

from domain.authority import Grant, Who
from domain.commands.pushbacks.pushback import answer_pushback, concede_pushback, settle_pushback, withdraw_pushback
from domain.commands.pushbacks.terms import amend_pushback, change_stance, reassign_pushback
from domain.decision import Decided
from domain.entry import ActorKind
from domain.events import (
    PushbackAmended,
    PushbackRaised,
    PushbackReassigned,
    PushbackResponded,
    PushbackStanceChanged,
    PushbackWithdrawn,
)
from domain.events.people import Role
from domain.events.pushback import CATEGORY_OF, Reason, ReasonCategory, ResponseKind, Stance
from domain.ids import RevisionId, thing_key
from domain.refusals import (
    AlreadyTerminal,
    LiftsWhenRequired,
    NoRoleHere,
    NotAuthorised,
    NothingChanged,
    OnlyAnAnswerFixes,
    OwnItem,
    OwnPushback,
    RaiserOnly,
    ServiceCannotDecide,
    TextMissing,
    UnknownPerson,
)
from domain.state.item import Item
from domain.state.person import Person
from tests.domain.pushbacks.test_rules import REMINDED_AT
from tests.given import ITEM_ID, NOW, Said, after, drafted, given, person_id, refused, who

ADA: Final = who("ada", Role.ARCHITECT)
ZOE: Final = who("zoe", Role.ARCHITECT)
DANA: Final = who("dana", Role.DEVELOPER)
PAULA: Final = who("paula", Role.PRODUCT_OWNER)
SAM: Final = who("sam", Role.SCRUM_MASTER)
BOT: Final = who("bot", Role.DEVELOPER, kind=ActorKind.SERVICE)
PLACE: Final = (*ADA.grants, *ZOE.grants, *DANA.grants, *PAULA.grants, *SAM.grants)
GONE: Final[Grant] = replace(ZOE.grants[0], person_id=person_id("gone"), ends_at=NOW)
HERE: Final = replace(ADA, place=(*PLACE, GONE))
"""Ada, who sees whoever else has a role here."""


def raised_by(name: str, stance: Stance = Stance.ADVISORY) -> Said:
    return name, PushbackRaised(pushback=1, revision=1, digest="d", stance=stance, reason=Reason.UNSORTED)


def the_item(*said: Said, stance: Stance = Stance.ADVISORY) -> Item:
    """What Dana drafted, Ada's pushback on it, and what else was said."""
    return given(("dana", drafted()), raised_by("ada", stance), *said)


def person(name: str) -> Person:
    return Person(id=person_id(name))


@pytest.mark.parametrize(
    ("said", "amended"),
    [
        ({"statement": "It is slow"}, ("statement",)),
        ({"lifts_when": "Measured"}, ("lifts_when",)),
        ({"statement": "It is slow", "lifts_when": "Measured"}, ("statement", "lifts_when")),
    ],
)
def test_a_pushback_may_be_said_in_other_words_and_says_which_changed(
    said: dict[str, Any], amended: tuple[str, ...]
) -> None:
    outcome = amend_pushback(the_item(), ADA, 1, why="Clearer", **said)
    assert outcome.events == (PushbackAmended(pushback=1, amended=amended, why="Clearer", **said),)


def test_amending_says_something_and_why() -> None:
    with refused(NothingChanged):
        amend_pushback(the_item(), ADA, 1, why="Hm", statement=" ")
    with refused(TextMissing):
        amend_pushback(the_item(), ADA, 1, why="", statement="It is slow")


def test_a_concern_becomes_a_block_with_what_would_lift_it() -> None:
    item = the_item()
    outcome = change_stance(item, ADA, 1, stance=Stance.BLOCKING, why="It is the law", lifts_when="Volumes")
    assert outcome.events == (
        PushbackStanceChanged(pushback=1, stance=Stance.BLOCKING, why="It is the law"),
        PushbackAmended(pushback=1, amended=("lifts_when",), lifts_when="Volumes", why="It is the law"),
    )
    assert after(item, ADA, outcome).blocks == (1,)
    for missing in (None, " "):
        with refused(LiftsWhenRequired):
            change_stance(item, ADA, 1, stance=Stance.BLOCKING, why="It is the law", lifts_when=missing)


def test_a_block_may_be_taken_off_and_the_concern_stays() -> None:
    item = the_item(stance=Stance.BLOCKING)
    outcome = change_stance(item, ADA, 1, stance=Stance.ADVISORY, why="Small enough")
    assert outcome.events == (PushbackStanceChanged(pushback=1, stance=Stance.ADVISORY, why="Small enough"),)
    item = after(item, ADA, outcome)
    assert item.blocks == ()
    assert item.pushbacks[1].is_open
    with refused(NothingChanged):
        change_stance(item, ADA, 1, stance=Stance.ADVISORY, why="Small enough")


def test_only_who_may_block_makes_a_block_of_it() -> None:
    for name, actor, refusal in (("sam", SAM, NotAuthorised), ("bot", BOT, ServiceCannotDecide)):
        with refused(refusal):
            item = given(("dana", drafted()), raised_by(name))
            change_stance(item, actor, 1, stance=Stance.BLOCKING, why="No", lifts_when="Later")


def test_a_pushback_is_handed_to_somebody_with_a_role_here_who_settles_it_from_then_on() -> None:
    item = the_item(("dana", PushbackResponded(pushback=1)))
    outcome = reassign_pushback(item, HERE, 1, person=person("zoe"), why="I leave")
    assert outcome.events == (PushbackReassigned(pushback=1, person_id=ZOE.person_id, why="I leave"),)
    item = after(item, ADA, outcome)
    assert (item.pushbacks[1].raiser_id, item.pushbacks[1].holder_id) == (ADA.person_id, ZOE.person_id)
    assert settle_pushback(item, ZOE, 1)
    assert withdraw_pushback(item, ZOE, 1)
    with refused(RaiserOnly):
        settle_pushback(item, ADA, 1)


@pytest.mark.parametrize(
    ("receiver", "refusal"),
    [
        (Person(), UnknownPerson),
        (person("ada"), NothingChanged),
        (person("dana"), OwnItem),
        (person("stranger"), NoRoleHere),
        (person("gone"), NoRoleHere),
    ],
    ids=["unknown", "the holder", "the author", "without a role", "whose role has ended"],
)
def test_not_everybody_can_take_a_pushback_over(receiver: Person, refusal: Any) -> None:
    with refused(refusal) as raised:
        reassign_pushback(the_item(), HERE, 1, person=receiver, why="I leave")
    assert raised.value.path == "person"


def test_nobody_answers_what_they_raised_or_took_over() -> None:
    handed = ("paula", PushbackReassigned(pushback=1, person_id=ADA.person_id))
    item = given(("dana", drafted()), raised_by("paula"), handed)
    with refused(OwnPushback):
        answer_pushback(item, PAULA, 1, text="Indeed")
    handed = ("ada", PushbackReassigned(pushback=1, person_id=PAULA.person_id))
    with refused(OwnPushback):
        concede_pushback(the_item(handed), PAULA, 1, consequence="I am right")


CHANGES: Final[list[Callable[[Item, Who], Decided]]] = [
    lambda item, actor: amend_pushback(item, actor, 1, why="Clearer", statement="It is slow"),
    lambda item, actor: change_stance(item, actor, 1, stance=Stance.BLOCKING, why="No", lifts_when="Volumes"),
    lambda item, actor: reassign_pushback(item, actor, 1, person=person("zoe"), why="I leave"),
]


@pytest.mark.parametrize("change", CHANGES, ids=["amend", "stance", "reassign"])
def test_nobody_else_changes_it_and_nobody_once_it_has_ended(change: Callable[[Item, Who], Decided]) -> None:
    for actor in (DANA, PAULA, ZOE):
        with refused(RaiserOnly):
            change(the_item(), replace(actor, place=PLACE))
    with refused(AlreadyTerminal):
        change(the_item(("ada", PushbackWithdrawn(pushback=1))), HERE)


def test_an_answer_may_be_a_counter_proposal_or_ask_for_information() -> None:
    for kind in ResponseKind:
        outcome = answer_pushback(the_item(), DANA, 1, text="Per day?", kind=kind)
        assert outcome.events == (PushbackResponded(pushback=1, kind=kind, due_at=REMINDED_AT, text="Per day?"),)


def test_only_an_answer_names_the_revision_that_fixes_it() -> None:
    fixed = RevisionId(thing_key("rev", ITEM_ID, 1))
    with refused(OnlyAnAnswerFixes):
        answer_pushback(the_item(), DANA, 1, text="Or so", kind=ResponseKind.COUNTER_PROPOSAL, fixed_in=fixed)


def test_every_reason_has_one_category_and_every_category_a_reason() -> None:
    assert set(CATEGORY_OF) == set(Reason)
    assert set(CATEGORY_OF.values()) == set(ReasonCategory)
