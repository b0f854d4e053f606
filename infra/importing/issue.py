"""An issue of another tool as an import sees it: its current values, how it began, and its history oldest first."""

from datetime import datetime
from typing import TypeVar

import msgspec
from msgspec import UNSET, UnsetType

from domain.tracker_history import Snapshot, Step
from infra.importing.file import Where

M = TypeVar("M", datetime, str)


class History(msgspec.Struct, frozen=True):
    """One entry of an issue's history: when, by which account (None when the source does not say), and what."""

    at: datetime
    by: str | None
    step: Step


class Issue(msgspec.Struct, frozen=True, kw_only=True):
    """An issue with its current values; UNSET is what the file does not show, `total` how long the history is."""

    source_id: str
    key: str
    project: str
    project_name: str
    created: datetime
    as_of: datetime
    by: str | None
    mentioned: tuple[str, ...] = ()
    title: str
    narrative: str | None
    narrative_is_exact: bool = True
    status: str
    source_kind: str
    priority: str | UnsetType | None = UNSET
    size: float | UnsetType | None = UNSET
    size_field: str | None = None
    histories: tuple[History, ...]
    has_changelog: bool = True
    total: int = 0
    comments: int = 0
    where: Where

    def snapshot(self) -> Snapshot:
        """What the source shows. An empty description may be one that was left out of the export."""
        is_told = bool(self.narrative) and self.narrative_is_exact
        return Snapshot(
            source_id=f"snapshot:{self.as_of.isoformat()}",
            status=self.status,
            title=self.title,
            source_kind=self.source_kind,
            priority=self.priority,
            size=self.size,
            narrative=self.narrative if is_told and self.narrative is not None else UNSET,
        )


class Beginning(msgspec.Struct, frozen=True):
    """An issue as it was created, as far as that can be worked out."""

    title: str
    narrative: str | None
    status: str
    source_kind: str
    priority: str | None = None
    size: float | None = None


def order_of(at: M, source_id: str) -> tuple[M, int, str]:
    """Places what happened in order: by time, then by the source's id, numbers as numbers."""
    return at, int(source_id) if source_id.isdecimal() else 0, source_id
