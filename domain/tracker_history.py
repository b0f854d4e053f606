"""What an entry of an issue's history in its tracker means here, and what is missing when the history does not say all.

A closure is a move into a closed status, a reopening one out of it; a size recorded in or after the closing edit only
corrects a record; a value is put back when another person undoes the last change of it (clearing a value that had not
been set before puts nothing back). Who is not known is never called another person.
"""

from collections.abc import Iterable, Iterator
from typing import Final

import msgspec
from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from domain.commands.revision import revision
from domain.content import changed_sections
from domain.entry import Act, Event
from domain.events import (
    TrackerChangeRecorded,
    TrackerClosureRecorded,
    TrackerKindChanged,
    TrackerPriorityChanged,
    TrackerReopeningRecorded,
    TrackerSizeChanged,
    TrackerSnapshotRecorded,
    TrackerStatusChanged,
)
from domain.events.item import ChangeKind
from domain.ids import SYSTEM
from domain.state.item import Item
from domain.tracker import Aspect, Change, LastChange, Tracked, evolve, kind_of, shown, size_of
from domain.tracker_verdicts import Review, dismissed, merged, recorded

CLOSED_STATUSES: Final = frozenset({"closed", "resolved", "done"})
"""Statuses that count as closed even where the source does not sort its statuses, in lower case."""


class Step(msgspec.Struct, frozen=True):
    """One entry of an issue's history in the source; `dismissed` is the source's id of a review that was set aside."""

    source_id: str
    changes: tuple[Change, ...]
    resolution: str | None = None
    review: Review | None = None
    dismissed: str | None = None
    is_merge: bool = False


class Snapshot(msgspec.Struct, frozen=True, kw_only=True):
    """An issue as the source showed it at a time; UNSET is what it did not show."""

    source_id: str
    status: str
    title: str
    source_kind: str
    priority: str | UnsetType | None = UNSET
    size: float | UnsetType | None = UNSET
    narrative: str | UnsetType = UNSET


def follow(
    tracked: Tracked, item: Item, step: Step, act: Act, *, salt: str, closed: frozenset[str] = CLOSED_STATUSES
) -> tuple[Event, ...]:
    """What an entry of the source's history means; each leaves at least one event that names it."""
    events: list[Event] = []
    for change in sorted(step.changes, key=lambda change: change.aspect is not Aspect.STATUS):
        for event in _meaning(tracked, change, step, act, closed):
            events.append(event)
            tracked = evolve(tracked, event, act)
    events += _judged(tracked, step, act)
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


def _judged(tracked: Tracked, step: Step, act: Act) -> Iterator[Event]:
    """What the entry says of verdicts."""
    if step.review is not None:
        yield from recorded(tracked.verdicts, step.review, step.source_id, act)
    if step.dismissed is not None:
        yield from dismissed(tracked.verdicts, step.dismissed, step.source_id)
    if step.is_merge:
        yield from merged(tracked.verdicts, step.source_id, act)


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
    if last is None or after is None or before == after:
        return False
    return _is_another(last.by, by) and (last.before, last.after) == (after, before)


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
    """The revision that new texts from the source make, with what it does to what stands on the one before."""
    given = {name: said for name, said in texts.items() if said or name != "title"}
    if not given:
        return ()
    content = replace(item.content, **given)
    changed = changed_sections(item.content, item.section_digests, content)
    if given.keys().isdisjoint(changed):
        return ()
    return revision(item, content, changed, salt=salt, kind=ChangeKind.SUBSTANTIVE)


def reconcile(
    tracked: Tracked, item: Item, snapshot: Snapshot, *, salt: str, closed: frozenset[str] = CLOSED_STATUSES
) -> tuple[Event, ...]:
    """What is missing for the issue to be what the source shows; nothing when its history says it all."""
    as_shown = TrackerSnapshotRecorded(
        source_id=snapshot.source_id,
        status=snapshot.status,
        is_closed=snapshot.status.lower() in closed,
        priority=tracked.priority if snapshot.priority is UNSET else snapshot.priority,
        size=tracked.size if snapshot.size is UNSET else snapshot.size,
        source_kind=snapshot.source_kind,
        kind=kind_of(snapshot.source_kind),
    )
    is_new = _values(shown(tracked, as_shown)) != _values(tracked)
    return (*((as_shown,) if is_new else ()), *revise(item, _new_texts(tracked, snapshot), salt))


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
