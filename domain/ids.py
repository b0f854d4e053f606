"""Ids that clients see: a short prefix, then the stream's UUID in base32, then the ordinal of a thing inside it.

`itm_06f1...` is an item, `pbk_06f1..._2` the second pushback inside it: a command finds its stream from the id alone.
The alphabet is Crockford's, lower case, so that ids sort like the UUIDv7 they encode.
"""

from typing import Final, NamedTuple, NewType
from uuid import UUID

WorkspaceId = NewType("WorkspaceId", str)
TeamId = NewType("TeamId", str)
PersonId = NewType("PersonId", str)
ItemId = NewType("ItemId", str)
PushbackId = NewType("PushbackId", str)
SignOffId = NewType("SignOffId", str)
RevisionId = NewType("RevisionId", str)
EstimateId = NewType("EstimateId", str)
AssignmentId = NewType("AssignmentId", str)
CredentialId = NewType("CredentialId", str)

STREAM_PREFIXES: Final = ("wsp", "tem", "psn", "itm")
THING_PREFIXES: Final = ("pbk", "sof", "rev", "est", "asg", "crd")
SYSTEM = PersonId("psn_" + "0" * 26)
"""The actor of what nobody did: the opening of a workspace, expiries."""

_ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"
_VALUES: Final = {character: value for value, character in enumerate(_ALPHABET)}
_LENGTH: Final = 26
_UUID_MAX: Final = (1 << 128) - 1


class Reference(NamedTuple):
    """A decoded id: which kind of thing, in which stream, and its ordinal there (0 for the stream itself)."""

    prefix: str
    stream_id: UUID
    ordinal: int


class MalformedId(ValueError):
    """This is not an id that Pushback gave out."""


def stream_key(prefix: str, stream_id: UUID) -> str:
    """The id of a whole stream, for example `itm_...`."""
    number, characters = stream_id.int, []
    for _ in range(_LENGTH):
        characters.append(_ALPHABET[number & 31])
        number >>= 5
    return f"{prefix}_{''.join(reversed(characters))}"


def thing_key(prefix: str, owner: str, ordinal: int) -> str:
    """The id of the `ordinal`-th thing (from 1) inside the stream whose id is `owner`."""
    return f"{prefix}_{owner[4:]}_{ordinal}"


def parse(key: str) -> Reference:
    """The parts of an id; raises MalformedId."""
    prefix, _, rest = key.partition("_")
    body, _, ordinal = rest.partition("_")
    is_thing = prefix in THING_PREFIXES
    if len(body) != _LENGTH or not (is_thing or prefix in STREAM_PREFIXES):
        raise MalformedId(key[:64])
    number = 0
    for character in body:
        if character not in _VALUES:
            raise MalformedId(key[:64])
        number = number << 5 | _VALUES[character]
    if number > _UUID_MAX or is_thing != _is_ordinal(ordinal) or (ordinal and not is_thing) or key.count("_") > 2:  # noqa: PLR2004 - two separators at most
        raise MalformedId(key[:64])
    return Reference(prefix, UUID(int=number), int(ordinal or 0))


def _is_ordinal(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10 and not text.startswith("0")  # noqa: PLR2004 - fits int4


def stream_id(key: str) -> UUID:
    """The stream an id points into; raises MalformedId."""
    return parse(key).stream_id
