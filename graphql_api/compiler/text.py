"""Pieces of JSON text as SQL: what PostgreSQL concatenates fastest."""

from collections.abc import Iterable, Sequence
from typing import Final

from graphql_api.types.sources import Form

_CONCAT_ARGUMENTS: Final = 90
"""PostgreSQL takes 100 arguments."""


class Literal(str):
    """JSON text as it stands; every other piece is an SQL expression that is never null."""

    __slots__ = ()


class LookUp(str):
    """Texts of one row that is found elsewhere, `missing` where there is none. Neighbours of one row become one."""

    __slots__ = ("found", "inside", "missing")
    found: str
    inside: "Pieces"
    missing: str


Pieces = list[str]


def quoted(text: str) -> str:
    """An SQL string."""
    return "'" + text.replace("'", "''") + "'"


def concat(pieces: Iterable[str]) -> str:
    """One SQL expression of the whole text."""
    parts = [quoted(piece) if isinstance(piece, Literal) else piece for piece in _joined(pieces)]
    while len(parts) > _CONCAT_ARGUMENTS:
        starts = range(0, len(parts), _CONCAT_ARGUMENTS)
        parts = [f"concat({', '.join(parts[start : start + _CONCAT_ARGUMENTS])})" for start in starts]
    return f"concat({', '.join(parts)})"


def _joined(pieces: Iterable[str]) -> Pieces:
    """Neighbouring literals made one, and neighbours that are looked up in one row."""
    joined: Pieces = []
    for piece in pieces:
        if joined and isinstance(piece, Literal) and isinstance(joined[-1], Literal):
            joined[-1] = Literal(joined[-1] + piece)
        elif isinstance(piece, LookUp):
            _add_look_up(joined, piece)
        else:
            joined.append(piece)
    return joined


def _add_look_up(joined: Pieces, piece: LookUp) -> None:
    """After another one in the same row and a literal, all three become one."""
    before = joined[-2] if len(joined) > 1 and isinstance(joined[-1], Literal) else None
    if not isinstance(before, LookUp) or before.found != piece.found:
        joined.append(piece)
        return
    between = joined.pop()
    inside = [*before.inside, Literal(between), *piece.inside]
    joined[-1] = look_up(piece.found, inside, before.missing + between + piece.missing)


def look_up(found: str, inside: Pieces, missing: str = "null") -> LookUp:
    """The pieces inside the row that `found` (FROM and WHERE) finds."""
    text = inside[0] if len(inside) == 1 else concat(inside)
    piece = LookUp(f"coalesce((SELECT {text} {found}), {quoted(missing)})")
    piece.found, piece.inside, piece.missing = found, inside, missing
    return piece


def members(named: Sequence[tuple[str, Pieces]]) -> Pieces:
    """`"name":value` for each, with commas."""
    pieces: Pieces = []
    for name, value in named:
        pieces += [Literal(f'{"," if pieces else ""}"{name}":'), *value]
    return pieces


def braced(pieces: Pieces) -> Pieces:
    """A JSON object of these members."""
    return [Literal("{"), *pieces, Literal("}")]


def value(form: Form, sql: str, *, is_nullable: bool) -> Pieces:
    """The JSON text of an SQL value."""
    if form is Form.WORD:
        return [f"coalesce('\"' || {sql} || '\"', 'null')"] if is_nullable else [Literal('"'), sql, Literal('"')]
    text = {Form.NUMBER: sql, Form.LIST: f"to_json({sql})"}.get(form, f"json_scalar({sql})")
    return [f"coalesce({text}::text, 'null')"] if is_nullable else [text]


def or_null(sql: str) -> Pieces:
    """The text that an SQL expression gives, or null."""
    return [f"coalesce({sql}, 'null')"]
