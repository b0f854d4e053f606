"""An issue's values as they are read, from either version of the API."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec import UNSET

from domain.events import TrackerClosureRecorded, TrackerKindChanged, TrackerSizeChanged
from domain.tracker import Aspect
from infra.importing.reading import Reading
from infra.importing.refusal import ImportRefused
from infra.jira.check import read_files
from tests.infra.jira.conftest import DATA
from tests.infra.jira.exports import ANN, BOB, Json, history, issue, moment, reopened
from tests.infra.jira.planning import NOW, planned, reading_of


def codes(reading: Reading) -> dict[str, int]:
    return {note.code: note.count for note in reading.notes}


@pytest.mark.parametrize(
    "text",
    ["2020-05-01T12:00:00.000+0000", "2020-05-01T14:00:00.000+0200", "2020-05-01T12:00:00Z", "20200501T120000+00:00"],
)
def test_times_are_read_in_every_offset(tmp_path: Path, text: str) -> None:
    (read,) = reading_of(tmp_path, issue(1, created=text, updated=None)).issues
    assert read.created == datetime(2020, 5, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("yesterday", "BAD_TIME"),
        ("2020-05-01T12:00:00", "BAD_TIME"),
        ("2020-05-01", "BAD_TIME"),
        ("0001-01-01T00:00:00+2300", "BAD_TIME"),
        ("1969-12-31T00:00:00+0000", "BAD_TIME"),
        ("2026-01-01T00:00:01+0000", "TIME_IN_FUTURE"),
    ],
)
def test_a_time_that_cannot_be_true_is_refused_with_its_place(tmp_path: Path, text: str, code: str) -> None:
    with pytest.raises(ImportRefused) as caught:
        reading_of(tmp_path, issue(1), issue(2, history(1, text, BOB), updated=None))
    refused = caught.value
    assert (refused.code, refused.key) == (code, "SHOP-2")
    assert refused.place == "$.issues[1].changelog.histories[0].created"


@pytest.mark.parametrize(
    ("changed", "place"),
    [
        ({"status": None}, "$.issues[0].fields.status"),
        ({"status": {"id": "1"}}, "$.issues[0].fields.status"),
        ({"summary": 7}, "$.issues[0].fields.summary"),
        ({"description": 7}, "$.issues[0].fields.description"),
        ({"creator": "ann"}, "$.issues[0].fields.creator"),
    ],
)
def test_a_value_of_another_shape_is_refused_with_its_place(tmp_path: Path, changed: Json, place: str) -> None:
    with pytest.raises(ImportRefused) as caught:
        reading_of(tmp_path, issue(1, **changed))
    assert (caught.value.code, caught.value.place) == ("WRONG_SHAPE", place)


def test_texts_that_no_event_can_hold_are_refused_before_anything_is_told(tmp_path: Path) -> None:
    with pytest.raises(ImportRefused, match="TEXT_TOO_LONG"):
        reading_of(tmp_path, issue(1, description="x" * 900_001))
    with pytest.raises(ImportRefused, match="TEXT_TOO_LONG"):
        reading_of(tmp_path, issue(1, history(1, moment(2), BOB, environment=("x" * 500_000, "y" * 500_000))))
    (read,) = reading_of(tmp_path, issue(1, description="x" * 800_000)).issues
    assert len(read.narrative or "") == 800_000


def test_an_export_from_the_cloud_is_read_with_its_documents_and_newest_entries_first() -> None:
    reading = read_files([DATA / "cloud.json"], NOW)
    seven, eight = reading.issues
    assert seven.created == datetime(2024, 2, 29, 7, 30, 0, 123_000, tzinfo=UTC)
    assert [entry.step.source_id for entry in seven.histories] == ["90001", "90002", "90003", "90004"]
    assert (seven.size, seven.size_field, seven.priority) == (5.0, "customfield_10016", None)
    assert [change.aspect for change in seven.histories[2].step.changes] == [Aspect.SIZE, Aspect.OTHER]
    assert seven.narrative == (
        "Why\nAsk @Cy first.\nThen https://example.org/moon\n- legs\n- thrust\nspeed\t2 m/s\n----\nbrake()"
    )
    assert (eight.priority, eight.narrative, eight.by, eight.has_changelog) == (UNSET, None, None, False)
    assert reading.accounts == {"70121:aa": "Ada Example", "70121:bb": "Bo Example", "70121:cc": "Cy Example"}
    assert codes(reading) == {"NO_CHANGELOG": 1}


def test_a_status_is_closed_when_its_site_says_so() -> None:
    reading = read_files([DATA / "cloud.json"], NOW)
    told, states = planned(reading)
    assert "angenommen" in reading.closed
    assert [new.act.occurred_at for new in told if isinstance(new.event, TrackerClosureRecorded)] == [
        datetime(2024, 3, 6, 9, tzinfo=UTC)
    ]
    assert states["MOON-7"].tracked.is_closed
    assert not states["MOON-8"].tracked.is_closed


def test_a_name_that_sounds_closed_is_not_when_its_site_says_otherwise(tmp_path: Path) -> None:
    waiting = {"name": "Resolved", "statusCategory": {"key": "indeterminate"}}
    moved = issue(1, history(1, moment(2), BOB, status=("Open", "Resolved")), status=waiting)
    told, _ = planned(reading_of(tmp_path, moved))
    assert not [new for new in told if isinstance(new.event, TrackerClosureRecorded)]


def test_a_history_keeps_a_document_as_the_text_it_was_logged_with() -> None:
    """The text before the change is known only from the history; the document is not told as another change."""
    told, states = planned(read_files([DATA / "cloud.json"], NOW))
    assert states["MOON-7"].item.content.narrative == "new words, in wiki markup"
    assert "TrackerSnapshotRecorded" not in {new.event.TOPIC for new in told}
    assert states["MOON-7"].item.revision == 2


def test_the_size_is_found_by_the_ids_in_the_changelog(tmp_path: Path) -> None:
    resized = issue(1, history(1, moment(2), BOB, Story_Points=("1", "3")), customfield_7=3, customfield_10023=3)
    resized["changelog"]["histories"][0]["items"][0]["fieldId"] = "customfield_7"
    reading = reading_of(tmp_path, resized, names=None)
    assert (reading.issues[0].size_field, codes(reading)) == ("customfield_7", {"SIZE_FIELD_GUESSED": 1})


def test_the_size_is_found_by_the_values_that_histories_end_in(tmp_path: Path) -> None:
    one = issue(1, history(1, moment(2), BOB, Story_Points=("1", "3")), customfield_7=3, customfield_8=3.0)
    two = issue(2, history(2, moment(2), BOB, Story_Points=(None, "5")), customfield_7=4, customfield_8=5)
    reading = reading_of(tmp_path, one, two, names=None)
    assert [read.size for read in reading.issues] == [3.0, 5.0]
    assert reading.issues[0].size_field == "customfield_8"


def test_the_fuller_one_of_two_size_fields_is_meant(tmp_path: Path) -> None:
    names = {"customfield_7": "Story Points", "customfield_8": "Story point estimate"}
    reading = reading_of(tmp_path, issue(1, customfield_7=None, customfield_8=2), names=names)
    assert (reading.issues[0].size, reading.issues[0].size_field) == (2.0, "customfield_8")


def test_an_unknown_size_is_neither_invented_nor_cleared(tmp_path: Path) -> None:
    reading = reading_of(tmp_path, issue(1, history(1, moment(2), BOB, Story_Points=(None, "13"))), names=None)
    told, states = planned(reading)
    assert codes(reading) == {"SIZE_FIELD_UNKNOWN": 1}
    assert states["SHOP-1"].tracked.size == 13.0
    assert "TrackerSnapshotRecorded" not in {new.event.TOPIC for new in told}


@pytest.mark.parametrize("size", ["XL", "-1", "NaN", "1e999"])
def test_a_size_that_is_no_number_stays_a_text(tmp_path: Path, size: str) -> None:
    reading = reading_of(
        tmp_path, issue(1, history(1, moment(2), BOB, Story_Points=("2", size)), customfield_10023=size)
    )
    told, states = planned(reading)
    assert codes(reading)["SIZE_NOT_A_NUMBER"] == 2
    assert not [new for new in told if isinstance(new.event, TrackerSizeChanged)]
    assert states["SHOP-1"].source_ids == {"1"}


def test_a_field_of_the_site_called_like_one_of_jiras_is_not_taken_for_it(tmp_path: Path) -> None:
    changed = issue(1, history(1, moment(2), BOB, status=("Red", "Closed")))
    changed["changelog"]["histories"][0]["items"][0]["fieldtype"] = "custom"
    _, states = planned(reading_of(tmp_path, changed))
    assert states["SHOP-1"].tracked.status == "Open"


def test_another_sort_of_issue_is_followed(tmp_path: Path) -> None:
    changed = issue(1, history(1, moment(2), BOB, issuetype=("Improvement", "Bug")), issuetype={"name": "Bug"})
    told, _ = planned(reading_of(tmp_path, changed))
    assert [new.event.kind for new in told if isinstance(new.event, TrackerKindChanged)] == ["BUG"]


def test_files_with_the_same_issue_are_merged_and_the_newest_values_count(tmp_path: Path) -> None:
    old = issue(1, history(1, moment(2), BOB, priority=("Major", "Minor")), priority={"name": "Minor"})
    new = issue(1, history(2, moment(3), ANN, priority=("Minor", "Major")))
    new["changelog"]["total"] = 2
    reading = reading_of(tmp_path, new, old)
    (merged,) = reading.issues
    assert [entry.step.source_id for entry in merged.histories] == ["1", "2"]
    assert (merged.priority, reading.read_twice, codes(reading)) == ("Major", 1, {})


def test_one_id_for_two_issues_and_one_key_for_two_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ImportRefused, match=r"SHOP-1.*TWO_ISSUES_WITH_ONE_ID"):
        reading_of(tmp_path, issue(1), issue(1, created=moment(2)))
    twin = issue(1) | {"id": "77"}
    with pytest.raises(ImportRefused, match=r"SHOP-1.*TWO_ISSUES_WITH_ONE_KEY"):
        reading_of(tmp_path, issue(1), twin)


def test_what_is_missing_is_noted(tmp_path: Path) -> None:
    cut = reopened(1)
    cut["changelog"]["total"] = 120
    reading = reading_of(tmp_path, cut, issue(2), total=739)
    assert codes(reading) == {"PAGES_MISSING": 1, "CHANGELOG_INCOMPLETE": 1}
