"""What the files of an import hold, each issue once: read and checked whole before anything is told to the ledger."""

from collections.abc import Iterable, Mapping

import msgspec
from msgspec.structs import replace

from infra.importing.issue import Beginning, Issue, order_of
from infra.importing.refusal import Notes


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """What the files hold: each issue once, the names of accounts by key, and which statuses count as closed."""

    files: int
    issues: tuple[Issue, ...]
    beginnings: Mapping[str, Beginning]
    accounts: Mapping[str, str]
    closed: frozenset[str]
    notes: Notes
    read_twice: int
    comments: int


def each_once(met: Iterable[Issue]) -> tuple[Issue, ...]:
    """The issues, those met several times in their newest form; raises ImportRefused when they cannot be of one site.

    Files of two sites must be imported one after the other, each under its own name.
    """
    issues: dict[str, Issue] = {}
    for issue in met:
        known = issues.get(issue.source_id)
        issues[issue.source_id] = issue if known is None else _merged(known, issue)
    _refuse_shared_keys(issues.values())
    return tuple(issues.values())


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
    by_key: dict[str, Issue] = {}
    for issue in issues:
        other = by_key.setdefault(issue.key, issue)
        if other is not issue:
            message = f"{issue.key} is another issue in {other.where}; do the files come from two sites?"
            raise issue.where.refused("TWO_ISSUES_WITH_ONE_KEY", message)
