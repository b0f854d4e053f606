"""The library's recorders over the ledger: a thin synchronous face over `Records`."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from eventsourcing.persistence import (
    AggregateRecorder,
    ApplicationRecorder,
    ListenNotifySubscription,
    Notification,
    ProcessRecorder,
    ProgrammingError,
    StoredEvent,
    Tracking,
    TrackingRecorder,
)

from infra.eventsourcing_module.line import Line


class LedgerAggregateRecorder(AggregateRecorder):
    """Streams of events. Only a scratch workspace takes new ones."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self._records = line.records

    def insert_events(self, stored_events: Sequence[StoredEvent], **_: Any) -> Sequence[int] | None:
        self.line.run(self._records.append(stored_events, None))
        return None

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        if not isinstance(originator_id, UUID):
            raise ProgrammingError(f"{originator_id!r} is not a UUID, as the ids of the ledger's streams are")
        return self.line.run(self._records.stream(originator_id, gt, lte, limit, descending=desc))


class LedgerApplicationRecorder(LedgerAggregateRecorder, ApplicationRecorder):
    """A workspace's entries in order; a notification's id is its position."""

    def insert_events(self, stored_events: Sequence[StoredEvent], **_: Any) -> Sequence[int] | None:
        return self.line.run(self._records.append(stored_events, None))

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        first = 0 if start is None else start if inclusive_of_start else start + 1
        return self.line.run(self._records.notifications(first, stop, topics, limit))

    def max_notification_id(self) -> int | None:
        return self.line.run(self._records.last_position())

    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> "LedgerSubscription":
        return LedgerSubscription(self, gt, topics)


class LedgerTrackingRecorder(TrackingRecorder):
    """How far applications were followed, kept in a scratch workspace."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self._records = line.records

    def insert_tracking(self, tracking: Tracking) -> None:
        self.line.run(self._records.append((), tracking))

    def max_tracking_id(self, application_name: str) -> int | None:
        return self.line.run(self._records.tracked(application_name))


class LedgerProcessRecorder(LedgerTrackingRecorder, LedgerApplicationRecorder, ProcessRecorder):
    """New events together with how far their cause was followed, all or nothing."""

    def insert_events(
        self, stored_events: Sequence[StoredEvent], *, tracking: Tracking | None = None, **_: Any
    ) -> Sequence[int] | None:
        return self.line.run(self._records.append(stored_events, tracking))


class LedgerSubscription(ListenNotifySubscription[LedgerApplicationRecorder]):
    """Every entry after a position, for ever. A lost notification costs a heartbeat, and nothing is skipped."""

    def __init__(self, recorder: LedgerApplicationRecorder, gt: int | None, topics: Sequence[str]) -> None:
        self._stop_looking: Callable[[], object] | None = None
        super().__init__(recorder, gt, topics)
        self._stop_looking = recorder.line.wake(self._has_been_notified.set)
        if self._has_been_stopped:
            self._stop_looking()

    def stop(self) -> None:
        super().stop()
        if self._stop_looking is not None:
            self._stop_looking()

    def _pull(self) -> None:
        """What other topics have up to here is not read again: positions have no gaps, so nothing appears below."""
        last = self._recorder.max_notification_id() if self._topics else None
        super()._pull()
        if last is not None and not self._has_been_stopped:
            self._last_notification_id = max(self._last_notification_id or 0, last)
