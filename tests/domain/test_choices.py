"""The values that people choose from are told in words: of each, more than its name says already."""

import re
from collections.abc import Iterator
from typing import Final

import pytest

import projections
from domain.entry import Choice

assert projections.PROJECTIONS, "rows have values of their own"


def choices(of: type[Choice] = Choice) -> Iterator[type[Choice]]:
    for each in of.__subclasses__():
        yield each
        yield from choices(each)


CHOICES: Final = {each.__name__: each for each in choices()}


@pytest.mark.parametrize("choice", CHOICES.values(), ids=CHOICES)
def test_each_value_says_more_than_its_name(choice: type[Choice]) -> None:
    for value in choice:
        told = set(re.findall(r"[a-z]+", value.words.lower())) - {"a", "an", "the", "it", "is", "to", "of"}
        assert told - {form for name in value.name.lower().split("_") for form in (name, f"{name}s", f"{name}ed")}
        assert value.words.endswith(".")
