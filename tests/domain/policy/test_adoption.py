"""A workspace and its teams decide how rules are kept; what a wider scope locks, a narrower one never loosens."""

from functools import reduce
from typing import Any, Final

import msgspec
import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st
from msgspec.structs import replace

from domain.authority import Who
from domain.commands.policy import adopt_policy, adopt_workspace_policy
from domain.decision import Decided
from domain.entry import ActorKind, Event
from domain.events import PolicyAdopted
from domain.events.item import Track
from domain.events.people import Role
from domain.policy import DEFAULT_LEVELS, SETTINGS, Level, Policy, Rule, Setting, Settings, read, written
from domain.refusals import (
    LevelsContradict,
    NotAuthorised,
    NothingChanged,
    PolicyLocked,
    Refused,
    ServiceCannotDecide,
    SettingOutOfBounds,
    TextMissing,
    UnknownTeam,
    UnknownWorkspace,
)
from domain.state.policy import above, policy, rules, scopes
from domain.state.team import Team, Workspace, evolve_team, evolve_workspace
from tests.given import TEAM, WORKSPACE, entry, given_team, given_workspace, refused, who

AUTHOR, IMPLEMENTER = Rule.AUTHOR_DOES_NOT_SIGN, Rule.IMPLEMENTER_DOES_NOT_SIGN
PAULA: Final = who("paula", Role.PRODUCT_OWNER)
ADA: Final = who("ada", Role.ADMINISTRATOR)


class Place:
    """A workspace with one team, and what both adopt."""

    def __init__(self) -> None:
        self.workspace, self.team = given_workspace(), given_team()

    def in_team(self, **said: Any) -> PolicyAdopted:
        """What the team adopts, taken in."""
        person = replace(PAULA, workspace_policies=self.workspace.policies)
        outcome = adopt_policy(self.team, person, **{"why": "We tried", **said})
        self.team = reduce(evolve_team, lines(TEAM, outcome), self.team)
        return adopted(outcome)

    def in_workspace(self, **said: Any) -> PolicyAdopted:
        """What the workspace adopts, taken in."""
        outcome = adopt_workspace_policy(self.workspace, ADA, **{"why": "We tried", **said})
        self.workspace = reduce(evolve_workspace, lines(WORKSPACE, outcome), self.workspace)
        return adopted(outcome)

    def adopt(self, where: str, **said: Any) -> PolicyAdopted:
        """What one of them adopts, taken in."""
        return self.in_team(**said) if where == "team" else self.in_workspace(**said)

    def policy(self, track: Track | None = None) -> Policy:
        """What holds for a track of the team."""
        return policy(scopes(self.workspace.policies, self.team.policies, track))


def adopted(outcome: Decided) -> PolicyAdopted:
    (event,) = outcome.events
    assert isinstance(event, PolicyAdopted)
    return event


def lines(stream: Any, outcome: Decided) -> list[Any]:
    return [entry(stream, 1, PAULA.person_id, event) for event in outcome.events]


def test_a_team_requires_what_the_rules_only_advise_and_says_why() -> None:
    outcome = adopt_policy(given_team(), PAULA, why="We are three", require=(AUTHOR,))
    expected: Event = PolicyAdopted(policy=1, number=1, required=(AUTHOR,), why="We are three")
    assert outcome.events == (expected,)
    assert outcome.authority.role == Role.PRODUCT_OWNER
    with refused(TextMissing):
        adopt_policy(given_team(), PAULA, why=" ", require=(AUTHOR,))


@pytest.mark.parametrize("role", [Role.SCRUM_MASTER, Role.PRODUCT_OWNER, Role.ADMINISTRATOR])
def test_the_scrum_master_the_product_owner_or_an_administrator_adopts(role: Role) -> None:
    assert adopt_policy(given_team(), who("sam", role), why="So", off=(AUTHOR, IMPLEMENTER)).authority.role == role


def test_nobody_else_adopts_and_no_service() -> None:
    for role in (Role.DEVELOPER, Role.ARCHITECT, Role.TECHNICAL_PRODUCT_OWNER, Role.AUDITOR):
        with refused(NotAuthorised):
            adopt_policy(given_team(), who("dora", role), why="So", off=(IMPLEMENTER,))
    with refused(ServiceCannotDecide):
        adopt_policy(given_team(), who("bot", Role.SCRUM_MASTER, kind=ActorKind.SERVICE), why="So", off=(IMPLEMENTER,))


def test_only_where_there_is_a_team_or_a_workspace() -> None:
    with refused(UnknownTeam):
        adopt_policy(Team(), PAULA, why="So", off=(IMPLEMENTER,))
    with refused(UnknownWorkspace):
        adopt_workspace_policy(Workspace(), ADA, why="So", off=(IMPLEMENTER,))


def test_only_what_is_given_changes_and_versions_are_counted_for_each_track() -> None:
    place = Place()
    place.in_team(require=(AUTHOR,), lock=(AUTHOR,), settings=of(recorded_refusals_max=3))
    second = place.in_team(off=(IMPLEMENTER,))
    assert (second.number, second.replaces, second.policy) == (2, 1, 2)
    assert (second.required, second.off, second.locked) == ((AUTHOR,), (IMPLEMENTER,), (AUTHOR,))
    assert second.settings == ("recorded_refusals_max=3",)
    technical = place.in_team(track=Track.TECHNICAL, require=(IMPLEMENTER,))
    assert (technical.number, technical.replaces, technical.policy) == (1, None, 3)
    assert place.policy().level(IMPLEMENTER) is Level.OFF
    assert place.policy(Track.TECHNICAL).level(IMPLEMENTER) is Level.REQUIRE
    assert place.policy(Track.TECHNICAL).recorded_refusals_max == 3


def test_what_says_the_same_as_before_is_no_new_version() -> None:
    place = Place()
    place.in_team(require=(AUTHOR,))
    with refused(NothingChanged):
        place.in_team(require=(AUTHOR,))
    with refused(NothingChanged):
        place.in_workspace()


def test_a_rule_is_at_one_level() -> None:
    with refused(LevelsContradict):
        adopt_policy(given_team(), PAULA, why="So", off=(AUTHOR,), require=(AUTHOR,))


def test_a_team_may_loosen_what_the_workspace_did_not_lock() -> None:
    place = Place()
    place.in_workspace(require=(AUTHOR,))
    assert place.policy().level(AUTHOR) is Level.REQUIRE
    place.in_team(off=(AUTHOR,))
    assert place.policy().level(AUTHOR) is Level.OFF


def test_a_team_may_make_stricter_what_is_locked_and_not_loosen_it() -> None:
    place = Place()
    place.in_workspace(advise=(AUTHOR,), lock=(AUTHOR,))
    with refused(PolicyLocked):
        place.in_team(off=(AUTHOR,))
    place.in_team(require=(AUTHOR,))
    assert place.policy().level(AUTHOR) is Level.REQUIRE


def test_a_track_does_not_loosen_what_its_team_locked() -> None:
    place = Place()
    place.in_team(require=(AUTHOR,), lock=(AUTHOR,))
    with refused(PolicyLocked):
        place.in_team(track=Track.TECHNICAL, advise=(AUTHOR,))
    place.in_team(advise=(AUTHOR,))
    assert place.policy().level(AUTHOR) is Level.ADVISE


def test_what_is_locked_later_holds_also_where_it_had_been_loosened() -> None:
    place = Place()
    place.in_team(off=(AUTHOR,))
    place.in_workspace(require=(AUTHOR,), lock=(AUTHOR,))
    assert place.policy().level(AUTHOR) is Level.REQUIRE
    place.in_workspace(lock=())
    assert place.policy().level(AUTHOR) is Level.OFF


def test_a_setting_stays_within_its_bounds() -> None:
    with refused(SettingOutOfBounds):
        adopt_policy(given_team(), PAULA, why="So", settings=of(recorded_refusals_max=-1))


@pytest.mark.parametrize("name", SETTINGS)
def test_a_setting_is_written_as_text_and_read_back(name: str) -> None:
    value = getattr(Policy(), name)
    assert read(name, written(value)) == value


@pytest.mark.parametrize("name", SETTINGS)
def test_a_setting_says_what_it_means_and_numbers_have_bounds(name: str) -> None:
    marks = getattr(SETTINGS[name], "__metadata__", ())
    metas = [mark for mark in marks if isinstance(mark, msgspec.Meta)]
    assert any(meta.description for meta in metas), f"Annotated[..., Meta(description=...)] is missing on {name}"
    if type(getattr(Policy(), name)) in (int, float):
        assert any(None not in (meta.ge, meta.le) for meta in metas), f"{name} needs Meta(ge=..., le=...)"


def test_only_rules_have_a_level_where_nobody_set_one() -> None:
    assert set(DEFAULT_LEVELS) <= set(Rule)


def test_settings_and_rules_of_a_later_version_of_the_software_are_passed_over() -> None:
    event = PolicyAdopted(policy=1, number=1, settings=("unheard_of=1", "recorded_refusals_max=many", "odd"))
    event = replace(event, locked_settings=("unheard_of",))
    team = evolve_team(given_team(), entry(TEAM, 1, PAULA.person_id, event))
    assert (team.policies[None].settings, team.policies[None].locked_settings) == ({}, frozenset())


def of(**values: Any) -> Settings:
    return Settings(**values)


REFUSALS: Final = Setting("RECORDED_REFUSALS_MAX")
CHANGES = st.fixed_dictionaries(
    {"track": st.sampled_from([None, *Track])},
    optional={
        **{
            name: st.lists(st.sampled_from(Rule), max_size=2).map(tuple)
            for name in ("off", "advise", "require", "lock")
        },
        "settings": st.builds(lambda value: of(recorded_refusals_max=value), st.integers(-1, 1001)),
        "lock_settings": st.lists(st.sampled_from(Setting), max_size=2).map(tuple) | st.just((REFUSALS,)),
    },
)
ADOPTIONS = st.lists(st.tuples(st.sampled_from(["workspace", "team"]), CHANGES), max_size=12)


def played(adoptions: list[tuple[str, dict[str, Any]]]) -> Place:
    place = Place()
    for where, change in adoptions:
        try:
            place.adopt(where, **change)
        except Refused:
            continue
    return place


@for_all(ADOPTIONS)
def test_what_a_wider_scope_locks_is_never_looser_below(adoptions: list[tuple[str, dict[str, Any]]]) -> None:
    place = played(adoptions)
    for track in (None, *Track):
        chain = scopes(place.workspace.policies, place.team.policies, track)
        for depth, scope in enumerate(chain):
            for rule in scope.locked:
                assert place.policy(track).level(rule).strictness >= rules(chain[: depth + 1])[rule].level.strictness


@for_all(ADOPTIONS)
def test_the_order_in_which_two_scopes_adopt_changes_nothing(adoptions: list[tuple[str, dict[str, Any]]]) -> None:
    unlocked = [(where, {**change, "lock": None, "lock_settings": None}) for where, change in adoptions]
    first, second = played(unlocked), played(sorted(unlocked, key=lambda told: told[0]))
    assert [first.policy(track) for track in (None, *Track)] == [second.policy(track) for track in (None, *Track)]


@for_all(ADOPTIONS)
def test_what_one_track_adopts_says_nothing_of_the_other(adoptions: list[tuple[str, dict[str, Any]]]) -> None:
    without = [told for told in adoptions if told[1]["track"] is not Track.TECHNICAL]
    assert played(adoptions).policy(Track.FUNCTIONAL) == played(without).policy(Track.FUNCTIONAL)


@for_all(ADOPTIONS)
def test_versions_count_up_by_one_in_each_scope(adoptions: list[tuple[str, dict[str, Any]]]) -> None:
    place, counts = Place(), dict[tuple[str, Track | None], int]()
    for where, change in adoptions:
        try:
            event = place.adopt(where, **change)
        except Refused:
            continue
        counts[where, event.track] = counts.get((where, event.track), 0) + 1
        assert event.number == counts[where, event.track]


def test_what_lies_above_a_scope() -> None:
    place = Place()
    for where in ("workspace", "team"):
        for track in (None, Track.TECHNICAL):
            place.adopt(where, track=track, off=(IMPLEMENTER,))
    everywhere, team = place.workspace.policies, place.team.policies
    assert above(everywhere, None, None) == ()
    assert above(everywhere, None, Track.TECHNICAL) == (everywhere[None],)
    assert above(everywhere, team, None) == (everywhere[None],)
    assert above(everywhere, team, Track.TECHNICAL) == (everywhere[None], everywhere[Track.TECHNICAL], team[None])


def test_the_policy_that_holds_is_what_a_command_reads() -> None:
    place = Place()
    place.in_team(require=(AUTHOR,))
    acting: Who = replace(PAULA, policy=place.policy())
    assert acting.policy.level(AUTHOR) is Level.REQUIRE
