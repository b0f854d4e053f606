"""`pushback demo` and `pushback serve`: from nothing to a server that answers, killed and begun again."""

import json
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from graphql import parse, validate

from graphql_api.schema import make_schema
from infra.postgres.embedded import EmbeddedServer

pytestmark = pytest.mark.xdist_group("demo-command")
COMMAND = (sys.executable, "-m", "cli.main")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("demo") / "data"
    yield folder
    server = EmbeddedServer(folder)
    server.enter()
    server.leave()


@pytest.fixture(scope="module")
def guide(data: Path) -> dict[str, Any]:
    """What it prints after it was killed twice on its way."""
    for seconds in (4, 3):
        with subprocess.Popen(
            [*COMMAND, "demo", "--no-serve"], env=environment(data), stdout=subprocess.PIPE
        ) as killed:
            time.sleep(seconds)
            killed.kill()
    return made(data)


def environment(data: Path) -> dict[str, str]:
    return {"PUSHBACK_DATA": str(data), "PATH": ""}


def made(data: Path) -> dict[str, Any]:
    command = [*COMMAND, "demo", "--no-serve", "--json"]
    done = subprocess.run(command, env=environment(data), capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


@contextmanager
def served(data: Path, *arguments: str) -> Iterator["subprocess.Popen[bytes]"]:
    """A server that is told to end afterwards, and does so in good order."""
    command = [*COMMAND, *arguments, "--port", "0"]
    with subprocess.Popen(command, env=environment(data), stdout=subprocess.PIPE, stderr=subprocess.PIPE) as server:
        try:
            yield server
        finally:
            server.send_signal(signal.SIGTERM)
            server.communicate(timeout=60)
        assert server.returncode == 0


def ask(url: str, token: str, document: str) -> Any:
    headers = {"content-type": "application/json", "authorization": f"Bearer {token}"}
    request = urllib.request.Request(url, json.dumps({"query": document}).encode(), headers)  # noqa: S310 - our own
    with urllib.request.urlopen(request) as response:  # noqa: S310 - our own
        return json.load(response)


def test_a_killed_demo_is_gone_on_with_and_a_further_run_adds_nothing(data: Path, guide: dict[str, Any]) -> None:
    again = made(data)
    assert again == guide
    assert again["position"] > 3500


def test_the_tokens_are_kept_where_nobody_else_reads(data: Path, guide: dict[str, Any]) -> None:
    kept = data / "demo-tokens.json"
    assert kept.stat().st_mode & 0o077 == 0
    assert set(json.loads(kept.read_bytes()).values()) == {guide["product_owner"]["token"], guide["architect"]["token"]}


def test_lost_tokens_are_issued_anew(data: Path, guide: dict[str, Any]) -> None:
    tokens = data / "demo-tokens.json"
    kept = tokens.read_bytes()
    tokens.write_bytes(b"{")
    try:
        anew = made(data)
    finally:
        tokens.write_bytes(kept)
    assert anew["product_owner"]["token"] != guide["product_owner"]["token"]
    assert anew["position"] == guide["position"] + 2


def test_the_operations_worth_pasting_are_valid(guide: dict[str, Any]) -> None:
    schema = make_schema()._schema
    assert len(guide["operations"]) == 3
    for document in guide["operations"]:
        assert validate(schema, parse(document)) == []


def test_the_demo_answers_what_it_prints(data: Path, guide: dict[str, Any]) -> None:
    backlog, answer, _ = guide["operations"]
    with served(data, "demo", "--json") as server:
        assert server.stdout is not None
        url = json.loads(server.stdout.readline())["graphql"]
        owner, architect = guide["product_owner"]["token"], guide["architect"]["token"]
        found = ask(url, architect, backlog)["data"]["backlog"]
        assert found["nodes"][0]["title"] == "Take programmes offline on the day their licence ends"
        turns = [each["turn"] for each in found["nodes"][0]["pushbacks"]["nodes"]]
        assert turns == [{"name": "Marit Solberg"}, {"name": "Marit Solberg"}, None]
        past = backlog.replace("first: 20)", f'first: 20, asOf: {{time: "{guide["half_way"]}"}})')
        assert 0 < ask(url, owner, past)["data"]["backlog"]["totalCount"] < found["totalCount"]
        assert "code" in ask(url, architect, answer)["data"]["answerPushback"]
        assert ask(url, owner, answer)["data"]["answerPushback"]["subject"]["turn"] == {"name": "Magnus Ferreira"}


def test_the_demo_tells_people_where_to_look(data: Path, guide: dict[str, Any]) -> None:
    done = subprocess.run([*COMMAND, "demo", "--no-serve"], env=environment(data), capture_output=True, check=True)
    told = done.stdout.decode()
    for who in ("product_owner", "architect"):
        assert f"http://127.0.0.1:8000/#token={guide[who]['token']}" in told
        assert f"http://127.0.0.1:8000/graphiql#token={guide[who]['token']}" in told
    for keyword in ("query ", "mutation ", "subscription "):
        assert f"\n{keyword}" in told


def test_serve_answers_for_the_data_that_is_there_and_logs_in_json(data: Path, guide: dict[str, Any]) -> None:
    assert guide
    with served(data, "serve") as server:
        assert server.stderr is not None
        logged = (json.loads(line) for line in server.stderr)
        url = next(line["url"] for line in logged if line["event"] == "listening")
        with urllib.request.urlopen(f"{url}healthz") as response:  # noqa: S310 - our own
            assert json.load(response) == {"status": "ok"}
        with pytest.raises(urllib.error.HTTPError, match="401"):
            ask(f"{url}graphql", "pbt_unknown", "{ viewer { person { name } } }")
