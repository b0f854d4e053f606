"""What policy says somewhere: each rule and each setting, with the scope that decided it."""

from collections.abc import Iterable
from typing import NamedTuple, get_args

import msgspec

from domain.policy import SETTINGS, Level, Rule, written
from domain.state.policy import Adopted, policy, rules, set_by


class KeptRule(NamedTuple):
    """How a rule is kept, by whose decision (None when nobody's), and whether a narrower scope may loosen it."""

    rule: Rule
    sentence: str
    level: Level
    by: Adopted | None
    is_locked: bool


class KeptSetting(NamedTuple):
    """What a setting is as text, what it means, and by whose decision (None when nobody's)."""

    name: str
    value: str
    description: str
    by: Adopted | None


def kept_rules(adopted: Iterable[Adopted]) -> tuple[KeptRule, ...]:
    """Every rule as these scopes, the widest first, have it kept."""
    told = rules(adopted)
    return tuple(KeptRule(rule, rule.words, told[rule].level, told[rule].by, told[rule].is_locked) for rule in Rule)


def kept_settings(adopted: tuple[Adopted, ...]) -> tuple[KeptSetting, ...]:
    """Every setting as these scopes, the widest first, have it."""
    held, by = policy(adopted), set_by(adopted)
    return tuple(KeptSetting(name, written(getattr(held, name)), meaning(name), by.get(name)) for name in SETTINGS)


def meaning(name: str) -> str:
    """The sentence that says what a setting means."""
    return next(told.description or "" for told in metas(name))


def metas(name: str) -> list[msgspec.Meta]:
    """What is told of a setting beside its type: its sentence and its bounds."""
    return [mark for mark in get_args(SETTINGS[name])[1:] if isinstance(mark, msgspec.Meta)]
