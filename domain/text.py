"""What text the ledger accepts."""

import re
from typing import Final

from domain.refusals import TextMissing, TextNotStorable, TextTooLong

LINE_CHARACTERS_MAX: Final = 300
TEXT_CHARACTERS_MAX: Final = 20_000
CRITERIA_MAX: Final = 100

_NOT_STORABLE: Final = re.compile("[\0\ud800-\udfff]")
"""NUL, which PostgreSQL refuses in a text, and halves of characters, which are not Unicode."""


def line(path: str, text: str) -> str:
    """A single sentence that must be there: a title, a name."""
    return _required(path, text, LINE_CHARACTERS_MAX)


def prose(path: str, text: str) -> str:
    """Text that must be there: a statement, an answer."""
    return _required(path, text, TEXT_CHARACTERS_MAX)


def optional(path: str, text: str | None) -> str | None:
    """Text that may be missing; blank text is none."""
    return _storable(path, text, TEXT_CHARACTERS_MAX) if text and text.strip() else None


def lines(path: str, texts: tuple[str, ...] | None) -> tuple[str, ...] | None:
    """A list of texts, each of which must say something; an empty one is none."""
    if not texts:
        return None
    if len(texts) > CRITERIA_MAX:
        raise TextTooLong(path=path, unmet=(f"at most {CRITERIA_MAX} entries",))
    return tuple(_required(path, text, TEXT_CHARACTERS_MAX) for text in texts)


def _required(path: str, text: str, characters_max: int) -> str:
    if not text.strip():
        raise TextMissing(path=path)
    return _storable(path, text, characters_max)


def _storable(path: str, text: str, characters_max: int) -> str:
    if len(text) > characters_max:
        raise TextTooLong(path=path, unmet=(f"at most {characters_max} characters",))
    if _NOT_STORABLE.search(text):
        raise TextNotStorable(path=path)
    return text
