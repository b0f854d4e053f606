"""What ready and done mean somewhere: versions, which one holds for an item, what is ticked of it."""

from typing import Any, Final

import pytest
from msgspec.structs import replace

from domain.authority import Who
from domain.commands.definition import Criterion, adopt_definition, adopt_workspace_definition
from domain.commands.item import revise_item
from domain.commands.readiness import confirm_readiness, revoke_readiness
from domain.commands.sign_offs.checklist import Check
from domain.commands.sign_offs.granting import grant_sign_off
from domain.decision import Decided
from domain.events import DefinitionAdopted, DefinitionReplaced, ReadinessRevoked
from domain.events.definition import DefinitionUse
from domain.events.item import ItemKind, Track
from domain.events.people import Role
from domain.events.sign_off import Label
from domain.ids import thing_key
from domain.policy import AcceptanceMode, Level, Policy, Rule
from domain.refusals import (
    ChecklistIncomplete,
    CriterionIdMalformed,
    CriterionRepeated,
    NotAuthorised,
    NotConfirmed,
    PolicyForbids,
    StaleDigest,
    TextMissing,
    TextTooLong,
    UnknownCriterion,
    UnknownSection,
    UnknownTeam,
    UnknownWorkspace,
)
from domain.state.definition import Definitions, holding
from domain.state.item import Item
from domain.state.team import Team, Workspace
from tests.given import TEAM_ID, after, drafted, given, given_team, given_workspace, refused, who

PAULA: Final = who("paula", Role.PRODUCT_OWNER)
DORA: Final = who("dora", Role.DEVELOPER)
GREEN: Final = Criterion(id="tests-are-green", text="All tests are green", evidence_required=True)
SHOWN: Final = Criterion(id="shown", text="It was shown to a user")
SPLIT: Final = Criterion(id="criteria-clear", text="Two people read the criteria alike", section="criteria")
FUNCTIONAL, STORY = Track.FUNCTIONAL, ItemKind.STORY


def adopt(team: Team, *checks: Criterion, use: DefinitionUse = DefinitionUse.DONE, **said: Any) -> Decided:
    return adopt_definition(team, PAULA, use=use, checks=checks, why="Agreed in the retrospective", **said)


def defined(*checks: Criterion, use: DefinitionUse = DefinitionUse.DONE, **said: Any) -> Definitions:
    """The definitions of a team that adopted this one."""
    events = adopt(given_team(), *checks, use=use, **said).events
    return given_team(*(("paula", event) for event in events)).definitions


def under(person: Who, *places: Definitions, **policy: Any) -> Who:
    return replace(person, definitions=places, policy=Policy(**policy))


def the_item(**said: Any) -> Item:
    return given(("dana", drafted(**said)))


def accept(item: Item, by: Who, *checks: Check, label: Label = Label.ACCEPTANCE) -> Any:
    return grant_sign_off(item, by, label=label, expected_digest=item.digest, checklist=checks).events[0]


def test_a_definition_is_adopted_in_versions_each_with_a_reason() -> None:
    team = given_team()
    outcome = adopt(team, GREEN, SHOWN)
    assert outcome.events == (
        DefinitionAdopted(
            definition=1,
            number=1,
            use=DefinitionUse.DONE,
            criteria=("tests-are-green", "shown"),
            sections=("", ""),
            evidence_required=(True, False),
            texts=("All tests are green", "It was shown to a user"),
            why="Agreed in the retrospective",
        ),
    )
    team = given_team(("paula", outcome.events[0]))
    adopted, replaced = adopt(team, GREEN).events
    assert isinstance(adopted, DefinitionAdopted)
    assert (adopted.definition, adopted.number, adopted.replaces_definition) == (2, 2, 1)
    assert replaced == DefinitionReplaced(definition=1, by_definition=2)
    (other,) = adopt(team, GREEN, track=Track.TECHNICAL).events
    assert isinstance(other, DefinitionAdopted)
    assert (other.definition, other.number) == (2, 1)


def test_only_who_adopts_policy_adopts_what_done_means_and_says_why() -> None:
    with refused(NotAuthorised):
        adopt_definition(given_team(), DORA, use=DefinitionUse.DONE, checks=(GREEN,), why="I think so")
    with refused(TextMissing):
        adopt_definition(given_team(), PAULA, use=DefinitionUse.DONE, checks=(GREEN,), why=" ")
    with refused(UnknownTeam):
        adopt(Team(), GREEN)
    anna = who("anna", Role.ADMINISTRATOR)
    with refused(UnknownWorkspace):
        adopt_workspace_definition(Workspace(), anna, use=DefinitionUse.DONE, checks=(GREEN,), why="All")
    outcome = adopt_workspace_definition(given_workspace(), anna, use=DefinitionUse.DONE, checks=(GREEN,), why="All")
    assert len(outcome.events) == 1


def test_criteria_are_named_once_each_and_about_sections_that_there_are() -> None:
    for strange in ("Tests", "tests are green", "", "-", "a" * 41):
        with refused(CriterionIdMalformed):
            adopt(given_team(), Criterion(id=strange, text="Green"))
    with refused(CriterionRepeated):
        adopt(given_team(), SHOWN, SHOWN)
    with refused(UnknownSection):
        adopt(given_team(), Criterion(id="shown", text="Shown", section="demo"))
    with refused(TextTooLong):
        adopt(given_team(), *(Criterion(id=f"c-{n}", text="Green") for n in range(51)))


@pytest.mark.parametrize(
    ("track", "kind", "expected"),
    [
        (FUNCTIONAL, STORY, "both"),
        (FUNCTIONAL, ItemKind.BUG, "track"),
        (Track.TECHNICAL, STORY, "kind"),
        (Track.TECHNICAL, ItemKind.BUG, "all"),
    ],
)
def test_the_narrowest_definition_holds(track: Track, kind: ItemKind, expected: str) -> None:
    scopes = {"all": (None, None), "kind": (None, STORY), "track": (FUNCTIONAL, None), "both": (FUNCTIONAL, STORY)}
    definitions: dict[Any, Any] = {}
    for name, (of_track, of_kind) in scopes.items():
        definitions |= defined(Criterion(id=name, text="Green"), track=of_track, kind=of_kind)
    found = holding((definitions,), DefinitionUse.DONE, track, kind)
    assert found
    assert [one.id for one in found.criteria] == [expected]


def test_the_teams_comes_before_the_workspaces_and_an_empty_one_asks_for_nothing() -> None:
    wide = defined(GREEN, track=FUNCTIONAL, kind=STORY)
    assert holding(({}, wide), DefinitionUse.DONE, FUNCTIONAL, STORY)
    assert holding((defined(), wide), DefinitionUse.DONE, FUNCTIONAL, STORY) is None
    assert holding((wide,), DefinitionUse.READY, FUNCTIONAL, STORY) is None


def test_formal_acceptance_ticks_each_criterion_and_keeps_which_version_said_so() -> None:
    by = under(PAULA, defined(GREEN, SHOWN))
    granted = accept(the_item(), by, Check(criterion="shown"), Check(criterion="tests-are-green", evidence="Run 12"))
    assert (granted.definition_id, granted.definition_version) == (thing_key("dfn", TEAM_ID, 1), 1)
    assert granted.criteria == ("tests-are-green", "shown")
    assert (granted.met, granted.evidence, granted.waived_why) == ((True, True), ("Run 12", ""), None)


@pytest.mark.parametrize(
    ("checks", "unmet"),
    [
        ((), ("tests-are-green", "shown")),
        ((Check(criterion="tests-are-green"), Check(criterion="shown")), ("tests-are-green",)),
        ((Check(criterion="tests-are-green", evidence="Run 12"), Check(criterion="shown", met=False)), ("shown",)),
    ],
    ids=["nothing is ticked", "evidence is missing", "not met and not waived"],
)
def test_formal_acceptance_is_refused_as_long_as_something_is_missing(
    checks: tuple[Check, ...], unmet: tuple[str, ...]
) -> None:
    with refused(ChecklistIncomplete) as raised:
        accept(the_item(), under(PAULA, defined(GREEN, SHOWN)), *checks)
    assert raised.value.unmet == unmet


def test_a_criterion_may_be_waived_with_a_reason() -> None:
    waived = Check(criterion="shown", met=False, waived_why="Nobody sees it")
    granted = accept(the_item(), under(PAULA, defined(SHOWN)), waived)
    assert (granted.met, granted.waived_why) == ((False,), ("Nobody sees it",))


@pytest.mark.parametrize("mode", [AcceptanceMode.SHARED, AcceptanceMode.INFORMAL])
def test_less_formal_acceptance_stays_one_click(mode: AcceptanceMode) -> None:
    granted = accept(the_item(), under(PAULA, defined(GREEN), acceptance_mode=mode))
    assert (granted.definition_version, granted.criteria) == (1, ())


def test_without_a_definition_one_click_is_enough_and_there_is_nothing_to_tick() -> None:
    assert accept(the_item(), PAULA).definition_id is None
    with refused(UnknownCriterion):
        accept(the_item(), PAULA, Check(criterion="shown"))
    with refused(CriterionRepeated):
        accept(the_item(), under(PAULA, defined(SHOWN)), Check(criterion="shown"), Check(criterion="shown"))


READY: Final = under(DORA, defined(SPLIT, GREEN, use=DefinitionUse.READY))


def confirmed(item: Item, criterion: str, by: Who = READY, **said: Any) -> Item:
    return after(item, by, confirm_readiness(item, by, criterion=criterion, **said))


def test_readiness_is_confirmed_criterion_by_criterion() -> None:
    item = confirmed(the_item(), "criteria-clear")
    assert set(item.confirmations) == {"criteria-clear"}
    with refused(ChecklistIncomplete):
        confirmed(item, "tests-are-green")
    with refused(UnknownCriterion):
        confirmed(item, "shown")
    with refused(UnknownCriterion):
        confirmed(item, "criteria-clear", by=DORA)
    with refused(StaleDigest):
        confirmed(item, "criteria-clear", expected_digest="0" * 64)
    assert set(confirmed(item, "tests-are-green", evidence="Run 12").confirmations) == {
        "criteria-clear",
        "tests-are-green",
    }


def test_who_confirmed_too_early_takes_it_back() -> None:
    item = confirmed(the_item(), "criteria-clear")
    outcome = revoke_readiness(item, READY, criterion="criteria-clear", why="They do not")
    assert outcome.events == (ReadinessRevoked(criterion="criteria-clear", why="They do not"),)
    with refused(NotConfirmed):
        revoke_readiness(after(item, READY, outcome), READY, criterion="criteria-clear", why="Again")


@pytest.mark.parametrize(
    ("change", "left"),
    [
        ({"title": "Pay"}, {"criteria-clear"}),
        ({"title": "Pay", "editorial": True}, {"criteria-clear", "tests-are-green"}),
        ({"criteria": ("It is fast",)}, set()),
    ],
    ids=["another section", "the wording", "the very section"],
)
def test_a_confirmation_holds_until_what_it_is_about_changes(change: dict[str, Any], left: set[str]) -> None:
    item = confirmed(confirmed(the_item(), "criteria-clear"), "tests-are-green", evidence="Run 12")
    outcome = revise_item(item, PAULA, expected_digest=item.digest, **change)
    assert set(after(item, PAULA, outcome).confirmations) == left


def test_signing_ready_notes_what_nobody_confirmed_or_refuses_where_policy_says_so() -> None:
    item = confirmed(the_item(), "criteria-clear")
    assert accept(item, READY, label=Label.READY).unmet == (Rule.READY_IS_CONFIRMED,)
    ticked = Check(criterion="tests-are-green", evidence="Run 12")
    assert accept(item, READY, ticked, label=Label.READY).unmet == ()
    strict = replace(READY, policy=Policy(levels={Rule.READY_IS_CONFIRMED: Level.REQUIRE}))
    with refused(PolicyForbids):
        accept(item, strict, label=Label.READY)
