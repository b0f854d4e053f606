"""The real files come to the counts that an independent script made of them."""

import json
from pathlib import Path

import pytest

from domain.events import SignOffGranted, TrackerVerdictRecorded
from infra.importing.refusal import ImportRefused
from tests.infra.importing.here import Here


async def test_a_real_archive_comes_to_the_counts_made_by_others(here: Here, samples: Path) -> None:
    imported = await here.importing(samples / "github-mls" / "archive.json")
    expected = json.loads((samples / "github-mls" / "expected.json").read_text())
    del expected["rule"]
    said = json.loads(imported.json())
    assert {key: said[key] for key in expected} == expected
    assert (imported.snapshot.checked, imported.snapshot.equal) == (885, 885)
    assert (said["import"]["added"]["issues"], said["import"]["notes"]) == (885, [])


async def test_a_real_archive_read_again_adds_nothing(here: Here, samples: Path) -> None:
    file = samples / "github-mls" / "archive.json"
    first = await here.importing(file)
    again = await here.importing(file)
    assert (again.added.events, again.figures) == (0, first.figures)
    told = await here.told()
    assert not [entry for entry in told if isinstance(entry.event, SignOffGranted)]
    assert sum(isinstance(entry.event, TrackerVerdictRecorded) for entry in told) == 1370


async def test_the_example_in_the_form_of_graphql(here: Here, samples: Path) -> None:
    imported = await here.importing(samples / "format-examples" / "github-pullrequests.graphql.json")
    figures = imported.figures
    assert figures["pull_states"] == {"MERGED": 3}
    assert figures["pulls_where_an_objector_later_approved"] == [27, 853]
    assert figures["pulls_merged_while_a_latest_verdict_was_CHANGES_REQUESTED"] == [116]
    (over,) = imported.story.merged_over_objections  # type: ignore[attr-defined]
    assert over.said == "mls-06, the author, merged over the objection of mls-01"
    assert over.link == "https://github.com/mlswg/mls-protocol/pull/116"


async def test_a_file_of_another_tool_is_refused(here: Here, samples: Path) -> None:
    for name in ("jira-rest-changelog.json", "jira-navigator.csv"):
        with pytest.raises(ImportRefused, match=r"NOT_GITHUB|NOT_JSON"):
            await here.importing(samples / "format-examples" / name)
    assert await here.told() == []
