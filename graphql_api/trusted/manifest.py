"""Reading a manifest as the generators of clients write it: ids, and the texts of documents.

`{"id": "text"}` is what Relay's compiler and graphql-codegen's client preset write; Apollo's
`generate-persisted-query-manifest` writes `{"format": ..., "version": 1, "operations": [{"id", "body", "name", ...}]}`.
"""

from pathlib import Path
from typing import Final

import msgspec

from infra.settings import WrongSetting

_APOLLO: Final = "apollo-persisted-query-manifest"
_VERSION: Final = 1
_FORMS: Final = '{"id": "text"} or that of Apollo\'s generate-persisted-query-manifest'


class _Operation(msgspec.Struct):
    id: str
    body: str


class _Manifest(msgspec.Struct):
    format: str
    version: int
    operations: list[_Operation]


def read_manifest(path: Path) -> dict[str, str]:
    """The texts by their ids; raises WrongSetting, in one line."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise WrongSetting(f"PUSHBACK_DOCUMENTS: {path} cannot be read: {error.strerror}") from error
    try:
        given = msgspec.json.decode(raw, type=dict[str, msgspec.Raw])
        return _of_apollo(raw) if "operations" in given else msgspec.json.decode(raw, type=dict[str, str])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, _Strange) as error:
        raise WrongSetting(f"PUSHBACK_DOCUMENTS: {path} has none of the forms {_FORMS}: {error}") from error


class _Strange(Exception):
    """A form of manifest that is not known."""


def _of_apollo(raw: bytes) -> dict[str, str]:
    told = msgspec.json.decode(raw, type=_Manifest)
    if (told.format, told.version) != (_APOLLO, _VERSION):
        raise _Strange(f"format {told.format!r} and version {told.version} are not {_APOLLO!r} and {_VERSION}")
    texts: dict[str, str] = {}
    for one in told.operations:
        if texts.setdefault(one.id, one.body) != one.body:
            raise _Strange(f"two operations have the id {one.id!r}")
    return texts
