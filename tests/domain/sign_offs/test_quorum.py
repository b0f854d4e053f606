"""How many people have to sign, and what happens when one of them does not stand by it any more."""

from datetime import timedelta
from typing import Final

from msgspec.structs import replace

from domain.authority import Authority, Power, Who
from domain.commands.item import revise_item
from domain.commands.sign_offs.ending import expire_sign_off, revoke_sign_off
from domain.commands.sign_offs.granting import grant_sign_off
from domain.decision import Decided
from domain.entry import ActorKind
from domain.events import QuorumLost, QuorumReached, SignOffExpired, SignOffGranted, SignOffSuperseded
from domain.events.people import Role
from domain.events.sign_off import Label
from domain.policy import AcceptanceMode, AcceptingRole, Policy
from domain.refusals import AlreadySigned, NotAuthorised, NotLive, NotYetDue
from domain.state import item as item_state
from domain.state.item import Item
from projections.rows.items import ItemStatus
from tests.given import ITEM, NOW, after, drafted, entry, given, refused, who
from tests.projections.rows import row_of

TWO: Final = Policy(acceptance_quorum=2)
PAULA: Final = replace(who("paula", Role.PRODUCT_OWNER), policy=TWO)
PETRA: Final = replace(who("petra", Role.PRODUCT_OWNER), policy=TWO)
ADA: Final = who("ada", Role.ARCHITECT)


def accept(item: Item, person: Who) -> Decided:
    return grant_sign_off(item, person, label=Label.ACCEPTANCE, expected_digest=item.digest)


def accepted(item: Item, *people: Who) -> Item:
    for person in people:
        item = after(item, person, accept(item, person))
    return item


def the_item() -> Item:
    return given(("dana", drafted()))


def test_the_sign_off_that_makes_it_enough_says_so() -> None:
    item = the_item()
    assert [type(event) for event in accept(item, PAULA).events] == [SignOffGranted]
    item = accepted(item, PAULA)
    enough = QuorumReached(label=Label.ACCEPTANCE, revision=1, digest=item.digest, sign_offs=(1, 2), needed=2)
    assert accept(item, PETRA).events[1:] == (enough,)


def test_one_more_than_enough_is_not_told_again() -> None:
    item = accepted(the_item(), PAULA, PETRA)
    pia = replace(who("pia", Role.PRODUCT_OWNER), policy=TWO)
    assert [type(event) for event in accept(item, pia).events] == [SignOffGranted]


def test_a_person_counts_once_whoever_they_sign_for() -> None:
    item = accepted(the_item(), PAULA)
    again = revise_item(item, PAULA, expected_digest=item.digest, editorial=True, title="Pay by any card")
    item = after(item, PAULA, again)
    assert Label.ACCEPTANCE not in accepted(item, PAULA).quorums


def test_whom_two_people_sign_for_counts_once() -> None:
    item = accepted(the_item(), PAULA)
    granted = accept(item, PETRA).events[0]
    line = entry(ITEM, 9, PETRA.person_id, granted)
    for_paula = replace(line, act=replace(line.act, on_behalf_of=PAULA.person_id))
    item = item_state.evolve(item, for_paula)
    assert {sign_off.for_id for sign_off in item.sign_offs.values()} == {PAULA.person_id}
    tom = replace(who("tom", Role.PRODUCT_OWNER), policy=Policy(acceptance_quorum=3))
    assert Label.ACCEPTANCE not in accepted(item, tom).quorums


def test_a_quorum_may_ask_for_roles() -> None:
    policy = Policy(
        acceptance_mode=AcceptanceMode.SHARED, acceptance_roles=(AcceptingRole.PRODUCT_OWNER, AcceptingRole.ARCHITECT)
    )
    item = accepted(the_item(), replace(PAULA, policy=policy))
    assert Label.ACCEPTANCE not in item.quorums
    outcome = accept(item, replace(ADA, policy=policy))
    assert outcome.authority == ADA.by(Power.SIGN_ARCHITECTURE)


def test_an_architect_accepts_only_where_acceptance_is_shared() -> None:
    with refused(NotAuthorised):
        accept(the_item(), ADA)
    shared = replace(ADA, policy=Policy(acceptance_mode=AcceptanceMode.SHARED))
    assert Label.ACCEPTANCE in accepted(the_item(), shared).quorums


def test_a_quorum_is_lost_when_too_few_are_left_and_says_who_is() -> None:
    item = accepted(the_item(), PAULA, PETRA)
    outcome = revoke_sign_off(item, PETRA, 2, why="Too early")
    assert outcome.events[1:] == (QuorumLost(label=Label.ACCEPTANCE, sign_offs=(1,), needed=2),)
    item = after(item, PETRA, outcome)
    assert item.quorums == frozenset()
    assert accepted(item, PETRA).quorums == {Label.ACCEPTANCE}


def test_with_the_last_sign_off_the_quorum_ends_without_more_words() -> None:
    item = accepted(the_item(), replace(PAULA, policy=Policy()))
    outcome = revoke_sign_off(item, PAULA, 1, why="Too early")
    assert len(outcome.events) == 1
    assert after(item, PAULA, outcome).quorums == frozenset()


def test_a_sign_off_from_before_quorums_were_counted_was_enough() -> None:
    old = SignOffGranted(sign_off=1, label=Label.ACCEPTANCE, revision=1, digest_signed="d", section_digests={})
    assert given(("dana", drafted()), ("paula", old)).quorums == {Label.ACCEPTANCE}


def test_an_item_is_accepted_with_a_quorum_and_not_before() -> None:
    item, lines = the_item(), [entry(ITEM, 1, PAULA.person_id, drafted())]
    for person, status in ((PAULA, ItemStatus.OPEN), (PETRA, ItemStatus.ACCEPTED)):
        outcome = accept(item, person)
        lines += [entry(ITEM, len(lines) + n, person.person_id, event) for n, event in enumerate(outcome.events, 1)]
        item = after(item, person, outcome)
        assert row_of(lines, "Item", item.id).status is status
    gone = revoke_sign_off(item, PAULA, 1, why="No").events
    lines += [entry(ITEM, len(lines) + n, PAULA.person_id, event) for n, event in enumerate(gone, 1)]
    assert row_of(lines, "Item", item.id).status is ItemStatus.OPEN


def test_once_fewer_are_asked_for_signing_again_makes_it_enough() -> None:
    item = accepted(the_item(), PAULA)
    with refused(AlreadySigned):
        accept(item, PAULA)
    lowered = replace(PAULA, policy=Policy())
    outcome = accept(item, lowered)
    assert [type(event) for event in outcome.events] == [SignOffGranted, SignOffSuperseded, QuorumReached]
    item = after(item, PAULA, outcome)
    assert item.quorums == {Label.ACCEPTANCE}
    with refused(AlreadySigned):
        accept(item, lowered)


AGED: Final = replace(PAULA, policy=Policy(sign_off_expiry_days=30))
CLOCK: Final = who("clock", kind=ActorKind.SYSTEM, now=NOW + timedelta(days=60))


def test_a_sign_off_that_is_too_old_ends_by_itself() -> None:
    item = accepted(the_item(), AGED)
    outcome = expire_sign_off(item, CLOCK, 1)
    assert outcome.authority == Authority("SYSTEM", "sign-off-expires/1")
    assert outcome.events == (SignOffExpired(sign_off=1, rule="sign-off-expires/1"),)
    with refused(NotLive):
        expire_sign_off(after(item, CLOCK, outcome), CLOCK, 1)


def test_it_does_not_end_before_and_nobody_but_the_clock_ends_it() -> None:
    item = accepted(the_item(), AGED)
    with refused(NotYetDue):
        expire_sign_off(item, replace(CLOCK, now=NOW), 1)
    with refused(NotYetDue):
        expire_sign_off(accepted(the_item(), PAULA), CLOCK, 1)
    with refused(NotAuthorised):
        expire_sign_off(item, PAULA, 1)
