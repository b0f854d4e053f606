"""The typed example and docs/api.md: its types follow from the schema, its story holds, and its snippets are run."""

import asyncio
import json
import os
import re
import shutil
import signal
import subprocess
from asyncio.subprocess import PIPE
from pathlib import Path
from typing import Final

import pytest

from tests.clients.conftest import PATIENCE_SECONDS
from tests.graphql_api.client import Client

ROOT: Final = Path(__file__).parents[2]
EXAMPLE: Final = ROOT / "clients" / "typescript"
GUIDE: Final = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
SNIPPETS: Final = re.findall(r"^```(\w+)\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)
SHELL: Final = [text for language, text in SNIPPETS if language == "sh"]
SOURCES: Final = [path.read_text(encoding="utf-8") for path in sorted((EXAMPLE / "src").glob("*.ts"))]
QUOTED: Final = [text for language, text in SNIPPETS if language == "ts"]


@pytest.fixture(scope="session")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the example, made as the guide says: installed by its lock, its types generated and checked."""
    if shutil.which("npm") is None:
        pytest.skip("npm is not installed")
    folder = tmp_path_factory.mktemp("clone")
    shutil.copy(ROOT / "schema.graphql", folder)
    ignored = shutil.ignore_patterns("node_modules", "gql")
    shutil.copytree(EXAMPLE, folder / "clients" / "typescript", ignore=ignored)
    _cd, *steps, _live = SHELL[2].splitlines()
    for step in (*steps, "npm run check"):
        done = subprocess.run(
            step.split(),
            cwd=folder / "clients" / "typescript",
            capture_output=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )
        assert done.returncode == 0, (done.stdout + done.stderr).decode()
    return folder / "clients" / "typescript"


def test_the_guide_quotes_the_example() -> None:
    assert len(QUOTED) >= 5
    assert [text for text in QUOTED if not any(text in source for source in SOURCES)] == []


@pytest.mark.slow
@pytest.mark.xdist_group("node")
async def test_its_story_holds(client: Client, generated: Path) -> None:
    told = await run("npx tsx src/story.ts", generated, await environment(client))
    assert json.loads(told) == {"sizes": [0, 1, 2, 1], "seen": ["ItemRevised Paula"]}


@pytest.mark.slow
@pytest.mark.xdist_group("node")
async def test_the_guide_leads_to_a_live_list(client: Client, generated: Path) -> None:
    cast, told = client.cast, await environment(client)
    answer = json.loads(await run(SHELL[1], generated, told))
    assert answer["data"]["viewer"]["person"]["name"] == "Paula"
    assert {"id": cast.team, "name": "Player"} in answer["data"]["teams"]["nodes"]

    item = (await cast.item()).subject_id
    command = SHELL[2].splitlines()[-1]
    live = await asyncio.create_subprocess_shell(command, cwd=generated, env=told, stdout=PIPE, start_new_session=True)
    assert live.stdout is not None
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            assert (await live.stdout.readuntil(b"open\n")).strip() == b"0 open"
            await cast.do(cast.arno, "raise_pushback", item, statement="Too long")
            assert (await live.stdout.readuntil(b"open\n")).strip() == b"1 open"
            assert b"Too long (Arno; waits for Paula)" in await live.stdout.readline()
    finally:
        os.killpg(live.pid, signal.SIGKILL)
        await live.wait()


async def environment(client: Client) -> dict[str, str]:
    """What the guide has a reader export, and who else there is."""
    return {
        "PATH": os.environ["PATH"],
        "URL": f"http://127.0.0.1:{client.port}/graphql",
        "TOKEN": await client.token(client.cast.paula),
        "OTHER_TOKEN": await client.token(client.cast.arno),
        "TEAM": client.cast.team,
    }


async def run(command: str, folder: Path, told: dict[str, str]) -> str:
    """What a command of the shell prints."""
    process = await asyncio.create_subprocess_shell(command, cwd=folder, env=told, stdout=PIPE, stderr=PIPE)
    async with asyncio.timeout(PATIENCE_SECONDS):
        printed, complaint = await process.communicate()
    assert process.returncode == 0, complaint.decode()
    return printed.decode()
