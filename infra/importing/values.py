"""Values of a file, checked: times, texts that become one event, names of people."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

import msgspec

from infra.importing.file import Where

TEXT_BYTES_MAX: Final = 900_000
"""Of what one history entry, or one issue, says: it becomes one event."""

NAME_CHARACTERS_MAX: Final = 300
_HARMLESS_CHARACTERS: Final = TEXT_BYTES_MAX // 6
"""JSON needs six bytes for a character at most."""

_FIRST_MOMENT: Final = datetime(1970, 1, 1, tzinfo=UTC)


def moment(text: str, where: Where, below: str, now: datetime) -> datetime:
    """The time in UTC; raises ImportRefused for one without a zone, before 1970 or still to come."""
    try:
        told = datetime.fromisoformat(text)
        at = told.astimezone(UTC) if told.tzinfo else None
    except (ValueError, OverflowError):
        at = None
    if at is None or at < _FIRST_MOMENT:
        message = f"{text[:40]!r} is no time with a time zone, such as 2011-07-25T13:54:19.314+0000."
        raise where.refused("BAD_TIME", message, below)
    if at > now:
        raise where.refused("TIME_IN_FUTURE", f"{text} is still to come; is this computer's clock right?", below)
    return at


def refuse_oversized(texts: Sequence[str | None], where: Where, below: str) -> None:
    """Raises ImportRefused when the texts do not fit into one event."""
    if sum(len(text or "") for text in texts) <= _HARMLESS_CHARACTERS:
        return
    length = len(msgspec.json.encode(texts))
    if length > TEXT_BYTES_MAX:
        raise where.refused("TEXT_TOO_LONG", f"its texts have {length} bytes, more than {TEXT_BYTES_MAX}.", below)


def name_of(text: str) -> str:
    """A name in one line of a length that can be kept."""
    return " ".join(text.split())[:NAME_CHARACTERS_MAX]
