"""A file's bytes, checked: that they are JSON in UTF-8 with texts that can be stored, and where in it a fault is."""

import re
from codecs import BOM_UTF8, getincrementaldecoder
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple, TypeVar

import msgspec
from msgspec import Raw

from infra.importing.refusal import ImportRefused, Notes

T = TypeVar("T")

_CHUNK_BYTES: Final = 1 << 24
_SUSPECT: Final = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")
_ESCAPE: Final = re.compile(
    rb"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(\\u(?:0000|[dD][89a-fA-F][0-9a-fA-F]{2}))|\\."
)
"""A pair of surrogates, or (captured) what no text may hold, or any other escape."""

_BYTE: Final = re.compile(r" \(byte (\d+)\)")
_PATH: Final = re.compile(r" - at `\$(.*)`$", re.DOTALL)


class Tool(NamedTuple):
    """Whose files are read, and the code that refuses those of another tool."""

    name: str
    code: str


class Text(NamedTuple):
    """A file's text; byte 0 of it is byte `shift` of the file."""

    name: str
    data: bytes
    shift: int
    tool: Tool

    def decoded(self, shape: type[T]) -> T:
        """The whole in this shape; raises ImportRefused that names the place of the first fault."""
        try:
            return msgspec.json.decode(self.data, type=shape)
        except msgspec.ValidationError as error:
            path, fault = _fault(error)
            raise self.foreign(f"this JSON is no {self.tool.name} export: {fault}.", "$" + path) from error
        except msgspec.DecodeError as error:
            raise self._malformed(error) from error
        except RecursionError as error:
            raise self.foreign("this JSON is nested too deeply.") from error

    def foreign(self, message: str, place: str = "$") -> ImportRefused:
        """The refusal of what another tool wrote."""
        return ImportRefused(self.tool.code, message, file=self.name, place=place)

    def _malformed(self, error: msgspec.DecodeError) -> ImportRefused:
        byte = _BYTE.search(str(error))
        if byte is None:
            message = "the file ends before its JSON does; was the download complete?"
            place = f"byte {len(self.data) + self.shift}"
            return ImportRefused("TRUNCATED", message, file=self.name, place=place)
        fault = _BYTE.sub("", str(error)).removeprefix("JSON is malformed: ")
        place = f"byte {int(byte[1]) + self.shift}"
        return ImportRefused("NOT_JSON", f"this is not JSON: {fault}.", file=self.name, place=place)


def load(path: Path) -> bytes:
    """The bytes of a file; raises ImportRefused."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise ImportRefused("NOT_READABLE", f"the file cannot be read: {error.strerror}.", file=str(path)) from error


def text_of(data: bytes, name: str, notes: Notes, tool: Tool) -> Text:
    """The text of a file; raises ImportRefused for an empty one and for other encodings."""
    text = data.removeprefix(BOM_UTF8)
    if not text.strip():
        raise ImportRefused("EMPTY_FILE", "the file is empty.", file=name)
    _refuse_other_encodings(data, name)
    text = _storable(text, name, notes)
    return Text(name, text, len(data) - len(text), tool)


class Where(NamedTuple):
    """A place in a file, for whoever has to mend it."""

    file: str
    key: str
    place: str

    def refused(self, code: str, message: str, below: str = "") -> ImportRefused:
        """A refusal that names this place, or one below it."""
        return ImportRefused(code, message, file=self.file, key=self.key, place=self.place + below)

    def __str__(self) -> str:
        return f"{self.file}, {self.key + ', ' if self.key else ''}{self.place}"


def decoded(shape: type[T], raw: Raw, where: Where) -> T:
    """A part of the file in its shape; raises ImportRefused that names the place."""
    try:
        return msgspec.json.decode(raw, type=shape)
    except msgspec.ValidationError as error:
        path, fault = _fault(error)
        raise where.refused("WRONG_SHAPE", f"not as it should be: {fault}.", path) from error
    except RecursionError as error:
        raise where.refused("WRONG_SHAPE", "nested too deeply.") from error


def _fault(error: msgspec.ValidationError) -> tuple[str, str]:
    """Where below the whole, and what."""
    path = _PATH.search(str(error))
    return path[1] if path else "", _PATH.sub("", str(error)).lower()


def _refuse_other_encodings(data: bytes, name: str) -> None:
    decoder, start = getincrementaldecoder("utf-8")(), 0
    for chunk in _chunks(data):
        try:
            decoder.decode(chunk, final=start + len(chunk) == len(data))
        except UnicodeDecodeError as error:
            kept = len(error.object) - len(chunk)
            place = f"byte {start - kept + error.start}"
            raise ImportRefused("NOT_UTF8", "the file is not in UTF-8.", file=name, place=place) from error
        start += len(chunk)


def _chunks(data: bytes) -> Iterator[bytes]:
    for start in range(0, len(data), _CHUNK_BYTES):
        yield data[start : start + _CHUNK_BYTES]


def _storable(text: bytes, name: str, notes: Notes) -> bytes:
    """The text with U+FFFD for each NUL and each half of a surrogate pair, which PostgreSQL cannot hold."""
    suspect = _SUSPECT.search(text)
    if suspect is None:
        return text
    replaced: list[int] = []

    def replacement(match: re.Match[bytes]) -> bytes:
        if match[1] is None:
            return match[0]
        replaced.append(match.start())
        return rb"\ufffd"

    text = _ESCAPE.sub(replacement, text)
    if replaced:
        message = "characters that no text may hold (NUL, half a surrogate pair) were replaced by U+FFFD"
        notes.add("CHARACTERS_REPLACED", message, f"{name}, byte {replaced[0]}", len(replaced))
    return text
