"""A team's primary ownership goes from one person to another in one step."""

from typing import Final

import pytest

from domain.commands.people.hand_over import hand_over_product_owner
from domain.commands.people.roles import assign_role
from domain.entry import ActorKind
from domain.events import PersonRegistered, ProductOwnerHandedOver, RoleAssignmentEnded
from domain.events.people import PersonKind, Role
from domain.ids import thing_key
from domain.refusals import (
    AlreadyAssigned,
    NobodyHandsOver,
    NotAuthorised,
    OwnerOfBothKinds,
    SecondProductOwner,
    ServiceCannotDecide,
    TextMissing,
    UnknownPerson,
    UnknownTeam,
)
from domain.state.person import Person
from domain.state.team import Team
from tests.domain.people.test_rules import DAY, assigned, registered
from tests.given import NOW, TEAM_ID, Said, given_person, given_team, person_id, refused, who

PO, TPO = Role.PRODUCT_OWNER, Role.TECHNICAL_PRODUCT_OWNER
OWNED: Final = given_team(assigned(1, "paula", PO))
HANDED: Final[Said] = (
    "paula",
    ProductOwnerHandedOver(assignment=2, ended_assignment=1, person_id=person_id("petra"), starts_at=NOW),
)


@pytest.mark.parametrize(
    ("name", "role"),
    [("anna", Role.ADMINISTRATOR), ("cora", Role.CHIEF_PRODUCT_OWNER), ("carl", Role.CHIEF_TECHNICAL_PRODUCT_OWNER)],
)
def test_those_who_give_roles_hand_it_over(name: str, role: Role) -> None:
    outcome = hand_over_product_owner(OWNED, who(name, role), person=registered("petra"), why="Paula moves on")
    why = "Paula moves on"
    assert outcome.events == (
        ProductOwnerHandedOver(assignment=2, ended_assignment=1, person_id=person_id("petra"), starts_at=NOW, why=why),
        RoleAssignmentEnded(assignment=1, why=why),
    )
    assert outcome.authority.role == role


def test_the_owner_hands_it_over_by_the_assignment_that_ends() -> None:
    outcome = hand_over_product_owner(OWNED, who("paula", PO), person=registered("petra"), why="Moving on")
    assert outcome.authority == (PO, thing_key("asg", TEAM_ID, 1), None)


def test_there_is_one_owner_before_and_after_it_and_from_the_first_event_on() -> None:
    after = given_team(assigned(1, "paula", PO), HANDED)
    assert [(g.assignment_id, g.person_id) for g in after.grants.values()] == [
        (thing_key("asg", TEAM_ID, 2), person_id("petra"))
    ]
    back = hand_over_product_owner(after, who("petra", PO), person=registered("paula"), why="Back")
    event, _ = back.events
    assert isinstance(event, ProductOwnerHandedOver)
    assert (event.assignment, event.ended_assignment) == (3, 2)


def test_nobody_else_hands_it_over_nor_does_a_service_or_without_a_why() -> None:
    for role in (TPO, Role.ARCHITECT, Role.DEVELOPER, Role.SCRUM_MASTER, Role.AUDITOR, PO):
        with refused(NotAuthorised):
            hand_over_product_owner(OWNED, who("zoe", role), person=registered("petra"), why="I say so")
    with refused(ServiceCannotDecide):
        robot = who("bot", Role.ADMINISTRATOR, kind=ActorKind.SERVICE)
        hand_over_product_owner(OWNED, robot, person=registered("petra"), why="I say so")
    with refused(TextMissing):
        hand_over_product_owner(OWNED, who("paula", PO), person=registered("petra"), why=" ")


def test_it_goes_to_somebody_who_exists_and_does_not_own_either_backlog_yet() -> None:
    paula = who("paula", PO)
    with refused(UnknownPerson):
        hand_over_product_owner(OWNED, paula, person=Person(), why="Away")
    with refused(AlreadyAssigned):
        hand_over_product_owner(OWNED, paula, person=registered("paula"), why="Away")
    with refused(OwnerOfBothKinds):
        both = given_team(assigned(1, "paula", PO), assigned(2, "tom", TPO))
        hand_over_product_owner(both, paula, person=registered("tom"), why="Away")


def test_a_program_is_never_the_owner() -> None:
    robot = given_person("bot", ("anna", PersonRegistered(commitment="c", kind=PersonKind.SERVICE)))
    with refused(ServiceCannotDecide):
        hand_over_product_owner(OWNED, who("paula", PO), person=robot, why="It knows best")
    with refused(ServiceCannotDecide):
        assign_role(given_team(), who("anna", Role.ADMINISTRATOR), person=robot, role=PO)


def test_a_successor_who_is_planned_stays_the_only_one() -> None:
    planned = given_team(assigned(1, "paula", PO, NOW, NOW + DAY), assigned(2, "pia", PO, NOW + DAY))
    with refused(SecondProductOwner):
        hand_over_product_owner(planned, who("paula", PO), person=registered("petra"), why="Away")


def test_there_must_be_a_team_and_somebody_who_hands_over() -> None:
    with refused(UnknownTeam):
        hand_over_product_owner(Team(), who("paula", PO), person=registered("petra"), why="Away")
    for history in ((), (assigned(1, "paula", PO, NOW + DAY),)):
        with refused(NobodyHandsOver):
            hand_over_product_owner(given_team(*history), who("paula", PO), person=registered("petra"), why="Away")
