"""Standing in: powers somebody holds themselves, for a time, used in their name, and never passed on."""

from datetime import datetime, timedelta
from typing import Any, Final

import pytest
from msgspec.structs import replace

from domain.authority import Authority, Delegation, Grant, Power, Who, live_grants
from domain.commands.people.delegations import expire_delegation, grant_delegation, revoke_delegation
from domain.entry import ActorKind
from domain.events import DelegationExpired, DelegationGranted, DelegationRevoked
from domain.events.people import Mode, Role
from domain.ids import SYSTEM, AssignmentId, DelegationId, PersonId, thing_key
from domain.policy import Level, Policy, Rule
from domain.refusals import (
    DelegatedToOneself,
    DelegationEnded,
    DelegationTooLong,
    EndsBeforeItStarts,
    NotAuthorised,
    NotYetDue,
    PolicyForbids,
    PowerNotHeld,
    ServiceCannotDecide,
    StartsInThePast,
    TextMissing,
    UnknownDelegation,
    UnknownPerson,
    UnknownTeam,
)
from domain.state.person import Person
from domain.state.team import Team
from tests.domain.people.test_rules import DAY, registered
from tests.given import NOW, TEAM_ID, Said, given_team, person_id, refused, who

PO, TPO = Role.PRODUCT_OWNER, Role.TECHNICAL_PRODUCT_OWNER
OWNING: Final = Power.OWN_FUNCTIONAL_ITEMS
DLG: Final = DelegationId(thing_key("dlg", TEAM_ID, 1))
GRANTED: Final[Said] = (
    "paula",
    DelegationGranted(
        delegation=1,
        from_id=person_id("paula"),
        person_id=person_id("dora"),
        powers=(OWNING,),
        starts_at=NOW,
        ends_at=NOW + DAY,
    ),
)


def grant(ordinal: int, name: str, role: Role, **said: Any) -> Grant:
    key = AssignmentId(thing_key("asg", TEAM_ID, ordinal))
    whole: dict[str, Any] = {"assignment_id": key, "person_id": person_id(name), "role": role, "starts_at": NOW - DAY}
    return Grant(**{**whole, **said})


PLACE: Final = (grant(1, "paula", PO), grant(2, "dora", Role.DEVELOPER), grant(3, "tom", TPO))


def here(name: str, team: Team, place: tuple[Grant, ...] = PLACE, now: datetime = NOW, **said: Any) -> Who:
    """A person among all who hold something in the team."""
    own = live_grants(place, person_id(name), now)
    person = replace(who(name), now=now, grants=own, place=place, delegations=tuple(team.delegations.values()))
    return replace(person, **said)


def let(to: Person, by: str = "paula", **said: Any) -> DelegationGranted:
    term: dict[str, Any] = {"ends_at": NOW + DAY, "why": "On leave"}
    (event,) = grant_delegation(given_team(), here(by, given_team()), person=to, **{**term, **said}).events
    assert isinstance(event, DelegationGranted)
    return event


def test_it_names_whose_powers_who_may_use_and_until_when() -> None:
    event = let(registered("dora"), powers=(OWNING,))
    said = (event.from_id, event.person_id, event.powers, event.starts_at, event.ends_at, event.why)
    assert said == (person_id("paula"), person_id("dora"), (OWNING,), NOW, NOW + DAY, "On leave")
    assert set(let(registered("dora")).powers) > {OWNING, Power.OVERRIDE}


def test_who_stands_in_acts_in_the_other_s_role_and_name() -> None:
    team = given_team(GRANTED)
    assert here("dora", team).by(OWNING) == Authority(PO, DLG, person_id("paula"))
    assert here("dora", team).holds(OWNING)
    with refused(NotAuthorised):
        here("tom", team).by(OWNING)
    with refused(NotAuthorised):
        here("dora", team).by(Power.OVERRIDE)


def test_one_s_own_authority_comes_first() -> None:
    both = (*PLACE, grant(4, "dora", PO))
    assert here("dora", given_team(GRANTED), both).by(OWNING).on_behalf_of is None


@pytest.mark.parametrize(
    "left",
    [(), (grant(1, "paula", PO, ends_at=NOW),), (grant(1, "paula", TPO, mode=Mode.ADVISER),)],
    ids=["gone", "over", "narrowed"],
)
def test_it_gives_what_the_other_still_holds(left: tuple[Grant, ...]) -> None:
    with refused(NotAuthorised):
        here("dora", given_team(GRANTED), (*left, PLACE[1])).by(OWNING)


def test_what_one_may_do_for_another_cannot_be_passed_on() -> None:
    dora = here("dora", given_team(GRANTED))
    with refused(PowerNotHeld):
        grant_delegation(
            given_team(GRANTED), dora, person=registered("tom"), powers=(OWNING,), ends_at=NOW + DAY, why="Busy"
        )
    (event,) = grant_delegation(given_team(GRANTED), dora, person=registered("tom"), ends_at=NOW + DAY, why="B").events
    assert isinstance(event, DelegationGranted)
    assert OWNING not in event.powers


def test_nobody_delegates_giving_roles_nor_to_themselves_nor_to_nobody() -> None:
    for role in (Role.AUDITOR, Role.OBSERVER):
        olga = here("olga", given_team(), (grant(9, "olga", role),))
        with refused(NotAuthorised):
            grant_delegation(given_team(), olga, person=registered("ben"), ends_at=NOW + DAY, why="Busy")
    with refused(PowerNotHeld):
        let(registered("dora"), powers=(Power.ASSIGN_ROLES,))
    with refused(DelegatedToOneself):
        let(registered("paula"))
    with refused(UnknownPerson):
        let(Person())
    with refused(UnknownTeam):
        grant_delegation(Team(), here("paula", given_team()), person=registered("dora"), ends_at=NOW + DAY, why="Busy")
    with refused(TextMissing):
        let(registered("dora"), why=" ")


def test_it_has_a_term_that_lies_ahead_and_is_bounded() -> None:
    dora = registered("dora")
    with refused(StartsInThePast):
        let(dora, starts_at=NOW - DAY)
    with refused(EndsBeforeItStarts):
        let(dora, ends_at=NOW)
    assert let(dora, ends_at=NOW + 90 * DAY).ends_at == NOW + 90 * DAY
    with refused(DelegationTooLong):
        let(dora, ends_at=NOW + 90 * DAY + timedelta(seconds=1))


def test_over_is_over_with_or_without_the_event_that_says_so() -> None:
    team, expired = given_team(GRANTED), given_team(GRANTED, ("anna", DelegationExpired(delegation=1)))
    for person in (here("dora", team, now=NOW + DAY), here("dora", expired)):
        with refused(DelegationEnded) as raised:
            person.by(OWNING)
        assert raised.value.code == "DELEGATION_EXPIRED"


def test_it_expires_in_its_time_and_once() -> None:
    clock = Who(person_id=PersonId(SYSTEM), kind=ActorKind.SYSTEM, now=NOW + DAY, salt="")
    outcome = expire_delegation(given_team(GRANTED), clock, 1)
    assert outcome.events == (DelegationExpired(delegation=1),)
    with refused(NotYetDue):
        expire_delegation(given_team(GRANTED), replace(clock, now=NOW), 1)
    with refused(UnknownDelegation):
        expire_delegation(given_team(GRANTED, ("anna", outcome.events[0])), clock, 1)
    with refused(NotAuthorised):
        expire_delegation(given_team(GRANTED), here("paula", given_team(), now=NOW + DAY), 1)


def test_both_sides_and_those_who_give_roles_end_it_and_then_it_gives_nothing() -> None:
    team = given_team(GRANTED)
    for person in (here("paula", team), here("dora", team), who("anna", Role.ADMINISTRATOR)):
        assert revoke_delegation(team, person, 1).events == (DelegationRevoked(delegation=1),)
    with refused(NotAuthorised):
        revoke_delegation(team, here("tom", team), 1)
    revoked = given_team(GRANTED, ("paula", DelegationRevoked(delegation=1)))
    with refused(UnknownDelegation):
        revoke_delegation(revoked, here("paula", team), 1)
    with refused(NotAuthorised):
        here("dora", revoked).by(OWNING)


def test_a_service_does_not_decide_for_somebody_either() -> None:
    robot = here("dora", given_team(GRANTED), kind=ActorKind.SERVICE)
    assert not robot.holds(OWNING)
    with refused(ServiceCannotDecide):
        robot.by(OWNING)


def test_a_delegation_that_has_not_begun_gives_nothing() -> None:
    later = Delegation(
        delegation_id=DLG,
        from_id=person_id("paula"),
        person_id=person_id("dora"),
        powers=frozenset({OWNING}),
        starts_at=NOW + DAY,
        ends_at=NOW + 2 * DAY,
    )
    with refused(NotAuthorised):
        here("dora", given_team(), delegations=(later,)).by(OWNING)


def test_that_an_auditor_gets_deciding_powers_is_noted_or_refused_as_policy_has_it() -> None:
    place = (*PLACE, grant(9, "olga", Role.AUDITOR))
    said: dict[str, Any] = {"person": registered("olga"), "ends_at": NOW + DAY, "why": "On leave"}
    (event,) = grant_delegation(given_team(), here("paula", given_team(), place), **said).events
    assert isinstance(event, DelegationGranted)
    assert event.unmet == (Rule.AUDITOR_DOES_NOT_DECIDE,)
    strict = here("paula", given_team(), place, policy=Policy(levels={Rule.AUDITOR_DOES_NOT_DECIDE: Level.REQUIRE}))
    with refused(PolicyForbids):
        grant_delegation(given_team(), strict, **said)
    assert grant_delegation(given_team(), strict, **said, powers=(Power.DRAFT_ITEM,))
