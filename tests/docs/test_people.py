"""The table of powers in docs/people.md is the one in the code. `python -m tests.docs.test_people` draws it anew."""

import re
from pathlib import Path
from typing import Final

from domain.authority import HOLDERS, READERS
from domain.events.people import Role

GUIDE: Final = Path(__file__).parents[2] / "docs" / "people.md"
MARKS: Final = re.compile(r"(?<=<!-- powers -->\n).*?(?=<!-- /powers -->)", re.DOTALL)


def table() -> str:
    """A line for each role that acts."""
    lines = ["| role | powers |", "|---|---|"]
    for role in Role:
        if role not in READERS:
            powers = ", ".join(f"`{power}`" for power, holders in HOLDERS.items() if role in holders)
            lines.append(f"| {role} | {powers} |")
    return "\n".join(lines) + "\n"


def redrawn(text: str) -> str:
    """The guide with the table as it is now."""
    return MARKS.sub(lambda _: table(), text)


def test_the_guide_says_which_role_has_which_power() -> None:
    text = GUIDE.read_text(encoding="utf-8")
    assert redrawn(text) == text, "run `python -m tests.docs.test_people`"
    assert "PRODUCT_OWNER" in text


if __name__ == "__main__":
    GUIDE.write_text(redrawn(GUIDE.read_text(encoding="utf-8")), encoding="utf-8")
