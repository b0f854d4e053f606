"""The tables of what policy may decide, made from the rules and settings themselves.

`python -m tests.docs.policies` writes them into docs/policy.md.
"""

from collections.abc import Sequence
from enum import EnumType
from pathlib import Path
from typing import Final, get_args

from domain.policy import DEFAULT_LEVELS, SETTINGS, Level, Policy, Rule, meaning, metas, written
from graphql_api.types.fields import camel

GUIDE: Final = Path(__file__).parents[2] / "docs" / "policy.md"
MARKS: Final = ("<!-- written by tests.docs.policies -->\n", "<!-- written until here -->\n")
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


def in_guide(page: str) -> str:
    """The tables that the page has."""
    return page.split(MARKS[0])[1].split(MARKS[1], maxsplit=1)[0]


if __name__ == "__main__":
    told = GUIDE.read_text(encoding="utf-8")
    GUIDE.write_text(told.replace(MARKS[0] + in_guide(told), MARKS[0] + tables()), encoding="utf-8")
