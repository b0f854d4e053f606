"""What an item says, in sections, and the digests that pin it down.

The digest form is frozen (tests/domain/test_content.py holds vectors): a section's digest is
SHA-256("pushback/section/v1" LF salt LF name LF canonical JSON of the section), a revision's digest is
SHA-256("pushback/revision/v1" LF, then "name:digest" LF for each section that says something, by name).
An empty section has no digest, so a section added to the model later leaves old digests as they are.
"""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Final

import msgspec

from domain import text
from domain.events.item import CriterionKind
from domain.refusals import CriteriaKindsDiffer, TextTooLong

CONTENT_BYTES_MAX: Final = 900_000
"""Of all sections together, as JSON: an event holds a mebibyte, and a reason or a summary may stand beside them."""

SECTIONS: Final = ("title", "narrative", "why", "value", "criteria", "criteria_kinds", "constraints", "deployment")
EDITORIAL_SECTIONS: Final = frozenset({"title", "narrative"})
"""Sections whose wording may change without touching what was accepted."""

Section = str | tuple[str, ...] | None


class Content(msgspec.Struct, frozen=True, kw_only=True):
    """The text of one revision; None where a section says nothing, or was erased."""

    title: str | None = None
    narrative: str | None = None
    why: str | None = None
    value: str | None = None
    criteria: tuple[str, ...] | None = None
    criteria_kinds: tuple[CriterionKind, ...] | None = None
    constraints: str | None = None
    deployment: str | None = None

    def section(self, name: str) -> Section:
        """One section's text; empty ones count as saying nothing."""
        value: Section = getattr(self, name)
        return value or None


def checked(content: Content) -> Content:
    """The content with each text storable; refuses an empty title, and more than one event can hold."""
    said = Content(
        title=text.line("title", content.title or ""),
        narrative=text.optional("narrative", content.narrative),
        why=text.optional("why", content.why),
        value=text.optional("value", content.value),
        criteria=text.lines("criteria", content.criteria),
        criteria_kinds=_kinds(content),
        constraints=text.optional("constraints", content.constraints),
        deployment=text.optional("deployment", content.deployment),
    )
    if len(msgspec.json.encode(said)) > CONTENT_BYTES_MAX:
        raise TextTooLong(unmet=(f"at most {CONTENT_BYTES_MAX} bytes in all sections together",))
    return said


def written(content: Content) -> dict[str, Any]:
    """The sections as the fields of an event: no kinds are an empty list of them."""
    return {**{name: getattr(content, name) for name in SECTIONS}, "criteria_kinds": content.criteria_kinds or ()}


def _kinds(content: Content) -> tuple[CriterionKind, ...] | None:
    """A kind for each criterion, none where all are unsorted; refuses another number of them."""
    kinds = content.criteria_kinds
    if not kinds or set(kinds) == {CriterionKind.UNSORTED}:
        return None
    if len(kinds) != len(content.criteria or ()):
        raise CriteriaKindsDiffer(path="criteriaKinds")
    return kinds


def kinds_kept(before: Content, criteria: tuple[str, ...]) -> tuple[CriterionKind, ...]:
    """The kinds of these criteria: what stays word for word stays of its kind."""
    known = dict(zip(before.criteria or (), before.criteria_kinds or (), strict=False))
    return tuple(known.get(criterion, CriterionKind.UNSORTED) for criterion in criteria)


def section_digest(salt: str, name: str, section: str | tuple[str, ...]) -> str:
    """Hex SHA-256 of one salted section; equal to RFC 8785 form for the strings and lists that sections are."""
    canonical = json.dumps(section, ensure_ascii=False, separators=(",", ":"))
    return sha256(f"pushback/section/v1\n{salt}\n{name}\n{canonical}".encode()).hexdigest()


def section_digests(salt: str, content: Content) -> dict[str, str]:
    """The digest of each section that says something, by name."""
    said = {name: content.section(name) for name in sorted(SECTIONS)}
    return {name: section_digest(salt, name, section) for name, section in said.items() if section is not None}


def revision_digest(digests: dict[str, str]) -> str:
    """Hex SHA-256 over the section digests: what a signer signs."""
    body = "".join(f"{name}:{digests[name]}\n" for name in sorted(digests))
    return sha256(f"pushback/revision/v1\n{body}".encode()).hexdigest()


def changed_sections(before: Content, digests: Mapping[str, str], after: Content) -> tuple[str, ...]:
    """The sections that do not say the same any more.

    `digests` are those of `before`: a section that has one but no text was erased, and nobody can say the same again.
    """
    erased = {name for name in digests if before.section(name) is None}
    return tuple(name for name in SECTIONS if name in erased or before.section(name) != after.section(name))
