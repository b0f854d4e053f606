"""Why a file is not imported, and what else is worth knowing about what was read."""

from collections.abc import Iterator
from typing import Final

import msgspec

PLACES_MAX: Final = 3
"""So many places are named for one note."""


class ImportRefused(Exception):
    """The files cannot be imported; nothing was. `place` is a JSON path or a byte offset."""

    def __init__(self, code: str, message: str, *, file: str = "", key: str = "", place: str = "") -> None:
        self.code = code
        self.message = message
        self.file = file
        self.key = key
        self.place = place
        super().__init__(code, message, file, key, place)

    def __str__(self) -> str:
        where = ", ".join(part for part in (self.file, self.key, self.place) if part)
        return f"{where + ': ' if where else ''}{self.message} [{self.code}] Nothing was imported."


class Note(msgspec.Struct, frozen=True):
    """Something that was met `count` times; `places` are the first of them."""

    code: str
    message: str
    count: int
    places: tuple[str, ...]


class Notes:
    """Notes as they are taken; equal ones are counted."""

    def __init__(self) -> None:
        self._places: dict[tuple[str, str], list[str]] = {}
        self._counts: dict[tuple[str, str], int] = {}

    def add(self, code: str, message: str, place: str, count: int = 1) -> None:
        """Take note of something met at a place."""
        places = self._places.setdefault((code, message), [])
        self._counts[code, message] = self._counts.get((code, message), 0) + count
        if len(places) < PLACES_MAX:
            places.append(place)

    def __iter__(self) -> Iterator[Note]:
        for (code, message), places in self._places.items():
            yield Note(code, message, self._counts[code, message], tuple(places))
