"""What is told of an issue, whatever its history: undone it gives the beginning, told again the current values."""

import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.content import Content, revision_digest, section_digests
from domain.events import (
    IssueImported,
    ItemRevised,
    PersonRegistered,
    TeamFormed,
    TrackerChangeRecorded,
    TrackerSnapshotRecorded,
)
from domain.ids import SYSTEM, stream_key
from infra.importing.plan import IMPORT_ROLE
from tests.infra.jira.exports import ANN, BOB, Json, history, issue, moment, reopened
from tests.infra.jira.planning import NAMES, planned, reading_of

FIELDS = ("status", "priority", "Story_Points", "summary", "description", "issuetype")
VALUES = {
    "status": st.sampled_from(["Open", "In Progress", "Closed", "Resolved", "Reopened"]),
    "priority": st.sampled_from([None, "Minor", "Major"]),
    "Story_Points": st.sampled_from([None, "0", "1", "2.5", "13"]),
    "summary": st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=9),
    "description": st.sampled_from([None, "first", "second", "third"]),
    "issuetype": st.sampled_from(["Story", "Bug", "Spike"]),
}


@st.composite
def chains(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any], list[Json]]:
    """The values at the beginning, the current ones, and the history that leads from one to the other."""
    beginning = {field: draw(VALUES[field]) for field in FIELDS}
    values, histories = dict(beginning), []
    for number in range(1, draw(st.integers(0, 8)) + 1):
        changes = {}
        for field in draw(st.lists(st.sampled_from(FIELDS), max_size=3, unique=True)):
            after = draw(VALUES[field])
            changes[field] = (values[field], after)
            values[field] = after
        day = draw(st.integers(number, number + 1)) if number > 1 else 1
        histories.append(history(number, moment(min(day, 9)), draw(st.sampled_from([ANN, BOB, None])), **changes))
    histories.sort(key=lambda entry: int(entry["id"]))
    at = moment(1)
    for entry in histories:
        at = entry["created"] = max(at, entry["created"])
    return beginning, values, histories


def shown(values: dict[str, Any], histories: list[Json]) -> Json:
    size = values["Story_Points"]
    return issue(
        1,
        *histories,
        summary=values["summary"],
        description=values["description"],
        status={"name": values["status"]},
        priority=values["priority"] and {"name": values["priority"]},
        issuetype={"name": values["issuetype"]},
        customfield_10023=None if size is None else float(size),
    )


@settings(max_examples=200)
@given(chains(), st.randoms(use_true_random=False))
def test_a_history_undone_and_told_again_gives_the_current_values(
    chain: tuple[dict[str, Any], dict[str, Any], list[Json]], random: Any
) -> None:
    beginning, values, histories = chain
    mixed = random.sample(histories, len(histories))
    with tempfile.TemporaryDirectory() as folder:
        told, states = planned(reading_of(Path(folder), shown(values, histories) | {"changelog": {"values": mixed}}))
    imported = next(new.event for new in told if isinstance(new.event, IssueImported))
    size = beginning["Story_Points"]
    assert imported.size == (None if size is None else float(size))
    assert [imported.status, imported.priority, imported.title, imported.source_kind] == [
        beginning[field] for field in ("status", "priority", "summary", "issuetype")
    ]
    state = states["SHOP-1"]
    assert [state.tracked.status, state.tracked.priority, state.tracked.source_kind] == [
        values[field] for field in ("status", "priority", "issuetype")
    ]
    assert state.item.content.title == values["summary"]
    assert state.tracked.size == (None if values["Story_Points"] is None else float(values["Story_Points"]))
    assert not [new for new in told if isinstance(new.event, TrackerSnapshotRecorded)]
    assert state.source_ids == {entry["id"] for entry in histories}
    assert [new.version for new in told if new.stream_id == NAMES.issue("1001")] == [*range(1, state.version + 1)]


def test_what_happened_is_told_in_the_order_of_time_then_of_the_sources_ids(tmp_path: Path) -> None:
    one = issue(1, history(10, moment(3), BOB, labels=(None, "b")), history(9, moment(3), ANN, labels=(None, "a")))
    two = issue(2, history(8, moment(3), BOB, labels=(None, "c")), history(7, moment(2), BOB, labels=(None, "d")))
    told, _ = planned(reading_of(tmp_path, one, two))
    times = [new.act.occurred_at for new in told]
    assert times == sorted(times, key=str)
    said = [getattr(new.event, "source_id", type(new.event).TOPIC) for new in told]
    assert said == ["PersonRegistered", "TeamFormed", "1001", "1002", "PersonRegistered", "7", "8", "9", "10"]


def test_each_event_names_who_did_it_then_and_that_it_was_imported(tmp_path: Path) -> None:
    told, _ = planned(reading_of(tmp_path, reopened(), issue(2, history(9, moment(5), None, labels=(None, "x")))))
    people = {
        new.event.account: stream_key("psn", new.stream_id) for new in told if isinstance(new.event, PersonRegistered)
    }
    actors = {getattr(new.event, "source_id", ""): new.act.actor for new in told}
    assert actors == {
        "": SYSTEM,
        "1001": people["jira:ann"],
        "1002": people["jira:ann"],
        "1": people["jira:bob"],
        "2": people["jira:bob"],
        "3": people["jira:ann"],
        "9": SYSTEM,
    }
    assert {(new.act.actor_kind, new.act.acting_role, new.act.authorised_by) for new in told} == {
        ("IMPORT", IMPORT_ROLE, "import:jira")
    }


def test_each_project_becomes_a_team(tmp_path: Path) -> None:
    other = issue(2, project={"key": "BAR", "name": "The bar"}) | {"key": "BAR-2"}
    told, _ = planned(reading_of(tmp_path, issue(1), other, issue(3)))
    teams = {new.event.name: stream_key("tem", new.stream_id) for new in told if isinstance(new.event, TeamFormed)}
    assert [*teams] == ["The shop", "The bar"]
    homes = {new.event.key: new.event.team_id for new in told if isinstance(new.event, IssueImported)}
    assert homes == {"SHOP-1": teams["The shop"], "BAR-2": teams["The bar"], "SHOP-3": teams["The shop"]}


def test_a_changed_text_is_a_revision_whose_digests_can_be_checked(tmp_path: Path) -> None:
    changed = issue(
        1,
        history(1, moment(2), BOB, summary=("Old", "New"), description=("Why", "Why not")),
        summary="New",
        description="Why not",
    )
    told, _ = planned(reading_of(tmp_path, changed))
    (revised,) = (new.event for new in told if isinstance(new.event, ItemRevised))
    assert revised.salt is not None
    digests = section_digests(revised.salt, Content(title="New", narrative="Why not"))
    assert (revised.section_digests, revised.digest) == (digests, revision_digest(digests))
    assert (revised.revision, revised.changed_sections, revised.change_kind) == (
        2,
        ("title", "narrative"),
        "SUBSTANTIVE",
    )


def test_texts_of_the_history_can_be_erased_and_names_of_fields_cannot(tmp_path: Path) -> None:
    told, _ = planned(reading_of(tmp_path, issue(1, history(1, moment(2), BOB, assignee=("Ann Example", None)))))
    event = told[-1].event
    assert isinstance(event, TrackerChangeRecorded)
    assert frozenset({"texts_before", "texts_after"}) == TrackerChangeRecorded.PROSE
    assert (event.fields, event.texts_before, event.texts_after) == (("assignee",), ("Ann Example",), ("",))


def test_an_entry_of_nothing_still_leaves_its_id(tmp_path: Path) -> None:
    _, states = planned(reading_of(tmp_path, issue(1, history(5, moment(2), BOB))))
    assert states["SHOP-1"].source_ids == {"5"}


def test_a_value_that_no_history_explains_is_recorded_as_shown_by_nobody(tmp_path: Path) -> None:
    jumped = issue(
        1,
        history(1, moment(2), BOB, status=("Open", "In Progress"), summary=("A", "B")),
        status={"name": "Closed"},
        summary="C",
        description="said at last",
        updated=moment(9),
    )
    jumped["changelog"]["histories"].append(history(2, moment(3), BOB, description=("x", "y")))
    told, states = planned(reading_of(tmp_path, jumped))
    shown_at_last = [new for new in told if new.act.occurred_at is not None and new.act.occurred_at.day == 9]
    assert [type(new.event) for new in shown_at_last] == [TrackerSnapshotRecorded, ItemRevised]
    assert {new.act.actor for new in shown_at_last} == {SYSTEM}
    state = states["SHOP-1"]
    assert (state.tracked.status, state.tracked.is_closed, state.tracked.closed_by) == ("Closed", True, None)
    assert (state.item.content.title, state.item.content.narrative) == ("C", "said at last")


def test_a_history_older_than_its_issue_comes_after_the_issues_beginning(tmp_path: Path) -> None:
    told, states = planned(reading_of(tmp_path, issue(1, history(1, moment(1, 9), BOB, priority=("Low", "Major")))))
    of_issue = [new for new in told if new.stream_id == NAMES.issue("1001")]
    assert [type(new.event).TOPIC for new in of_issue] == ["IssueImported", "TrackerPriorityChanged"]
    assert states["SHOP-1"].tracked.priority == "Major"
