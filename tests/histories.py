"""Histories of entries for property tests: valid ones, as people make them, and arbitrary ones that no rule allows."""

from datetime import UTC, date, datetime
from functools import cache
from random import Random
from typing import Annotated, Any, Final, get_args, get_origin, get_type_hints
from uuid import NAMESPACE_DNS, UUID, uuid5

from hypothesis import strategies as st

import domain.events  # noqa: F401 - registers every event
from bench.history import History, Said, entry_of
from domain import ids
from domain.entry import EVENTS, Act, ActorKind, Entry, Event
from domain.ids import PersonId, stream_key

WORKSPACE: Final = uuid5(NAMESPACE_DNS, "workspace of histories")
STREAMS: Final = (WORKSPACE, *(uuid5(NAMESPACE_DNS, f"stream {number}") for number in range(3)))

_PEOPLE: Final = tuple(PersonId(stream_key("psn", uuid5(NAMESPACE_DNS, f"person {number}"))) for number in range(2))
_TIMES: Final = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - the strategy adds the zone
_IDS: Final = {
    hint: st.sampled_from([stream_key(prefix, stream_id) for stream_id in STREAMS])
    for hint, prefix in {ids.TeamId: "tem", ids.PersonId: "psn", ids.ItemId: "itm", ids.DefinitionId: "dfn"}.items()
}
_PLAIN: Final[dict[Any, st.SearchStrategy[Any]]] = {
    str: st.sampled_from(["", "a", 'say "no"\\', "{x,y}", "ü 💡", "line\nbreak"]),
    int: st.integers(1, 3),
    float: st.floats(0, 100, allow_nan=False),
    bool: st.booleans(),
    date: _TIMES.map(datetime.date),
    datetime: _TIMES,
    type(None): st.none(),
    **_IDS,
}


def valid_histories(entries_max: int = 150) -> st.SearchStrategy[list[Entry[Event]]]:
    """What a small workspace's people may have said, from its opening on."""
    return st.builds(_valid, st.integers(0, 2**32), st.integers(1, entries_max))


def arbitrary_histories(entries_max: int = 40) -> st.SearchStrategy[list[Entry[Event]]]:
    """Any events in any order on a few streams, each about one of three things in it."""
    said = st.builds(Said, st.sampled_from(STREAMS), arbitrary_events(), _acts())
    return st.lists(said, max_size=entries_max).map(numbered)


def arbitrary_events() -> st.SearchStrategy[Event]:
    """An event of any kind that the domain knows, with any values."""
    kinds = [kind for kind in EVENTS.values() if kind.__module__.startswith("domain.")]
    return st.one_of(*(events_of(kind) for kind in kinds))


@cache
def events_of(kind: type[Event]) -> st.SearchStrategy[Event]:
    """An event of this kind with any values."""
    hints = get_type_hints(kind)
    return st.builds(kind, **{name: _values(hints[name]) for name in kind.__struct_fields__})


def numbered(history: list[Said]) -> list[Entry[Event]]:
    """The entries that these would be, from position 1."""
    versions: dict[UUID, int] = {}
    entries = []
    for position, said in enumerate(history, 1):
        versions[said.stream_id] = version = versions.get(said.stream_id, 0) + 1
        entries.append(entry_of(WORKSPACE, position, version, said))
    return entries


def _valid(seed: int, count: int) -> list[Entry[Event]]:
    return History(Random(seed), WORKSPACE, teams=1, people=2).entries(count)


def _acts() -> st.SearchStrategy[Act]:
    return st.builds(
        Act,
        actor=st.sampled_from(_PEOPLE),
        actor_kind=st.sampled_from(ActorKind),
        acting_role=st.just("ARCHITECT"),
        authorised_by=st.just("rule"),
    )


def _values(hint: Any) -> st.SearchStrategy[Any]:
    if hint in _PLAIN:
        return _PLAIN[hint]
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return _values(arguments[0])
    if origin is tuple:
        return st.lists(_values(arguments[0]), max_size=3).map(tuple)
    if origin is dict:
        return st.dictionaries(_values(arguments[0]), _values(arguments[1]), max_size=2)
    if arguments:
        return st.one_of(*map(_values, arguments))
    return _values(hint.__supertype__) if hasattr(hint, "__supertype__") else st.from_type(hint)
