"""All files, read and checked whole before anything is told to the ledger."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec
from msgspec.structs import replace

from domain.tracker_history import CLOSED_STATUSES
from infra.jira.file import JiraFile, read
from infra.jira.issue import Context, Issue, issue_of, order_of
from infra.jira.rebuild import Beginning, beginning_of
from infra.jira.refusal import Notes
from infra.jira.size_field import size_field_of

_DONE: Final = "done"


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """What the files hold: each issue once, the names of accounts by key, and which statuses count as closed."""

    files: int
    issues: tuple[Issue, ...]
    beginnings: dict[str, Beginning]
    accounts: dict[str, str]
    closed: frozenset[str]
    notes: Notes
    read_twice: int
    comments: int


def read_files(paths: Sequence[Path], now: datetime, size_field: str | None = None) -> Reading:
    """What the files hold; raises ImportRefused with the place of the first thing that cannot be imported."""
    notes = Notes()
    accounts: dict[str, str] = {}
    categories: dict[str, str] = {}
    issues: dict[str, Issue] = {}
    met, total = 0, 0
    for path in paths:
        file = read(path, notes)
        total = max(total, file.total)
        size = size_field_of(file, size_field, notes)
        context = Context(now, size.field_id, size.names, accounts, categories, notes)
        for issue in _issues(file, context):
            met += 1
            known = issues.get(issue.source_id)
            issues[issue.source_id] = issue if known is None else _merged(known, issue)
    _refuse_shared_keys(issues.values())
    _note_incomplete(issues.values(), total, notes)
    return Reading(
        files=len(paths),
        issues=tuple(issues.values()),
        beginnings={issue.source_id: beginning_of(issue, notes) for issue in issues.values()},
        accounts=accounts,
        closed=_closed(categories),
        notes=notes,
        read_twice=met - len(issues),
        comments=sum(issue.comments for issue in issues.values()),
    )


def _issues(file: JiraFile, context: Context) -> Iterator[Issue]:
    for raw, where in file.issues():
        yield issue_of(raw, where, context)


def _merged(one: Issue, other: Issue) -> Issue:
    """The newer of two exports of an issue, with what either knows of its history."""
    if one.created != other.created:
        message = f"issue {other.source_id} is said to be created at another time in {one.where}."
        raise other.where.refused("TWO_ISSUES_WITH_ONE_ID", message)
    older, newer = sorted((one, other), key=lambda issue: issue.as_of)
    histories = {history.step.source_id: history for issue in (older, newer) for history in issue.histories}
    return replace(
        newer,
        histories=tuple(sorted(histories.values(), key=lambda history: order_of(history.at, history.step.source_id))),
        has_changelog=one.has_changelog or other.has_changelog,
        total=max(one.total, other.total),
        as_of=max(one.as_of, other.as_of),
    )


def _refuse_shared_keys(issues: Iterable[Issue]) -> None:
    """Files of two Jira sites look like this; they must be imported one after the other, each under its own name."""
    by_key: dict[str, Issue] = {}
    for issue in issues:
        other = by_key.setdefault(issue.key, issue)
        if other is not issue:
            message = f"{issue.key} is another issue in {other.where}; do the files come from two Jira sites?"
            raise issue.where.refused("TWO_ISSUES_WITH_ONE_KEY", message)


def _note_incomplete(issues: Iterable[Issue], total: int, notes: Notes) -> None:
    read_issues = list(issues)
    if len(read_issues) < total:
        message = f"the search found {total} issues, the files hold {len(read_issues)}"
        notes.add("PAGES_MISSING", message, "the whole import")
    for issue in read_issues:
        if not issue.has_changelog:
            message = "without a changelog only the current values are known, as if they had never changed"
            notes.add("NO_CHANGELOG", message, str(issue.where))
        if len(issue.histories) < issue.total:
            notes.add(
                "CHANGELOG_INCOMPLETE",
                "a changelog is cut off: its older or newer pages are not in the files",
                str(issue.where),
            )
        if issue.histories and issue.histories[0].at < issue.created:
            notes.add("HISTORY_BEFORE_CREATION", "a history begins before its issue was created", str(issue.where))


def _closed(categories: dict[str, str]) -> frozenset[str]:
    """The site's own word on a status counts more than its name."""
    done = {status for status, category in categories.items() if category == _DONE}
    return frozenset((CLOSED_STATUSES - categories.keys()) | done)
