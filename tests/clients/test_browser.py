"""The page and GraphiQL in Chromium: what people see, do and are told."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from domain.events.people import Role
from domain.ids import PersonId
from infra.backend import Backend
from infra.deciding import Asker
from infra.people.registration import register_person
from infra.settings import Settings
from infra.uuid7 import uuid7
from tests.cast import Cast
from tests.clients.conftest import Script, scripts
from tests.graphql_api.client import Client, serving

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
SOON_MS = 5000
"""Generous to a loaded machine; on two shared cores it was a third of a second."""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("node"),
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
]


async def tried(client: Client, script: Script, name: str, **told: str) -> Any:
    """What a script of `browser/` tells: Arno begins, Paula is the other, and nothing goes wrong in any window."""
    cast = client.cast
    item = (await cast.item("Export listening data")).subject_id
    said = {"CHROMIUM": str(CHROMIUM), "OTHER": await client.token(cast.paula), "item": item, "team": cast.team}
    result = await script(f"browser/{name}.mjs", cast.arno, **said, **told)
    assert result["complaints"] == []
    return result


async def test_two_people_disagree_and_agree_without_reloading(client: Client, script: Script) -> None:
    told = await tried(client, script, "story")
    assert told["delay"] < SOON_MS
    assert told["typed"] < 10
    assert told["isTheSame"]
    assert told["news"].startswith("Paula answered")
    assert told["item"] == {"isBlocked": False, "signOffs": {"nodes": [{"label": "ARCHITECTURE", "state": "LIVE"}]}}


async def test_nobody_is_kept_out(client: Client, script: Script) -> None:
    told = await tried(client, script, "access")
    assert told["found"] == []
    assert told["panels"] > 2
    assert [far for far in told["overhangs"] if far > 0] == []
    assert told["refused"]["code"] == "STALE_DIGEST"


async def others(client: Client) -> dict[str, str]:
    """Tokens of Dora, who develops, and of Sam, who is made Scrum Master."""
    cast = client.cast
    ledger = client.backend.ledger
    master = await register_person(cast.deciding, ledger, cast.ada, uuid7(), {"name": "Sam"})
    await cast.do(cast.ada, "assign_role", cast.team, person=master.subject_id, role=Role.SCRUM_MASTER)
    sam = Asker(workspace_id=cast.ada.workspace_id, person_id=PersonId(master.subject_id))
    return {"DEVELOPER": await client.token(cast.dora), "MASTER": await client.token(sam)}


async def test_a_team_estimates_together_and_accepts_by_its_definition_of_done(client: Client, script: Script) -> None:
    told = await tried(client, script, "team", **await others(client))
    assert told["code"] == "CHECKLIST_INCOMPLETE"


async def test_a_command_without_a_form_has_one_made_and_a_refusal_says_who_could(
    client: Client, script: Script
) -> None:
    told = await tried(client, script, "shaped", **await others(client))
    assert "Who could: " in told["refused"]
    assert "Arno" in told["refused"]
    assert "architect" in told["refused"]


async def test_every_place_has_a_link_that_leads_there(client: Client, script: Script) -> None:
    told = await tried(client, script, "places")
    assert told["headings"] == ["Player", "Export listening data", "Nobody says why", "How many?"]
    assert told["isAt"] == [True] * 3


async def test_a_lost_connection_is_told_and_made_good(client: Client, script: Script) -> None:
    told = await tried(client, script, "lost")
    assert told["isTheSame"]


async def test_graphiql_runs_a_query_and_a_subscription_without_other_network(client: Client, script: Script) -> None:
    cast = client.cast
    told = await script(
        "browser/graphiql.mjs", cast.paula, CHROMIUM=str(CHROMIUM), team=cast.team, OTHER=await client.token(cast.arno)
    )
    assert told["complaints"] == []
    assert told["address"].endswith("/graphiql")
    assert len(told["tabs"]) == 3


@pytest.fixture
async def secretive(backend: Backend, cast: Cast) -> AsyncIterator[Client]:
    """Who calls a server that does not tell its schema."""
    async with serving(backend, cast, Settings(cost_per_second=0, introspection=False)) as client:
        yield client


async def test_graphiql_runs_its_examples_where_the_schema_is_not_told(secretive: Client, installed: Path) -> None:
    cast, script = secretive.cast, scripts(installed, secretive)
    told = await script("browser/graphiql.mjs", cast.paula, CHROMIUM=str(CHROMIUM), team=cast.team)
    assert told["complaints"] == []
    assert len(told["tabs"]) == 3


async def test_the_page_works_where_the_schema_is_not_told(secretive: Client, installed: Path) -> None:
    told = await tried(secretive, scripts(installed, secretive), "secretive")
    assert told["said"].startswith("This server does not tell its schema")
    assert told["isTheSame"]
