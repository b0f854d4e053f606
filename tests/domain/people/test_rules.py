"""Teams, roles and tokens: one product owner at a time, no role twice, nobody locked out."""

from datetime import datetime, timedelta
from typing import Any, Final

import pytest

from domain.authority import live_grants
from domain.commands.erasure import erase_prose
from domain.commands.people.credentials import issue_credential, revoke_credential
from domain.commands.people.registry import form_team, register_person
from domain.commands.people.roles import (
    TEAM_ROLES,
    WORKSPACE_ROLES,
    assign_role,
    assign_workspace_role,
    end_role,
    end_workspace_role,
)
from domain.entry import ActorKind
from domain.events import (
    CredentialIssued,
    CredentialRevoked,
    PersonRegistered,
    RoleAssigned,
    RoleAssignmentEnded,
    TeamFormed,
)
from domain.events.item import Track
from domain.events.people import Mode, Role, TeamKind
from domain.ids import thing_key
from domain.refusals import (
    AlreadyAssigned,
    EndsBeforeItStarts,
    LastAdministrator,
    NotAuthorised,
    NothingToErase,
    OwnerIsWhole,
    OwnerOfBothKinds,
    RoleNotHere,
    SecondProductOwner,
    StartsInThePast,
    TextMissing,
    UnknownAssignment,
    UnknownCredential,
    UnknownPerson,
    UnknownTeam,
    UnknownWorkspace,
)
from domain.state.item import Item
from domain.state.person import Person
from domain.state.team import Team, Workspace
from tests.given import ITEM_ID, NOW, TEAM_ID, Said, given_person, given_team, given_workspace, person_id, refused, who

ANNA: Final = who("anna", Role.ADMINISTRATOR)
PO, TPO = Role.PRODUCT_OWNER, Role.TECHNICAL_PRODUCT_OWNER
DAY: Final = timedelta(days=1)


def registered(name: str) -> Person:
    return given_person(name, ("anna", PersonRegistered(commitment="c")))


def assigned(ordinal: int, name: str, role: Role, starts_at: datetime = NOW, ends_at: datetime | None = None) -> Said:
    event = RoleAssigned(assignment=ordinal, person_id=person_id(name), role=role, starts_at=starts_at, ends_at=ends_at)
    return ("anna", event)


def test_a_role_holds_from_now_or_from_when_it_is_said() -> None:
    (event,) = assign_role(given_team(), ANNA, person=registered("paula"), role=PO).events
    assert event == RoleAssigned(assignment=1, person_id=person_id("paula"), role=PO, starts_at=NOW)
    team = given_team(assigned(1, "paula", PO, NOW + DAY, NOW + 3 * DAY))
    held = [bool(live_grants(team.grants.values(), person_id("paula"), NOW + n * DAY)) for n in range(5)]
    assert held == [False, True, True, False, False]


def test_an_assignment_has_an_id_that_acts_can_name() -> None:
    (grant,) = given_team(assigned(1, "paula", PO)).grants.values()
    assert grant.assignment_id == thing_key("asg", TEAM_ID, 1)


@pytest.mark.parametrize("starts_at", [NOW, NOW + 2 * DAY], ids=["from the same time", "while it holds"])
def test_two_people_never_are_product_owner_of_a_team_at_one_time(starts_at: datetime) -> None:
    team = given_team(assigned(1, "paula", PO))
    with refused(SecondProductOwner):
        assign_role(team, ANNA, person=registered("petra"), role=PO, starts_at=starts_at)


def test_the_product_owner_holds_the_role_whole_and_without_an_end() -> None:
    narrow: tuple[dict[str, Any], ...] = (
        {"ends_at": NOW + DAY},
        {"mode": Mode.PARTNER},
        {"mode": Mode.ADVISER},
        {"track": Track.FUNCTIONAL},
        {"items": (Item(id=ITEM_ID, team_id=TEAM_ID),)},
    )
    for said in narrow:
        with refused(OwnerIsWhole):
            assign_role(given_team(), ANNA, person=registered("paula"), role=PO, **said)
    with refused(OwnerIsWhole):
        end_role(given_team(assigned(1, "paula", PO)), ANNA, 1)


def test_a_team_whose_product_owner_was_ended_long_ago_gets_a_new_one() -> None:
    ended = given_team(assigned(1, "paula", PO), ("anna", RoleAssignmentEnded(assignment=1)))
    (event,) = assign_role(ended, ANNA, person=registered("petra"), role=PO).events
    assert isinstance(event, RoleAssigned)
    assert event.assignment == 2


@pytest.mark.parametrize(("first", "second"), [(PO, TPO), (TPO, PO)])
def test_nobody_is_product_owner_of_both_kinds_in_one_team(first: Role, second: Role) -> None:
    with refused(OwnerOfBothKinds):
        assign_role(given_team(assigned(1, "paula", first)), ANNA, person=registered("paula"), role=second)


def test_a_team_has_several_technical_product_owners_and_people_have_several_roles() -> None:
    team = given_team(assigned(1, "tom", TPO))
    assert assign_role(team, ANNA, person=registered("tina"), role=TPO)
    assert assign_role(team, ANNA, person=registered("tom"), role=Role.DEVELOPER)


@pytest.mark.parametrize("role", [PO, TPO, Role.DEVELOPER, Role.ARCHITECT])
def test_nobody_holds_a_role_twice_at_one_time_in_one_place(role: Role) -> None:
    team = given_team(assigned(1, "paula", role))
    with refused(AlreadyAssigned):
        assign_role(team, ANNA, person=registered("paula"), role=role, starts_at=NOW + DAY)


@pytest.mark.parametrize("role", Role)
def test_roles_are_given_where_they_belong(role: Role) -> None:
    ada = registered("ada")
    places: tuple[tuple[frozenset[Role], Any, Any], ...] = (
        (TEAM_ROLES, assign_role, given_team()),
        (WORKSPACE_ROLES, assign_workspace_role, given_workspace()),
    )
    for roles, assign, place in places:
        if role in roles:
            assert assign(place, ANNA, person=ada, role=role)
        else:
            with refused(RoleNotHere):
                assign(place, ANNA, person=ada, role=role)
    assert role in TEAM_ROLES | WORKSPACE_ROLES


def test_a_role_is_not_held_before_it_was_given() -> None:
    for starts_at in (NOW - timedelta(microseconds=1), NOW - 900 * DAY):
        with refused(StartsInThePast):
            assign_role(given_team(), ANNA, person=registered("paula"), role=PO, starts_at=starts_at)
        with refused(StartsInThePast):
            assign_workspace_role(
                given_workspace(), ANNA, person=registered("paula"), role=Role.AUDITOR, starts_at=starts_at
            )


@pytest.mark.parametrize("ends_at", [NOW, NOW - DAY])
def test_what_ends_has_begun_before(ends_at: datetime) -> None:
    with refused(EndsBeforeItStarts):
        assign_role(given_team(), ANNA, person=registered("tom"), role=TPO, ends_at=ends_at)
    with refused(EndsBeforeItStarts):
        issue_credential(registered("paula"), ANNA, label="laptop", expires_at=ends_at)


def test_roles_are_given_to_people_and_in_places_that_exist() -> None:
    with refused(UnknownPerson):
        assign_role(given_team(), ANNA, person=Person(), role=PO)
    with refused(UnknownTeam):
        assign_role(Team(), ANNA, person=registered("paula"), role=PO)
    with refused(UnknownWorkspace):
        assign_workspace_role(Workspace(), ANNA, person=registered("paula"), role=Role.AUDITOR)


def test_an_assignment_ends_once() -> None:
    team = given_team(assigned(1, "tom", TPO))
    assert end_role(team, ANNA, 1, why="Moved on").events == (RoleAssignmentEnded(assignment=1, why="Moved on"),)
    with refused(UnknownAssignment):
        end_role(given_team(assigned(1, "tom", TPO), ("anna", RoleAssignmentEnded(assignment=1))), ANNA, 1)
    with refused(UnknownAssignment):
        end_role(team, ANNA, 2)


def test_the_workspace_s_assignments_are_not_ended_as_a_team_s() -> None:
    grants = given_workspace(assigned(1, "anna", Role.ADMINISTRATOR)).grants
    with refused(UnknownAssignment):
        end_role(Team(grants=grants, assignments=1), ANNA, 1)


@pytest.mark.parametrize(
    "other",
    [
        assigned(2, "ben", Role.AUDITOR),
        assigned(2, "ben", Role.ADMINISTRATOR, NOW + DAY),
        assigned(2, "ben", Role.ADMINISTRATOR, NOW - 2 * DAY, NOW - DAY),
        assigned(2, "ben", Role.ADMINISTRATOR, NOW - DAY, NOW + DAY),
    ],
    ids=["another role", "not yet", "no longer", "not for good"],
)
def test_the_last_administrator_stays(other: Said) -> None:
    workspace = given_workspace(assigned(1, "anna", Role.ADMINISTRATOR), other)
    with refused(LastAdministrator):
        end_workspace_role(workspace, ANNA, 1)


def test_an_administrator_ends_who_is_not_the_last_one_and_other_roles() -> None:
    two = given_workspace(assigned(1, "anna", Role.ADMINISTRATOR), assigned(2, "ben", Role.ADMINISTRATOR))
    assert end_workspace_role(two, ANNA, 2)
    auditor = given_workspace(assigned(1, "anna", Role.ADMINISTRATOR), assigned(2, "ben", Role.AUDITOR))
    assert end_workspace_role(auditor, ANNA, 2)


def test_tokens_are_numbered_and_end_once() -> None:
    issued = ("anna", CredentialIssued(credential=1, label="laptop"))
    person = given_person("paula", ("anna", PersonRegistered(commitment="c")), issued)
    (event,) = issue_credential(person, ANNA, label="phone").events
    assert event == CredentialIssued(credential=2, label="phone")
    assert revoke_credential(person, ANNA, 1).events == (CredentialRevoked(credential=1),)
    with refused(UnknownCredential):
        revoke_credential(person, ANNA, 2)
    revoked = given_person("paula", issued, ("anna", CredentialRevoked(credential=1)))
    with refused(UnknownCredential):
        revoke_credential(revoked, ANNA, 1)


def test_people_and_services_revoke_their_own_tokens_and_no_others() -> None:
    issued = ("anna", CredentialIssued(credential=1, label="laptop"))
    person = given_person("paula", ("anna", PersonRegistered(commitment="c")), issued)
    for kind in (ActorKind.HUMAN, ActorKind.SERVICE):
        assert revoke_credential(person, who("paula", PO, kind=kind), 1)
    with refused(NotAuthorised):
        revoke_credential(person, who("petra", PO), 1)


def test_a_token_is_issued_to_somebody_who_exists() -> None:
    with refused(UnknownPerson):
        issue_credential(Person(), ANNA, label="laptop")


def test_names_say_something() -> None:
    with refused(TextMissing):
        form_team(Team(), ANNA, name=" ")
    with refused(TextMissing):
        register_person(Person(), ANNA, commitment="c", account="")
    with refused(TextMissing):
        issue_credential(registered("paula"), ANNA, label="")


def test_a_team_is_formed_with_a_name() -> None:
    assert form_team(Team(), ANNA, name="Checkout").events == (TeamFormed(kind=TeamKind.FEATURE, name="Checkout"),)


@pytest.mark.parametrize("positions", [(), (0,), tuple(range(1, 10_002))])
def test_an_erasure_names_a_few_positions_of_the_ledger(positions: tuple[int, ...]) -> None:
    with refused(NothingToErase):
        erase_prose(given_workspace(), ANNA, positions=positions, legal_basis="GDPR 17")


def test_only_administrators_administer() -> None:
    for role in set(Role) - {Role.ADMINISTRATOR}:
        somebody = who("paula", role)
        with refused(NotAuthorised):
            form_team(Team(), somebody, name="Checkout")
        with refused(NotAuthorised):
            register_person(Person(), somebody, commitment="c")
        with refused(NotAuthorised):
            assign_workspace_role(given_workspace(), somebody, person=registered("paula"), role=Role.AUDITOR)
        with refused(NotAuthorised):
            end_workspace_role(given_workspace(assigned(1, "anna", Role.ADMINISTRATOR)), somebody, 1)
        with refused(NotAuthorised):
            issue_credential(registered("petra"), somebody, label="laptop")


def test_the_roles_of_a_team_are_given_and_ended_by_administrators_and_chiefs() -> None:
    givers = {Role.ADMINISTRATOR, Role.CHIEF_PRODUCT_OWNER, Role.CHIEF_TECHNICAL_PRODUCT_OWNER}
    team = given_team(assigned(1, "tom", TPO))
    for role in givers:
        assert assign_role(given_team(), who("chris", role), person=registered("paula"), role=PO)
        assert end_role(team, who("chris", role), 1)
    for role in set(Role) - givers:
        with refused(NotAuthorised):
            assign_role(given_team(), who("chris", role), person=registered("paula"), role=PO)
        with refused(NotAuthorised):
            end_role(team, who("chris", role), 1)
