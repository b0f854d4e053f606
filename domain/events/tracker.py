"""What another tool recorded, imported as it was: never an estimate by the team, never a sign-off.

`source_id` is the tool's own id of the issue or of the history entry. What its people wrote stands in prose.
"""

from domain.entry import Choice, Event, Prose, ProseLines
from domain.events.item import ItemKind, Track
from domain.ids import PersonId, TeamId


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
    is_closed: bool
    priority: str | None
    size: float | None
    size_field: str | None
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
    resolution: str | None


class TrackerReopeningRecorded(Event, frozen=True, kw_only=True):
    """The source reopened a closed issue; `by_another` when it is known to be somebody else than the closer."""

    source_id: str
    closing_source_id: str | None
    closed_by: PersonId | None
    by_another: bool


class TrackerSizeChanged(Event, frozen=True, kw_only=True):
    """The source changed a recorded size. In or after the closing edit it corrects a record; it estimates nothing."""

    source_id: str
    size_before: float | None
    size_after: float | None
    at_or_after_closing: bool
    put_back: bool


class TrackerPriorityChanged(Event, frozen=True, kw_only=True):
    """The source changed a priority; `put_back` when another person restored what it was before."""

    source_id: str
    priority_before: str | None
    priority_after: str | None
    put_back: bool


class TrackerKindChanged(Event, frozen=True, kw_only=True):
    """The source made an issue one of another sort."""

    source_id: str
    before: str
    after: str
    kind: ItemKind


class TrackerChangeRecorded(Event, frozen=True, kw_only=True):
    """The fields that one history entry of the source changed and no other event tells of, with their texts in order.

    An empty text is an empty field. The texts of summary and description stand in the revision beside it.
    """

    source_id: str
    fields: tuple[str, ...]
    texts_before: ProseLines = None
    texts_after: ProseLines = None


class TrackerSnapshotRecorded(Event, frozen=True, kw_only=True):
    """The source showed values that its history does not explain; who changed them, and when, is not known."""

    source_id: str
    status: str
    is_closed: bool
    priority: str | None
    size: float | None
    source_kind: str
    kind: ItemKind


class VerdictKind(Choice):
    """What a review in another tool came to."""

    APPROVED = "APPROVED", "They approved it there, which signs nothing here."
    CHANGES_REQUESTED = "CHANGES_REQUESTED", "They asked for changes: an objection until they say otherwise."
    COMMENTED = "COMMENTED", "They said something, which is no verdict."
    DISMISSED = "DISMISSED", "What they said was set aside."


class TrackerVerdictRecorded(Event, frozen=True, kw_only=True):
    """Somebody reviewed the item in the source. It signed no digest, so it is never a sign-off here.

    `is_latest` is false for a comment, and for what came to be known after a later verdict of the same person.
    """

    verdict: int
    source_id: str
    kind: VerdictKind
    is_latest: bool
    text: Prose = None


class TrackerVerdictReplaced(Event, frozen=True, kw_only=True):
    """A verdict is no longer its person's last: they gave another one."""

    verdict: int
    by_verdict: int
    source_id: str


class TrackerVerdictDismissed(Event, frozen=True, kw_only=True):
    """The source shows a verdict as dismissed; by whom is not known, and when only as its last change."""

    verdict: int
    source_id: str


class TrackerVerdictOverruled(Event, frozen=True, kw_only=True):
    """The source merged the change while this was its person's last verdict and asked for changes."""

    verdict: int
    source_id: str


class MergeKind(Choice):
    """How a change came to be merged in another tool."""

    OVER_OBJECTION = "OVER_OBJECTION", "While somebody's last verdict asked for changes."
    AGREED = "AGREED", "With verdicts, none of which stood against it."
    NO_VERDICT = "NO_VERDICT", "Nobody had given a verdict."


class TrackerMergeRecorded(Event, frozen=True, kw_only=True):
    """The source merged the change."""

    source_id: str
    merge: MergeKind
