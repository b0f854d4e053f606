"""What workspace and team adopted, as rules read it, and the policy that follows from all of it for one track."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple

import msgspec

from domain.entry import Entry
from domain.events import PolicyAdopted
from domain.events.item import Track
from domain.policy import DEFAULT_LEVELS, SETTINGS, Level, Policy, Rule, read, written


class Adopted(msgspec.Struct, frozen=True, kw_only=True):
    """What holds in one scope: a workspace or a team, for one track or for both."""

    policy: int
    number: int
    owner: str
    levels: Mapping[Rule, Level] = MappingProxyType({})
    settings: Mapping[str, str] = MappingProxyType({})
    locked: frozenset[Rule] = frozenset()
    locked_settings: frozenset[str] = frozenset()


Policies = Mapping[Track | None, Adopted]
NO_POLICIES: Final[Policies] = MappingProxyType({})


class Told(NamedTuple):
    """How a rule is kept somewhere, who said so (None when nobody did), and whether what lies below may loosen it."""

    level: Level
    by: Adopted | None = None
    is_locked: bool = False

    def allows(self, level: Level) -> bool:
        """Whether a scope below may keep the rule at this level."""
        return not self.is_locked or level.strictness >= self.level.strictness


def evolve(policies: Policies, entry: Entry[Any], owner: str) -> Policies:
    """What a workspace or team adopted after an entry; total."""
    match entry.event:
        case PolicyAdopted() as event:
            adopted = Adopted(
                policy=event.policy,
                number=event.number,
                owner=owner,
                levels=levels(event),
                settings=settings(event),
                locked=frozenset(event.locked),
                locked_settings=frozenset(event.locked_settings) & SETTINGS.keys(),
            )
            return {**policies, event.track: adopted}
        case _:
            return policies


def levels(event: PolicyAdopted) -> dict[Rule, Level]:
    """The level of each rule that an adoption sets."""
    told = {Level.OFF: event.off, Level.ADVISE: event.advised, Level.REQUIRE: event.required}
    return {rule: level for level, rules in told.items() for rule in rules}


def settings(event: PolicyAdopted) -> dict[str, str]:
    """The text of each setting that an adoption sets and that this version of the software can read."""
    told = {name: text for name, _, text in (said.partition("=") for said in event.settings)}
    return {name: text for name, text in told.items() if name in SETTINGS and _is_readable(name, text)}


def scopes(workspace: Policies, team: Policies, track: Track | None) -> tuple[Adopted, ...]:
    """What holds for a track of a team, the widest first: workspace, its track, team, its track."""
    found = [(policies, scope) for policies in (workspace, team) for scope in dict.fromkeys((None, track))]
    return tuple(policies[scope] for policies, scope in found if scope in policies)


def above(workspace: Policies, team: Policies | None, track: Track | None) -> tuple[Adopted, ...]:
    """The scopes that what is adopted for this track of a team (None for the workspace's own) must not loosen."""
    if team is None:
        return scopes(workspace, NO_POLICIES, None) if track else ()
    return scopes(workspace, {None: team[None]} if track and None in team else NO_POLICIES, track)


def rules(adopted: Iterable[Adopted]) -> dict[Rule, Told]:
    """How each rule is kept; what a wider scope locks, a narrower one makes stricter or leaves."""
    told = {rule: Told(DEFAULT_LEVELS.get(rule, Level.ADVISE)) for rule in Rule}
    for scope in adopted:
        for rule, level in scope.levels.items():
            if told[rule].allows(level):
                told[rule] = told[rule]._replace(level=level, by=scope)
        for rule in scope.locked:
            told[rule] = told[rule]._replace(is_locked=True)
    return told


def set_by(adopted: Iterable[Adopted]) -> dict[str, Adopted]:
    """Which scope sets each setting that any sets: the narrowest that does, but none below one that locks it."""
    told: dict[str, Adopted] = {}
    locked: frozenset[str] = frozenset()
    for scope in adopted:
        told |= dict.fromkeys(scope.settings.keys() - locked, scope)
        locked |= scope.locked_settings
    return told


def fixed(adopted: tuple[Adopted, ...]) -> dict[str, str]:
    """The text of each setting that one of these scopes locks: it stands for all below them."""
    held = policy(adopted)
    return {name: written(getattr(held, name)) for scope in adopted for name in scope.locked_settings}


def policy(adopted: tuple[Adopted, ...]) -> Policy:
    """The policy that follows from these scopes, the widest first."""
    if not adopted:
        return Policy()
    values = {name: read(name, scope.settings[name]) for name, scope in set_by(adopted).items()}
    return Policy(levels={rule: told.level for rule, told in rules(adopted).items()}, **values)


def _is_readable(name: str, text: str) -> bool:
    try:
        read(name, text)
    except msgspec.ValidationError:
        return False
    return True
