"""The state of one imported issue, as its tracker last described it."""

from datetime import UTC, datetime
from enum import StrEnum
from math import isfinite
from typing import Final

import msgspec
from msgspec.structs import replace

from domain.entry import Act, ActorKind, Event
from domain.events import (
    IssueImported,
    ItemRevised,
    TrackerClosureRecorded,
    TrackerKindChanged,
    TrackerPriorityChanged,
    TrackerReopeningRecorded,
    TrackerSizeChanged,
    TrackerSnapshotRecorded,
    TrackerStatusChanged,
    TrackerVerdictDismissed,
    TrackerVerdictRecorded,
)
from domain.events.item import ItemKind, Track
from domain.events.tracker import VerdictKind
from domain.ids import PersonId

_LONG_AGO: Final = datetime(1970, 1, 1, tzinfo=UTC)
_KINDS: Final = {
    "bug": ItemKind.BUG,
    "defect": ItemKind.BUG,
    "spike": ItemKind.SPIKE,
    "research": ItemKind.SPIKE,
    "enabler": ItemKind.ENABLER,
    "technical task": ItemKind.ENABLER,
    "technical debt": ItemKind.ENABLER,
    "technical story": ItemKind.ENABLER,
    "refactoring": ItemKind.ENABLER,
}


class Aspect(StrEnum):
    """What a changed field is to us."""

    STATUS = "STATUS"
    SIZE = "SIZE"
    PRIORITY = "PRIORITY"
    KIND = "KIND"
    TITLE = "TITLE"
    NARRATIVE = "NARRATIVE"
    OTHER = "OTHER"


class Change(msgspec.Struct, frozen=True):
    """One field that an entry of the source's history changed; None is an empty field."""

    aspect: Aspect
    field: str
    before: str | None
    after: str | None


class LastChange(msgspec.Struct, frozen=True):
    """The last change of a value."""

    by: str
    before: float | str | None
    after: float | str | None


class Verdict(msgspec.Struct, frozen=True):
    """What somebody's review in the source came to; `at` is when they said it."""

    number: int
    source_id: str
    by: str
    kind: VerdictKind
    at: datetime


class Tracked(msgspec.Struct, frozen=True, kw_only=True):
    """An issue as its source last described it; an empty key is one that was not imported."""

    key: str = ""
    status: str = ""
    is_closed: bool = False
    has_closed: bool = False
    closed_by: PersonId | None = None
    closing_source_id: str | None = None
    priority: str | None = None
    size: float | None = None
    source_kind: str = ""
    title: str | None = None
    narrative: str | None = None
    last_size: LastChange | None = None
    last_priority: LastChange | None = None
    verdicts: tuple[Verdict, ...] = ()


def kind_of(source_kind: str) -> ItemKind:
    """What the source's sort of issue is here; a story when nothing says otherwise."""
    return _KINDS.get(source_kind.lower(), ItemKind.STORY)


def track_of(kind: ItemKind) -> Track:
    """Which backlog an imported item joins."""
    return Track.TECHNICAL if kind is ItemKind.ENABLER else Track.FUNCTIONAL


def size_of(text: str | None) -> float | None:
    """A size in the source's words as a number; raises ValueError."""
    if not text:
        return None
    size = float(text)
    if not isfinite(size) or size < 0:
        raise ValueError(text)
    return size


def evolve(tracked: Tracked, event: Event, act: Act) -> Tracked:
    """The issue after an event; total. A revision counts only when it came from the source."""
    match event:
        case IssueImported():
            return _imported(event)
        case TrackerStatusChanged(after=status):
            return replace(tracked, status=status)
        case TrackerClosureRecorded(source_id=source_id):
            by = PersonId(act.actor)
            return replace(tracked, is_closed=True, has_closed=True, closed_by=by, closing_source_id=source_id)
        case TrackerReopeningRecorded():
            return replace(tracked, is_closed=False)
        case TrackerSizeChanged(size_before=before, size_after=after):
            return replace(tracked, size=after, last_size=LastChange(act.actor, before, after))
        case TrackerPriorityChanged(priority_before=before, priority_after=after):
            return replace(tracked, priority=after, last_priority=LastChange(act.actor, before, after))
        case TrackerKindChanged(after=source_kind):
            return replace(tracked, source_kind=source_kind)
        case ItemRevised(title=title, narrative=narrative) if act.actor_kind is ActorKind.IMPORT:
            return replace(tracked, title=title, narrative=narrative)
        case TrackerSnapshotRecorded():
            return shown(tracked, event)
        case TrackerVerdictRecorded() | TrackerVerdictDismissed():
            return replace(tracked, verdicts=_reviewed(tracked.verdicts, event, act))
        case _:
            return tracked


def _imported(event: IssueImported) -> Tracked:
    return Tracked(
        key=event.key,
        status=event.status,
        is_closed=event.is_closed,
        has_closed=event.is_closed,
        priority=event.priority,
        size=event.size,
        source_kind=event.source_kind,
        title=event.title,
        narrative=event.narrative,
    )


def _reviewed(verdicts: tuple[Verdict, ...], event: Event, act: Act) -> tuple[Verdict, ...]:
    match event:
        case TrackerVerdictRecorded(verdict=number, source_id=source_id, kind=kind):
            return (*verdicts, Verdict(number, source_id, act.actor, kind, act.occurred_at or _LONG_AGO))
        case TrackerVerdictDismissed(verdict=number):
            return tuple(_dismissed(verdict) if verdict.number == number else verdict for verdict in verdicts)
        case _:
            return verdicts


def _dismissed(verdict: Verdict) -> Verdict:
    return replace(verdict, kind=VerdictKind.DISMISSED)


def shown(tracked: Tracked, event: TrackerSnapshotRecorded) -> Tracked:
    """Who closed it is forgotten when it is closed by what nobody did."""
    if event.is_closed and not tracked.is_closed:
        tracked = replace(tracked, closed_by=None, closing_source_id=None)
    return replace(
        tracked,
        status=event.status,
        is_closed=event.is_closed,
        has_closed=tracked.has_closed or event.is_closed,
        priority=event.priority,
        size=event.size,
        source_kind=event.source_kind,
    )
