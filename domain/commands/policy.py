"""Adopting policy: how rules are kept in a workspace or a team, on one track or on both."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec
from msgspec.structs import replace

from domain.authority import Authority, Power, Who
from domain.decision import Decided, decided
from domain.events import PolicyAdopted
from domain.events.item import Track
from domain.policy import SETTINGS, Level, Rule, Setting, Settings, read, written
from domain.refusals import (
    LevelsContradict,
    NothingChanged,
    PolicyLocked,
    SettingOutOfBounds,
    UnknownTeam,
    UnknownWorkspace,
)
from domain.state import policy
from domain.state.policy import Adopted
from domain.state.team import Team, Workspace
from domain.text import prose

Rules = tuple[Rule, ...]


def may_adopt(team: Team, who: Who) -> Authority:
    """The team's Scrum Master or Product Owner, a chief, or an administrator."""
    if not team.id:
        raise UnknownTeam(path="team")
    return who.by(Power.ADOPT_POLICY)


def may_adopt_for_all(workspace: Workspace, who: Who) -> Authority:
    """A chief, or an administrator."""
    if not workspace.id:
        raise UnknownWorkspace(path="workspace")
    return who.by_role(Power.ADOPT_POLICY)


def adopt_policy(
    team: Team,
    who: Who,
    *,
    why: str,
    track: Track | None = None,
    off: Rules | None = None,
    advise: Rules | None = None,
    require: Rules | None = None,
    lock: Rules | None = None,
    settings: Settings | None = None,
    lock_settings: tuple[Setting, ...] | None = None,
) -> Decided:
    """Decide how rules are kept in a team, on one track or on both. What is left out stays as it was.

    Of what the workspace locked, rules may be made stricter, not looser, and settings are not changed.
    """
    authority = may_adopt(team, who)
    above = policy.above(who.workspace_policies, team.policies, track)
    change = _Change(track, _levels(off, advise, require), lock, _given(settings), lock_settings, prose("why", why))
    return decided(authority, _adopted(team, above, change))


def adopt_workspace_policy(
    workspace: Workspace,
    who: Who,
    *,
    why: str,
    track: Track | None = None,
    off: Rules | None = None,
    advise: Rules | None = None,
    require: Rules | None = None,
    lock: Rules | None = None,
    settings: Settings | None = None,
    lock_settings: tuple[Setting, ...] | None = None,
) -> Decided:
    """Decide how rules are kept in all teams, on one track or on both. What is left out stays as it was.

    Teams may decide otherwise, but neither loosen the rules nor change the settings that are locked here.
    """
    authority = may_adopt_for_all(workspace, who)
    above = policy.above(workspace.policies, None, track)
    change = _Change(track, _levels(off, advise, require), lock, _given(settings), lock_settings, prose("why", why))
    return decided(authority, _adopted(workspace, above, change))


class _Change(NamedTuple):
    """What an adoption changes, on one track or on both: levels, the settings' texts, and which of each are locked."""

    track: Track | None
    levels: dict[Rule, Level]
    lock: Rules | None
    settings: dict[str, str]
    lock_settings: tuple[Setting, ...] | None
    why: str


def _adopted(place: Team, above: tuple[Adopted, ...], change: _Change) -> PolicyAdopted:
    """The version before, with what changes."""
    _must_be_left_open(above, change)
    before = place.policies.get(change.track, Adopted(policy=0, number=0, owner=place.id))
    after = _changed(before, change)
    if after == before:
        raise NothingChanged
    return PolicyAdopted(
        policy=place.adoptions + 1,
        number=before.number + 1,
        track=change.track,
        replaces=before.policy or None,
        off=_at(Level.OFF, after.levels),
        advised=_at(Level.ADVISE, after.levels),
        required=_at(Level.REQUIRE, after.levels),
        locked=tuple(rule for rule in Rule if rule in after.locked),
        settings=tuple(f"{name}={after.settings[name]}" for name in SETTINGS if name in after.settings),
        locked_settings=tuple(name for name in SETTINGS if name in after.locked_settings),
        why=change.why,
    )


def _must_be_left_open(above: tuple[Adopted, ...], change: _Change) -> None:
    """Refuses to loosen a rule, or to change a setting, that a wider scope locked."""
    wider, fixed = policy.rules(above), policy.fixed(above)
    loosened = [
        f"{rule} is locked at {wider[rule].level}"
        for rule, level in change.levels.items()
        if not wider[rule].allows(level)
    ]
    moved = [
        f"{name.upper()} is locked at {fixed[name]}"
        for name, text in change.settings.items()
        if fixed.get(name, text) != text
    ]
    if loosened or moved:
        raise PolicyLocked(unmet=(*loosened, *moved))


def _changed(before: Adopted, change: _Change) -> Adopted:
    """What holds in the scope after it."""
    named = None if change.lock_settings is None else frozenset(name.lower() for name in change.lock_settings)
    return replace(
        before,
        levels={**before.levels, **change.levels},
        settings={**before.settings, **change.settings},
        locked=before.locked if change.lock is None else frozenset(change.lock),
        locked_settings=before.locked_settings if named is None else named,
    )


def _at(level: Level, levels: Mapping[Rule, Level]) -> Rules:
    return tuple(rule for rule in Rule if levels.get(rule) is level)


def _levels(off: Rules | None, advise: Rules | None, require: Rules | None) -> dict[Rule, Level]:
    told = {Level.OFF: off, Level.ADVISE: advise, Level.REQUIRE: require}
    levels = {rule: level for level, rules in told.items() for rule in rules or ()}
    if len(levels) < sum(len(set(rules or ())) for rules in told.values()):
        raise LevelsContradict
    return levels


def _given(settings: Settings | None) -> dict[str, str]:
    """The text of each setting that is given."""
    told = {} if settings is None else msgspec.structs.asdict(settings)
    return {name: _within(name, value) for name, value in told.items() if value is not None}


def _within(name: str, value: Any) -> str:  # noqa: ANN401 - any setting's value
    try:
        read(name, written(value))
    except msgspec.ValidationError as error:
        raise SettingOutOfBounds(path="settings", unmet=(f"{name}: {error}",)) from None
    return written(value)
