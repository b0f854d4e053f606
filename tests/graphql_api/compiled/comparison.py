"""Documents for a populated workspace, and where compiled SQL and the oracle disagree about them."""

import random
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

from graphql import get_named_type, is_leaf_type, parse, validate

from domain.entry import EVENTS
from domain.ids import SYSTEM, stream_key
from graphql_api.documents import RULES
from projections.declare import ROWS, Many, relations
from projections.roots import ROOTS, All, ById
from tests.graphql_api.compiled.conftest import Desk
from tests.graphql_api.compiled.generator import Generated, Generator, Known
from tests.graphql_api.compiled.oracle import camel, text


def known_of(desk: Desk) -> Known:
    """What the world has that is worth asking for."""
    world, state = desk.told.world, desk.oracle.state(len(desk.told.entries))
    teams = [stream_key("tem", one) for one in world.teams]
    people = [*(stream_key("psn", one) for one in world.people), SYSTEM]
    items = [stream_key("itm", one) for one in world.items]
    everything = [key for rows in state.rows.values() for key in rows]
    persons = dict.fromkeys(("person", "actor", "author", "raiser", "other", "turn", "signer"), people)
    by_root = {
        f"Query.{camel(name)}": list(state.rows[root.target]) for name, root in ROOTS.items() if isinstance(root, ById)
    }
    ids = {**by_root, "id": everything, "team": teams, "item": items, "subject": [*items, *teams, *people], **persons}
    texts = {name: _column(desk, name) for name in ("source_key", "acting_role")}
    times = [entry.effective_at + timedelta(microseconds=step) for entry in desk.told.entries for step in (-1, 0, 1)]
    return Known(
        {**ids, **{camel(name): values for name, values in texts.items()}},
        _keys(desk),
        len(desk.told.entries),
        [time.isoformat() for time in times],
    )


def _column(desk: Desk, name: str) -> list[str]:
    """Every value of the columns of this name."""
    rows = [row for rows in desk.oracle.state(len(desk.told.entries)).rows.values() for row in rows.values()]
    return sorted({value for row in rows if isinstance(value := getattr(row, name, None), str)}) or ["none"]


def _keys(desk: Desk) -> dict[str, list[tuple[Any, ...]]]:
    """For each connection the keys of rows that are there, and one of a row that is not."""
    declared: dict[str, Many] = {f"Query.{camel(name)}": root for name, root in ROOTS.items() if isinstance(root, All)}
    for name, row in ROWS.items():
        own = relations(row).items()
        declared |= {f"{name}.{camel(called)}": told for called, told in own if isinstance(told, Many)}
    state, keys = desk.oracle.state(len(desk.told.entries)), {}
    for place, many in declared.items():
        order = [part.split()[0] for part in many.order.split(",")]
        found = [tuple(row.column(name) for name in order) for row in state.all(many.target)]
        keys[place] = [*found, tuple("zz" if isinstance(part, str) else 10**6 for part in found[0])]
    return keys


def documents(desk: Desk, count: int, seed: int, *, asks_then: bool = False) -> Iterator[Generated]:
    """Valid random documents, each made when it is asked for."""
    schema, known, rnd = desk.documents.schema, known_of(desk), random.Random(seed)
    while count:
        one = Generator(schema, known, rnd, asks_then).document()
        if not validate(schema, parse(one.text), RULES):
            count -= 1
            yield one


async def differs(desk: Desk, one: Generated) -> str | None:
    """Where compiled SQL and the oracle disagree about a document; None where they agree."""
    for variables in one.variables:
        expected = text(desk.expected(one.text, variables))
        try:
            answer = text(await desk.compiled(one.text, variables))
        except Exception as error:  # noqa: BLE001 - a planted fault may end in any
            return f"{one.text}\n{variables}\n{error!r}"
        if answer != expected:
            return f"{one.text}\n{variables}\n{answer}\n{expected}"
    return None


async def first_difference(desk: Desk, made: Iterable[Generated]) -> str | None:
    """The first disagreement about any of these documents."""
    for one in made:
        if difference := await differs(desk, one):
            return difference
    return None


def everything(desk: Desk) -> list[Generated]:
    """Documents that together ask for every column of every row and every field of every event."""
    types: dict[str, Any] = desk.documents.schema.type_map
    parts = [
        f"{{ events(first: 100, kind: {event.TOPIC}) {{ nodes {{ ... on {name} {_all(types[name])} }} }} }}"
        for name, event in ((event.__name__, event) for event in EVENTS.values())
    ]
    team, person = stream_key("tem", desk.told.world.teams[0]), stream_key("psn", desk.told.world.people[0])
    for name, root in ROOTS.items():
        if isinstance(root, All):
            people = "".join(f', {name}: "{person}"' for name in root.given)
            arguments = "last: 50" + f', team: "{team}"' * bool(root.required) + people
            page = f"nodes {_all(types[root.target])} pageInfo {_all(types['PageInfo'])}"
            parts.append(f"{{ {camel(name)}({arguments}) {{ {page} }} }}")
    return [Generated(part, ({},)) for part in parts]


def _all(kind: Any) -> str:
    """Every field, and of what lies below its type or its first rows."""
    below = {name: get_named_type(told.type) for name, told in kind.fields.items()}
    parts = [name if is_leaf_type(told) else f"{name} {_glance(told)}" for name, told in below.items()]
    return f"{{ __typename {' '.join(parts)} }}"


def _glance(kind: Any) -> str:
    if kind.name.endswith("Connection"):
        return "{ totalCount nodes { __typename } }"
    return "{ section digest }" if kind.name == "SectionDigest" else "{ __typename }"
