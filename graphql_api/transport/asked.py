"""What a client asks for, read from a body, from a URL or from a message: bad input is told what was expected."""

from typing import Any, Final
from urllib.parse import parse_qsl

import msgspec

from graphql_api.faults import BAD_REQUEST, Fault

_SHAPE: Final = '{"query": "...", "variables": {}, "operationName": "..."}'
_NOTHING: Final = "it names no document: neither query, documentId nor extensions.persistedQuery.sha256Hash is there"
_BROKEN: Final = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)


class Asked(msgspec.Struct, frozen=True):
    """An operation to carry out: its document's text, or the id of a trusted one."""

    query: str | None = None
    variables: dict[str, Any] | None = None
    operation_name: str | None = msgspec.field(default=None, name="operationName")
    extensions: dict[str, Any] | None = None
    document_id: str | None = msgspec.field(default=None, name="documentId")

    @property
    def document(self) -> str | None:
        """The id of a trusted document, as the draft of GraphQL over HTTP gives it, or as Apollo does."""
        if self.document_id is not None:
            return self.document_id
        match self.extensions:
            case {"persistedQuery": {"sha256Hash": str(named)}}:
                return named
        return None

    def __post_init__(self) -> None:
        if self.query is None and self.document is None:
            raise ValueError(_NOTHING)


_decode: Final = msgspec.json.Decoder(Asked).decode
_decode_object: Final = msgspec.json.Decoder(dict[str, Any] | None).decode


def from_body(raw: bytes) -> Asked:
    """What was posted as JSON; raises Fault."""
    try:
        return _decode(raw)
    except _BROKEN as error:
        raise Fault(400, BAD_REQUEST, f"The body must be JSON of the form {_SHAPE}: {error}") from error


def from_url(query_string: bytes) -> Asked:
    """What a GET asks for, `variables` and `extensions` in it as JSON; raises Fault."""
    try:
        given = dict(parse_qsl(query_string.decode("ascii"), keep_blank_values=True, errors="strict"))
        variables, extensions = (_decode_object(given.get(name) or "null") for name in ("variables", "extensions"))
    except (ValueError, RecursionError) as error:
        message = f"The URL must carry query=..., and variables and extensions as JSON objects: {error}"
        raise Fault(400, BAD_REQUEST, message) from error
    try:
        named = given.get("operationName") or None
        return Asked(given.get("query"), variables, named, extensions, given.get("documentId"))
    except ValueError as error:
        message = "The URL carries no query=... and no documentId=...; open /graphiql in a browser for GraphiQL."
        raise Fault(400, BAD_REQUEST, message) from error


def from_message(payload: object) -> Asked:
    """What a message holds as its payload; raises Fault."""
    try:
        return msgspec.convert(payload, Asked)
    except _BROKEN as error:
        raise Fault(400, BAD_REQUEST, f"The payload must be of the form {_SHAPE}: {error}") from error
