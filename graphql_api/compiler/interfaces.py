"""An event of any kind as one object: what all kinds show is written once, the rest behind the kinds that show it.

Without that each kind with a fragment of its own would repeat all that is common, and below it again.
"""

from collections.abc import Callable
from itertools import groupby
from typing import NamedTuple

from graphql import FieldNode, GraphQLObjectType

from domain.entry import EVENTS
from graphql_api.compiler.selection import Fields
from graphql_api.compiler.text import Literal, Pieces, braced, concat, members, quoted

Group = tuple[list[GraphQLObjectType], Fields]
"""Kinds of events of which the same is selected, and what."""

_TOPICS = {event.__name__: event.TOPIC for event in EVENTS.values()}


class Shown(NamedTuple):
    """A member of the object: its key, its field nodes, and the kinds that show it, None for all."""

    key: str
    nodes: list[FieldNode]
    kinds: tuple[GraphQLObjectType, ...] | None


def topic(kind: GraphQLObjectType) -> str:
    """The kind under which events of this type are stored."""
    return _TOPICS[kind.name]


def name_of(kinds: list[GraphQLObjectType], alias: str) -> Pieces:
    """The __typename of an event of one of these types."""
    if len(kinds) == 1:
        return [Literal(f'"{kinds[0].name}"')]
    if all(topic(kind) == kind.name for kind in kinds):
        return [Literal('"'), f"{alias}.kind", Literal('"')]
    whens = " ".join(f"WHEN {quoted(topic(kind))} THEN {quoted(kind.name)}" for kind in kinds)
    return [Literal('"'), f"CASE {alias}.kind {whens} END", Literal('"')]


def is_one_of(kinds: tuple[GraphQLObjectType, ...] | list[GraphQLObjectType], alias: str) -> str:
    """The condition that an event is of one of these types."""
    return f"{alias}.kind IN ({', '.join(quoted(topic(kind)) for kind in kinds)})"


def in_one_order(groups: list[Group], keys: list[str]) -> list[Shown] | None:
    """The members of all groups in the order of `keys`; None where a group has another order or another meaning.

    The first is one that all kinds show, so that a comma can stand before every other.
    """
    shown: list[Shown] = []
    for key in keys:
        holders = [(kinds, fields[key]) for kinds, fields in groups if key in fields]
        # The same nodes, not equal ones: the same name in two fragments may be another field of another event.
        if len({tuple(id(node) for node in nodes) for _, nodes in holders}) > 1:
            return None
        kinds = tuple(kind for held, _ in holders for kind in held)
        shown.append(Shown(key, holders[0][1], None if len(holders) == len(groups) else kinds))
    ordered = all(list(fields) == [key for key in keys if key in fields] for _, fields in groups)
    return shown if ordered and shown and shown[0].kinds is None else None


def merged(shown: list[Shown], alias: str, member: Callable[[Shown], Pieces]) -> Pieces:
    """The object: neighbours that the same kinds show stand behind one condition."""
    pieces: Pieces = []
    for kinds, run in groupby(shown, lambda one: one.kinds):
        told = members([(one.key, member(one)) for one in run])
        if pieces:
            told = [Literal(","), *told]
        pieces += told if kinds is None else [f"CASE WHEN {is_one_of(kinds, alias)} THEN {concat(told)} END"]
    return braced(pieces)
