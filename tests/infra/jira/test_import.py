"""What the ledger holds after an import: once each, in order, whatever happens on the way and whatever comes later."""

import asyncio
import json
import signal
import sys
from pathlib import Path
from uuid import UUID

import pytest

from domain.commands.sign_offs.ending import VOIDED_BY
from domain.content import Content, revision_digest, section_digests
from domain.events import (
    EstimateRecorded,
    EstimateStaled,
    ItemRevised,
    SignOffGranted,
    SignOffVoided,
    TrackerChangeRecorded,
    TrackerReopeningRecorded,
    TrackerSnapshotRecorded,
)
from domain.events.item import ChangeKind
from domain.events.sign_off import Label
from domain.ids import stream_key
from infra.cluster import Cluster
from infra.importing import run
from infra.importing.known import Names
from infra.importing.refusal import ImportRefused
from infra.ledger import Append, Conflict
from tests.infra.importing.here import Here
from tests.infra.jira.conftest import DATA, Write
from tests.infra.jira.exports import ANN, BOB, history, issue, moment, reopened


def stream(here: Here, number: int) -> UUID:
    return Names(here.workspace_id, "jira").issue(str(1000 + number))


async def test_the_same_file_again_adds_nothing(here: Here, write: Write) -> None:
    file = write([reopened(1, 1), reopened(2, 11)])
    first = await here.importing(file)
    before = await here.told()
    again = await here.importing(file, file)
    assert (first.added.issues, first.added.histories, first.added.people, first.added.teams) == (2, 6, 2, 1)
    assert first.added.events == len(before)
    assert again.added.events == 0
    assert await here.told() == before
    assert again.figures == first.figures
    assert "Nothing was new" in again.text()


async def test_a_newer_export_adds_what_is_new(here: Here, write: Write) -> None:
    await here.importing(write([reopened(1)]))
    before = await here.told()
    newer = reopened(1)
    newer["changelog"]["histories"].append(history(4, moment(5), ANN, status=("Reopened", "Closed")))
    newer["fields"] |= {"status": {"name": "Closed"}, "updated": moment(5)}
    imported = await here.importing(write([newer, issue(2)]))
    after = await here.told()
    assert after[: len(before)] == before
    assert [entry.event.TOPIC for entry in after[len(before) :]] == [
        "IssueImported",
        "TrackerStatusChanged",
        "TrackerClosureRecorded",
    ]
    assert (imported.added.issues, imported.added.histories, imported.added.people) == (1, 1, 0)
    assert (imported.figures["histories"], imported.snapshot.checked, imported.snapshot.equal) == (4, 2, 2)


async def test_an_older_export_takes_nothing_back(here: Here, write: Write) -> None:
    older = issue(1, status={"name": "Open"})
    newer = issue(1, history(1, moment(3), BOB, status=("Open", "Closed")), status={"name": "Closed"})
    await here.importing(write([newer]))
    before = await here.told()
    imported = await here.importing(write([older]))
    assert await here.told() == before
    assert imported.snapshot.checked == 0
    assert [note.code for note in imported.notes] == ["EXPORT_IS_OLDER"]


async def test_entries_that_come_late_are_recorded_and_change_nothing(here: Here, write: Write) -> None:
    first = history(1, moment(2), BOB, status=("Open", "In Progress"))
    second = history(2, moment(3), BOB, status=("In Progress", "Closed"))
    closed = {"name": "Closed"}
    await here.importing(write([issue(1, second, status=closed)]))
    imported = await here.importing(write([issue(1, first, second, status=closed)]))
    last = (await here.told())[-1].event
    assert last == TrackerChangeRecorded(
        source_id="1", fields=("status",), texts_before=("Open",), texts_after=("In Progress",)
    )
    assert [note.code for note in imported.notes] == ["HISTORY_CAME_LATE"]
    assert (imported.figures["final_status"], imported.snapshot.equal) == ({"Closed": 1}, 1)


@pytest.mark.parametrize("appends", [1, 3])
async def test_a_killed_import_is_finished_by_the_next_one(
    here: Here, cluster: Cluster, write: Write, appends: int
) -> None:
    file = write([reopened(number, 10 * number) for number in range(1, 121)])
    address = cluster._address
    login = address.login(None)
    folder = str(address._server.folder)  # type: ignore[attr-defined] # the tests' server is embedded
    arguments = (folder, login["host"], login["database"], str(here.workspace_id), "jira", str(file), str(appends))
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.infra.importing.killed_import", *arguments
    )
    assert await child.wait() == -signal.SIGKILL
    left = len(await here.told())
    assert 200 * appends <= left < 1000
    imported = await here.importing(file)
    assert imported.added.events == len(await here.told()) - left
    assert imported.snapshot.equal == 120
    told = [(entry.stream_id, entry.version) for entry in await here.told()]
    assert len(set(told)) == len(told)
    assert (await here.importing(file)).added.events == 0
    counts = await here.topics()
    assert (counts["IssueImported"], counts["TrackerClosureRecorded"], counts["PersonRegistered"]) == (120, 120, 2)
    assert imported.figures["histories"] == 360


async def test_two_imports_of_a_file_at_once_make_it_once(here: Here, write: Write) -> None:
    file = write([reopened(number, 10 * number) for number in range(1, 81)])
    one, other = await asyncio.gather(here.importing(file), here.importing(file))
    assert one.figures == other.figures
    assert one.added.events + other.added.events == len(await here.told())
    assert (await here.topics())["IssueImported"] == 80


async def test_an_import_that_always_meets_somebody_gives_up(
    here: Here, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempts = 0

    async def refuse(_append: Append) -> None:
        nonlocal attempts
        attempts += 1
        raise Conflict

    monkeypatch.setattr(here.ledger, "append", refuse)
    with pytest.raises(Conflict):
        await here.importing(write([issue(1)]))
    assert attempts == run.ATTEMPTS_MAX


async def test_a_new_text_from_the_source_voids_what_was_accepted_here(here: Here, write: Write) -> None:
    await here.importing(write([issue(1)]))
    said = section_digests("s", Content(title="Ours", why="Because"))
    digest = revision_digest(said)
    await here.say(
        stream(here, 1),
        2,
        ItemRevised(
            revision=2,
            change_kind=ChangeKind.SUBSTANTIVE,
            changed_sections=("title", "why"),
            section_digests=said,
            digest=digest,
            salt="s",
            title="Ours",
            why="Because",
        ),
        EstimateRecorded(estimate=1, revision=2, digest=digest, points=3),
        SignOffGranted(sign_off=1, label=Label.READY, revision=2, digest_signed=digest, section_digests=said),
    )
    await here.importing(write([issue(1)]))
    assert len(await here.told()) == 6
    newer = issue(1, history(1, moment(4), BOB, summary=("Issue 1", "Theirs")), summary="Theirs")
    imported = await here.importing(write([newer]))
    revised, voided, staled, named = (entry.event for entry in (await here.told())[6:] if entry.version > 4)
    assert isinstance(revised, ItemRevised)
    assert (revised.revision, revised.title, revised.why) == (3, "Theirs", "Because")
    assert voided == SignOffVoided(sign_off=1, by_revision=3, changed_sections=("title",), rule=VOIDED_BY)
    assert staled == EstimateStaled(estimate=1, by_revision=3)
    assert named == TrackerChangeRecorded(source_id="1", fields=("summary",), texts_before=("",), texts_after=("",))
    assert imported.snapshot.equal == 1


async def test_nothing_is_told_when_any_file_is_at_fault(here: Here, write: Write, tmp_path: Path) -> None:
    cut = tmp_path / "cut.json"
    cut.write_bytes(write([issue(1)]).read_bytes()[:-20])
    with pytest.raises(ImportRefused, match=r"cut\.json, byte \d+: .*TRUNCATED"):
        await here.importing(write([issue(2)]), cut)
    with pytest.raises(ImportRefused, match=r"SHOP-4.*TIME_IN_FUTURE"):
        await here.importing(write([issue(3)]), write([issue(4, updated="2999-01-01T00:00:00Z")]))
    assert await here.told() == []


async def test_an_export_without_changelogs_gives_items_with_their_current_values(here: Here, write: Write) -> None:
    bare = issue(1, status={"name": "Closed"}, customfield_10023=5.0)
    del bare["changelog"]
    imported = await here.importing(write([bare]))
    assert [note.code for note in imported.notes] == ["NO_CHANGELOG"]
    assert (imported.figures["histories"], imported.figures["final_status"]) == (0, {"Closed": 1})
    assert (imported.figures["story_points"]["sum_final"], imported.snapshot.equal) == (5.0, 1)


async def test_a_later_look_at_an_issue_without_changelog_records_what_it_shows(here: Here, write: Write) -> None:
    bare = issue(1)
    later = issue(1, status={"name": "Closed"}, summary="Later", updated=moment(9))
    for export in (bare, later):
        del export["changelog"]
    await here.importing(write([bare]))
    imported = await here.importing(write([later]))
    assert [entry.event.TOPIC for entry in (await here.told())[-2:]] == ["TrackerSnapshotRecorded", "ItemRevised"]
    assert (imported.snapshot.equal, imported.figures["final_status"]) == (1, {"Closed": 1})
    assert (await here.importing(write([later]))).added.events == 0


async def test_an_import_of_two_exports_of_the_cloud_and_an_empty_one(here: Here, write: Write) -> None:
    imported = await here.importing(DATA / "cloud.json", write([]))
    assert (imported.read.files, imported.added.issues, imported.snapshot.equal) == (2, 2, 2)
    assert (await here.importing(DATA / "cloud.json")).added.events == 0


async def test_the_result_tells_a_story(here: Here, write: Write) -> None:
    commented = reopened(1) | {}
    commented["fields"]["comment"] = {"total": 4, "comments": []}
    imported = await here.importing(write([commented, issue(2)]))
    text = imported.text()
    item_id = stream_key("itm", stream(here, 1))
    assert f"2020-05-04  SHOP-1  Ann Example reopened what Bob Example closed on 2020-05-03  ({item_id})" in text
    assert f"2020-05-03  SHOP-1  Bob Example changed the size from 2 to 3  ({item_id})" in text
    assert "SHOP-1  Ann Example put back the priority from Minor to Major" in text
    assert f"reopened by others 1 time, put back 1 time, size changed after closing 1 time  ({item_id})" in text
    assert "4 comments" in text
    said = json.loads(imported.json())
    assert said["disputes"]["reopened by another person"] == ["SHOP-1@2020-05-04"]
    assert said["story"]["most_contested"][0] == {
        "key": "SHOP-1",
        "item_id": item_id,
        "title": "Issue 1",
        "disputes": 2,
        "said": "reopened by others 1 time, put back 1 time, size changed after closing 1 time",
    }
    assert said["import"]["added"]["events"] == len(await here.told())


async def test_effective_times_are_those_of_the_source(here: Here, write: Write) -> None:
    await here.importing(write([reopened()]))
    told = await here.told()
    assert [entry.effective_at for entry in told] == [entry.act.occurred_at for entry in told]
    (reopening,) = (entry for entry in told if isinstance(entry.event, TrackerReopeningRecorded))
    assert await here.ledger.position_at(here.workspace_id, reopening.effective_at) == told[-1].position


async def test_no_snapshot_is_recorded_when_the_history_says_it_all(here: Here, write: Write) -> None:
    await here.importing(write([reopened()]))
    assert not [entry for entry in await here.told() if isinstance(entry.event, TrackerSnapshotRecorded)]
