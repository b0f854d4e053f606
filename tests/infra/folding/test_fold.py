"""The pure part of folding: any history in any pages gives the same versions, and a fold that raises stops alone."""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from random import Random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bench.history import History
from domain.entry import Entry, Event
from domain.events import ItemRevised, PushbackRaised, PushbackWithdrawn
from infra.folding.fold import Version, sources
from projections import PROJECTIONS
from projections.declare import Projection, Row
from projections.rows import items, pushbacks
from tests.histories import WORKSPACE, arbitrary_histories, valid_histories
from tests.read_tables import folded

HISTORY = History(Random(1), WORKSPACE, teams=1, people=2).entries(200)
HISTORIES = st.one_of(arbitrary_histories(), valid_histories())


def raising(projection: Projection, is_bad: Callable[[Entry[Any]], bool]) -> tuple[Projection, ...]:
    """All projections, this one with a fault."""

    def evolve(row: Row | None, entry: Entry[Any], item: object) -> Row | None:
        if is_bad(entry):
            raise ZeroDivisionError("the concern in somebody's words")
        return projection.evolve(row, entry, item)

    faulty = replace(projection, evolve=evolve)
    return tuple(faulty if each is projection else each for each in PROJECTIONS)


def _id(version: Any) -> str:
    return str(version.row.id)


@given(arbitrary_histories())
def test_no_history_is_refused_by_a_fold(history: list[Entry[Event]]) -> None:
    assert folded(history).stops == {}


@given(HISTORIES, st.lists(st.integers(1, 150)))
def test_any_cut_into_pages_gives_the_same_versions(history: list[Entry[Event]], cuts: list[int]) -> None:
    assert folded(history, cuts).tables(WORKSPACE) == folded(history).tables(WORKSPACE)


@given(HISTORIES)
def test_the_versions_of_a_row_follow_each_other_without_overlap(history: list[Entry[Event]]) -> None:
    tables = folded(history)
    for name, past in tables.past.items():
        for before, after in pairwise(past):
            assert before.from_position < before.to_position
            if _id(before) == _id(after):
                assert before.to_position <= after.from_position
        for version in (version for version in tables.current[name].values() if version):
            ends = [each.to_position for each in past if _id(each) == _id(version)]
            assert not ends or max(ends) <= version.from_position


@given(HISTORIES, st.data())
def test_the_versions_valid_at_a_position_are_the_tables_of_a_ledger_that_ends_there(
    history: list[Entry[Event]], data: st.DataObject
) -> None:
    position = data.draw(st.integers(0, len(history)))
    whole, then = folded(history), folded(history[:position])
    for name, rows in then.current.items():
        valid = {
            _id(each): Version(each.row, each.from_position)
            for each in (*whole.past[name], *filter(None, whole.current[name].values()))
            if each.from_position <= position < getattr(each, "to_position", position + 1)
        }
        assert valid == {key: version for key, version in rows.items() if version}


@given(valid_histories(), st.lists(st.integers(1, 150)), st.integers(1, 150))
def test_a_fold_that_raises_stops_there_and_the_others_go_on(
    history: list[Entry[Event]], cuts: list[int], bad: int
) -> None:
    faulty = raising(pushbacks.PROJECTION, lambda entry: entry.position >= bad)
    tables, whole = folded(history, cuts, faulty), folded(history)
    stop = tables.stops.get("Pushback")
    touched = [each.position for each in history if type(each.event) in pushbacks.PROJECTION.events]
    assert (stop.position if stop else None) == next((each for each in touched if each >= bad), None)
    before = folded(history[: bad - 1])
    assert tables.current["Pushback"] == before.current["Pushback"]
    assert tables.past["Pushback"] == before.past["Pushback"]
    others = [name for name in whole.current if name not in {"Pushback", "Turn"}]
    assert all(tables.current[name] == whole.current[name] for name in others)


@given(valid_histories(), st.lists(st.integers(1, 150)))
def test_what_reads_the_item_stops_where_the_items_stop(history: list[Entry[Event]], cuts: list[int]) -> None:
    faulty = raising(items.PROJECTION, lambda entry: isinstance(entry.event, ItemRevised))
    tables = folded(history, cuts, faulty)
    first = next((each.position for each in history if isinstance(each.event, ItemRevised)), None)
    readers = [each.row.__name__ for each in PROJECTIONS if items.PROJECTION in sources(each, PROJECTIONS)]
    stopped = {} if first is None else dict.fromkeys(("Item", *readers), first)
    assert {name: stop.position for name, stop in tables.stops.items()} == stopped


@given(valid_histories())
def test_keys_that_raise_stop_the_projection_too(history: list[Entry[Event]]) -> None:
    def keys(_entry: Entry[Any]) -> list[str]:
        raise ZeroDivisionError

    faulty = replace(pushbacks.PROJECTION, keys=keys)
    tables = folded(history, (), tuple(faulty if each is pushbacks.PROJECTION else each for each in PROJECTIONS))
    first = next((each.position for each in history if isinstance(each.event, PushbackRaised)), None)
    stopped = {} if first is None else dict.fromkeys(("Pushback", "Turn"), first)
    assert {name: stop.position for name, stop in tables.stops.items()} == stopped
    assert tables.current["Pushback"] == {}


def test_a_stop_says_where_it_raised_and_nothing_that_anybody_wrote() -> None:
    faulty = raising(items.PROJECTION, lambda entry: isinstance(entry.event, ItemRevised))
    stop = folded(HISTORY, (), faulty).stops["Item"]
    assert stop.kind == "ItemRevised"
    assert stop.error.startswith("ZeroDivisionError in test_fold.py:")
    assert "words" not in stop.error


def test_a_row_that_ends_is_gone_and_leaves_its_last_version_behind() -> None:
    def evolve(row: Row | None, entry: Entry[Any], item: object) -> Row | None:
        is_over = isinstance(entry.event, PushbackWithdrawn)
        return None if is_over else pushbacks.PROJECTION.evolve(row, entry, item)

    ending = replace(pushbacks.PROJECTION, evolve=evolve)
    tables = folded(HISTORY, range(0, 200, 7), (items.PROJECTION, ending))
    last = [each for each in HISTORY if isinstance(each.event, PushbackWithdrawn)]
    over = {each.position: key for each in last for key in ending.keys(each)}
    assert over
    assert {key for key, version in tables.current["Pushback"].items() if version is None} == set(over.values())
    ends = {(past.row.id, past.to_position) for past in tables.past["Pushback"]}
    assert ends >= {(key, position) for position, key in over.items()}
