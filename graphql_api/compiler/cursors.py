"""Cursors: the values of a row's order columns, opaque to clients and checked when they come back."""

import base64
import binascii
from functools import cache
from typing import Any, Final, NamedTuple

import msgspec

from graphql_api.compiler.tables import columns

_TYPES: Final[dict[str, Any]] = {"text": str, "int": int, "bigint": int, "float8": float}
_INT8_MAX: Final = 2**63 - 1


class BadCursor(ValueError):
    """This cursor was not given out for this order."""


class Key(NamedTuple):
    """A column of an order, and the SQL type a parameter is cast to."""

    name: str
    cast: str


class Order(NamedTuple):
    """A total order over NOT NULL columns, all in one direction."""

    target: str
    keys: tuple[Key, ...]
    is_descending: bool

    def sql(self, alias: str, *, is_reversed: bool = False) -> str:
        """As it stands after ORDER BY."""
        direction = " DESC" if self.is_descending != is_reversed else ""
        return ", ".join(f"{alias}.{key.name}{direction}" for key in self.keys)

    def beyond(self, alias: str, cursor: tuple[str, ...], *, is_after: bool, is_inclusive: bool = False) -> str:
        """The condition that a row comes after, or before, the cursor's row."""
        comparison = (">" if self.is_descending != is_after else "<") + "=" * is_inclusive
        names = ", ".join(f"{alias}.{key.name}" for key in self.keys)
        return f"({names}) {comparison} ({', '.join(cursor)})"

    def cursor(self, alias: str) -> str:
        """A row's cursor as SQL text, base64url of a JSON array."""
        values = ", ',', ".join(f"json_scalar({alias}.{key.name})" for key in self.keys)
        encoded = f"encode(convert_to(concat('[', {values}, ']'), 'UTF8'), 'base64')"
        return f"translate({encoded}, E'+/=\\n', '-_')"


@cache
def order(target: str, told: str) -> Order:
    """The order that a relation declares, `rank, id` or `number DESC`."""
    parts = [part.split() for part in told.split(",")]
    declared = columns(target)
    keys = tuple(Key(part[0], declared[part[0]].cast) for part in parts)
    return Order(target, keys, is_descending=parts[0][1:] == ["DESC"])


@cache
def _decoder(keys: tuple[Key, ...]) -> msgspec.json.Decoder[tuple[Any, ...]]:
    types = tuple(_TYPES[key.cast] for key in keys)
    return msgspec.json.Decoder(tuple[types])  # type: ignore[valid-type]


def read(cursor: str, keys: tuple[Key, ...]) -> tuple[Any, ...]:
    """The values that a cursor holds; raises BadCursor."""
    padded = cursor + "=" * (-len(cursor) % 4)
    try:
        values = _decoder(keys).decode(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (binascii.Error, ValueError, msgspec.DecodeError) as error:
        raise BadCursor from error
    if not all(_is_storable(key, value) for key, value in zip(keys, values, strict=True)):
        raise BadCursor
    return values


def _is_storable(key: Key, value: Any) -> bool:  # noqa: ANN401 - one of _TYPES
    if key.cast == "text":
        return "\0" not in value
    bound = _INT8_MAX if key.cast == "bigint" else 2**31 - 1
    return bool(-bound <= value <= bound)
