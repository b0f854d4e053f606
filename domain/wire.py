"""Events to bytes and back. Bytes are written once; this form is frozen (tests/domain/test_wire.py holds vectors).

`data` is a JSON object whose first member is a random nonce of 22 characters; `prose` one whose first member is a
random salt of 22: so nobody can guess a hidden vote or an erased sentence from a published digest.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import msgspec

from domain.entry import EVENTS, Event

_HEAD = len('{"nonce":"') + 22 + len('"')
"""Both first members are equally long once the salt is written as `"_salt"`."""

_json = msgspec.json.Encoder().encode


class UnknownKind(LookupError):
    """The ledger holds an event, or a form of one, that this version of the software does not know; run a newer one."""


@lru_cache(maxsize=1024)
def _reading(kind: str) -> tuple[Callable[[bytes], Event], int]:
    """What reads an event of this kind in today's form, and which form that is."""
    if kind not in EVENTS:
        raise UnknownKind(kind)
    return msgspec.json.Decoder(EVENTS[kind]).decode, EVENTS[kind].class_version


def encode(event: Event, nonce: str, salt: str) -> tuple[bytes, bytes | None]:
    """(data, prose): nonce and salt are 22 characters of base64url. prose is None when nothing was typed.

    Where an event hides text there is always prose, so that nobody learns whether anything was typed.
    """
    names, has_prose = _prose(type(event))
    fields: dict[str, Any] = msgspec.structs.asdict(event)
    said = {"_salt": salt}
    for name in names:
        value = fields.pop(name)
        if value is not None:
            said[name] = value
            has_prose = True
    return _json({"nonce": nonce, **fields}), _json(said) if has_prose else None


@lru_cache(maxsize=1024)
def _prose(event: type[Event]) -> tuple[tuple[str, ...], bool]:
    """The names of what people type there, in order, and whether some of it is hidden."""
    return tuple(sorted(event.PROSE)), bool(event.PROSE & event.HIDDEN)


def decode(kind: str, schema_version: int, data: bytes, prose: bytes | None) -> Event:
    """The event in today's form; an unknown field is an error, a missing one takes its default."""
    read, class_version = _reading(kind)
    members, said = data[_HEAD + 1 : -1], prose[_HEAD + 1 : -1] if prose else b""
    text = b"{%b,%b}" % (members, said) if members and said else b"{%b}" % (members or said)
    if schema_version == class_version:
        return read(text)
    if schema_version > class_version:
        raise UnknownKind(f"{kind} in form {schema_version}")
    state, cls = msgspec.json.decode(text, type=dict[str, Any]), EVENTS[kind]
    for version in range(schema_version, class_version):
        getattr(cls, f"upcast_v{version}_v{version + 1}")(state)
    return msgspec.convert(state, cls)
