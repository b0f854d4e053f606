"""Who acts for a party to a disagreement is on that party's side of it, whatever they hold themselves."""

from collections.abc import Callable
from datetime import timedelta
from typing import Final

import pytest
from msgspec.structs import replace

from domain.authority import Delegation, Grant, Power, Who, live_grants
from domain.commands.pushbacks.escalation import escalate_pushback
from domain.commands.pushbacks.override import (
    propose_override,
    ratify_override,
    rescind_override,
    second_emergency_override,
)
from domain.commands.pushbacks.pushback import answer_pushback, concede_pushback, raise_pushback
from domain.commands.pushbacks.terms import change_stance
from domain.commands.question import answer_question
from domain.commands.sign_offs.granting import grant_sign_off
from domain.decision import Decided
from domain.entry import Event
from domain.events import (
    ImplementerNamed,
    OverrideProposed,
    PushbackEscalated,
    PushbackOverridden,
    PushbackRaised,
    QuestionAsked,
    SignOffGranted,
)
from domain.events.people import Role
from domain.events.pushback import Reason, Stance
from domain.events.sign_off import Label
from domain.ids import DelegationId, PersonId, thing_key
from domain.policy import Level, Policy, Rule
from domain.refusals import ActsForParty, OwnOverride
from domain.state import item as item_state
from domain.state.item import Item
from tests.given import ITEM, NOW, TEAM_ID, Said, drafted, entry, given, person_id, refused, who

DAY: Final = timedelta(days=1)
ROLES: Final = {"paula": Role.PRODUCT_OWNER, "cleo": Role.CHIEF_PRODUCT_OWNER, "tom": Role.TECHNICAL_PRODUCT_OWNER}
HELD: Final = tuple(
    Grant(assignment_id=grant.assignment_id, person_id=person_id(name), role=role, starts_at=NOW - DAY)
    for name, role in ROLES.items()
    for grant in who(name, role).grants
)


def lent(*lenders: str, to: str = "dora") -> tuple[Delegation, ...]:
    """That these people let another use all their powers."""
    return tuple(
        Delegation(
            delegation_id=DelegationId(thing_key("dlg", TEAM_ID, ordinal)),
            from_id=person_id(name),
            person_id=person_id(to),
            powers=frozenset(Power),
            starts_at=NOW - DAY,
            ends_at=NOW + DAY,
        )
        for ordinal, name in enumerate(lenders, 1)
    )


def standing_in(*lenders: str, name: str = "dora") -> Who:
    """Somebody without a role of their own who stands in for these people."""
    own = live_grants(HELD, person_id(name), NOW)
    return replace(who(name), grants=own, place=HELD, delegations=lent(*lenders, to=name))


def raised(by: str) -> Said:
    return (by, PushbackRaised(pushback=1, revision=1, digest="d", stance=Stance.ADVISORY, reason=Reason.UNSORTED))


def proposed(by: str, *, urgent: bool = False) -> Said:
    return (by, OverrideProposed(pushback=1, due_at=NOW + DAY, is_emergency=urgent))


def in_the_name_of(item: Item, actor: str, other: str, event: Event) -> Item:
    """The item after what one did in the name of another."""
    line = entry(ITEM, 9, person_id(actor), event)
    return item_state.evolve(item, replace(line, act=replace(line.act, on_behalf_of=person_id(other))))


def answered(item: Item, by: Who) -> Decided:
    return answer_pushback(item, by, 1, text="It is fast enough")


def overridden(item: Item, by: Who) -> Decided:
    return propose_override(item, by, 1, concern_restated="It is slow", rationale="The law does not wait")


def asked(by: str) -> Said:
    return (by, QuestionAsked(question=1, revision=1, routed_to=person_id("dana")))


@pytest.mark.parametrize(
    ("said", "act"),
    [
        ((raised("paula"),), answered),
        ((raised("paula"),), lambda item, by: concede_pushback(item, by, 1, consequence="We measure")),
        ((raised("paula"),), overridden),
        ((raised("paula"), proposed("cleo")), lambda item, by: rescind_override(item, by, 1, why="No")),
        ((asked("paula"),), lambda item, by: answer_question(item, by, 1, text="Yes")),
    ],
    ids=["answer", "concede", "override", "rescind", "question"],
)
def test_nobody_decides_on_a_thing_in_the_name_of_who_raised_it(
    said: tuple[Said, ...], act: Callable[[Item, Who], Decided]
) -> None:
    item = given(("dana", drafted()), *said)
    with refused(ActsForParty):
        act(item, standing_in("paula"))


def test_another_who_lends_the_same_power_still_lets_one_act() -> None:
    item = given(("dana", drafted()), raised("paula"))
    assert overridden(item, standing_in("paula", "cleo")).authority.on_behalf_of == person_id("cleo")


def test_nobody_pushes_back_on_an_item_in_its_author_s_name() -> None:
    item = given(("tom", drafted()))
    with refused(ActsForParty):
        raise_pushback(item, standing_in("tom"), statement="It is slow")
    with refused(ActsForParty):
        change_stance(
            given(("tom", drafted()), raised("dora")),
            standing_in("tom"),
            1,
            stance=Stance.BLOCKING,
            why="It is worse",
            lifts_when="It is fast",
        )


def test_a_second_person_is_neither_the_first_nor_acts_for_them_nor_is_who_they_acted_for() -> None:
    item = given(("dana", drafted()), raised("dana"), proposed("paula", urgent=True))
    with refused(ActsForParty):
        second_emergency_override(item, standing_in("paula"), 1)
    event = OverrideProposed(pushback=1, due_at=NOW + DAY, is_emergency=True)
    for_paula = in_the_name_of(given(("dana", drafted()), raised("dana")), "dora", "paula", event)
    with refused(OwnOverride):
        second_emergency_override(for_paula, standing_in(name="paula"), 1)


def test_a_third_person_is_none_of_those_who_made_it_nor_of_those_they_made_it_for() -> None:
    event = OverrideProposed(pushback=1, due_at=NOW + DAY, is_emergency=True)
    item = in_the_name_of(given(("dana", drafted()), raised("dana")), "dora", "paula", event)
    outcome = second_emergency_override(item, standing_in("tom", name="theo"), 1)
    (overriding,) = outcome.events
    assert isinstance(overriding, PushbackOverridden)
    assert overriding.ratifier_id == person_id("cleo")
    item = in_the_name_of(item, "theo", "tom", overriding)
    assert item.owing[1].barred == {person_id(name) for name in ("dora", "paula", "theo", "tom")}
    for party in ("paula", "tom"):
        with refused(OwnOverride):
            ratify_override(item, standing_in(name=party), 1)
        with refused(ActsForParty):
            ratify_override(item, standing_in(party, name="ben"), 1)
    assert ratify_override(item, standing_in("cleo", name="ben"), 1).authority.on_behalf_of == person_id("cleo")


@pytest.mark.parametrize(
    ("author", "implementer", "unmet"),
    [
        ("paula", "ben", Rule.AUTHOR_DOES_NOT_SIGN),
        ("dana", "paula", Rule.IMPLEMENTER_DOES_NOT_SIGN),
        ("dora", "ben", Rule.AUTHOR_DOES_NOT_SIGN),
        ("dana", "dora", Rule.IMPLEMENTER_DOES_NOT_SIGN),
    ],
)
def test_signing_in_the_name_of_author_or_implementer_is_noted_like_their_own(
    author: str, implementer: str, unmet: Rule
) -> None:
    item = given((author, drafted()), ("dana", ImplementerNamed(person_id=PersonId(person_id(implementer)))))
    dora = replace(standing_in("paula"), policy=Policy(levels=dict.fromkeys(Rule, Level.ADVISE)))
    outcome = grant_sign_off(item, dora, label=Label.ACCEPTANCE, expected_digest=item.digest)
    assert isinstance(outcome.events[0], SignOffGranted)
    assert outcome.events[0].unmet == (unmet,)


def test_an_override_of_the_author_s_is_noted_also_when_another_makes_it_for_them() -> None:
    item = given(("paula", drafted()), raised("dana"))
    (event,) = overridden(item, standing_in("paula")).events
    assert isinstance(event, OverrideProposed)
    assert event.unmet == (Rule.SECOND_PERSON_OVERRIDES,)


def test_in_whose_name_an_override_is_about_to_be_made_is_a_party_when_it_is_escalated() -> None:
    event = OverrideProposed(pushback=1, due_at=NOW + DAY, is_emergency=False)
    item = in_the_name_of(given(("dana", drafted()), raised("ben")), "dora", "cleo", event)
    (escalated,) = escalate_pushback(item, standing_in(name="paula"), 1, why="The two are stuck").events
    assert isinstance(escalated, PushbackEscalated)
    assert {person_id("cleo"), person_id("dora")} <= set(escalated.parties)
