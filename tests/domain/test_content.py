"""The digests that pin down what an item says. Their form is frozen: the vectors were computed by another program."""

import json
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.content import (
    EDITORIAL_SECTIONS,
    SECTIONS,
    Content,
    changed_sections,
    checked,
    revision_digest,
    section_digests,
)
from domain.refusals import TextMissing, TextNotStorable, TextTooLong
from domain.text import CRITERIA_MAX, LINE_CHARACTERS_MAX, TEXT_CHARACTERS_MAX
from tests.given import refused

VECTORS: Final[list[dict[str, Any]]] = json.loads(
    (Path(__file__).parents[1] / "vectors" / "content.json").read_text(encoding="utf-8")
)
SALT: Final = "ab" * 32
TEXTS: Final = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=20)
WORDS: Final = TEXTS.filter(str.strip)


def contents() -> st.SearchStrategy[Content]:
    said: dict[str, Any] = {
        name: st.none() | WORDS for name in SECTIONS if name not in ("title", "criteria", "criteria_kinds")
    }
    return st.builds(Content, title=WORDS, criteria=st.none() | st.lists(WORDS, max_size=3).map(tuple), **said)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_digests_are_what_another_program_computed(vector: dict[str, Any]) -> None:
    said: dict[str, Any] = {
        name: tuple(text) if isinstance(text, list) else text for name, text in vector["content"].items()
    }
    digests = section_digests(vector["salt"], Content(**said))
    assert digests == vector["section_digests"]
    assert revision_digest(digests) == vector["digest"]


def test_a_section_that_says_nothing_has_no_digest_so_that_new_sections_leave_old_digests_as_they_are() -> None:
    assert section_digests(SALT, Content(title="Pay", why="", criteria=())) == section_digests(
        SALT, Content(title="Pay")
    )


@given(contents(), contents())
def test_two_contents_have_the_same_digest_only_if_they_say_the_same(one: Content, other: Content) -> None:
    said = [[content.section(name) for name in SECTIONS] for content in (one, other)]
    digests = [revision_digest(section_digests(SALT, content)) for content in (one, other)]
    assert (said[0] == said[1]) == (digests[0] == digests[1])


@given(contents())
def test_the_salt_is_in_every_digest(content: Content) -> None:
    here, there = section_digests(SALT, content), section_digests("cd" * 32, content)
    assert set(here) == set(there)
    assert not set(here.values()) & set(there.values())


def test_a_criterion_is_not_its_neighbour_continued() -> None:
    split, whole = Content(criteria=("a", "b")), Content(criteria=('a","b',))
    assert section_digests(SALT, split) != section_digests(SALT, whole)


@given(contents(), contents())
def test_exactly_the_sections_that_say_something_else_have_changed(one: Content, other: Content) -> None:
    changed = changed_sections(one, section_digests(SALT, one), other)
    assert set(changed) == {name for name in SECTIONS if one.section(name) != other.section(name)}


def test_a_section_that_was_erased_has_changed_whatever_it_says_now() -> None:
    digests = section_digests(SALT, Content(title="Pay", criteria=("a",)))
    assert changed_sections(Content(), digests, Content(title="Pay")) == ("title", "criteria")
    assert changed_sections(Content(), digests, Content(title="Pay", criteria=("a",))) == ("title", "criteria")


def test_only_sections_can_be_editorial() -> None:
    assert set(SECTIONS) > EDITORIAL_SECTIONS
    assert tuple(Content.__struct_fields__) == SECTIONS


@given(contents())
def test_checking_keeps_what_is_said(content: Content) -> None:
    once = checked(content)
    assert once == checked(once)
    assert [once.section(name) for name in SECTIONS] == [content.section(name) for name in SECTIONS]


def test_blank_text_says_nothing() -> None:
    assert checked(Content(title="Pay", why=" \n", value="", criteria=())) == Content(title="Pay")


@pytest.mark.parametrize("title", [None, "", " \n\t"])
def test_an_item_without_a_title_is_refused(title: str | None) -> None:
    with refused(TextMissing) as raised:
        checked(Content(title=title))
    assert raised.value.path == "title"


def test_a_blank_criterion_is_refused() -> None:
    with refused(TextMissing):
        checked(Content(title="Pay", criteria=("a", " ")))


@pytest.mark.parametrize(
    "content",
    [
        Content(title="x" * (LINE_CHARACTERS_MAX + 1)),
        Content(title="Pay", why="x" * (TEXT_CHARACTERS_MAX + 1)),
        Content(title="Pay", criteria=("x" * (TEXT_CHARACTERS_MAX + 1),)),
        Content(title="Pay", criteria=("x",) * (CRITERIA_MAX + 1)),
        Content(title="Pay", criteria=("x" * TEXT_CHARACTERS_MAX,) * 50),
        Content(title="Pay", criteria=("\U0001f600" * TEXT_CHARACTERS_MAX,) * 12),
    ],
    ids=["title", "why", "criterion", "criteria", "all together", "all together as bytes"],
)
def test_text_that_is_too_long_is_refused(content: Content) -> None:
    with refused(TextTooLong) as raised:
        checked(content)
    assert raised.value.unmet


def test_a_revision_of_many_long_texts_is_kept() -> None:
    assert checked(Content(title="Pay", criteria=("x" * TEXT_CHARACTERS_MAX,) * 40)).criteria


@pytest.mark.parametrize("character", ["\0", "\ud800"])
def test_text_that_no_database_can_hold_is_refused(character: str) -> None:
    for content in (Content(title="a" + character), Content(title="a", criteria=("a" + character,))):
        with refused(TextNotStorable):
            checked(content)
