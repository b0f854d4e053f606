"""What policy says somewhere: each rule and each setting, with the scope that decided it."""

from collections.abc import Iterable
from typing import NamedTuple

from domain.policy import SETTINGS, Level, Rule, meaning, written
from domain.state.policy import Adopted, fixed, policy, rules, set_by


class KeptRule(NamedTuple):
    """How a rule is kept, by whose decision (None when nobody's), and whether a narrower scope may loosen it."""

    rule: Rule
    sentence: str
    level: Level
    by: Adopted | None
    is_locked: bool


class KeptSetting(NamedTuple):
    """What a setting is as text, by whose decision (None when nobody's), and whether a narrower scope may change it."""

    name: str
    value: str
    description: str
    by: Adopted | None
    is_locked: bool


def kept_rules(adopted: Iterable[Adopted]) -> tuple[KeptRule, ...]:
    """Every rule as these scopes, the widest first, have it kept."""
    told = rules(adopted)
    return tuple(KeptRule(rule, rule.words, told[rule].level, told[rule].by, told[rule].is_locked) for rule in Rule)


def kept_settings(adopted: tuple[Adopted, ...]) -> tuple[KeptSetting, ...]:
    """Every setting as these scopes, the widest first, have it."""
    held, by, locked = policy(adopted), set_by(adopted), fixed(adopted)
    return tuple(
        KeptSetting(name, written(getattr(held, name)), meaning(name), by.get(name), name in locked)
        for name in SETTINGS
    )
