"""Every setting is told by the guide of the command and by the command itself, and none that is not read."""

import re
from pathlib import Path
from typing import Final

from click.testing import CliRunner

from cli.main import main

ROOT: Final = Path(__file__).parents[2]
NAME: Final = re.compile(r"\b(?:PUSHBACK_[A-Z_]+|DATABASE_URL)\b")
GUIDE: Final = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
READ: Final = {
    name
    for source in ("infra/settings.py", "cli/choosing.py")
    for name in NAME.findall((ROOT / source).read_text(encoding="utf-8"))
}


def test_the_guide_has_a_line_for_each_setting() -> None:
    assert set(re.findall(r"^\| `([A-Z_]+)` \|", GUIDE, re.MULTILINE)) == READ


def test_the_command_tells_each_setting() -> None:
    told = CliRunner().invoke(main, ["--help"]).output
    assert set(re.findall(r"^ *([A-Z_]+)  ", told, re.MULTILINE)) == READ
    assert {"PUSHBACK_DATA", "PUSHBACK_TOKEN"} <= READ
