"""Whose an imported item is: teams, people, names, and the sites they come from."""

import pytest

from domain.events import (
    PersonRegistered,
    TeamFormed,
)
from domain.events.people import TeamKind
from domain.ids import AssignmentId, TeamId, stream_key
from infra.importing.plan import Importer, Options
from infra.importing.refusal import ImportRefused
from infra.people.registration import commitment
from infra.uuid7 import uuid7
from tests.infra.importing.here import PERSON, Here
from tests.infra.jira.conftest import Write
from tests.infra.jira.exports import issue, moment, reopened


async def test_items_join_the_team_that_is_named(here: Here, write: Write) -> None:
    team = uuid7()
    options = Options(team_id=TeamId(stream_key("tem", team)))
    file = write([issue(1)])
    with pytest.raises(ImportRefused, match="UNKNOWN_TEAM"):
        await here.importing(file, options=options)
    with pytest.raises(ImportRefused, match="UNKNOWN_TEAM"):
        await here.importing(file, options=Options(team_id=TeamId("shop")))
    await here.say(team, 1, TeamFormed(kind=TeamKind.FEATURE, name="Ours"))
    await here.importing(file, options=options)
    assert (await here.told())[-1].event.team_id == options.team_id
    assert (await here.topics())["TeamFormed"] == 1


async def test_another_jira_site_needs_another_name(here: Here, write: Write) -> None:
    await here.importing(write([issue(1)]))
    elsewhere = issue(1, created=moment(2), summary="Something else") | {"key": "ELSE-1"}
    with pytest.raises(ImportRefused, match=r"ELSE-1.*TWO_ISSUES_WITH_ONE_ID"):
        await here.importing(write([elsewhere]))
    imported = await here.importing(write([elsewhere]), options=Options(source="elsewhere"))
    assert (imported.added.issues, imported.added.people) == (1, 1)


async def test_a_person_who_is_known_by_the_account_is_not_registered_again(here: Here, write: Write) -> None:
    ann = uuid7()
    await here.say(ann, 1, PersonRegistered(commitment="c", account="jira:ann"))
    imported = await here.importing(write([reopened()]))
    assert imported.added.people == 1
    (opening,) = (entry for entry in await here.told() if entry.event.TOPIC == "IssueImported")
    assert opening.act.actor == stream_key("psn", ann)


async def test_names_stand_outside_the_ledger_bound_by_their_commitment(here: Here, write: Write) -> None:
    await here.importing(write([reopened()]))
    registered = {
        stream_key("psn", entry.stream_id): entry.event.commitment
        for entry in await here.told()
        if isinstance(entry.event, PersonRegistered)
    }
    async with here.pool.connection(here.workspace_id) as connection:
        rows = await connection.fetch("select * from ledger.person where workspace_id = $1", here.workspace_id)
    assert {row["name"] for row in rows} == {"Ann Example", "Bob Example"}
    assert {
        row["person_id"]: commitment(row["salt"], row["person_id"], row["name"], None) for row in rows
    } == registered


async def test_what_the_import_itself_says_it_says_as_who_runs_it(here: Here, write: Write) -> None:
    importer = Importer(person_id=PERSON, authorised_by=AssignmentId("asg_1"))
    await here.importing(write([issue(1, status={"name": "Closed"})]), options=Options(importer=importer))
    told = await here.told()
    assert {entry.act.authorised_by for entry in told} == {"asg_1"}
    assert {entry.event.TOPIC for entry in told if entry.act.actor == PERSON} == {"PersonRegistered", "TeamFormed"}
