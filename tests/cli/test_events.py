"""The ledger as JSON lines."""

import json
import signal
import subprocess
import sys
from pathlib import Path

from tests.cli.conftest import Acme


def test_every_entry_is_a_line_with_its_envelope_and_its_event(acme: Acme) -> None:
    events = acme.events()
    assert [event["position"] for event in events] == [1, 2, 3, 4]
    assert set(events[0]) == {
        "position", "kind", "subject_id", "version", "recorded_at", "occurred_at", "effective_at",
        "actor", "actor_kind", "acting_role", "authorised_by", "on_behalf_of", "credential",
        "correlation_id", "causation_id", "command_id", "is_erased", "event",
    }  # fmt: skip
    assert events[0]["subject_id"] == acme.workspace
    assert events[0]["event"] == {"name": acme.name}


def test_it_resumes_after_a_position(acme: Acme) -> None:
    lines = acme("events", "--after", "3").stdout.splitlines()
    assert [json.loads(line)["position"] for line in lines] == [4]
    assert not acme("events", "--after", "4").stdout


def test_following_prints_what_is_recorded_later_and_ends_when_told_to(acme: Acme, data: Path) -> None:
    command = [sys.executable, "-m", "cli.main", "events", "--follow", "--after", "3", "-w", acme.name]
    with subprocess.Popen(
        command, env={"PUSHBACK_DATA": str(data), "PATH": ""}, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as following:
        assert following.stdout is not None
        assert following.stderr is not None
        assert json.loads(following.stdout.readline())["kind"] == "CredentialIssued"
        acme("team", "add", "Blue")
        assert json.loads(following.stdout.readline())["event"]["name"] == "Blue"
        following.send_signal(signal.SIGTERM)
        assert following.wait(30) == 130
        assert following.stderr.read() == b""
