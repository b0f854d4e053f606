"""What another tool recorded, imported as it was: never an estimate by the team, never a sign-off."""

import msgspec

from domain.entry import Event, Prose
from domain.events.item import ItemKind, Track
from domain.ids import PersonId, TeamId


class FieldChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One field of the source, with the values before and after as the source words them."""

    field: str
    before: str | None
    after: str | None


class IssueImported(Event, frozen=True, kw_only=True):
    """An issue of another tracker became an item, as it was when it was created there."""

    source: str
    source_id: str
    key: str
    team_id: TeamId
    track: Track
    kind: ItemKind
    source_kind: str
    rank: str
    status: str
    priority: str | None
    size: float | None
    section_digests: dict[str, str]
    digest: str
    salt: Prose = None
    title: Prose = None
    narrative: Prose = None


class TrackerStatusChanged(Event, frozen=True, kw_only=True):
    """The source moved an issue from one status to another."""

    source_id: str
    before: str
    after: str


class TrackerClosureRecorded(Event, frozen=True, kw_only=True):
    """The source closed an issue. A closure elsewhere is no sign-off: it has no signed digest."""

    source_id: str
    closure: int
    resolution: str | None


class TrackerReopeningRecorded(Event, frozen=True, kw_only=True):
    """The source reopened a closed issue; `by_another` when it was not the closer who did."""

    source_id: str
    closure: int
    closed_by: PersonId
    by_another: bool


class TrackerSizeChanged(Event, frozen=True, kw_only=True):
    """The source changed a recorded size. In or after the closing edit it corrects a record; it estimates nothing."""

    source_id: str
    before: float | None
    after: float | None
    at_or_after_closing: bool
    put_back: bool


class TrackerPriorityChanged(Event, frozen=True, kw_only=True):
    """The source changed a priority; `put_back` when another person restored what it was before."""

    source_id: str
    before: str | None
    after: str | None
    put_back: bool


class TrackerChangeRecorded(Event, frozen=True, kw_only=True):
    """One history entry of the source, with every field it changed that no other event speaks of."""

    source_id: str
    changes: tuple[FieldChange, ...]
