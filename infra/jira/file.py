"""A file's bytes, checked: that they are JSON of Jira, and where the issues in them stand."""

import re
from codecs import BOM_UTF8, getincrementaldecoder
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple, NoReturn, TypeVar

import msgspec
from msgspec import UNSET, Raw

from infra.jira import shapes
from infra.jira.refusal import ImportRefused, Notes

T = TypeVar("T")

_CHUNK_BYTES: Final = 1 << 24
_SUSPECT: Final = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")
_ESCAPE: Final = re.compile(
    rb"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(\\u(?:0000|[dD][89a-fA-F][0-9a-fA-F]{2}))|\\."
)
"""A pair of surrogates, or (captured) what no text may hold, or any other escape."""

_BYTE: Final = re.compile(r" \(byte (\d+)\)")
_PATH: Final = re.compile(r" - at `\$(.*)`$", re.DOTALL)


class JiraFile(NamedTuple):
    """What a file holds; `names` are field names by id, `total` is how many issues the search found."""

    name: str
    raws: list[Raw]
    place: str
    names: dict[str, str]
    total: int

    def issues(self) -> Iterator[tuple[shapes.Issue, "Where"]]:
        """Each issue and its place; raises ImportRefused at the first that is not as Jira writes it."""
        for index, raw in enumerate(self.raws):
            where = Where(self.name, "", f"{self.place}[{index}]" if self.place else "$")
            issue = decoded(shapes.Issue, raw, where)
            yield issue, where._replace(key=issue.key)


def read(path: Path, notes: Notes) -> JiraFile:
    """The issues of a file; raises ImportRefused with the place of the first fault."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ImportRefused("NOT_READABLE", f"the file cannot be read: {error.strerror}.", file=str(path)) from error
    return parse(data, str(path), notes)


def parse(data: bytes, name: str, notes: Notes) -> JiraFile:
    """As `read`, for bytes that are there already."""
    text = data.removeprefix(BOM_UTF8)
    if not text.strip():
        raise ImportRefused("EMPTY_FILE", "the file is empty.", file=name)
    _refuse_other_encodings(data, name)
    text = _storable(text, name, notes)
    shift = len(data) - len(text)
    if text.lstrip()[:1] == b"[":
        return JiraFile(name, _decoded(list[Raw], text, name, shift), "$", {}, 0)
    page = _decoded(shapes.Page, text, name, shift)
    if page.issues is not UNSET:
        return JiraFile(name, page.issues, "$.issues", page.names or {}, page.total or 0)
    if _decoded(dict[str, Raw], text, name, shift).keys() >= {"id", "key", "fields"}:
        return JiraFile(name, [Raw(text)], "", page.names or {}, 1)
    message = "this JSON is no Jira export: it has neither `issues` nor `key` and `fields`."
    raise ImportRefused("NOT_JIRA", message, file=name, place="$")


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
        path = _PATH.search(str(error))
        fault = _PATH.sub("", str(error)).lower()
        raise where.refused("WRONG_SHAPE", f"not as Jira writes it: {fault}.", path[1] if path else "") from error
    except RecursionError as error:
        raise where.refused("WRONG_SHAPE", "nested too deeply.") from error


def _decoded(shape: type[T], text: bytes, name: str, shift: int) -> T:
    try:
        return msgspec.json.decode(text, type=shape)
    except msgspec.ValidationError as error:
        path = _PATH.search(str(error))
        fault = _PATH.sub("", str(error)).lower()
        place = "$" + (path[1] if path else "")
        raise ImportRefused("NOT_JIRA", f"this JSON is no Jira export: {fault}.", file=name, place=place) from error
    except msgspec.DecodeError as error:
        _refuse_malformed(error, len(text), name, shift)
    except RecursionError as error:
        raise ImportRefused("NOT_JIRA", "this JSON is nested too deeply.", file=name, place="$") from error


def _refuse_malformed(error: msgspec.DecodeError, length: int, name: str, shift: int) -> NoReturn:
    byte = _BYTE.search(str(error))
    if byte is None:
        message = "the file ends before its JSON does; was the download complete?"
        raise ImportRefused("TRUNCATED", message, file=name, place=f"byte {length + shift}") from error
    fault = _BYTE.sub("", str(error)).removeprefix("JSON is malformed: ")
    message = f"this is not JSON: {fault}."
    raise ImportRefused("NOT_JSON", message, file=name, place=f"byte {int(byte[1]) + shift}") from error


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
