"""The places of the guides whose text is made from the code."""

from pathlib import Path
from typing import Final, NamedTuple

DOCS: Final = Path(__file__).parents[2] / "docs"


class Made(NamedTuple):
    """What stands in a guide between two marks; `how` is what the first says, like "drawn by tests.x.y"."""

    guide: str
    how: str

    @property
    def page(self) -> str:
        """The whole guide."""
        return (DOCS / self.guide).read_text(encoding="utf-8")

    def shown(self) -> str:
        """What the guide shows there."""
        return self._parted()[1]

    def put(self, text: str) -> None:
        """Have it show this."""
        before, _, after = self._parted()
        (DOCS / self.guide).write_text(before + text + after, encoding="utf-8")

    def _parted(self) -> tuple[str, str, str]:
        begins, ends = f"<!-- {self.how} -->\n", f"<!-- {self.how.partition(' ')[0]} until here -->\n"
        before, begun, rest = self.page.partition(begins)
        shown, ended, after = rest.partition(ends)
        assert begun, "the guide has lost its first mark"
        assert ended, "the guide has lost its second mark"
        return before + begun, shown, ended + after
