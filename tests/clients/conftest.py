"""Node, with the clients installed as the lock says, and a server over the worker's database."""

import asyncio
import json
import shutil
import subprocess
from asyncio.subprocess import PIPE
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final

import pytest

from infra.deciding import Asker
from tests.graphql_api.client import Client, backend, cast, client

__all__ = ["backend", "cast", "client"]

HERE: Final = Path(__file__).parent
PATIENCE_SECONDS: Final = 120

Script = Callable[..., Awaitable[Any]]
"""Runs a script as a person, and gives what it printed."""


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the scripts find their packages."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("npm is not installed")
    folder = tmp_path_factory.mktemp("clients")
    shutil.copytree(HERE, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"), dirs_exist_ok=True)
    command = (npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts")
    installing = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    assert installing.returncode == 0, installing.stderr.decode()
    return folder


@pytest.fixture
def script(installed: Path, client: Client) -> Script:
    """Runs a script of this folder against the server."""
    return scripts(installed, client)


def scripts(installed: Path, client: Client) -> Script:
    """Runs a script of this folder against the server of this client."""

    async def run(name: str, who: Asker, **told: str) -> Any:
        said = {"URL": f"http://127.0.0.1:{client.port}/graphql", "TOKEN": await client.token(who), **told}
        process = await asyncio.create_subprocess_exec(
            "node", str(installed / name), env={"PATH": _path(), **said}, stdout=PIPE, stderr=PIPE
        )
        async with asyncio.timeout(PATIENCE_SECONDS):
            printed, complaint = await process.communicate()
        assert process.returncode == 0, complaint.decode()
        return json.loads(printed)

    return run


def _path() -> str:
    node = shutil.which("node")
    assert node is not None
    return str(Path(node).parent)
