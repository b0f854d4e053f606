"""An object type for each row class: its columns, and its relations."""

from typing import Any, get_type_hints

from domain.entry import EVENTS, Event
from graphql_api.types.connections import connection
from graphql_api.types.events import Saying, saying
from graphql_api.types.fields import Backed, backed, declare, sentence
from graphql_api.types.hints import Hint, read
from graphql_api.types.names import NAMES
from graphql_api.types.sources import EVENT, NODE, Column, Computed, Form, Link, Rows, Told
from projections.declare import INTERNAL, ROWS, Expr, Many, One, Points, Relation, Row, Said, relations
from projections.words import words


class Disagreement(TypeError):
    """A relation `said` points at events that do not agree on what the field is."""


def declare_rows() -> None:
    """Every row's type, and the interface that all of them implement."""
    identifier = backed("id", "ID", Column("id", Form.WORD, is_nullable=False), words(NODE, "id"))
    declare(NODE, [identifier], "Something with an id of its own.", is_interface=True)
    for name, row in ROWS.items():
        fields = [*_columns(row), *(_relation(row, called, told) for called, told in relations(row).items())]
        declare(name, fields, sentence(row), (NAMES[NODE],))


def _hints(row: type[Row]) -> dict[str, Hint]:
    declared = get_type_hints(row, include_extras=True)
    return {name: read(declared[name]) for name in row.__struct_fields__}


def _columns(row: type[Row]) -> list[Backed]:
    linked = {one.via for one in relations(row).values() if isinstance(one, One) and not one.prefix}
    shown = {name: hint for name, hint in _hints(row).items() if INTERNAL not in hint.marks and name not in linked}
    return [_column(row, name, hint) for name, hint in shown.items()]


def _column(row: type[Row], name: str, hint: Hint) -> Backed:
    doc = words(row.__name__, name)
    points = next((mark for mark in hint.marks if isinstance(mark, Points)), None)
    if points is None:
        return backed(name, hint.annotation, Column(name, hint.form, hint.is_nullable), doc)
    target = points.events[0].__name__ if len(points.events) == 1 else EVENT
    return backed(name, target + " | None" * hint.is_nullable, Told(target, name), doc)


def _relation(row: type[Row], name: str, relation: Relation) -> Backed:
    match relation:
        case One(target, via, doc, prefix) if prefix:
            return backed(name, f"{target} | None", Link(target, f"concat('{prefix}', {{t}}.{via})"), doc)
        case One(target, via, doc):
            is_nullable = _hints(row)[via].is_nullable
            return backed(name, target + " | None" * is_nullable, Link(target, f"{{t}}.{via}"), doc)
        case Many():
            return connection(name, Rows(relation), relation.doc)
        case Said(pointer, field, doc):
            told = _said(row, pointer, field)
            return backed(name, told.type + " | None" * told.is_nullable, told.source, doc)
        case Expr(sql, hint, doc):
            told_as = read(hint)
            return backed(name, told_as.annotation, Computed(sql, told_as.form, told_as.is_nullable), doc)


def _said(row: type[Row], pointer: str, field: str) -> Saying:
    """What the events that a column may point at say alike; null where one of them has nothing to say."""
    pointed, events = _hints(row)[pointer], _pointed(row, pointer)
    speaking = [saying(event, field, pointer) for event in events if field in event.__struct_fields__]
    if len({(told.type, told.source) for told in speaking}) != 1:
        raise Disagreement(row.__name__, pointer, field)
    is_sure = len(speaking) == len(events) and not pointed.is_nullable
    return speaking[0]._replace(is_nullable=not is_sure or any(told.is_nullable for told in speaking))


def _pointed(row: type[Row], pointer: str) -> tuple[type[Event], ...]:
    points: Any = next(mark for mark in _hints(row)[pointer].marks if isinstance(mark, Points))
    return points.events or tuple(EVENTS.values())
