"""Signing exactly what was shown, and what a revision does to it."""

from typing import Final

import pytest
from msgspec.structs import replace

from domain.authority import Power, Who
from domain.commands.item import revise_item
from domain.commands.sign_offs.ending import revoke_sign_off
from domain.commands.sign_offs.granting import grant_sign_off
from domain.commands.sign_offs.powers import may_sign
from domain.entry import ActorKind
from domain.events import (
    PushbackRaised,
    QuorumReached,
    SignOffCarriedForward,
    SignOffGranted,
    SignOffRevoked,
    SignOffSuperseded,
    SignOffVoided,
)
from domain.events.item import Track
from domain.events.people import Role
from domain.events.pushback import Reason, Stance
from domain.events.sign_off import Label
from domain.ids import thing_key
from domain.refusals import (
    AlreadySigned,
    NotAuthorised,
    NotLive,
    OpenBlockingPushback,
    ServiceCannotDecide,
    SignerOnly,
    StaleDigest,
    TextMissing,
    UnknownItem,
    UnknownSignOff,
)
from domain.state.item import Item
from tests.given import ITEM_ID, Said, after, drafted, given, refused, who

PAULA: Final = who("paula", Role.PRODUCT_OWNER)
TOM: Final = who("tom", Role.TECHNICAL_PRODUCT_OWNER)
ADA: Final = who("ada", Role.ARCHITECT)


def the_item(*said: Said) -> Item:
    return given(("dana", drafted()), *said)


def signed(item: Item, person: Who = PAULA, label: Label = Label.ACCEPTANCE) -> Item:
    outcome = grant_sign_off(item, person, label=label, expected_digest=item.digest)
    return after(item, person, outcome)


def live(item: Item) -> list[int]:
    return [ordinal for ordinal, sign_off in item.sign_offs.items() if sign_off.is_live]


def test_a_sign_off_says_exactly_what_was_signed() -> None:
    item = the_item()
    outcome = grant_sign_off(item, PAULA, label=Label.ACCEPTANCE, expected_digest=item.digest, statement="As agreed")
    granted = SignOffGranted(
        sign_off=1,
        label=Label.ACCEPTANCE,
        revision=1,
        digest_signed=item.digest,
        section_digests=dict(item.section_digests),
        needed=1,
        statement="As agreed",
    )
    enough = QuorumReached(label=Label.ACCEPTANCE, revision=1, digest=item.digest, sign_offs=(1,), needed=1)
    assert outcome == (PAULA.by(Power.OWN_FUNCTIONAL_ITEMS), (granted, enough))


def test_only_the_current_digest_can_be_signed() -> None:
    item = the_item()
    with refused(StaleDigest) as raised:
        grant_sign_off(item, PAULA, label=Label.ACCEPTANCE, expected_digest="0" * 64)
    assert raised.value.current == item.digest


def test_nothing_is_signed_over_an_open_block() -> None:
    block = PushbackRaised(pushback=1, revision=1, digest="d", stance=Stance.BLOCKING, reason=Reason.OTHER)
    item = the_item(("ada", block))
    with refused(OpenBlockingPushback) as raised:
        signed(item)
    assert raised.value.unmet == (thing_key("pbk", ITEM_ID, 1),)


def test_nobody_is_offered_to_sign_over_an_open_block() -> None:
    block = PushbackRaised(pushback=1, revision=1, digest="d", stance=Stance.BLOCKING, reason=Reason.OTHER)
    assert may_sign(the_item(), PAULA) == PAULA.by(Power.SIGN_READY)
    with refused(OpenBlockingPushback) as raised:
        may_sign(the_item(("ada", block)), PAULA)
    assert raised.value.unmet == (thing_key("pbk", ITEM_ID, 1),)


def test_advice_does_not_stop_a_sign_off() -> None:
    advice = PushbackRaised(pushback=1, revision=1, digest="d", stance=Stance.ADVISORY, reason=Reason.OTHER)
    assert live(signed(the_item(("ada", advice)))) == [1]


def test_a_substantive_revision_voids_every_live_sign_off_and_says_so_for_each() -> None:
    item = signed(signed(the_item()), ADA, Label.ARCHITECTURE)
    outcome = revise_item(item, PAULA, expected_digest=item.digest, title="Pay by any card")
    voided = [
        SignOffVoided(sign_off=n, by_revision=2, changed_sections=("title",), rule="substantive-revision-voids/1")
        for n in (1, 2)
    ]
    assert outcome.events[1:] == tuple(voided)
    assert live(after(item, PAULA, outcome)) == []


def test_an_editorial_revision_carries_every_live_sign_off_and_leaves_what_was_signed_as_it_is() -> None:
    item = signed(the_item())
    outcome = revise_item(item, PAULA, expected_digest=item.digest, editorial=True, title="Pay by any card")
    carried = after(item, PAULA, outcome)
    event = SignOffCarriedForward(
        sign_off=1, revision=2, digest_covered=carried.digest, rule="editorial-revision-carries/1"
    )
    assert outcome.events[1:] == (event,)
    assert live(carried) == [1]
    assert carried.sign_offs[1].digest_signed == item.digest


def test_what_has_ended_is_neither_voided_nor_carried_again() -> None:
    item = signed(the_item())
    item = after(item, PAULA, revise_item(item, PAULA, expected_digest=item.digest, title="Pay"))
    for is_editorial in (True, False):
        outcome = revise_item(item, PAULA, expected_digest=item.digest, editorial=is_editorial, title="Pay now")
        assert len(outcome.events) == 1


def test_a_carried_sign_off_can_be_given_anew_and_takes_the_place_of_the_old_one() -> None:
    item = signed(the_item())
    item = after(item, PAULA, revise_item(item, PAULA, expected_digest=item.digest, editorial=True, title="Pay now"))
    outcome = grant_sign_off(item, PAULA, label=Label.ACCEPTANCE, expected_digest=item.digest)
    assert outcome.events[1:] == (SignOffSuperseded(sign_off=1, by_sign_off=2),)
    assert live(after(item, PAULA, outcome)) == [2]


def test_the_same_is_not_signed_twice_by_one_person_under_one_label() -> None:
    item = signed(the_item())
    with refused(AlreadySigned):
        signed(item)
    assert live(signed(item, who("petra", Role.PRODUCT_OWNER))) == [1, 2]
    assert live(signed(item, PAULA, Label.READY)) == [1, 2]


def test_what_was_voided_or_taken_back_can_be_signed_again() -> None:
    item = signed(the_item())
    item = after(item, PAULA, revoke_sign_off(item, PAULA, 1, why="Too early"))
    assert live(signed(item)) == [2]


def test_the_signer_takes_a_sign_off_back_and_says_why() -> None:
    item = signed(the_item())
    outcome = revoke_sign_off(item, PAULA, 1, why="Too early")
    assert outcome.events == (SignOffRevoked(sign_off=1, why="Too early"),)
    with refused(TextMissing):
        revoke_sign_off(item, PAULA, 1, why=" ")
    with refused(SignerOnly):
        revoke_sign_off(item, who("petra", Role.PRODUCT_OWNER), 1, why="No")
    with refused(NotLive):
        revoke_sign_off(after(item, PAULA, outcome), PAULA, 1, why="Again")
    with refused(UnknownSignOff):
        revoke_sign_off(item, PAULA, 2, why="No")


@pytest.mark.parametrize("label", Label)
def test_a_service_signs_nothing_and_takes_nothing_back(label: Label) -> None:
    item = the_item()
    for role in Role:
        bot = who("bot", role, kind=ActorKind.SERVICE)
        with refused(ServiceCannotDecide):
            signed(item, bot, label)
        with refused(ServiceCannotDecide):
            may_sign(item, bot)
    item = signed(item)
    with refused(ServiceCannotDecide):
        revoke_sign_off(item, replace(PAULA, kind=ActorKind.SERVICE), 1, why="No")


def test_whoever_could_sign_under_no_label_is_told_who_could() -> None:
    with refused(NotAuthorised) as raised:
        may_sign(the_item(), who("sam", Role.SCRUM_MASTER))
    assert set(raised.value.who_could) == {
        Role.DEVELOPER,
        Role.TECHNICAL_PRODUCT_OWNER,
        Role.PRODUCT_OWNER,
        Role.ARCHITECT,
    }


def test_what_does_not_exist_cannot_be_signed() -> None:
    with refused(UnknownItem):
        may_sign(Item(), PAULA)
    with refused(UnknownItem):
        grant_sign_off(Item(), PAULA, label=Label.READY, expected_digest="")


def test_authors_may_accept_their_own_items() -> None:
    item = given(("paula", drafted()))
    assert live(signed(item)) == [1]


def test_a_technical_item_is_accepted_as_technical_product_owner_by_who_is_one() -> None:
    item = given(("dana", drafted(track=Track.TECHNICAL)))
    for person, role in ((TOM, Role.TECHNICAL_PRODUCT_OWNER), (PAULA, Role.PRODUCT_OWNER)):
        outcome = grant_sign_off(item, person, label=Label.ACCEPTANCE, expected_digest=item.digest)
        assert outcome.authority.role == role
