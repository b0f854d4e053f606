"""What the item's tracker says of it: the columns of the item's row that only imported events move."""

from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from domain.entry import Entry
from domain.events import (
    TrackerClosureRecorded,
    TrackerKindChanged,
    TrackerMergeRecorded,
    TrackerPriorityChanged,
    TrackerReopeningRecorded,
    TrackerSizeChanged,
    TrackerSnapshotRecorded,
    TrackerStatusChanged,
    TrackerVerdictRecorded,
)

if TYPE_CHECKING:
    from projections.rows.items import Item


def tracked(row: "Item", entry: Entry[Any]) -> "Item":
    """The item's row after an imported event; as it was after any other."""
    match entry.event:
        case TrackerStatusChanged(after=status):
            return replace(row, tracker_status=status)
        case TrackerClosureRecorded():
            return replace(row, tracker_closures=row.tracker_closures + 1)
        case TrackerReopeningRecorded(by_another=by_another):
            return replace(
                row,
                tracker_reopenings=row.tracker_reopenings + 1,
                tracker_reopenings_by_another=row.tracker_reopenings_by_another + by_another,
                tracker_disputes=row.tracker_disputes + by_another,
            )
        case TrackerSizeChanged(size_after=size, put_back=put_back):
            return replace(row, tracker_size=size, tracker_disputes=row.tracker_disputes + put_back)
        case TrackerPriorityChanged(priority_after=priority, put_back=put_back):
            return replace(row, tracker_priority=priority, tracker_disputes=row.tracker_disputes + put_back)
        case TrackerVerdictRecorded():
            return replace(row, tracker_verdicts=row.tracker_verdicts + 1)
        case TrackerMergeRecorded(merge=merge):
            return replace(row, tracker_merge=merge, merged=entry.position)
        case TrackerKindChanged(after=source_kind, kind=kind):
            return replace(row, source_kind=source_kind, kind=kind)
        case TrackerSnapshotRecorded() as event:
            return replace(
                row,
                tracker_status=event.status,
                tracker_priority=event.priority,
                tracker_size=event.size,
                source_kind=event.source_kind,
                kind=event.kind,
            )
        case _:
            return row
