"""All files of GitHub, read and checked whole before anything is told to the ledger."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from infra.github.file import read
from infra.github.issue import Context, beginning_of, issue_of
from infra.importing.issue import Issue
from infra.importing.reading import Reading, each_once
from infra.importing.refusal import Notes

CLOSED: Final = frozenset({"closed", "merged"})


def read_files(paths: Sequence[Path], now: datetime) -> Reading:
    """What the files hold; raises ImportRefused with the place of the first thing that cannot be imported."""
    notes = Notes()
    accounts: dict[str, str] = {}
    met: list[Issue] = []
    totals: Counter[tuple[str, str]] = Counter()
    for path in paths:
        file = read(path, notes)
        for sort, total in file.total.items():
            totals[file.repository, sort.name] = max(totals[file.repository, sort.name], total)
        context = Context(file.repository, now, accounts, notes)
        met += (issue_of(sort, raw, where, context) for sort, raw, where in file.issues())
    issues = each_once(met)
    _note_missing(issues, totals, notes)
    return Reading(
        files=len(paths),
        issues=issues,
        beginnings={issue.source_id: beginning_of(issue) for issue in issues},
        accounts=accounts,
        closed=CLOSED,
        notes=notes,
        read_twice=len(met) - len(issues),
        comments=sum(issue.comments for issue in issues),
    )


def _note_missing(issues: Sequence[Issue], totals: Counter[tuple[str, str]], notes: Notes) -> None:
    held = Counter((issue.project, issue.source_kind) for issue in issues)
    for (repository, sort), total in totals.items():
        if held[repository, sort] < total:
            message = f"GitHub has {total} rows of the sort {sort!r}, the files hold {held[repository, sort]}"
            notes.add("PAGES_MISSING", message, repository)
