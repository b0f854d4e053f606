"""The hash of a ledger entry, computed apart from the database: what a verifier does with a row it was shown.

Version 1 is frozen (tests/vectors/ledger_entry_hash.json): the leaf hash of RFC 6962 over a header of 22 lines, each
ended by a line feed: its name, then every column of the envelope in the order of the table, nothing for NULL, times in
microseconds since 1970, byte strings in hex, and the SHA-256 of `data` in place of `data`.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, Final

_NAME: Final = "pushback/entry/v1"
_LEAF: Final = b"\x00"
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_COLUMNS: Final = (
    "workspace_id",
    "position",
    "stream_id",
    "version",
    "kind",
    "schema_version",
    "recorded_at",
    "occurred_at",
    "effective_at",
    "actor",
    "actor_kind",
    "acting_role",
    "authorised_by",
    "on_behalf_of",
    "credential",
    "command_id",
    "command_fingerprint",
    "correlation_id",
    "causation_id",
)


def header(row: Mapping[str, Any]) -> bytes:
    """The text that is hashed, from a row of ledger.event; `prose` itself is not needed, only its digest."""
    lines = [_NAME, *(_line(row[column]) for column in _COLUMNS)]
    lines += [sha256(row["data"]).hexdigest(), _line(row["prose_digest"])]
    return "".join(f"{line}\n" for line in lines).encode()


def entry_hash(row: Mapping[str, Any]) -> bytes:
    """The leaf of the workspace's tree for this row."""
    return sha256(_LEAF + header(row)).digest()


def _line(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return str((value - _EPOCH) // _MICROSECOND)
    return value.hex() if isinstance(value, bytes) else str(value)
