"""What an assignment holds for and what it gives: modes, tracks, items, and a part of the role's powers."""

from collections.abc import Iterable
from typing import Any, Final

import pytest
from msgspec.structs import replace

from domain.authority import DECISIONS, HOLDERS, About, Authority, Grant, Power, Who, live_grants
from domain.commands.people.roles import assign_role, assign_workspace_role
from domain.commands.sign_offs.granting import grant_sign_off
from domain.decision import NAMED_MAX
from domain.events import DelegationGranted, RoleAssigned
from domain.events.item import Track
from domain.events.people import Mode, Role
from domain.events.sign_off import Label
from domain.ids import ItemId, TeamId, stream_key
from domain.policy import Level, Policy, Rule
from domain.refusals import (
    ItemsMissing,
    MandateExceeded,
    NotAuthorised,
    NotOfThisRole,
    PolicyForbids,
    TooManyNamed,
    UnknownItem,
)
from domain.state.item import Item
from tests.domain.people.test_rules import ANNA, DAY, assigned, registered
from tests.given import (
    ITEM,
    ITEM_ID,
    NOW,
    TEAM_ID,
    drafted,
    given,
    given_team,
    given_workspace,
    person_id,
    refused,
    who,
)

TPO: Final = Role.TECHNICAL_PRODUCT_OWNER
OTHER: Final = ItemId("itm_" + "7" * 26)
HERE: Final = About(ITEM_ID, Track.TECHNICAL)


def grant(**narrowed: Any) -> Grant:
    """Tom's assignment as a technical product owner."""
    return replace(who("tom", TPO).grants[0], **narrowed)


def holding(grants: Iterable[Grant], on: About | None = HERE) -> Who:
    """Tom, where these are all the assignments."""
    place = tuple(grants)
    return replace(who("tom"), grants=live_grants(place, person_id("tom"), NOW, on), place=place)


def assign(**said: Any) -> RoleAssigned:
    (event,) = assign_role(given_team(), ANNA, person=registered("tom"), role=TPO, **said).events
    assert isinstance(event, RoleAssigned)
    return event


def test_what_is_said_of_a_mandate_is_recorded_and_read_back() -> None:
    item = Item(id=ITEM_ID, team_id=TEAM_ID)
    given_powers = (Power.OWN_TECHNICAL_ITEMS, Power.DRAFT_ITEM)
    event = assign(mode=Mode.INFORMAL, items=(item,), track=Track.TECHNICAL, powers=given_powers, title="Guild lead")
    assert (event.mode, event.items, event.track, event.title) == (
        Mode.INFORMAL, (ITEM_ID,), Track.TECHNICAL, "Guild lead",
    )  # fmt: skip
    assert event.powers == (Power.DRAFT_ITEM, Power.OWN_TECHNICAL_ITEMS)
    (read,) = given_team(("anna", event)).grants.values()
    assert (read.mode, read.track, read.items) == (event.mode, event.track, frozenset(event.items))
    assert read.powers == frozenset(given_powers)


def test_a_narrowing_has_to_narrow_something_that_is_there() -> None:
    with refused(ItemsMissing):
        assign(mode=Mode.INFORMAL)
    with refused(NotOfThisRole):
        assign(powers=(Power.DRAFT_ITEM, Power.ESTIMATE))
    with refused(TooManyNamed):
        assign(items=(Item(),) * (NAMED_MAX + 1))
    with refused(UnknownItem):
        assign(items=(Item(),))
    with refused(UnknownItem):
        assign(items=(Item(id=OTHER, team_id=TeamId(stream_key("tem", ITEM))),))


@pytest.mark.parametrize(
    ("narrowed", "about", "covers"),
    [
        ({}, None, True),
        ({}, HERE, True),
        ({"track": Track.TECHNICAL}, HERE, True),
        ({"track": Track.FUNCTIONAL}, HERE, False),
        ({"track": Track.TECHNICAL}, None, False),
        ({"items": frozenset({ITEM_ID, OTHER})}, HERE, True),
        ({"items": frozenset({OTHER})}, HERE, False),
        ({"items": frozenset({ITEM_ID})}, None, False),
        ({"items": frozenset({ITEM_ID}), "track": Track.FUNCTIONAL}, HERE, False),
    ],
)
def test_an_assignment_holds_for_the_items_and_the_track_it_names(
    narrowed: dict[str, Any], about: About | None, *, covers: bool
) -> None:
    assert grant(**narrowed).covers(about) is covers
    assert bool(live_grants((grant(**narrowed),), person_id("tom"), NOW, about)) is covers


@pytest.mark.parametrize("power", Power)
@pytest.mark.parametrize("mode", Mode)
def test_an_adviser_speaks_and_decides_nothing_and_others_have_the_role_s_powers(mode: Mode, power: Power) -> None:
    expected = TPO in HOLDERS[power] and (mode is not Mode.ADVISER or power not in DECISIONS)
    assert grant(mode=mode).gives(power) is expected


@pytest.mark.parametrize("power", Power)
def test_a_mandate_gives_the_powers_it_names_and_no_other(power: Power) -> None:
    assert grant(powers=frozenset({Power.DRAFT_ITEM})).gives(power) is (power is Power.DRAFT_ITEM)


@pytest.mark.parametrize(
    "narrowed",
    [
        {"mode": Mode.ADVISER},
        {"powers": frozenset({Power.DRAFT_ITEM})},
        {"items": frozenset({OTHER})},
        {"track": Track.FUNCTIONAL},
    ],
)
def test_who_has_the_role_but_not_the_mandate_is_told_so(narrowed: dict[str, Any]) -> None:
    item = given(("zoe", drafted(track=Track.TECHNICAL)))
    with refused(MandateExceeded) as raised:
        grant_sign_off(item, holding([grant(**narrowed)]), label=Label.ACCEPTANCE, expected_digest=item.digest)
    assert raised.value.who_could == HOLDERS[Power.OWN_TECHNICAL_ITEMS]
    assert raised.value.powers == (Power.OWN_TECHNICAL_ITEMS,)
    with refused(NotAuthorised):
        somebody = holding([replace(grant(**narrowed), person_id=person_id("tina"))])
        grant_sign_off(item, somebody, label=Label.ACCEPTANCE, expected_digest=item.digest)


def test_a_wider_assignment_of_another_role_is_used_where_the_narrow_one_stops() -> None:
    owner = replace(who("tom", Role.PRODUCT_OWNER).grants[0], assignment_id="asg_2")
    both = holding([grant(items=frozenset({OTHER})), owner])
    assert both.by(Power.OWN_TECHNICAL_ITEMS) == Authority(Role.PRODUCT_OWNER, "asg_2")


AUDITS: Final = ("anna", assigned(1, "olga", Role.AUDITOR)[1])


@pytest.mark.parametrize(
    ("role", "is_noted"), [(Role.DEVELOPER, True), (Role.OBSERVER, False), (Role.STAKEHOLDER, False)]
)
def test_that_an_auditor_decides_is_noted_or_refused_as_policy_has_it(role: Role, *, is_noted: bool) -> None:
    place = tuple(given_workspace(AUDITS).grants.values())
    anna = replace(ANNA, place=place)
    (event,) = assign_role(given_team(), anna, person=registered("olga"), role=role).events
    assert isinstance(event, RoleAssigned)
    assert event.unmet == ((Rule.AUDITOR_DOES_NOT_DECIDE,) if is_noted else ())
    strict = replace(anna, policy=Policy(levels={Rule.AUDITOR_DOES_NOT_DECIDE: Level.REQUIRE}))
    if is_noted:
        with refused(PolicyForbids):
            assign_role(given_team(), strict, person=registered("olga"), role=role)
    assert assign_role(given_team(), strict, person=registered("ben"), role=role)


def test_who_decides_in_the_workspace_is_noted_when_they_become_its_auditor() -> None:
    workspace = given_workspace(assigned(1, "olga", Role.ARCHITECT))
    anna = replace(ANNA, place=tuple(workspace.grants.values()))
    (event,) = assign_workspace_role(workspace, anna, person=registered("olga"), role=Role.AUDITOR).events
    assert isinstance(event, RoleAssigned)
    assert event.unmet == (Rule.AUDITOR_DOES_NOT_DECIDE,)


IN_A_TEAM: Final = (
    ("a role that decides", {"grants": True}, True),
    ("the role of another", {"grants": True, "name": "ben"}, False),
    ("a role that has ended by then", {"grants": True, "ends_at": NOW + DAY}, False),
    ("a power lent that decides", {"powers": (Power.OVERRIDE,)}, True),
    ("a power lent that does not", {"powers": (Power.ASK,)}, False),
)


@pytest.mark.parametrize(
    ("_what", "held", "is_noted"), IN_A_TEAM, ids=lambda each: each if isinstance(each, str) else ""
)
def test_who_decides_in_any_team_is_noted_or_refused_when_they_become_the_workspaces_auditor(
    _what: str, held: dict[str, Any], *, is_noted: bool
) -> None:
    elsewhere = (in_a_team(**held),)
    anna = replace(ANNA, elsewhere=elsewhere)
    said: dict[str, Any] = {"person": registered("olga"), "role": Role.AUDITOR, "starts_at": NOW + DAY}
    (event,) = assign_workspace_role(given_workspace(), anna, **said).events
    assert isinstance(event, RoleAssigned)
    assert event.unmet == ((Rule.AUDITOR_DOES_NOT_DECIDE,) if is_noted else ())
    if is_noted:
        with refused(PolicyForbids):
            strict = Policy(levels={Rule.AUDITOR_DOES_NOT_DECIDE: Level.REQUIRE})
            assign_workspace_role(given_workspace(), replace(anna, policy=strict), **said)


def in_a_team(*, grants: bool = False, name: str = "olga", powers: tuple[Power, ...] = (), **term: Any) -> Any:
    """What somebody holds in a team, or may use there for Paula."""
    if grants:
        (grant,) = given_team(assigned(1, name, Role.DEVELOPER, **term)).grants.values()
        return grant
    to, until = person_id(name), NOW + 9 * DAY
    granted = DelegationGranted(
        delegation=1, from_id=person_id("paula"), person_id=to, powers=powers, starts_at=NOW, ends_at=until
    )
    (delegation,) = given_team(("paula", granted)).delegations.values()
    return delegation


def test_where_that_is_required_an_auditor_of_the_workspace_uses_no_deciding_power_of_a_team() -> None:
    strict = Policy(levels={Rule.AUDITOR_DOES_NOT_DECIDE: Level.REQUIRE})
    olga = who("olga", Role.DEVELOPER, Role.AUDITOR)
    assert olga.by(Power.ESTIMATE)
    with refused(PolicyForbids):
        replace(olga, policy=strict).by(Power.ESTIMATE)
    assert replace(olga, policy=strict).by(Power.DRAFT_ITEM)
