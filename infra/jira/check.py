"""All files of Jira, read and checked whole before anything is told to the ledger."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from domain.tracker_history import CLOSED_STATUSES
from infra.importing.issue import Issue
from infra.importing.reading import Reading, each_once
from infra.importing.refusal import Notes
from infra.jira.file import read
from infra.jira.issue import Context, issue_of
from infra.jira.rebuild import beginning_of
from infra.jira.size_field import size_field_of

_DONE: Final = "done"


def read_files(paths: Sequence[Path], now: datetime, size_field: str | None = None) -> Reading:
    """What the files hold; raises ImportRefused with the place of the first thing that cannot be imported."""
    notes = Notes()
    accounts: dict[str, str] = {}
    categories: dict[str, str] = {}
    met: list[Issue] = []
    total = 0
    for path in paths:
        file = read(path, notes)
        total = max(total, file.total)
        size = size_field_of(file, size_field, notes)
        context = Context(now, size.field_id, size.names, accounts, categories, notes)
        met += (issue_of(raw, where, context) for raw, where in file.issues())
    issues = each_once(met)
    _note_incomplete(issues, total, notes)
    return Reading(
        files=len(paths),
        issues=issues,
        beginnings={issue.source_id: beginning_of(issue, notes) for issue in issues},
        accounts=accounts,
        closed=_closed(categories),
        notes=notes,
        read_twice=len(met) - len(issues),
        comments=sum(issue.comments for issue in issues),
    )


def _note_incomplete(issues: Sequence[Issue], total: int, notes: Notes) -> None:
    if len(issues) < total:
        message = f"the search found {total} issues, the files hold {len(issues)}"
        notes.add("PAGES_MISSING", message, "the whole import")
    for issue in issues:
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
