"""What an imported issue looked like in its tracker, and what each entry of its history there means here.

Rules, in the order in which they are read: a closure is a move into a closed status, a reopening one out of it; a size
recorded in or after the closing edit corrects a record; a value is put back when somebody else undoes the last change.
Who is not known is never called another person.
"""

from collections.abc import Iterable, Iterator
from enum import StrEnum
from math import isfinite
from typing import Final

import msgspec
from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from domain.commands.sign_off import decay
from domain.content import changed_sections, revision_digest, section_digests
from domain.entry import Act, ActorKind, Event
from domain.events import (
    EstimateStaled,
    IssueImported,
    ItemRevised,
    TrackerChangeRecorded,
    TrackerClosureRecorded,
    TrackerKindChanged,
    TrackerPriorityChanged,
    TrackerReopeningRecorded,
    TrackerSizeChanged,
    TrackerSnapshotRecorded,
    TrackerStatusChanged,
)
from domain.events.item import ChangeKind, ItemKind, Track
from domain.ids import SYSTEM, PersonId
from domain.item import Item

CLOSED_STATUSES: Final = frozenset({"closed", "resolved", "done"})
"""Statuses that count as closed even where the source does not sort its statuses, in lower case."""

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


class Step(msgspec.Struct, frozen=True):
    """One entry of an issue's history in the source."""

    source_id: str
    changes: tuple[Change, ...]
    resolution: str | None = None


class Snapshot(msgspec.Struct, frozen=True, kw_only=True):
    """An issue as the source showed it at a time; UNSET is what it did not show."""

    source_id: str
    status: str
    title: str
    source_kind: str
    priority: str | None | UnsetType = UNSET
    size: float | None | UnsetType = UNSET
    narrative: str | UnsetType = UNSET


class LastChange(msgspec.Struct, frozen=True):
    """The last change of a value."""

    by: str
    before: float | str | None
    after: float | str | None


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
            return _shown(tracked, event)
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


def _shown(tracked: Tracked, event: TrackerSnapshotRecorded) -> Tracked:
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


def follow(
    tracked: Tracked, item: Item, step: Step, act: Act, salt: str, closed: frozenset[str] = CLOSED_STATUSES
) -> tuple[Event, ...]:
    """What an entry of the source's history means; each leaves at least one event that names it."""
    events: list[Event] = []
    for change in sorted(step.changes, key=lambda change: change.aspect is not Aspect.STATUS):
        for event in _meaning(tracked, change, step, act, closed):
            events.append(event)
            tracked = evolve(tracked, event, act)
    texts = {change.aspect.lower(): change.after for change in step.changes if change.aspect in _TEXTS}
    events += revise(item, texts, salt)
    rest = [change for change in step.changes if change.aspect in _UNTOLD]
    if rest or not events:
        events.append(_remaining(step, rest))
    return tuple(events)


_TEXTS: Final = (Aspect.TITLE, Aspect.NARRATIVE)
_UNTOLD: Final = (*_TEXTS, Aspect.OTHER)


def _meaning(tracked: Tracked, change: Change, step: Step, act: Act, closed: frozenset[str]) -> Iterator[Event]:
    before, after = change.before or "", change.after or ""
    match change.aspect:
        case Aspect.STATUS:
            yield TrackerStatusChanged(source_id=step.source_id, before=before, after=after)
            yield from _passage(tracked, step, act, is_closed=after.lower() in closed)
        case Aspect.SIZE:
            yield _resized(tracked, change, step, act)
        case Aspect.PRIORITY:
            yield TrackerPriorityChanged(
                source_id=step.source_id,
                priority_before=change.before,
                priority_after=change.after,
                put_back=_is_put_back(tracked.last_priority, act.actor, change.before, change.after),
            )
        case Aspect.KIND:
            yield TrackerKindChanged(source_id=step.source_id, before=before, after=after, kind=kind_of(after))


def _passage(tracked: Tracked, step: Step, act: Act, *, is_closed: bool) -> Iterator[Event]:
    """The closure or the reopening that a move to another status is, if it is one."""
    if is_closed and not tracked.is_closed:
        yield TrackerClosureRecorded(source_id=step.source_id, resolution=step.resolution)
    if tracked.is_closed and not is_closed:
        yield TrackerReopeningRecorded(
            source_id=step.source_id,
            closing_source_id=tracked.closing_source_id,
            closed_by=tracked.closed_by,
            by_another=_is_another(tracked.closed_by, act.actor),
        )


def _resized(tracked: Tracked, change: Change, step: Step, act: Act) -> TrackerSizeChanged:
    before, after = size_of(change.before), size_of(change.after)
    return TrackerSizeChanged(
        source_id=step.source_id,
        size_before=before,
        size_after=after,
        at_or_after_closing=tracked.has_closed,
        put_back=_is_put_back(tracked.last_size, act.actor, before, after),
    )


def _is_put_back(last: LastChange | None, by: str, before: float | str | None, after: float | str | None) -> bool:
    return last is not None and _is_another(last.by, by) and (last.before, last.after) == (after, before)


def _is_another(one: str | None, other: str) -> bool:
    return one is not None and SYSTEM not in (one, other) and one != other


def _remaining(step: Step, changes: Iterable[Change]) -> TrackerChangeRecorded:
    told = [change if change.aspect is Aspect.OTHER else replace(change, before=None, after=None) for change in changes]
    return TrackerChangeRecorded(
        source_id=step.source_id,
        fields=tuple(change.field for change in told),
        texts_before=tuple(change.before or "" for change in told),
        texts_after=tuple(change.after or "" for change in told),
    )


def revise(item: Item, texts: dict[str, str | None], salt: str) -> tuple[Event, ...]:
    """The revision that new texts from the source make, with what it does to sign-offs and the estimate."""
    content = replace(item.content, **texts)
    if not content.title:
        content = replace(content, title=item.content.title)
    changed = changed_sections(item.content, content)
    if not changed:
        return ()
    digests = section_digests(salt, content)
    revised = ItemRevised(
        revision=item.revision + 1,
        change_kind=ChangeKind.SUBSTANTIVE,
        changed_sections=changed,
        section_digests=digests,
        digest=revision_digest(digests),
        salt=salt,
        **msgspec.structs.asdict(content),
    )
    is_stale = (
        (EstimateStaled(estimate=item.live_estimate, by_revision=revised.revision),) if item.live_estimate else ()
    )
    return (revised, *decay(item, revised), *is_stale)


def reconcile(
    tracked: Tracked, item: Item, snapshot: Snapshot, salt: str, closed: frozenset[str] = CLOSED_STATUSES
) -> tuple[Event, ...]:
    """What is missing for the source's last word on the issue to be what it shows; nothing when its history says it all."""
    shown = TrackerSnapshotRecorded(
        source_id=snapshot.source_id,
        status=snapshot.status,
        is_closed=snapshot.status.lower() in closed,
        priority=tracked.priority if snapshot.priority is UNSET else snapshot.priority,
        size=tracked.size if snapshot.size is UNSET else snapshot.size,
        source_kind=snapshot.source_kind,
        kind=kind_of(snapshot.source_kind),
    )
    is_new = _values(_shown(tracked, shown)) != _values(tracked)
    return (*((shown,) if is_new else ()), *revise(item, _new_texts(tracked, snapshot), salt))


def _values(tracked: Tracked) -> tuple[object, ...]:
    return tracked.status, tracked.priority, tracked.size, tracked.source_kind


def _new_texts(tracked: Tracked, snapshot: Snapshot) -> dict[str, str | None]:
    """What the source says in other words than before; what was erased here is not brought back."""
    if tracked.title is None:
        return {}
    texts: dict[str, str | None] = {"title": snapshot.title} if snapshot.title != tracked.title else {}
    if snapshot.narrative is not UNSET and snapshot.narrative != tracked.narrative:
        texts["narrative"] = snapshot.narrative
    return texts
