"""Asking for a sign-off and declining one, and who implements an item."""

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from domain.authority import Delegation, Power, Who
from domain.commands.item import revise_item, withdraw_item
from domain.commands.sign_offs.granting import decline_sign_off, grant_sign_off, may_decline
from domain.commands.sign_offs.implementers import name_implementer, release_implementer
from domain.commands.sign_offs.requests import request_sign_off, withdraw_sign_off_request
from domain.decision import Decided
from domain.entry import ActorKind
from domain.events import (
    ImplementerNamed,
    ImplementerReleased,
    PushbackRaised,
    QuorumLost,
    SignOffDeclined,
    SignOffRequested,
    SignOffRequestEnded,
    SignOffRevoked,
    SignOffVoided,
)
from domain.events.people import Role
from domain.events.pushback import Stance
from domain.events.sign_off import Label, RequestOutcome
from domain.ids import DelegationId, thing_key
from domain.policy import Level, Policy, Rule
from domain.refusals import (
    AlreadyImplementing,
    AlreadyRequested,
    AlreadySigned,
    CannotSign,
    DaysOffScale,
    NoRoleHere,
    NotAuthorised,
    NotImplementing,
    OwnItem,
    PolicyForbids,
    RequestEnded,
    RequesterOnly,
    UnknownPerson,
    UnknownSignOffRequest,
)
from domain.state import item as item_state
from domain.state.item import Item
from domain.state.person import Person
from tests.given import ITEM, NOW, TEAM_ID, after, drafted, entry, given, person_id, refused, together, who

PAULA, PETRA, ADA, DORA = together(
    who("paula", Role.PRODUCT_OWNER),
    who("petra", Role.PRODUCT_OWNER),
    who("ada", Role.ARCHITECT),
    who("dora", Role.DEVELOPER, Role.PRODUCT_OWNER),
)


def the_item() -> Item:
    return given(("dana", drafted()))


def ask(item: Item, by: Who = ADA, of: Who = PAULA, **said: Any) -> Decided:
    return request_sign_off(item, by, label=Label.ACCEPTANCE, person=Person(id=of.person_id), **said)


def asked(item: Item, by: Who = ADA, of: Who = PAULA) -> Item:
    return after(item, by, ask(item, by, of))


def accept(item: Item, person: Who) -> Decided:
    return grant_sign_off(item, person, label=Label.ACCEPTANCE, expected_digest=item.digest)


def ended(ordinal: int, outcome: RequestOutcome) -> SignOffRequestEnded:
    return SignOffRequestEnded(sign_off_request=ordinal, outcome=outcome)


def test_a_person_is_asked_to_sign_what_is_there_now() -> None:
    item = the_item()
    (event,) = ask(item, due_working_days=2, text="Please").events
    assert isinstance(event, SignOffRequested)
    assert (event.person_id, event.digest, event.text) == (PAULA.person_id, item.digest, "Please")
    assert event.answer_by
    assert event.answer_by >= NOW + timedelta(days=2)


def test_only_who_could_sign_and_has_not_is_asked() -> None:
    item = the_item()
    with refused(CannotSign):
        ask(item, PAULA, ADA)
    with refused(UnknownPerson):
        request_sign_off(item, ADA, label=Label.READY, person=Person())
    with refused(AlreadyRequested):
        ask(asked(item), PETRA)
    with refused(AlreadySigned):
        ask(after(item, PAULA, accept(item, PAULA)))
    with refused(DaysOffScale):
        ask(item, due_working_days=-1)


def test_a_request_ends_with_the_sign_off_it_asked_for_or_once_there_are_enough() -> None:
    item = asked(asked(the_item()), ADA, PETRA)
    two = replace(PAULA, policy=Policy(acceptance_quorum=2))
    assert accept(item, two).events[1:] == (ended(1, RequestOutcome.GRANTED),)
    assert accept(item, PAULA).events[2:] == (ended(1, RequestOutcome.GRANTED), ended(2, RequestOutcome.GRANTED))


def test_a_substantive_revision_makes_a_request_stale_and_an_editorial_one_does_not() -> None:
    item = asked(the_item())
    revised = revise_item(item, PAULA, expected_digest=item.digest, title="Pay")
    assert ended(1, RequestOutcome.STALE) in revised.events
    reworded = revise_item(item, PAULA, expected_digest=item.digest, title="Pay", editorial=True)
    assert len(reworded.events) == 1


def test_a_request_ends_with_the_item() -> None:
    assert withdraw_item(asked(the_item()), PAULA, why="Bought").events[1:] == (ended(1, RequestOutcome.WITHDRAWN),)


def test_who_asked_takes_it_back() -> None:
    item = asked(the_item())
    with refused(RequesterOnly):
        withdraw_sign_off_request(item, PAULA, 1)
    with refused(UnknownSignOffRequest):
        withdraw_sign_off_request(item, ADA, 2)
    outcome = withdraw_sign_off_request(item, ADA, 1)
    assert outcome.events == (ended(1, RequestOutcome.WITHDRAWN),)
    with refused(RequestEnded):
        withdraw_sign_off_request(after(item, ADA, outcome), ADA, 1)


def test_declining_is_pushing_back_and_ends_what_was_asked() -> None:
    item = asked(the_item())
    outcome = decline_sign_off(item, PAULA, label=Label.ACCEPTANCE, statement="Not what we agreed")
    raised, declined, end = outcome.events
    assert isinstance(raised, PushbackRaised)
    assert (raised.stance, raised.statement) == (Stance.ADVISORY, "Not what we agreed")
    assert declined == SignOffDeclined(label=Label.ACCEPTANCE, revision=1, digest=item.digest, pushback=1)
    assert end == ended(1, RequestOutcome.DECLINED)


def test_who_says_what_would_lift_it_blocks() -> None:
    said = {"statement": "It breaks the archive", "lifts_when": "The archive is kept"}
    raised = decline_sign_off(the_item(), ADA, label=Label.ARCHITECTURE, **said).events[0]
    assert isinstance(raised, PushbackRaised)
    assert (raised.stance, raised.lifts_when) == (Stance.BLOCKING, "The archive is kept")


def test_who_declines_what_they_had_signed_takes_that_back() -> None:
    item = the_item()
    for person in (PAULA, PETRA):
        item = after(item, person, accept(item, person))
    two = replace(PAULA, policy=Policy(acceptance_quorum=2))
    outcome = decline_sign_off(item, two, label=Label.ACCEPTANCE, statement="It broke")
    assert outcome.events[2:] == (
        SignOffRevoked(sign_off=1, why="It broke"),
        QuorumLost(label=Label.ACCEPTANCE, sign_offs=(2,), needed=2),
    )
    assert len(decline_sign_off(item, two, label=Label.READY, statement="It broke").events) == 2


def test_only_who_could_sign_declines_and_nobody_their_own_item() -> None:
    with refused(NotAuthorised):
        decline_sign_off(the_item(), ADA, label=Label.ACCEPTANCE, statement="No")
    own = given(("paula", drafted()))
    with refused(OwnItem):
        decline_sign_off(own, PAULA, label=Label.ACCEPTANCE, statement="No")
    with refused(OwnItem):
        may_decline(own, PAULA)


def test_who_implements_an_item_does_not_accept_it() -> None:
    item = the_item()
    item = after(item, DORA, name_implementer(item, DORA))
    with refused(PolicyForbids) as raised:
        accept(item, DORA)
    assert raised.value.unmet == ("Nobody accepts what they implemented themselves.",)
    assert grant_sign_off(item, DORA, label=Label.READY, expected_digest=item.digest).events
    advised = replace(DORA, policy=Policy(levels={Rule.IMPLEMENTER_DOES_NOT_SIGN: Level.ADVISE}))
    event: Any = accept(item, advised).events[0]
    assert event.unmet == (Rule.IMPLEMENTER_DOES_NOT_SIGN,)


def test_where_policy_says_so_authors_do_not_sign() -> None:
    item = given(("paula", drafted()))
    with refused(PolicyForbids):
        accept(item, replace(PAULA, policy=Policy(levels={Rule.AUTHOR_DOES_NOT_SIGN: Level.REQUIRE})))
    assert accept(item, PAULA).events


def test_somebody_is_named_once_and_released_with_a_reason() -> None:
    item = the_item()
    item = after(item, PAULA, name_implementer(item, PAULA, person=Person(id=DORA.person_id)))
    assert item.implementers == {DORA.person_id}
    with refused(AlreadyImplementing):
        name_implementer(item, DORA)
    item = after(item, PAULA, release_implementer(item, PAULA, why="Petra does", person=Person(id=DORA.person_id)))
    assert accept(item, DORA).events
    with refused(NotImplementing):
        release_implementer(item, DORA, why="Again")


def test_who_releases_themselves_has_implemented_it_all_the_same() -> None:
    item = the_item()
    item = after(item, DORA, name_implementer(item, DORA))
    item = after(item, DORA, release_implementer(item, DORA, why="Went to Petra"))
    assert item.implementers == frozenset()
    with refused(PolicyForbids):
        accept(item, DORA)


def test_nor_does_a_program_that_releases_them_let_them_accept() -> None:
    named = given(("dana", drafted()), ("dora", ImplementerNamed(person_id=DORA.person_id)))
    line = entry(ITEM, 3, person_id("bot"), ImplementerReleased(person_id=DORA.person_id))
    item = item_state.evolve(named, replace(line, act=replace(line.act, actor_kind=ActorKind.SERVICE)))
    assert item.implementers == frozenset()
    with refused(PolicyForbids):
        accept(item, DORA)


def test_nor_does_somebody_who_releases_them_in_their_own_name() -> None:
    lent = Delegation(
        delegation_id=DelegationId(thing_key("dlg", TEAM_ID, 1)),
        from_id=DORA.person_id,
        person_id=person_id("stan"),
        powers=frozenset({Power.DRAFT_ITEM}),
        starts_at=NOW,
        ends_at=NOW + timedelta(days=1),
    )
    stan = replace(who("stan"), place=DORA.place, delegations=(lent,))
    item = after(the_item(), DORA, name_implementer(the_item(), DORA))
    released = release_implementer(item, stan, why="Went to Petra", person=Person(id=DORA.person_id))
    assert released.authority.on_behalf_of == DORA.person_id
    with refused(PolicyForbids):
        accept(after(item, stan, released), DORA)


def test_who_accepted_and_is_named_afterwards_has_not_accepted_where_that_is_required() -> None:
    item = the_item()
    item = after(item, PETRA, accept(item, PETRA))
    item = after(item, DORA, accept(item, DORA))
    two = replace(PAULA, policy=Policy(acceptance_quorum=2))
    outcome = name_implementer(item, two, person=Person(id=DORA.person_id))
    assert outcome.events[1:] == (
        SignOffVoided(sign_off=2, by_revision=1, changed_sections=(), rule="implementer-does-not-sign/1"),
        QuorumLost(label=Label.ACCEPTANCE, sign_offs=(1,), needed=2),
    )
    advised = replace(PAULA, policy=Policy(levels={Rule.IMPLEMENTER_DOES_NOT_SIGN: Level.ADVISE}))
    assert len(name_implementer(item, advised, person=Person(id=DORA.person_id)).events) == 1


@pytest.mark.parametrize("act", [name_implementer, lambda *args, **said: release_implementer(*args, why="No", **said)])
def test_an_implementer_is_somebody_here(act: Any) -> None:
    with refused(UnknownPerson):
        act(the_item(), PAULA, person=Person())
    nobody = Person(id=who("nobody").person_id)
    with refused(NoRoleHere):
        name_implementer(the_item(), PAULA, person=nobody)
