"""What a file of Jira holds, and where the issues in it stand."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from msgspec import UNSET, Raw

from infra.importing.file import Tool, Where, decoded, load, text_of
from infra.importing.refusal import Notes
from infra.jira import shapes

TOOL: Final = Tool("Jira", "NOT_JIRA")


class JiraFile(NamedTuple):
    """What a file holds; `names` are field names by id, `total` is how many issues the search found."""

    name: str
    raws: list[Raw]
    place: str
    names: dict[str, str]
    total: int

    def issues(self) -> Iterator[tuple[shapes.Issue, Where]]:
        """Each issue and its place; raises ImportRefused at the first that is not as Jira writes it."""
        for index, raw in enumerate(self.raws):
            where = Where(self.name, "", f"{self.place}[{index}]" if self.place else "$")
            issue = decoded(shapes.Issue, raw, where)
            yield issue, where._replace(key=issue.key)


def read(path: Path, notes: Notes) -> JiraFile:
    """The issues of a file; raises ImportRefused with the place of the first fault."""
    return parse(load(path), str(path), notes)


def parse(data: bytes, name: str, notes: Notes) -> JiraFile:
    """As `read`, for bytes that are there already."""
    text = text_of(data, name, notes, TOOL)
    if text.data.lstrip()[:1] == b"[":
        return JiraFile(name, text.decoded(list[Raw]), "$", {}, 0)
    page = text.decoded(shapes.Page)
    if page.issues is not UNSET:
        return JiraFile(name, page.issues, "$.issues", page.names or {}, page.total or 0)
    if text.decoded(dict[str, Raw]).keys() >= {"id", "key", "fields"}:
        return JiraFile(name, [Raw(text.data)], "", page.names or {}, 1)
    raise text.foreign("this JSON is no Jira export: it has neither `issues` nor `key` and `fields`.")
