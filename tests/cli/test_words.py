"""Asking and answering from the terminal, and seeing what waits for oneself."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from click.testing import Result

from cli.choosing import Chosen, act
from cli.terminal.session import run
from infra.backend import Backend
from tests.cli.conftest import Acme


class Speaker:
    """A person at the terminal, with their token."""

    def __init__(self, acme: Acme, data: Path, name: str) -> None:
        self.acme, self._data = acme, data
        self.token = acme.json("token", "issue", name)["token"]

    def __call__(self, *arguments: str) -> Result:
        return self.acme.pushback(*arguments, PUSHBACK_TOKEN=self.token)

    def json(self, *arguments: str) -> Any:
        """What it answers with --json."""
        told = self(*arguments, "--json")
        assert told.exit_code == 0, told.stderr
        return json.loads(told.stdout)

    def do(self, command: str, target: str | None, **arguments: Any) -> str:
        """What has no command of its own at the terminal."""

        async def work(backend: Backend) -> str:
            acting = await act(backend, Chosen(None, self.token))
            return (await acting.do(command, target, **arguments)).subject_id

        with patch.dict(os.environ, {"PUSHBACK_DATA": str(self._data)}):
            return run(work)


Team = Callable[[str], Speaker]


@pytest.fixture
def blue(acme: Acme, data: Path) -> Team:
    """Paula owns the backlog of Blue, Arno is its architect."""
    acme("team", "add", "Blue")
    for name, role in (("Paula", "product-owner"), ("Arno", "architect")):
        acme("person", "add", name)
        acme("role", "assign", name, role, "--team", "Blue")
    return lambda name: Speaker(acme, data, name)


def drafted(paula: Speaker) -> str:
    return paula.do("draft_item", None, team=paula.acme.json("team", "list")[0]["id"], title="Keep data for 90 days")


def test_a_question_is_one_line_each_way(acme: Acme, blue: Team) -> None:
    paula, arno = blue("Paula"), blue("Arno")
    item = drafted(paula)
    question = arno("ask", item, "Which data?").stdout.strip()
    assert question.startswith("qst_")
    (waiting,) = paula.json("turn")
    assert waiting.pop("since")
    assert waiting == {
        "id": question, "rule": "ANSWER_QUESTION", "item_id": item, "item": "Keep data for 90 days",
        "text": "Which data?",
    }  # fmt: skip
    answered = paula.json("answer", question, "What was listened to")
    assert answered == {"id": question, "position": acme.events()[-1]["position"]}
    assert paula.json("turn") == []
    assert arno("turn").stdout.splitlines()[1].split()[:2] == [question, "CLOSE_QUESTION"]
    assert [event["credential"] is not None for event in acme.events()[-2:]] == [True, True]


def test_a_pushback_is_answered_by_its_id(blue: Team) -> None:
    paula, arno = blue("Paula"), blue("Arno")
    pushback = arno.do("raise_pushback", drafted(paula), statement="90 days are too long")
    assert paula.json("turn")[0]["text"] == "90 days are too long"
    assert paula("answer", pushback, "The law says so").stdout.strip() == pushback
    assert [each["rule"] for each in arno.json("turn")] == ["SETTLE_PUSHBACK"]


def test_an_item_is_meant_by_its_title_and_a_question_goes_to_whom_it_names(blue: Team) -> None:
    paula, arno = blue("Paula"), blue("Arno")
    drafted(paula)
    assert paula("ask", "keep DATA for 90 days", "Where to?", "--to", "arno").exit_code == 0
    assert [each["text"] for each in arno.json("turn")] == ["Where to?"]
    drafted(paula)
    two = arno("ask", "Keep data for 90 days", "Which of the two?")
    assert (two.exit_code, two.stderr.count("itm_"), two.stderr.count("\n")) == (4, 2, 1)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("ask", "itm_nothing", "Why?"), "UNKNOWN_ITEM"),
        (("answer", "itm_nothing", "So"), "pushback turn"),
        (("answer", "qst_nothing", "So"), "UNKNOWN_QUESTION"),
        (("answer", "pbk_nothing", "So"), "UNKNOWN_PUSHBACK"),
    ],
)
def test_what_is_not_there_is_told_in_one_line(blue: Team, arguments: tuple[str, ...], told: str) -> None:
    refused = blue("Paula")(*arguments)
    assert (refused.exit_code, refused.stdout, refused.stderr.count("\n")) == (4, "", 1)
    assert told in refused.stderr


def test_an_empty_text_is_refused(blue: Team) -> None:
    paula = blue("Paula")
    assert "TEXT_MISSING" in blue("Arno")("ask", drafted(paula), " ").stderr


@pytest.mark.parametrize("arguments", [("ask", "x", "Why?"), ("answer", "qst_x", "So"), ("turn",)])
def test_words_are_somebodys_own(acme: Acme, arguments: tuple[str, ...]) -> None:
    refused = acme.pushback(*arguments, PUSHBACK_WORKSPACE=acme.name)
    assert (refused.exit_code, refused.stderr.count("\n")) == (4, 1)
    assert "PUSHBACK_TOKEN" in refused.stderr
