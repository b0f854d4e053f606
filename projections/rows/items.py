"""Backlog items as they are now: place, content, what is open on them, and what another tracker said."""

from collections.abc import Iterable
from typing import Annotated, Any

from msgspec.structs import replace

from domain.entry import Choice, Entry, Event
from domain.events import (
    EstimateRecorded,
    EstimateStaled,
    EstimationRoundOpened,
    HoldSubstantiated,
    ImplementerNamed,
    ImplementerReleased,
    IssueImported,
    ItemDrafted,
    ItemRanked,
    ItemRevised,
    ItemSplit,
    ItemWithdrawn,
    PushbackDebtDropped,
    PushbackRaised,
    PushbackStanceChanged,
    PushbackUpheld,
    QuestionAsked,
    QuestionClosed,
    QuestionPromoted,
    QuorumLost,
    QuorumReached,
    RefinementLoopDetected,
    RequiredChangeVerified,
    RequiredChangeWaived,
    RoundCancelled,
    RoundConcluded,
    RoundSuperseded,
    SignOffExpired,
    SignOffGranted,
    SignOffRequested,
    SignOffRequestEnded,
    SignOffRevoked,
    SignOffSuperseded,
    SignOffVoided,
    SpikeLinked,
    ThreeAmigosNoted,
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
from domain.events.endings import OUTCOMES
from domain.events.item import ItemKind, Track
from domain.events.pushback import Stance
from domain.events.sign_off import Label
from domain.events.tracker import MergeKind
from domain.ids import EstimateId, ItemId, PersonId, RevisionId, RoundId, TeamId, stream_key, thing_key
from projections.declare import INTERNAL, Points, Projection, Row, expr, many, one, said
from projections.entries import person_acting
from projections.rows.tracked import tracked


class ItemStatus(Choice):
    """Where an item stands; only WITHDRAWN is for good."""

    OPEN = "OPEN", "It is being worked out or worked on."
    ACCEPTED = "ACCEPTED", "Enough ACCEPTANCE sign-offs are live and nothing blocks it."
    WITHDRAWN = "WITHDRAWN", "It was taken away for good."


WITHDRAWN = ("status", ItemStatus.WITHDRAWN.value)
"""What a backlog does not show unless it is asked for."""


class Item(Row, frozen=True, kw_only=True):
    """A backlog item with everything that is said about it."""

    id: ItemId
    team_id: TeamId
    track: Track
    kind: ItemKind
    rank: str
    status: ItemStatus
    author_id: PersonId | None
    author_role: str
    revision: int
    revision_id: RevisionId
    digest: str
    drafted: Annotated[int, Points(ItemDrafted, IssueImported)]
    content: Annotated[int, Points(ItemDrafted, ItemRevised, IssueImported)]
    changed: Annotated[int, Points()]
    points: float | None = None
    estimate_id: EstimateId | None = None
    round_id: RoundId | None = None
    round_count: int = 0
    loop: Annotated[int, Points(RefinementLoopDetected)] | None = None
    pushback_count: int = 0
    open_pushback_count: int = 0
    open_question_count: int = 0
    blocking: Annotated[tuple[int, ...], INTERNAL] = ()
    accepted_by: Annotated[tuple[int, ...], INTERNAL] = ()
    has_quorum: Annotated[bool, INTERNAL] = False
    sign_off_count: int = 0
    open_sign_off_request_count: int = 0
    implementer_ids: tuple[PersonId, ...] = ()
    source: str | None = None
    source_key: str | None = None
    source_kind: str | None = None
    tracker_status: str | None = None
    tracker_priority: str | None = None
    tracker_size: float | None = None
    tracker_closures: int = 0
    tracker_reopenings: int = 0
    tracker_reopenings_by_another: int = 0
    tracker_disputes: int = 0
    tracker_verdicts: int = 0
    tracker_merge: MergeKind | None = None
    merged: Annotated[int, Points(TrackerMergeRecorded)] | None = None

    is_blocked = expr(
        "cardinality({t}.blocking) > 0",
        bool,
        doc="Whether a pushback stops it: an open block, or one upheld whose change is not verified.",
    )
    team = one("Team", "team_id", doc="Whose backlog it is on.")
    author = one("Person", "author_id", doc="Who drafted it; null when nobody knows.")
    current_revision = one("Revision", "revision_id", doc="What it says now.")
    estimate = one("Estimate", "estimate_id", doc="The estimate that still speaks of what the item says.")
    open_round = one("EstimationRound", "round_id", doc="The estimation round under way; null while there is none.")
    title = said("content", "title", doc="What it is called.")
    narrative = said("content", "narrative", doc="The story in its author's words.")
    why = said("content", "why", doc="Why it is wanted.")
    value = said("content", "value", doc="What it is worth, and to whom.")
    criteria = said("content", "criteria", doc="The acceptance criteria.")
    criteria_kinds = said("content", "criteria_kinds", doc="What each criterion is about; empty where nobody said.")
    constraints = said("content", "constraints", doc="What a solution must respect.")
    deployment = said("content", "deployment", doc="What bringing it to users takes.")
    revisions = many("Revision", "item_id", order="number DESC", doc="Every revision, newest first.")
    pushbacks = many("Pushback", "item_id", order="number DESC", by=("state", "stance", "reason"), doc="Newest first.")
    questions = many("Question", "item_id", order="number DESC", by=("state",), doc="Newest first.")
    sign_offs = many("SignOff", "item_id", order="number DESC", by=("label", "state"), doc="Newest first.")
    sign_off_requests = many(
        "SignOffRequest", "item_id", order="number DESC", by=("label", "state"), doc="Newest first."
    )
    rounds = many("EstimationRound", "item_id", order="number DESC", by=("state",), doc="Newest first.")
    estimates = many("Estimate", "item_id", order="number DESC", doc="Newest first.")
    turns = many("Turn", "item_id", order="given, id", by=("rule",), doc="What is open on it, waiting longest first.")
    verdicts = many(
        "Verdict", "item_id", order="number DESC", by=("kind", "state"), doc="What people said in the tracker."
    )
    history = many(
        "Event", "subject_id", order="position", by=("kind", "actor_id"), doc="Its story: every event on it."
    )


_ENDINGS = (SignOffVoided, SignOffRevoked, SignOffExpired, SignOffSuperseded)


def _keys(entry: Entry[Any]) -> Iterable[str]:
    return (stream_key("itm", entry.stream_id),)


def _evolve(row: Item | None, entry: Entry[Any], _item: object) -> Item | None:
    match entry.event:
        case ItemDrafted() | IssueImported():
            return _drafted(entry)
        case _ if row is None:
            return None
        case ItemRevised() as event:
            key = RevisionId(thing_key("rev", row.id, event.revision))
            row = replace(row, revision=event.revision, revision_id=key, digest=event.digest, content=entry.position)
        case ItemRanked(rank=rank):
            row = replace(row, rank=rank)
        case ItemWithdrawn():
            row = replace(row, status=ItemStatus.WITHDRAWN)
        case EstimateRecorded(estimate=ordinal, points=points):
            row = replace(row, points=points, estimate_id=EstimateId(thing_key("est", row.id, ordinal)))
        case EstimateStaled():
            row = replace(row, points=None, estimate_id=None)
        case QuestionAsked():
            row = replace(row, open_question_count=row.open_question_count + 1)
        case QuestionClosed() | QuestionPromoted():
            row = replace(row, open_question_count=row.open_question_count - 1)
        case ImplementerNamed(person_id=person_id):
            row = replace(row, implementer_ids=tuple(dict.fromkeys((*row.implementer_ids, person_id))))
        case ImplementerReleased(person_id=person_id):
            row = replace(row, implementer_ids=tuple(one for one in row.implementer_ids if one != person_id))
        case EstimationRoundOpened(round=ordinal):
            row = replace(row, round_id=RoundId(thing_key("rnd", row.id, ordinal)), round_count=row.round_count + 1)
        case RoundConcluded() | RoundCancelled() | RoundSuperseded():
            row = replace(row, round_id=None)
        case RefinementLoopDetected():
            row = replace(row, loop=entry.position)
        case SpikeLinked() | ThreeAmigosNoted() | ItemSplit():
            row = replace(row, loop=None)
        case _:
            row = _reviewed(tracked(row, entry), entry)
    return replace(row, changed=entry.position)


def _drafted(entry: Entry[Any]) -> Item:
    event: ItemDrafted | IssueImported = entry.event
    key = ItemId(stream_key("itm", entry.stream_id))
    row = Item(
        id=key,
        team_id=event.team_id,
        track=event.track,
        kind=event.kind,
        rank=event.rank,
        status=ItemStatus.OPEN,
        author_id=person_acting(entry),
        author_role=entry.act.acting_role,
        revision=1,
        revision_id=RevisionId(thing_key("rev", key, 1)),
        digest=event.digest,
        drafted=entry.position,
        content=entry.position,
        changed=entry.position,
    )
    if isinstance(event, ItemDrafted):
        return row
    return replace(
        row,
        source=event.source,
        source_key=event.key,
        source_kind=event.source_kind,
        tracker_status=event.status,
        tracker_priority=event.priority,
        tracker_size=event.size,
    )


def _reviewed(row: Item, entry: Entry[Any]) -> Item:
    match entry.event:
        case PushbackRaised(pushback=ordinal, stance=stance):
            blocking = (*row.blocking, ordinal) if stance is Stance.BLOCKING else row.blocking
            row = replace(row, blocking=blocking, pushback_count=row.pushback_count + 1)
            row = replace(row, open_pushback_count=row.open_pushback_count + 1)
        case event if type(event) in OUTCOMES:
            blocking = _without(row.blocking, event.pushback)
            blocking = (*blocking, event.pushback) if isinstance(event, PushbackUpheld) else blocking
            row = replace(row, blocking=blocking, open_pushback_count=row.open_pushback_count - 1)
        case RequiredChangeVerified() | RequiredChangeWaived() | PushbackDebtDropped() as event:
            row = replace(row, blocking=_without(row.blocking, event.pushback))
        case PushbackStanceChanged() | HoldSubstantiated() as event:
            others = _without(row.blocking, event.pushback)
            row = replace(row, blocking=(*others, event.pushback) if event.stance is Stance.BLOCKING else others)
        case _:
            row = _signed(row, entry)
    if row.status is ItemStatus.WITHDRAWN:
        return row
    is_accepted = row.has_quorum and not row.blocking
    return replace(row, status=ItemStatus.ACCEPTED if is_accepted else ItemStatus.OPEN)


def _without(blocking: tuple[int, ...], ordinal: int) -> tuple[int, ...]:
    return tuple(other for other in blocking if other != ordinal)


def _signed(row: Item, entry: Entry[Any]) -> Item:
    """Before quorums were counted one sign-off was enough; a quorum ends with QuorumLost or its last sign-off."""
    match entry.event:
        case SignOffGranted(sign_off=ordinal, label=label, needed=needed):
            row = replace(row, sign_off_count=row.sign_off_count + 1)
            if label is Label.ACCEPTANCE:
                accepted_by, has_quorum = (*row.accepted_by, ordinal), row.has_quorum or needed is None
                row = replace(row, accepted_by=accepted_by, has_quorum=has_quorum)
        case QuorumReached(label=Label.ACCEPTANCE):
            row = replace(row, has_quorum=True)
        case QuorumLost(label=Label.ACCEPTANCE):
            row = replace(row, has_quorum=False)
        case SignOffRequested():
            row = replace(row, open_sign_off_request_count=row.open_sign_off_request_count + 1)
        case SignOffRequestEnded():
            row = replace(row, open_sign_off_request_count=row.open_sign_off_request_count - 1)
        case event if isinstance(event, _ENDINGS):
            row = replace(row, accepted_by=tuple(live for live in row.accepted_by if live != event.sign_off))
    return replace(row, has_quorum=row.has_quorum and bool(row.accepted_by))


_EVENTS: frozenset[type[Event]] = frozenset({
    ItemDrafted, IssueImported, ItemRevised, ItemRanked, ItemWithdrawn, EstimateRecorded, EstimateStaled,
    PushbackRaised, PushbackStanceChanged, HoldSubstantiated, PushbackDebtDropped, RequiredChangeVerified,
    RequiredChangeWaived, *OUTCOMES,
    QuestionAsked, QuestionClosed, QuestionPromoted,
    SignOffGranted, SignOffVoided, SignOffRevoked, SignOffExpired, SignOffSuperseded, QuorumReached, QuorumLost,
    SignOffRequested, SignOffRequestEnded, ImplementerNamed, ImplementerReleased,
    TrackerStatusChanged, TrackerClosureRecorded, TrackerReopeningRecorded, TrackerSizeChanged, TrackerPriorityChanged,
    TrackerKindChanged, TrackerSnapshotRecorded, TrackerVerdictRecorded, TrackerMergeRecorded,
    EstimationRoundOpened, RoundConcluded, RoundCancelled, RoundSuperseded,
    RefinementLoopDetected, SpikeLinked, ThreeAmigosNoted, ItemSplit,
})  # fmt: skip

PROJECTION = Projection(Item, _EVENTS, _keys, _evolve)
