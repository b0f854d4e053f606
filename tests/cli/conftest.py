"""The command as tests give it: in this process, on an embedded server that stays up between commands."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple, Protocol
from uuid import uuid4

import pytest
from click.testing import CliRunner, Result
from structlog.testing import capture_logs

from cli.main import main
from cli.terminal import session
from infra.postgres.embedded import EmbeddedServer


class Pushback(Protocol):
    """`pushback ARGUMENT...`, with more environment by name."""

    def __call__(self, *arguments: str, **environment: str) -> Result: ...


class Acme(NamedTuple):
    """A new workspace, and the command in it: `acme("token", "list")`."""

    name: str
    workspace: str
    administrator: str
    token: str
    pushback: Pushback

    def __call__(self, *arguments: str) -> Result:
        """Run it and expect that it succeeds."""
        result = self.pushback(*arguments, PUSHBACK_WORKSPACE=self.name)
        assert result.exit_code == 0, result.stderr
        return result

    def json(self, *arguments: str) -> Any:
        """What it answers with --json."""
        return json.loads(self(*arguments, "--json").stdout)

    def events(self) -> list[dict[str, Any]]:
        """The ledger."""
        return [json.loads(line) for line in self("events").stdout.splitlines()]


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("cli")
    server = EmbeddedServer(folder)
    server.enter()
    yield folder
    server.leave()


@pytest.fixture(autouse=True)
def keep_logs(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Commands set up the logs of their process, which here is the tests'."""
    monkeypatch.setattr(session, "write_logs", lambda _level: None)
    with capture_logs():
        yield


@pytest.fixture
def pushback(data: Path, monkeypatch: pytest.MonkeyPatch) -> Pushback:
    for name in [name for name in os.environ if name.startswith("PUSHBACK_") or name == "DATABASE_URL"]:
        monkeypatch.delenv(name)

    def give(*arguments: str, **environment: str) -> Result:
        return CliRunner().invoke(main, arguments, env={"PUSHBACK_DATA": str(data), **environment})

    return give


@pytest.fixture
def acme(pushback: Pushback) -> Acme:
    name = f"Acme {uuid4().hex[:8]}"
    opened = json.loads(pushback("init", name, "--administrator", "Ada", "--json").stdout)
    return Acme(name, opened["workspace"], opened["administrator"], opened["token"], pushback)
