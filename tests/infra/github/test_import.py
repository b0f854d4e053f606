"""What the ledger holds after an import from GitHub: verdicts as they were, once each, never a sign-off."""

import asyncio
import json
import signal
import sys
from uuid import UUID

import pytest

from domain.entry import ActorKind
from domain.events import (
    ItemRevised,
    PersonRegistered,
    TrackerClosureRecorded,
    TrackerMergeRecorded,
    TrackerSnapshotRecorded,
    TrackerVerdictDismissed,
    TrackerVerdictOverruled,
    TrackerVerdictRecorded,
)
from domain.events.tracker import MergeKind
from domain.ids import SYSTEM, TeamId, stream_key
from infra.cluster import Cluster
from infra.importing.known import Names
from infra.importing.plan import Options
from infra.importing.refusal import ImportRefused
from tests.infra.github.archives import closed, issue, merged, moment, overruled, pull, review
from tests.infra.github.conftest import DATA, Write
from tests.infra.importing.here import Here


def stream(here: Here, source_id: str) -> UUID:
    return Names(here.workspace_id, "github").issue(source_id)


async def test_a_pull_request_is_told_as_it_happened(here: Here, write: Write) -> None:
    await here.importing(write(overruled()))
    told = [entry for entry in await here.told() if entry.stream_id == stream(here, "PR_1")]
    assert [entry.event.TOPIC for entry in told] == [
        "IssueImported",
        "TrackerVerdictRecorded",
        "TrackerVerdictRecorded",
        "TrackerStatusChanged",
        "TrackerClosureRecorded",
        "TrackerMergeRecorded",
        "TrackerVerdictOverruled",
    ]
    assert {entry.act.actor_kind for entry in told} == {ActorKind.IMPORT}
    assert [str(entry.act.occurred_at)[:10] for entry in told] == [
        "2020-05-01", "2020-05-02", "2020-05-03", "2020-05-04", "2020-05-04", "2020-05-04", "2020-05-04",
    ]  # fmt: skip


async def test_each_verdict_names_who_gave_it(here: Here, write: Write) -> None:
    await here.importing(write(overruled()))
    told = await here.told()
    names = {stream_key("psn", e.stream_id): e.event.account for e in told if isinstance(e.event, PersonRegistered)}
    said = [(names[e.act.actor], e.event.kind) for e in told if isinstance(e.event, TrackerVerdictRecorded)]
    assert said == [("github:bob", "CHANGES_REQUESTED"), ("github:cleo", "APPROVED")]
    (over,) = (entry for entry in told if isinstance(entry.event, TrackerVerdictOverruled))
    assert (over.event.verdict, names[over.act.actor]) == (1, "github:mia")


async def test_nothing_imported_is_a_sign_off_or_a_pushback_here(here: Here, write: Write) -> None:
    await here.importing(write(overruled(), pull(2, review(1, 2, "ann", "APPROVED"), **merged(3))))
    topics = await here.topics()
    assert not [topic for topic in topics if topic.startswith(("SignOff", "Pushback", "Estimate"))]


async def test_deleted_accounts_are_nobody(here: Here, write: Write) -> None:
    said = [review(number, 2, by, "CHANGES_REQUESTED") for number, by in enumerate((None, "", "ghost"), 1)]
    imported = await here.importing(write(pull(1, *said, author="ghost", **merged(4, None))))
    told = await here.told()
    assert not [entry for entry in told if isinstance(entry.event, PersonRegistered)]
    assert {entry.act.actor for entry in told if entry.stream_id == stream(here, "PR_1")} == {SYSTEM}
    assert (imported.figures["reviewers"], imported.figures["top_objectors"]) == (0, [])
    assert sum(isinstance(entry.event, TrackerVerdictOverruled) for entry in told) == 3


async def test_a_review_not_sent_yet_is_nobodys_verdict(here: Here, write: Write) -> None:
    imported = await here.importing(write(pull(1, review(1, 2, "bob", "PENDING"), **merged(3))))
    assert (imported.figures["review_states"], imported.figures["merged_with_no_verdict_at_all"]) == ({}, 1)


async def test_the_same_archive_again_adds_nothing(here: Here, write: Write) -> None:
    file = write(overruled(1), overruled(2), issues=(issue(3), issue(4, **closed(2))))
    first = await here.importing(file)
    before = await here.told()
    again = await here.importing(file, file)
    assert (first.added.issues, first.added.people, first.added.teams) == (4, 4, 1)
    assert (again.added.events, again.figures, again.read.issues) == (0, first.figures, 4)
    assert await here.told() == before


async def test_a_newer_archive_adds_what_is_new(here: Here, write: Write) -> None:
    no = review(1, 2, "bob", "CHANGES_REQUESTED")
    await here.importing(write(pull(1, no)))
    before = await here.told()
    yes = review(2, 5, "bob", "APPROVED")
    imported = await here.importing(write(pull(1, no, yes, **merged(6)), pull(2)))
    after = await here.told()
    assert after[: len(before)] == before
    assert [entry.event.TOPIC for entry in after[len(before) :]] == [
        "IssueImported",
        "TrackerVerdictRecorded",
        "TrackerVerdictReplaced",
        "PersonRegistered",
        "TrackerStatusChanged",
        "TrackerClosureRecorded",
        "TrackerMergeRecorded",
    ]
    assert imported.figures["pulls_where_an_objector_later_approved"] == [1]
    assert imported.figures["pulls_merged_while_a_latest_verdict_was_CHANGES_REQUESTED"] == []


async def test_an_objection_that_was_dismissed_since_is_no_objection_any_more(here: Here, write: Write) -> None:
    await here.importing(write(pull(1, review(1, 2, "bob", "CHANGES_REQUESTED"))))
    off = review(1, 2, "bob", "DISMISSED", updatedAt=moment(5))
    imported = await here.importing(write(pull(1, off, **merged(6))))
    told = await here.told()
    (dismissal,) = (entry for entry in told if isinstance(entry.event, TrackerVerdictDismissed))
    assert (dismissal.event.verdict, dismissal.act.actor, str(dismissal.act.occurred_at)[:10]) == (
        1,
        SYSTEM,
        "2020-05-05",
    )
    (merge,) = (entry.event for entry in told if isinstance(entry.event, TrackerMergeRecorded))
    assert merge.merge is MergeKind.AGREED
    assert imported.figures["review_states"] == {"DISMISSED": 1}


async def test_an_older_archive_takes_nothing_back(here: Here, write: Write) -> None:
    await here.importing(write(overruled()))
    before = await here.told()
    imported = await here.importing(write(pull(1)))
    assert await here.told() == before
    assert [note.code for note in imported.notes] == ["EXPORT_IS_OLDER"]


async def test_what_was_reopened_and_closed_again_is_closed_twice(here: Here, write: Write) -> None:
    await here.importing(write(issues=(issue(1, **closed(2)),)))
    await here.importing(write(issues=(issue(1, updatedAt=moment(3)),)))
    imported = await here.importing(write(issues=(issue(1, **closed(4)),)))
    told = [entry.event for entry in await here.told()]
    assert sum(isinstance(event, TrackerClosureRecorded) for event in told) == 2
    assert sum(isinstance(event, TrackerSnapshotRecorded) for event in told) == 1
    assert imported.snapshot.equal == 1


async def test_a_new_text_is_a_new_revision(here: Here, write: Write) -> None:
    await here.importing(write(pull(1, body="First")))
    await here.importing(write(pull(1, title="Better", body="Second", updatedAt=moment(2))))
    (revised,) = (entry.event for entry in await here.told() if isinstance(entry.event, ItemRevised))
    assert (revised.revision, revised.title, revised.narrative) == (2, "Better", "Second")


@pytest.mark.parametrize("appends", [1, 3])
async def test_a_killed_import_is_finished_by_the_next_one(
    here: Here, cluster: Cluster, write: Write, appends: int
) -> None:
    file = write(*(overruled(number) for number in range(1, 151)))
    address = cluster._address
    login = address.login(None)
    folder = str(address._server.folder)  # type: ignore[attr-defined] # the tests' server is embedded
    place = (folder, login["host"], login["database"], str(here.workspace_id))
    program = (sys.executable, "-m", "tests.infra.importing.killed_import", *place, "github", str(file), str(appends))
    child = await asyncio.create_subprocess_exec(*program)
    assert await child.wait() == -signal.SIGKILL
    left = len(await here.told())
    assert 200 * appends <= left < 1000
    imported = await here.importing(file)
    assert imported.added.events == len(await here.told()) - left
    assert (imported.snapshot.equal, imported.figures["review_states"]["APPROVED"]) == (150, 150)
    assert (await here.importing(file)).added.events == 0
    assert (await here.topics())["TrackerVerdictOverruled"] == 150


async def test_two_imports_of_an_archive_at_once_make_it_once(here: Here, write: Write) -> None:
    file = write(*(overruled(number) for number in range(1, 81)))
    one, other = await asyncio.gather(here.importing(file), here.importing(file))
    assert one.figures == other.figures
    assert one.added.events + other.added.events == len(await here.told())


async def test_issues_of_two_repositories_are_named_by_their_keys(here: Here, write: Write) -> None:
    imported = await here.importing(write(overruled(1)), write(overruled(2), repo="mill/bread"))
    key = "pulls_merged_while_a_latest_verdict_was_CHANGES_REQUESTED"
    assert imported.figures[key] == ["mill/bread#2", "mill/flour#1"]
    assert (imported.added.teams, imported.added.issues) == (2, 2)


async def test_an_unknown_team_is_refused(here: Here, write: Write) -> None:
    with pytest.raises(ImportRefused, match="UNKNOWN_TEAM"):
        await here.importing(write(pull(1)), options=Options(team_id=TeamId("mill")))
    assert await here.told() == []


async def test_the_archive_made_by_hand_tells_a_story(here: Here) -> None:
    imported = await here.importing(DATA / "archive.json")
    assert imported.figures == {
        "pulls": 4,
        "issues": 1,
        "pull_states": {"MERGED": 3, "CLOSED": 1},
        "review_states": {"CHANGES_REQUESTED": 2, "APPROVED": 2, "COMMENTED": 1, "DISMISSED": 1},
        "reviewers": 2,
        "merged_with_no_verdict_at_all": 1,
        "pulls_where_an_objector_later_approved": [5],
        "pulls_merged_while_a_latest_verdict_was_CHANGES_REQUESTED": [4],
        "self_approved": [],
        "top_objectors": [("arno", 2)],
    }
    text = imported.text()
    assert "2021-01-18  mill/flour#4  dora, the author, merged over the objection of arno" in text
    assert "https://github.com/mill/flour/pull/4" in text
    assert "by dora: 1 time, 1 of them a change of their own" in text
    assert "mill/flour#5  arno, who had asked for changes on 2021-01-21, approved" in text
    assert "Merged with no verdict by anybody (1):" in text
    said = json.loads(imported.json())["story"]["merged_over_objections"][0]
    assert (said["key"], said["item_id"]) == ("mill/flour#4", stream_key("itm", stream(here, "PR_4")))
