"""The guide to importing names every code there is, and no other."""

import re
from pathlib import Path

from domain.events.tracker import VerdictKind

ROOT = Path(__file__).parents[3]
FOLDERS = [ROOT / "infra" / name for name in ("importing", "jira", "github")]
CODE = re.compile(r'"([A-Z]+(?:_[A-Z0-9]+)+|TRUNCATED)"')


def test_the_guide_lists_the_codes_that_an_import_can_give() -> None:
    given = {code for folder in FOLDERS for path in folder.glob("*.py") for code in CODE.findall(path.read_text())}
    listed = re.findall(r"^\| (`[A-Z].*?) \|", (ROOT / "docs" / "import.md").read_text(), re.MULTILINE)
    assert {code for cell in listed for code in re.findall(r"`([A-Z_0-9]+)`", cell)} == given - {*VerdictKind}
