"""Adopting policy: how rules are kept in a workspace or a team, on one track or on both."""

from collections.abc import Iterable
from typing import Any, NamedTuple

import msgspec

from domain.authority import Authority, Power, Who
from domain.decision import Decided, decided
from domain.events import PolicyAdopted
from domain.events.item import Track
from domain.policy import SETTINGS, Level, Rule, Settings, read, written
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
) -> Decided:
    """Decide how rules are kept in a team, on one track or on both. What is left out stays as it was.

    What the workspace locked may be made stricter, not looser; settings are not locked.
    """
    authority = may_adopt(team, who)
    above = policy.above(who.workspace_policies, team.policies, track)
    change = _Change(track, _levels(off, advise, require), lock, _given(settings), prose("why", why))
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
) -> Decided:
    """Decide how rules are kept in all teams, on one track or on both. What is left out stays as it was.

    Teams may decide otherwise, but not loosen the rules that are locked here; settings are theirs to change.
    """
    authority = may_adopt_for_all(workspace, who)
    above = policy.above(workspace.policies, None, track)
    change = _Change(track, _levels(off, advise, require), lock, _given(settings), prose("why", why))
    return decided(authority, _adopted(workspace, above, change))


class _Change(NamedTuple):
    """What an adoption changes, on one track or on both: levels, which rules are locked, and the settings' texts."""

    track: Track | None
    levels: dict[Rule, Level]
    lock: Rules | None
    settings: dict[str, str]
    why: str


def _adopted(place: Team, above: Iterable[Adopted], change: _Change) -> PolicyAdopted:
    """The version before, with what changes."""
    wider = policy.rules(above)
    loosened = [rule for rule, level in change.levels.items() if not wider[rule].allows(level)]
    if loosened:
        raise PolicyLocked(unmet=tuple(f"{rule} is locked at {wider[rule].level}" for rule in loosened))
    before = place.policies.get(change.track, Adopted(policy=0, number=0, owner=place.id))
    levels, settings = {**before.levels, **change.levels}, {**before.settings, **change.settings}
    locked = before.locked if change.lock is None else frozenset(change.lock)
    if (levels, settings, locked) == (before.levels, before.settings, before.locked):
        raise NothingChanged
    return PolicyAdopted(
        policy=place.adoptions + 1,
        number=before.number + 1,
        track=change.track,
        replaces=before.policy or None,
        off=_at(Level.OFF, levels),
        advised=_at(Level.ADVISE, levels),
        required=_at(Level.REQUIRE, levels),
        locked=tuple(rule for rule in Rule if rule in locked),
        settings=tuple(f"{name}={settings[name]}" for name in SETTINGS if name in settings),
        why=change.why,
    )


def _at(level: Level, levels: dict[Rule, Level]) -> Rules:
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
