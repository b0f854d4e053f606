"""What a command says when it cannot: one line on stderr, nothing on stdout, an exit code, and never a traceback."""

import socket
from pathlib import Path

import pytest
from click.testing import Result

from domain.refusals import NotAuthorised
from infra.backend import Backend
from infra.cluster import Cluster
from infra.migrate import MigrationsPending
from infra.people.credentials import UnknownToken
from infra.postgres.address import ExternalAddress
from tests.cli.conftest import Pushback


def one_line(result: Result) -> str:
    assert result.stdout == ""
    assert result.stderr.startswith("pushback: ")
    assert result.stderr.count("\n") == 1
    return result.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nothing"], "No such command 'nothing'"),
        (["init", "Acme"], "--administrator"),
        (["serve", "--port", "many"], "'many'"),
        (["token", "issue", "Ada", "--expires", "soon"], "'soon' is not a time"),
        (["role", "assign", "Ada", "king"], "'king'"),
        (["events", "--after", "-1"], "-1"),
    ],
)
def test_a_wrong_command_line_is_told(pushback: Pushback, arguments: list[str], said: str) -> None:
    result = pushback(*arguments)
    assert said in one_line(result)
    assert result.exit_code == 2


@pytest.mark.parametrize(
    ("setting", "value"),
    [("PUSHBACK_PORT", "http"), ("DATABASE_URL", "mysql://somewhere"), ("PUSHBACK_OWNER_URL", "postgresql://x")],
)
def test_a_wrong_setting_is_told_by_its_name(pushback: Pushback, setting: str, value: str) -> None:
    result = pushback("workspace", "list", **{setting: value})
    assert setting in one_line(result)
    assert result.exit_code == 2


def test_a_database_that_cannot_be_reached_is_told(pushback: Pushback, monkeypatch: pytest.MonkeyPatch) -> None:
    impatient = classmethod(lambda cls, url, owner, _privacy: cls(ExternalAddress(url, owner), patience_seconds=0.1))
    monkeypatch.setattr(Cluster, "external", impatient)
    url = "postgresql://somebody:secret@127.0.0.1:1/pushback"
    result = pushback("workspace", "list", DATABASE_URL=url, PUSHBACK_OWNER_URL=url)
    assert "cannot be reached" in one_line(result)
    assert "secret" not in result.stderr
    assert result.exit_code == 3


def test_a_folder_that_others_can_write_to_is_no_place_for_data(pushback: Pushback, tmp_path: Path) -> None:
    tmp_path.chmod(0o777)
    result = pushback("workspace", "list", PUSHBACK_DATA=str(tmp_path))
    assert "can be written by others" in one_line(result)
    assert result.exit_code == 3


@pytest.mark.parametrize("command", ["serve", "demo"])
def test_a_port_in_use_is_told_before_anything_is_done(pushback: Pushback, command: str, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        result = pushback(command, PUSHBACK_PORT=port, PUSHBACK_DATA=str(tmp_path / "data"))
    assert f"cannot listen on 127.0.0.1:{port}: address already in use" in one_line(result)
    assert result.exit_code == 1
    assert not (tmp_path / "data").exists()


def failing(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    async def fail(_settings: object) -> None:
        raise error

    monkeypatch.setattr(Backend, "open", fail)


def test_the_sql_of_pending_migrations_is_printed_for_the_administrator(
    pushback: Pushback, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing(monkeypatch, MigrationsPending("create table t ();"))
    result = pushback("workspace", "list")
    assert result.stdout == "create table t ();\n"
    assert "PUSHBACK_OWNER_URL" in result.stderr
    assert result.exit_code == 3


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (NotAuthorised(path="team", who_could=("ADMINISTRATOR",)), 4, "NOT_AUTHORISED; at fault: team; could: ADMIN"),
        (UnknownToken(), 4, "ask an administrator"),
        (ZeroDivisionError("two\nlines"), 1, "unexpected ZeroDivisionError: two lines"),
    ],
)
def test_whatever_goes_wrong_is_one_line(
    pushback: Pushback, monkeypatch: pytest.MonkeyPatch, error: Exception, code: int, said: str
) -> None:
    failing(monkeypatch, error)
    result = pushback("workspace", "list")
    assert said in one_line(result)
    assert result.exit_code == code


def test_help_is_no_failure(pushback: Pushback) -> None:
    result = pushback("--help")
    assert result.exit_code == 0
    for command in (
        "demo",
        "init",
        "serve",
        "import",
        "token",
        "rebuild",
        "events",
        "workspace",
        "person",
        "team",
        "role",
    ):
        assert f"\n  {command} " in result.stdout
