"""A pull request or an issue as GitHub writes it, read: its current values, its reviews, its closing or merge."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final, NamedTuple

from domain.events.tracker import VerdictKind
from domain.tracker import Aspect, Change
from domain.tracker_history import Step
from domain.tracker_verdicts import Review
from infra.github import shapes
from infra.github.file import Sort
from infra.importing.file import Where
from infra.importing.issue import Beginning, History, Issue, order_of
from infra.importing.refusal import Notes
from infra.importing.values import moment, name_of, refuse_oversized

OPEN: Final = "OPEN"
_NOBODY: Final = "ghost"
"""Whom GitHub names in the place of deleted accounts."""


class Context(NamedTuple):
    """What is known while a file's rows are read."""

    repository: str
    now: datetime
    accounts: dict[str, str]
    notes: Notes


def issue_of(sort: Sort, raw: shapes.Issue, where: Where, context: Context) -> Issue:
    """The pull request or issue; raises ImportRefused with the place of what cannot be read."""
    created = moment(raw.created_at, where, ".createdAt", context.now)
    updated = moment(raw.updated_at, where, ".updatedAt", context.now) if raw.updated_at else created
    histories = sorted(_histories(raw, where, context), key=lambda each: order_of(each.at, each.step.source_id))
    refuse_oversized((raw.title, raw.body), where, "")
    return Issue(
        source_id=raw.id,
        key=f"{context.repository}#{raw.number}",
        project=context.repository,
        project_name=name_of(context.repository),
        created=created,
        as_of=max(updated, created, *(history.at for history in histories)),
        by=_account(raw.author, context),
        title=raw.title or f"#{raw.number}",
        narrative=raw.body or None,
        status=raw.state,
        source_kind=sort.name,
        histories=tuple(histories),
        total=len(histories),
        comments=_comments(raw),
        where=where,
    )


def beginning_of(issue: Issue) -> Beginning:
    """How it began: open. GitHub does not tell what title and text were before they were changed."""
    return Beginning(title=issue.title, narrative=issue.narrative, status=OPEN, source_kind=issue.source_kind)


def _histories(raw: shapes.Issue, where: Where, context: Context) -> Iterator[History]:
    yield from _reviewed(raw, where, context)
    if raw.merged_at:
        at = moment(raw.merged_at, where, ".mergedAt", context.now)
        step = Step(f"merged:{raw.merged_at}", (_moved("MERGED"),), "merged", is_merge=True)
        yield History(at, _account(raw.merged_by, context), step)
    elif raw.closed_at:
        at = moment(raw.closed_at, where, ".closedAt", context.now)
        yield History(at, None, Step(f"closed:{raw.closed_at}", (_moved("CLOSED"),), "closed"))


def _moved(state: str) -> Change:
    return Change(Aspect.STATUS, "state", OPEN, state)


def _reviewed(raw: shapes.Issue, where: Where, context: Context) -> Iterator[History]:
    given, place = raw.reviews or [], ".reviews"
    if isinstance(given, shapes.Reviews):
        if given.total_count > len(given.nodes):
            context.notes.add("REVIEWS_INCOMPLETE", "GitHub has more reviews than are in the files", str(where))
        given, place = given.nodes, ".reviews.nodes"
    for index, review in enumerate(given):
        if review.state != "PENDING":
            yield from _review(review, where, f"{place}[{index}]", context)


def _review(review: shapes.Review, where: Where, below: str, context: Context) -> Iterator[History]:
    """The verdict; what a dismissed one had said before is not known, only that it was set aside some time later."""
    at = moment(review.created_at, where, below + ".createdAt", context.now)
    refuse_oversized((review.body,), where, below)
    said = Review(VerdictKind(review.state), review.body or None)
    yield History(at, _account(review.author, context), Step(review.id, (), review=said))
    if said.kind is VerdictKind.DISMISSED:
        changed = moment(review.updated_at or review.created_at, where, below + ".updatedAt", context.now)
        yield History(max(at, changed), None, Step(f"{review.id}:dismissed", (), dismissed=review.id))


def _comments(raw: shapes.Issue) -> int:
    if isinstance(raw.comments, shapes.Nodes):
        return raw.comments.total_count or len(raw.comments.nodes)
    return len(raw.comments or ()) or raw.comment_count


def _account(author: str | shapes.Actor | None, context: Context) -> str | None:
    """The account's login; None for nobody that GitHub knows any more."""
    login = author.login if isinstance(author, shapes.Actor) else author
    if not login or login == _NOBODY:
        return None
    context.accounts.setdefault(login, name_of(login) or login)
    return login
