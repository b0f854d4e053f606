"""What every read model keeps to, whatever it is about."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.history import Said
from domain.entry import EVENTS, Entry, Event
from domain.events import ItemDrafted
from domain.ids import MalformedId, parse
from infra.folding.tables import falls_due
from projections import PROJECTIONS
from projections.declare import Projection, Row
from projections.entries import PREFIXES, pushback_id, subject_id
from projections.rows.items import Item
from projections.words import words
from tests.histories import STREAMS, arbitrary_histories, events_of, numbered
from tests.infra.saying import ACT
from tests.read_tables import folded

NAMED = pytest.mark.parametrize("projection", PROJECTIONS, ids=lambda projection: projection.row.__name__)
TOLD_BY_THE_READ_COPY = {
    "NameErased",
    "ProseErased",
    "ReadinessConfirmed",
    "ReadinessRevoked",
    "SignOffDeclined",
    "TrackerChangeRecorded",
    "TrackerClosureRecorded",
}
"""Kinds that no row need be folded from: they are read as entries."""


def domain_events() -> list[type[Event]]:
    return [kind for kind in EVENTS.values() if kind.__module__.startswith("domain.")]


@NAMED
@settings(max_examples=25)
@given(data=st.data())
def test_the_keys_of_an_entry_are_ids_and_none_comes_twice(projection: Projection, data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(sorted(projection.events, key=lambda event: event.TOPIC)))
    entry = numbered([Said(STREAMS[1], data.draw(events_of(kind)), ACT)])[0]
    keys = [*projection.keys(entry)]
    assert keys
    assert len(set(keys)) == len(keys)
    assert all(parse(key) for key in keys)


@NAMED
@settings(max_examples=25)
@given(history=arbitrary_histories(10))
def test_a_fold_gives_a_row_with_the_key_it_was_asked_for(projection: Projection, history: list[Entry[Event]]) -> None:
    for entry in (entry for entry in history if type(entry.event) in projection.events):
        for key in projection.keys(entry):
            row: Any = projection.evolve(None, entry, None)
            assert row is None or (isinstance(row, Row) and row.id == key)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "projection", [one for one in PROJECTIONS if falls_due(one.row)], ids=lambda projection: projection.row.__name__
)
@settings(max_examples=100)
@given(data=st.data())
def test_a_row_on_which_a_command_is_due_says_when_and_the_other_way_round(
    projection: Projection, data: st.DataObject
) -> None:
    kinds = st.sampled_from(sorted(projection.events, key=lambda event: event.TOPIC))
    events = data.draw(st.lists(kinds.flatmap(events_of), max_size=8))
    history = numbered([Said(STREAMS[1], event, ACT) for event in (data.draw(events_of(ItemDrafted)), *events)])
    rows: Any = [version.row for version in folded(history).current[projection.row.__name__].values() if version]
    assert [row for row in rows if (row.due is None) != (row.due_at is None)] == []


@given(history=arbitrary_histories(10))
def test_every_entry_has_a_subject_with_an_id(history: list[Entry[Event]]) -> None:
    for entry in history:
        assert parse(subject_id(entry)).stream_id == entry.stream_id
        mentioned = pushback_id(entry)
        assert mentioned is None or parse(mentioned).prefix == "pbk"
    with pytest.raises(MalformedId):
        parse("itm_")


def test_the_items_come_first_because_others_read_their_rows() -> None:
    assert PROJECTIONS[0].row is Item


def test_a_row_has_its_id_first() -> None:
    assert {projection.row.__struct_fields__[0] for projection in PROJECTIONS} == {"id"}


def test_every_kind_of_event_is_folded_or_deliberately_only_read() -> None:
    known = {kind.TOPIC for projection in PROJECTIONS for kind in projection.events}
    assert {kind.TOPIC for kind in domain_events()} - known <= TOLD_BY_THE_READ_COPY


def test_what_is_said_elsewhere_and_teams_is_not_taken_for_said_on_an_item() -> None:
    own = ("people", "policy", "definition", "delegation", "webhooks.registration")
    modules = {f"domain.events.{name}" for name in own}
    elsewhere = {kind.TOPIC for kind in domain_events() if kind.__module__ in modules}
    assert {kind.TOPIC for kind in PREFIXES} == elsewhere


def test_disputes_are_explained_by_all_that_they_count() -> None:
    said = words("Item", "tracker_disputes")
    assert "size or priority put back" in said
    assert "reopened by another" in said
