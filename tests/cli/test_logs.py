"""What stands on a person's terminal when something goes wrong: the traceback, and nothing that was in memory."""

import io
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
