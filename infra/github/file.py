"""What a file of GitHub holds, and where the pull requests and issues in it stand."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from msgspec import UNSET, Raw

from infra.github import shapes
from infra.importing.file import Text, Tool, Where, decoded, load, text_of
from infra.importing.refusal import Notes

TOOL: Final = Tool("GitHub", "NOT_GITHUB")


class Sort(NamedTuple):
    """What a list in a file holds: the name of the sort, and of the address on the site."""

    name: str
    path: str


PULL: Final = Sort("Pull request", "pull")
ISSUE: Final = Sort("Issue", "issues")


class Rows(NamedTuple):
    """A list of a file."""

    sort: Sort
    place: str
    raws: list[Raw]


class GithubFile(NamedTuple):
    """What a file holds of a repository; `total` is how many GraphQL says there are, by sort."""

    name: str
    repository: str
    rows: tuple[Rows, ...]
    total: dict[Sort, int]

    def issues(self) -> Iterator[tuple[Sort, shapes.Issue, Where]]:
        """Each issue with its place; raises ImportRefused at the first that is not as GitHub writes it."""
        for sort, place, raws in self.rows:
            for index, raw in enumerate(raws):
                where = Where(self.name, "", f"{place}[{index}]")
                issue = decoded(shapes.Issue, raw, where)
                yield sort, issue, where._replace(key=f"{self.repository}#{issue.number}")


def read(path: Path, notes: Notes) -> GithubFile:
    """The pull requests and issues of a file; raises ImportRefused with the place of the first fault."""
    return parse(load(path), str(path), notes)


def parse(data: bytes, name: str, notes: Notes) -> GithubFile:
    """As `read`, for bytes that are there already."""
    text = text_of(data, name, notes, TOOL)
    page = text.decoded(shapes.Page)
    if page.data and page.data.repository:
        return _answered(name, page.data.repository)
    if page.repo is UNSET or not _has_rows(text):
        raise text.foreign("this JSON is no GitHub export: it has neither `repo` with `pulls`, nor `data.repository`.")
    rows = (Rows(ISSUE, "$.issues", page.issues), Rows(PULL, "$.pulls", page.pulls))
    return GithubFile(name, page.repo, rows, {})


def _has_rows(text: Text) -> bool:
    return bool(text.decoded(dict[str, Raw]).keys() & {"issues", "pulls"})


def _answered(name: str, repository: shapes.Repository) -> GithubFile:
    issues, pulls = repository.issues or shapes.Nodes(), repository.pull_requests or shapes.Nodes()
    rows = (
        Rows(ISSUE, "$.data.repository.issues.nodes", issues.nodes),
        Rows(PULL, "$.data.repository.pullRequests.nodes", pulls.nodes),
    )
    total = {ISSUE: issues.total_count, PULL: pulls.total_count}
    return GithubFile(name, repository.name_with_owner, rows, total)
