"""What a workspace, a team or a track may decide about its own rules, and what holds where nobody decided."""

from enum import StrEnum
from typing import Final

import msgspec

from domain.refusals import PolicyForbids


class Level(StrEnum):
    """How a rule is kept: not at all, noted where it is not met, or required."""

    OFF = "OFF"
    ADVISE = "ADVISE"
    REQUIRE = "REQUIRE"


class Rule(StrEnum):
    """A rule whose level policy sets. What is not here holds always, whatever anybody decides."""

    AUTHOR_DOES_NOT_SIGN = "AUTHOR_DOES_NOT_SIGN"
    IMPLEMENTER_DOES_NOT_SIGN = "IMPLEMENTER_DOES_NOT_SIGN"


RULES: Final[dict[Rule, str]] = {
    Rule.AUTHOR_DOES_NOT_SIGN: "Somebody other than its author signs an item off.",
    Rule.IMPLEMENTER_DOES_NOT_SIGN: "Nobody accepts what they implemented themselves.",
}
"""What each rule asks for, in the words in which it is noted as unmet."""

DEFAULT_LEVELS: Final[dict[Rule, Level]] = {
    Rule.AUTHOR_DOES_NOT_SIGN: Level.OFF,
    Rule.IMPLEMENTER_DOES_NOT_SIGN: Level.REQUIRE,
}
"""The level of a rule that nobody set, where it is not ADVISE (DOMAIN.md C10: authors may sign, implementers not)."""


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """The rules as they hold somewhere: for a track of a team, with what team and workspace decided."""

    levels: dict[Rule, Level] = msgspec.field(default_factory=dict)

    def level(self, rule: Rule) -> Level:
        """How a rule is kept here."""
        return self.levels.get(rule, DEFAULT_LEVELS.get(rule, Level.ADVISE))

    def weigh(self, rule: Rule, *, is_met: bool) -> tuple[Rule, ...]:
        """What has to be noted: the rule, where it is not met and only advises. Refuses where it is required."""
        if is_met or self.level(rule) is Level.OFF:
            return ()
        if self.level(rule) is Level.REQUIRE:
            raise PolicyForbids(unmet=(RULES[rule],))
        return (rule,)
