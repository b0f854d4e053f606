"""Pushing back: two sides, whose turn it is, and outcomes that never change."""

from collections.abc import Callable
from datetime import timedelta
from typing import Final

import pytest
from msgspec.structs import replace

from domain.authority import Who
from domain.commands.pushbacks.pushback import (
    answer_pushback,
    concede_pushback,
    raise_pushback,
    reject_answer,
    settle_pushback,
    sort_pushback,
    withdraw_pushback,
)
from domain.decision import Decided
from domain.entry import ActorKind
from domain.events import (
    ItemRevised,
    PushbackAnswered,
    PushbackClaimedAddressed,
    PushbackConceded,
    PushbackRaised,
    PushbackReasonSorted,
    PushbackResponded,
    PushbackSettledByRevision,
    PushbackWithdrawn,
)
from domain.events.item import ChangeKind
from domain.events.people import Role
from domain.events.pushback import Reason, Stance
from domain.ids import RevisionId, thing_key
from domain.refusals import (
    ItemSideOnly,
    LiftsWhenRequired,
    NotAuthorised,
    NothingChanged,
    NothingToSettle,
    NotLaterRevision,
    OwnItem,
    OwnPushback,
    RaiserOnly,
    ServiceCannotDecide,
    StaleDigest,
    TextMissing,
    UnknownItem,
    UnknownRevision,
)
from domain.state.item import Item
from domain.state.pushback import Phase
from tests.given import ITEM_ID, NOW, Said, after, drafted, given, refused, who

REMINDED_AT: Final = NOW + timedelta(days=7)
ADA: Final = who("ada", Role.ARCHITECT)
PAULA: Final = who("paula", Role.PRODUCT_OWNER)
DANA: Final = who("dana", Role.DEVELOPER)
DIRK: Final = who("dirk", Role.DEVELOPER)
BOT: Final = who("bot", Role.DEVELOPER, kind=ActorKind.SERVICE)
BY_ADA: Final = (
    "ada",
    PushbackRaised(pushback=1, revision=1, digest="d", stance=Stance.ADVISORY, reason=Reason.UNSORTED),
)
REVISED: Final = (
    "dana",
    ItemRevised(
        revision=2, change_kind=ChangeKind.SUBSTANTIVE, changed_sections=("why",), section_digests={}, digest="d2"
    ),
)
RESPONDED: Final = ("paula", PushbackResponded(pushback=1))
CLAIMED: Final = ("paula", PushbackClaimedAddressed(pushback=1, revision=2))


def the_item(*said: Said) -> Item:
    """What Dana drafted, and what was said about it."""
    return given(("dana", drafted()), *said)


def revision(number: int) -> RevisionId:
    return RevisionId(thing_key("rev", ITEM_ID, number))


def test_one_sentence_is_enough_to_push_back() -> None:
    item = the_item()
    (event,) = raise_pushback(item, ADA, statement="This couples checkout to the ledger").events
    assert event == PushbackRaised(
        pushback=1,
        revision=1,
        digest=item.digest,
        stance=Stance.ADVISORY,
        reason=Reason.UNSORTED,
        statement="This couples checkout to the ledger",
    )


def test_pushbacks_are_numbered_and_remember_who_raised_them() -> None:
    item = the_item(BY_ADA)
    item = after(item, DIRK, raise_pushback(item, DIRK, statement="Too large"))
    assert {ordinal: pushback.raiser_id for ordinal, pushback in item.pushbacks.items()} == {
        1: ADA.person_id,
        2: DIRK.person_id,
    }


@pytest.mark.parametrize("statement", ["", " \n"])
def test_a_pushback_says_something(statement: str) -> None:
    with refused(TextMissing):
        raise_pushback(the_item(), ADA, statement=statement)


@pytest.mark.parametrize("lifts_when", [None, "", "  "])
def test_a_block_says_what_would_lift_it(lifts_when: str | None) -> None:
    with refused(LiftsWhenRequired) as raised:
        raise_pushback(the_item(), ADA, statement="No", stance=Stance.BLOCKING, lifts_when=lifts_when)
    assert raised.value.path == "liftsWhen"


def test_a_block_stops_the_item_until_it_ends() -> None:
    item = the_item()
    item = after(item, ADA, raise_pushback(item, ADA, statement="No", stance=Stance.BLOCKING, lifts_when="a queue"))
    assert item.blocks == (1,)
    assert after(item, ADA, withdraw_pushback(item, ADA, 1)).blocks == ()


def test_a_scrum_master_speaks_but_does_not_block() -> None:
    sam = who("sam", Role.SCRUM_MASTER)
    raise_pushback(the_item(), sam, statement="Too late for this sprint")
    with refused(NotAuthorised):
        raise_pushback(the_item(), sam, statement="No", stance=Stance.BLOCKING, lifts_when="later")


def test_a_service_speaks_but_does_not_block_and_takes_back_what_it_said() -> None:
    item = the_item()
    item = after(item, BOT, raise_pushback(item, BOT, statement="No criteria"))
    assert withdraw_pushback(item, BOT, 1).events == (PushbackWithdrawn(pushback=1),)
    with refused(ServiceCannotDecide):
        raise_pushback(item, BOT, statement="No", stance=Stance.BLOCKING, lifts_when="criteria")


def test_nobody_pushes_back_on_their_own_item() -> None:
    with refused(OwnItem):
        raise_pushback(the_item(), DANA, statement="Hm")


def test_who_says_what_they_saw_is_told_when_it_has_changed() -> None:
    item = the_item()
    assert raise_pushback(item, ADA, statement="No", expected_digest=item.digest)
    with refused(StaleDigest):
        raise_pushback(item, ADA, statement="No", expected_digest="0" * 64)


def test_an_item_that_does_not_exist_is_unknown() -> None:
    with refused(UnknownItem):
        raise_pushback(Item(), ADA, statement="No")


@pytest.mark.parametrize("person", [DANA, PAULA], ids=["author", "owner of the track"])
def test_the_item_s_side_answers_and_the_turn_is_the_raiser_s(person: Who) -> None:
    item = the_item(BY_ADA)
    outcome = answer_pushback(item, person, 1, text="It does not")
    assert outcome.events == (PushbackResponded(pushback=1, due_at=REMINDED_AT, text="It does not"),)
    assert given(("dana", drafted()), BY_ADA, RESPONDED).pushbacks[1].phase is Phase.RESPONDED


@pytest.mark.parametrize("command", [
    lambda item, person: answer_pushback(item, person, 1, text="No"),
    lambda item, person: concede_pushback(item, person, 1, consequence="We will split it"),
])  # fmt: skip
def test_nobody_else_answers_or_concedes(command: Callable[..., Decided]) -> None:
    item = the_item(BY_ADA)
    with refused(ItemSideOnly) as raised:
        command(item, DIRK)
    assert raised.value.who_could == (Role.PRODUCT_OWNER,)
    with refused(OwnPushback):
        command(item, ADA)
    with refused(ServiceCannotDecide):
        command(item, replace(PAULA, kind=ActorKind.SERVICE))


def test_an_owner_who_raised_it_is_not_the_other_side_as_well() -> None:
    item = the_item()
    item = after(item, PAULA, raise_pushback(item, PAULA, statement="What for?"))
    with refused(OwnPushback):
        concede_pushback(item, PAULA, 1, consequence="I am right")
    assert answer_pushback(item, DANA, 1, text="For readers")


def test_an_answer_may_name_the_revision_that_fixes_it() -> None:
    item = the_item(BY_ADA, REVISED)
    outcome = answer_pushback(item, DANA, 1, text="Decoupled", fixed_in=revision(2))
    assert outcome.events == (PushbackClaimedAddressed(pushback=1, revision=2, due_at=REMINDED_AT, text="Decoupled"),)


def test_only_a_later_revision_fixes_a_concern() -> None:
    with refused(NotLaterRevision):
        answer_pushback(the_item(BY_ADA, REVISED), DANA, 1, text="It says so", fixed_in=revision(1))


@pytest.mark.parametrize(
    "fixed_in",
    [revision(3), RevisionId("rev_"), RevisionId(thing_key("pbk", ITEM_ID, 2)), RevisionId("rev_" + "0" * 26 + "_2")],
    ids=["not made yet", "malformed", "a pushback", "another item's"],
)
def test_a_revision_that_is_not_the_item_s_is_unknown(fixed_in: RevisionId) -> None:
    with refused(UnknownRevision) as raised:
        answer_pushback(the_item(BY_ADA, REVISED), DANA, 1, text="Done", fixed_in=fixed_in)
    assert raised.value.path == "fixedIn"


def test_the_raiser_settles_what_was_answered_or_what_a_revision_addresses() -> None:
    assert settle_pushback(the_item(BY_ADA, RESPONDED), ADA, 1).events == (PushbackAnswered(pushback=1),)
    settled = PushbackSettledByRevision(pushback=1, revision=2)
    assert settle_pushback(the_item(BY_ADA, REVISED, CLAIMED), ADA, 1).events == (settled,)
    assert settle_pushback(the_item(BY_ADA, REVISED, CLAIMED, RESPONDED), ADA, 1).events == (
        PushbackAnswered(pushback=1),
    )


def test_the_raiser_says_why_it_is_not_settled_and_the_turn_goes_back() -> None:
    item = the_item(BY_ADA, RESPONDED)
    item = after(item, ADA, reject_answer(item, ADA, 1, why="Still coupled"))
    assert item.pushbacks[1].phase is Phase.OPEN
    with refused(NothingToSettle):
        settle_pushback(item, ADA, 1)
    with refused(TextMissing):
        reject_answer(the_item(BY_ADA, RESPONDED), ADA, 1, why=" ")


@pytest.mark.parametrize(
    "command",
    [
        lambda item, person: settle_pushback(item, person, 1),
        lambda item, person: reject_answer(item, person, 1, why="No"),
        lambda item, person: withdraw_pushback(item, person, 1),
    ],
    ids=["settle", "reject", "withdraw"],
)
@pytest.mark.parametrize("person", [PAULA, DANA, DIRK, who("zoe", Role.ARCHITECT)], ids=["PO", "author", "dev", "arch"])
def test_only_the_raiser_says_whether_a_concern_is_still_one(command: Callable[..., Decided], person: Who) -> None:
    with refused(RaiserOnly):
        command(the_item(BY_ADA, RESPONDED), person)


def test_there_is_nothing_to_settle_before_an_answer() -> None:
    with refused(NothingToSettle):
        settle_pushback(the_item(BY_ADA), ADA, 1)


def test_conceding_says_what_follows() -> None:
    item = the_item(BY_ADA)
    outcome = concede_pushback(item, PAULA, 1, consequence="We will split it")
    assert outcome.events == (PushbackConceded(pushback=1, consequence="We will split it"),)
    with refused(TextMissing):
        concede_pushback(item, PAULA, 1, consequence="")


def test_either_side_sorts_what_is_unsorted_and_later_only_the_raiser_corrects_it() -> None:
    item = the_item(BY_ADA)
    outcome = sort_pushback(item, PAULA, 1, reason=Reason.TOO_LARGE)
    assert outcome.events == (PushbackReasonSorted(pushback=1, reason=Reason.TOO_LARGE),)
    item = after(item, PAULA, outcome)
    with refused(RaiserOnly):
        sort_pushback(item, PAULA, 1, reason=Reason.OTHER)
    assert sort_pushback(item, ADA, 1, reason=Reason.NOT_FEASIBLE)
    with refused(NothingChanged):
        sort_pushback(item, ADA, 1, reason=Reason.TOO_LARGE)
    with refused(ItemSideOnly):
        sort_pushback(item, DIRK, 1, reason=Reason.OTHER)
