"""The tables of what policy may decide, made from the rules and settings themselves.

`python -m tests.docs.policies` writes them into docs/policy.md.
"""

from collections.abc import Sequence
from enum import EnumType
from typing import Final, get_args

from domain.policy import DEFAULT_LEVELS, SETTINGS, Level, Policy, Rule, meaning, metas, written
from graphql_api.types.fields import camel
from tests.docs.guides import Made

IN_GUIDE: Final = Made("policy.md", "written by tests.docs.policies")
NONE: Final = "none"


def tables() -> str:
    """Every rule with what it asks for and its level, every setting with what it means, its bounds and its value."""
    rules = [(f"`{rule}`", rule.words, DEFAULT_LEVELS.get(rule, Level.ADVISE)) for rule in Rule]
    settings = [
        (f"`{camel(name)}`", meaning(name), bounds(name), written(getattr(Policy(), name)) or NONE) for name in SETTINGS
    ]
    first = table(("rule", "what it asks for", "where nobody decided"), rules)
    return first + "\n" + table(("setting", "what it means", "may be", "where nobody decided"), settings)


def bounds(name: str) -> str:
    """What a setting may be."""
    for told in metas(name):
        if told.ge is not None and told.le is not None:
            return f"{told.ge} to {told.le}"
    hint = get_args(SETTINGS[name])[0]
    of = next((each for each in (hint, *get_args(hint)) if isinstance(each, EnumType)), None)
    words = ", ".join(f"`{value}`" for value in getattr(of, "__members__", ()))
    if get_args(hint):
        return f"any of {words}" if words else "several numbers"
    return words or "yes or no"


def table(head: tuple[str, ...], lines: Sequence[tuple[str, ...]]) -> str:
    """As Markdown."""
    rows = [head, ("---",) * len(head), *lines]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


if __name__ == "__main__":
    IN_GUIDE.put(tables())
