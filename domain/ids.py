"""Ids that clients see: a short prefix, then the stream's UUID in base32, then the ordinal of a thing inside it.

`itm_06f1...` is an item, `pbk_06f1..._2` the second pushback inside it: a command finds its stream from the id alone.
The alphabet is Crockford's, lower case, so that ids sort like the UUIDv7 they encode.
"""

import re
from functools import lru_cache
from typing import Final, NamedTuple, NewType
from uuid import UUID

WorkspaceId = NewType("WorkspaceId", str)
TeamId = NewType("TeamId", str)
PersonId = NewType("PersonId", str)
ItemId = NewType("ItemId", str)
PushbackId = NewType("PushbackId", str)
SignOffId = NewType("SignOffId", str)
SignOffRequestId = NewType("SignOffRequestId", str)
DefinitionId = NewType("DefinitionId", str)
QuestionId = NewType("QuestionId", str)
VerdictId = NewType("VerdictId", str)
RevisionId = NewType("RevisionId", str)
EstimateId = NewType("EstimateId", str)
DelegationId = NewType("DelegationId", str)
RoundId = NewType("RoundId", str)
VoteId = NewType("VoteId", str)
AssignmentId = NewType("AssignmentId", str)
RefusalId = NewType("RefusalId", str)
PolicyVersionId = NewType("PolicyVersionId", str)
ReasonCodeId = NewType("ReasonCodeId", str)
CredentialId = NewType("CredentialId", str)
WebhookId = NewType("WebhookId", str)
TurnId = NewType("TurnId", str)

STREAM_PREFIXES: Final = ("wsp", "tem", "psn", "itm")
THING_PREFIXES: Final = (
    "vrd", "pbk", "sof", "srq", "dfn", "qst", "rev", "est", "rnd", "vot", "asg", "crd", "pol", "rfs", "rsn", "dlg",
    "whk",
)  # fmt: skip
TURN_PREFIX: Final = "trn"
SYSTEM = PersonId("psn_" + "0" * 26)
"""The actor of what nobody did: the opening of a workspace, expiries."""

_ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"
_VALUES: Final = {character: value for value, character in enumerate(_ALPHABET)}
_LENGTH: Final = 26
_BODY: Final = f"([0-7][{_ALPHABET}]{{{_LENGTH - 1}}})"
_KEY: Final = re.compile(
    rf"({TURN_PREFIX}_)?(?:({'|'.join(STREAM_PREFIXES)})_{_BODY}|({'|'.join(THING_PREFIXES)})_{_BODY}_([1-9][0-9]{{0,8}}))"
)
"""Exactly what the functions here give out: 128 bits, an ordinal that fits int4, one spelling of each id."""


class Reference(NamedTuple):
    """A decoded id: which kind of thing, in which stream, and its ordinal there (0 for the stream itself)."""

    prefix: str
    stream_id: UUID
    ordinal: int


class MalformedId(ValueError):
    """This is not an id that Pushback gave out."""


@lru_cache(maxsize=16384)
def stream_key(prefix: str, stream_id: UUID) -> str:
    """The id of a whole stream, for example `itm_...`. Remembered: a fold asks for the same one again and again."""
    number, characters = stream_id.int, []
    for _ in range(_LENGTH):
        characters.append(_ALPHABET[number & 31])
        number >>= 5
    return f"{prefix}_{''.join(reversed(characters))}"


def thing_key(prefix: str, owner: str, ordinal: int) -> str:
    """The id of the `ordinal`-th thing (from 1) inside the stream whose id is `owner`."""
    return f"{prefix}_{owner[4:]}_{ordinal}"


def turn_key(key: str) -> TurnId:
    """The id of the turn on the thing with this id: whose move it is there."""
    return TurnId(f"{TURN_PREFIX}_{key}")


@lru_cache(maxsize=16384)
def parse(key: str) -> Reference:
    """The parts of an id; raises MalformedId. Remembered: commands name the same few things again and again."""
    found = _KEY.fullmatch(key)
    if found is None:
        raise MalformedId(key[:64])
    turn, stream_prefix, stream, thing_prefix, owner, ordinal = found.groups()
    number = 0
    for character in stream or owner:
        number = number << 5 | _VALUES[character]
    prefix = TURN_PREFIX if turn else stream_prefix or thing_prefix
    return Reference(prefix, UUID(int=number), int(ordinal or 0))


def stream_id(key: str) -> UUID:
    """The stream an id points into; raises MalformedId."""
    return parse(key).stream_id
