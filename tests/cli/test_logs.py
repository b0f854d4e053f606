"""What stands on a person's terminal when something goes wrong: the traceback, and nothing that was in memory."""

import io
import json
import logging
import sys
from collections.abc import Iterator

import pytest
import structlog

from cli.terminal.logs import write_logs


class Terminal(io.StringIO):
    """A stream with a person before it."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[Terminal]:
    terminal, root = Terminal(), logging.getLogger()
    handlers, level = root.handlers, root.level
    monkeypatch.setattr(sys, "stderr", terminal)
    write_logs(logging.INFO)
    yield terminal
    structlog.reset_defaults()
    root.handlers, root.level = handlers, level


def fail(_token: str) -> None:
    raise ZeroDivisionError


def test_an_error_on_a_terminal_shows_no_values_of_variables(terminal: Terminal) -> None:
    token = f"pbt_{2**70}"
    try:
        fail(token)
    except ZeroDivisionError:
        structlog.get_logger().exception("went wrong")
    told = terminal.getvalue()
    assert "went wrong" in told
    assert "ZeroDivisionError" in told
    assert token not in told


def test_a_program_reads_an_object_a_line_from_us_and_from_libraries_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    stream, root = io.StringIO(), logging.getLogger()
    handlers, level = root.handlers, root.level
    monkeypatch.setattr(sys, "stderr", stream)
    write_logs(logging.INFO)
    structlog.get_logger().info("ours", number=1)
    structlog.get_logger().debug("not told")
    logging.getLogger("library").info("theirs")
    structlog.reset_defaults()
    root.handlers, root.level = handlers, level
    ours, theirs = (json.loads(line) for line in stream.getvalue().splitlines())
    assert (ours.pop("event"), ours.pop("number"), theirs.pop("event")) == ("ours", 1, "theirs")
    assert ours.keys() == theirs.keys() == {"level", "timestamp"}
