"""How an issue looked when it was created: its current values with every change undone, newest first."""

from collections.abc import Callable
from typing import Final, TypeVar

from msgspec import UNSET, UnsetType

from domain.tracker import Aspect, size_of
from infra.importing.issue import Beginning, Issue
from infra.importing.refusal import Notes

V = TypeVar("V")


def beginning_of(issue: Issue, notes: Notes) -> Beginning:
    """What the issue's history leaves when it is undone; a place where it contradicts itself is noted.

    Jira logs nothing for what is filled in when an issue is created, so this can only be worked out.
    """
    priority = _undone(issue, Aspect.PRIORITY, issue.priority, _same, notes)
    size = _undone(issue, Aspect.SIZE, issue.size, size_of, notes)
    narrative: str | UnsetType | None = issue.narrative if issue.narrative_is_exact and issue.narrative else UNSET
    narrative = _undone(issue, Aspect.NARRATIVE, narrative, _same, notes)
    if not issue.narrative and narrative is not UNSET and _ends_described(issue):
        notes.add(*_LEFT_OUT, str(issue.where))
    return Beginning(
        title=_known(_undone(issue, Aspect.TITLE, issue.title, _same, notes)) or issue.key,
        narrative=issue.narrative if narrative is UNSET else _known(narrative),
        status=_known(_undone(issue, Aspect.STATUS, issue.status, _same, notes)) or "",
        source_kind=_known(_undone(issue, Aspect.KIND, issue.source_kind, _same, notes)) or "",
        priority=_known(priority),
        size=_known(size),
    )


def _undone(
    issue: Issue, aspect: Aspect, current: V | UnsetType | None, read: Callable[[str | None], V | None], notes: Notes
) -> V | UnsetType | None:
    value, is_last = current, True
    for history in reversed(issue.histories):
        for change in reversed(history.step.changes):
            if change.aspect is not aspect:
                continue
            if value is not UNSET and _filled(value) != _filled(read(change.after)):
                notes.add(
                    *(_LAST_GAP if is_last else _GAP),
                    f"{issue.where}, entry {history.step.source_id}, {aspect.lower()}",
                )
            value, is_last = read(change.before), False
    return value


def _ends_described(issue: Issue) -> bool:
    changes = [change for history in issue.histories for change in history.step.changes]
    texts = [change.after for change in changes if change.aspect is Aspect.NARRATIVE]
    return bool(texts and texts[-1])


_LEFT_OUT: Final = (
    "DESCRIPTION_LEFT_OUT",
    "an empty description that no history explains was taken as left out of the export; the last text known stays",
)
_GAP: Final = (
    "HISTORY_GAP",
    "an entry of a history does not begin where the one before it ended; each was kept as it is",
)
_LAST_GAP: Final = ("HISTORY_ENDS_EARLY", "a value is not the one its history ends in; it was recorded as shown")


def _filled(value: V | None) -> V | None:
    return None if value == "" else value


def _same(text: str | None) -> str | None:
    return text


def _known(value: V | UnsetType | None) -> V | None:
    return None if value is UNSET else value
