"""The real files come to the counts that an independent script made of them."""

import json
from pathlib import Path

import pytest

from domain.events import EstimateRecorded, IssueImported, TrackerSizeChanged
from infra.importing.refusal import ImportRefused
from tests.infra.importing.here import Here


async def test_a_real_export_comes_to_the_counts_made_by_others(here: Here, samples: Path) -> None:
    imported = await here.importing(samples / "jira-duracloud" / "issues.json")
    expected = json.loads((samples / "jira-duracloud" / "expected.json").read_text())
    said = json.loads(imported.json())
    assert {key: said[key] for key in expected} == expected
    assert (imported.snapshot.checked, imported.snapshot.equal) == (150, 150)


async def test_a_real_export_read_again_adds_nothing(here: Here, samples: Path) -> None:
    file = samples / "jira-duracloud" / "issues.json"
    first = await here.importing(file)
    again = await here.importing(file, samples / "format-examples" / "jira-rest-changelog.json")
    assert (again.added.events, again.figures) == (0, first.figures)


async def test_a_size_corrected_after_closing_is_never_an_estimate(here: Here, samples: Path) -> None:
    imported = await here.importing(samples / "format-examples" / "jira-rest-changelog.json")
    sizes = [entry for entry in await here.told() if isinstance(entry.event, TrackerSizeChanged)]
    said = [(s.event.size_before, s.event.size_after, s.event.at_or_after_closing) for s in sizes]
    assert said == [(None, 5, False), (2, 1, True), (1, 2, True), (5, 3, True)]
    assert not [entry for entry in await here.told() if isinstance(entry.event, EstimateRecorded)]
    assert imported.figures["disputes"]["reopened by another person"] == ["DURACLOUD-465@2011-09-12"]
    begun = next(e for e in (entry.event for entry in await here.told()) if isinstance(e, IssueImported))
    assert (begun.status, begun.priority, begun.size) == ("Received", "Major", 2.0)


async def test_a_real_dump_without_changelogs_gives_its_items(here: Here, samples: Path) -> None:
    folder = samples / "jira-tidev-timob"
    imported = await here.importing(folder / "issues.json")
    expected = json.loads((folder / "expected.json").read_text())
    figures = imported.figures
    assert (figures["issues"], figures["by_type"]) == (expected["issues"], expected["by_type"])
    assert figures["final_status"] == expected["by_status"]
    assert (imported.snapshot.equal, imported.skipped[0].count) == (110, expected["comments_in_file"])


async def test_a_file_of_another_tool_is_refused(here: Here, samples: Path) -> None:
    for name in ("github-pullrequests.graphql.json", "jira-navigator.csv"):
        with pytest.raises(ImportRefused, match=r"NOT_JIRA|NOT_JSON"):
            await here.importing(samples / "format-examples" / name)
    assert await here.told() == []
