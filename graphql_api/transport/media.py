"""In which form a client wants its answer (RFC 9110, 12.5.1): by weight, then by the client's own order."""

from typing import Final, NamedTuple

RESPONSE: Final = b"application/graphql-response+json"
JSON: Final = b"application/json"
EVENTS: Final = b"text/event-stream"

_STANDS_FOR: Final = {
    RESPONSE: RESPONSE,
    JSON: JSON,
    EVENTS: EVENTS,
    b"*/*": JSON,
    b"application/*": JSON,
    b"text/*": EVENTS,
}
_WHOLE: Final = 1.0
_UTF_8: Final = b"utf-8"


class Wanted(NamedTuple):
    """The forms that a client takes, the one it likes best first."""

    types: tuple[bytes, ...]

    @property
    def one(self) -> bytes | None:
        """For one result: what it likes best; None when it takes nothing that we have."""
        return self.types[0] if self.types else None

    @property
    def takes_many(self) -> bool:
        """Whether it takes results one after another."""
        return EVENTS in self.types


def wanted(accept: bytes) -> Wanted:
    """What the header `accept` says; JSON for who does not say."""
    if not accept.strip():
        return Wanted((JSON,))
    weighed = [_weighed(part) for part in accept.split(b",")]
    refused = {media_type for media_type, weight in weighed if weight == 0}
    liked = sorted((one for one in weighed if one[1] > 0), key=lambda one: -one[1])
    types = [_STANDS_FOR[media_type] for media_type, _ in liked if media_type in _STANDS_FOR]
    return Wanted(tuple(dict.fromkeys(found for found in types if found not in refused)))


def _weighed(part: bytes) -> tuple[bytes, float]:
    media_type, *parameters = (piece.strip().lower() for piece in part.split(b";"))
    weight = _WHOLE
    for parameter in parameters:
        name, _, value = parameter.partition(b"=")
        if name.strip() == b"q":
            weight = _number(value.strip())
        if name.strip() == b"charset" and value.strip().strip(b'"') not in (_UTF_8, b"utf8"):
            weight = 0.0
    return media_type, weight


def _number(text: bytes) -> float:
    try:
        return min(max(float(text), 0.0), _WHOLE)
    except ValueError:
        return _WHOLE


def is_json(content_type: bytes) -> bool:
    """Whether a body of this type can be read: JSON in UTF-8."""
    media_type, weight = _weighed(content_type)
    return media_type == JSON and weight > 0
