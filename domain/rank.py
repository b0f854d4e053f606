"""Places in an order that leave room between them: keys compared as text, base 62, never ending in the lowest digit.

Each key ends in digits of the id of the thing it is for, so two things that are put into the same gap, at once or
by people who saw an older order, get different places.
"""

from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

_DIGITS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_BASE: Final = len(_DIGITS)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_TIME_PLACES: Final = 9
_OWN_PLACES: Final = 5


def within(above: str, below: str, stream_id: UUID) -> str:
    """The key of a thing that is put between two others. Needs above < below."""
    return _between(above, below) + _own(stream_id)


def at_end(now: datetime, stream_id: UUID, above: str = "") -> str:
    """The key of a thing that goes to the end of an order, behind `above`: the later, the further down."""
    key = "V" + _number(_microseconds(now), _TIME_PLACES)
    return max(above, key) + _own(stream_id)


def at_top(now: datetime, stream_id: UUID, below: str) -> str:
    """The key of a thing that goes to the top of an order, before `below`: the later, the higher up."""
    key = "U" + _number(_BASE**_TIME_PLACES - 1 - _microseconds(now), _TIME_PLACES)
    is_before = key < below and not below.startswith(key)
    return (key if is_before else _between(below[:-1], below)) + _own(stream_id)


def _between(above: str, below: str) -> str:
    """A key that parts from `below` before it ends, so whatever is written behind it lies between the two as well."""
    high, key = below, ""
    while True:
        place = len(key)
        floor = _DIGITS.index(above[place]) if place < len(above) else 0
        ceiling = _DIGITS.index(high[place]) if place < len(high) else _BASE
        middle = (floor + ceiling) // 2
        if middle > floor:
            return key + _DIGITS[middle]
        key += _DIGITS[floor]
        high = high if floor == ceiling else ""


def _own(stream_id: UUID) -> str:
    return _number(stream_id.int, _OWN_PLACES) + "1"


def _microseconds(now: datetime) -> int:
    return max(0, (now - _EPOCH) // timedelta(microseconds=1))


def _number(value: int, places: int) -> str:
    digits = []
    for _ in range(places):
        value, digit = divmod(value, _BASE)
        digits.append(_DIGITS[digit])
    return "".join(reversed(digits))
