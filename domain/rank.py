"""Places in an order that leave room between them: keys compared as text, base 62, never ending in the lowest digit."""

from datetime import datetime
from typing import Final
from uuid import UUID

_DIGITS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_BASE: Final = len(_DIGITS)


def between(above: str | None, below: str | None) -> str:
    """A key after `above` and before `below`; None is the end on that side. Needs above < below."""
    low, high = above or "", below
    key = ""
    for place in range(len(low) + len(high or "") + 2):
        floor = _DIGITS.index(low[place]) if place < len(low) else 0
        ceiling = _DIGITS.index(high[place]) if high is not None and place < len(high) else _BASE
        middle = (floor + ceiling) // 2
        if floor == ceiling:
            key += _DIGITS[floor]
            continue
        if middle > floor:
            return key + _DIGITS[middle]
        key += _DIGITS[floor]
        high = None
    return key + _DIGITS[_BASE // 2]


def at_end(now: datetime, stream_id: UUID) -> str:
    """The key of a thing that joins an order at its end: by time (microseconds), then by id."""
    return "V" + _number(int(now.timestamp() * 1_000_000), 9) + _number(stream_id.int, 3).rstrip("0") + "1"


def _number(value: int, places: int) -> str:
    digits = []
    for _ in range(places):
        value, digit = divmod(value, _BASE)
        digits.append(_DIGITS[digit])
    return "".join(reversed(digits))
