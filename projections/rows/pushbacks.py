"""Each pushback: what was said, whose turn it is, how it ended."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

from msgspec.structs import replace

from domain.authority import HOLDERS, ownership
from domain.entry import Entry, Event
from domain.events import (
    PushbackAmended,
    PushbackAnchorOutdated,
    PushbackAnswered,
    PushbackClaimedAddressed,
    PushbackConceded,
    PushbackMooted,
    PushbackRaised,
    PushbackReasonSorted,
    PushbackReassigned,
    PushbackResponded,
    PushbackSettledByRevision,
    PushbackStanceChanged,
    PushbackVerificationRejected,
    PushbackWithdrawn,
    QuestionPromoted,
)
from domain.events.item import Track
from domain.events.pushback import CATEGORY_OF, Reason, ReasonCategory, Stance
from domain.ids import ItemId, PersonId, PushbackId, QuestionId, RevisionId, TeamId, stream_key, thing_key
from projections import court
from projections.declare import Points, Projection, Row, many, one, said
from projections.rows.items import Item
from projections.turns import TurnRule, Whose


class PushbackState(StrEnum):
    """OPEN is the author's turn, RESPONDED and AWAITING_VERIFICATION the raiser's; CLOSED ended with an outcome."""

    OPEN = "OPEN"
    RESPONDED = "RESPONDED"
    AWAITING_VERIFICATION = "AWAITING_VERIFICATION"
    CLOSED = "CLOSED"


class Outcome(StrEnum):
    """How a pushback ended; it never changes."""

    ANSWERED = "ANSWERED"
    REVISED = "REVISED"
    CONCEDED = "CONCEDED"
    WITHDRAWN = "WITHDRAWN"
    MOOT = "MOOT"


class Pushback(Row, frozen=True, kw_only=True):
    """A disagreement about one revision of an item."""

    id: PushbackId
    item_id: ItemId
    team_id: TeamId
    track: Track
    number: int
    stance: Stance
    reason: Reason
    reason_category: ReasonCategory
    state: PushbackState
    outcome: Outcome | None = None
    raiser_id: PersonId
    raiser_role: str
    holder_id: PersonId
    author_id: PersonId | None
    turn_id: PersonId | None
    revision_id: RevisionId
    question_id: QuestionId | None = None
    recurrence_of_id: PushbackId | None = None
    outdated_sections: tuple[str, ...] = ()
    raised_at: datetime
    closed_at: datetime | None = None
    turn_since: datetime | None = None
    item_side_seconds: float = 0.0
    raiser_side_seconds: float = 0.0
    arbiter_seconds: float = 0.0
    response_count: int = 0
    rejection_count: int = 0
    raised: Annotated[int, Points(PushbackRaised)]
    worded: Annotated[int, Points(PushbackRaised, PushbackAmended)]
    lifting: Annotated[int, Points(PushbackRaised, PushbackAmended)]
    response: Annotated[int, Points(PushbackResponded, PushbackClaimedAddressed)] | None = None
    rejection: Annotated[int, Points(PushbackVerificationRejected)] | None = None
    closed: (
        Annotated[
            int,
            Points(PushbackAnswered, PushbackSettledByRevision, PushbackConceded, PushbackWithdrawn, PushbackMooted),
        ]
        | None
    ) = None

    item = one("Item", "item_id", doc="What it is about.")
    team = one("Team", "team_id", doc="Whose item it is about.")
    raiser = one("Person", "raiser_id", doc="Who pushed back.")
    holder = one("Person", "holder_id", doc="Whose it is: the raiser, or who took it over.")
    author = one("Person", "author_id", doc="Who drafted the item; null when nobody knows.")
    turn = one("Person", "turn_id", doc="Who has to move; null once closed, and when nobody knows whose the item is.")
    waits_for = one("Turn", "id", doc="Whose turn it is, since when, by which rule; null once closed.", prefix="trn_")
    revision = one("Revision", "revision_id", doc="The revision it was raised on.")
    question = one("Question", "question_id", doc="The question it was made of, if it began as one.")
    recurrence_of = one("Pushback", "recurrence_of_id", doc="The earlier pushback that it brings back.")
    recurrences = many("Pushback", "recurrence_of_id", order="number", doc="Those that brought it back, oldest first.")
    statement = said("worded", "statement", doc="The concern in the raiser's words, as they put it last.")
    lifts_when = said("lifting", "lifts_when", doc="What would lift it; a block always says so.")
    anchors = said("raised", "anchors", doc="What it points at: sections like why, single criteria like criteria/2.")
    quoted_digests = said("raised", "quoted_digests", doc="The digests of the sections it points into, as they were.")
    response_kind = said("response", "kind", doc="What sort the last answer was; null for a claimed revision.")
    events = many("Event", "pushback_id", order="position", by=("kind",), doc="Its story from first to last.")


_OUTCOMES: dict[type[Event], Outcome] = {
    PushbackAnswered: Outcome.ANSWERED,
    PushbackSettledByRevision: Outcome.REVISED,
    PushbackConceded: Outcome.CONCEDED,
    PushbackWithdrawn: Outcome.WITHDRAWN,
    PushbackMooted: Outcome.MOOT,
}
_EVENTS: frozenset[type[Event]] = frozenset({
    PushbackRaised, PushbackReasonSorted, PushbackAmended, PushbackStanceChanged, PushbackReassigned,
    PushbackAnchorOutdated, PushbackResponded, PushbackClaimedAddressed, PushbackVerificationRejected, QuestionPromoted,
    *_OUTCOMES,
})  # fmt: skip


def _keys(entry: Entry[Any]) -> Iterable[str]:
    return (thing_key("pbk", stream_key("itm", entry.stream_id), entry.event.pushback),)


def _evolve(row: Pushback | None, entry: Entry[Any], item: Item | None) -> Pushback | None:
    match entry.event:
        case PushbackRaised() if item:
            return _raised(entry, item)
        case _ if row is None:
            return None
        case QuestionPromoted(question=ordinal):
            return replace(row, question_id=QuestionId(thing_key("qst", row.item_id, ordinal)))
        case PushbackResponded() | PushbackClaimedAddressed() as event:
            claimed = isinstance(event, PushbackClaimedAddressed)
            state = PushbackState.AWAITING_VERIFICATION if claimed else PushbackState.RESPONDED
            count = row.response_count + 1
            return replace(row, state=state, turn_id=row.holder_id, response=entry.position, response_count=count)
        case PushbackVerificationRejected():
            count = row.rejection_count + 1
            turn = row.author_id
            return replace(row, state=PushbackState.OPEN, turn_id=turn, rejection=entry.position, rejection_count=count)
        case event if type(event) in _OUTCOMES:
            row = replace(row, outcome=_OUTCOMES[type(event)], closed=entry.position, closed_at=entry.effective_at)
            return replace(row, state=PushbackState.CLOSED, turn_id=None)
        case _:
            return _changed(row, entry)


def _changed(row: Pushback, entry: Entry[Any]) -> Pushback:
    match entry.event:
        case PushbackReasonSorted(reason=reason):
            return replace(row, reason=reason, reason_category=CATEGORY_OF[reason])
        case PushbackStanceChanged(stance=stance):
            return replace(row, stance=stance)
        case PushbackReassigned(person_id=person_id):
            turn = person_id if row.turn_id == row.holder_id else row.turn_id
            return replace(row, holder_id=person_id, turn_id=turn)
        case PushbackAnchorOutdated(section=section):
            return replace(row, outdated_sections=tuple(dict.fromkeys((*row.outdated_sections, section))))
        case PushbackAmended(amended=amended):
            worded = entry.position if "statement" in amended else row.worded
            lifting = entry.position if "lifts_when" in amended else row.lifting
            return replace(row, worded=worded, lifting=lifting)
        case _:
            return row


def _raised(entry: Entry[PushbackRaised], item: Item) -> Pushback:
    event, before = entry.event, entry.event.recurrence_of
    return Pushback(
        id=PushbackId(thing_key("pbk", item.id, event.pushback)),
        item_id=item.id,
        team_id=item.team_id,
        track=item.track,
        number=event.pushback,
        stance=event.stance,
        reason=event.reason,
        reason_category=CATEGORY_OF[event.reason],
        state=PushbackState.OPEN,
        raiser_id=PersonId(entry.act.actor),
        raiser_role=entry.act.acting_role,
        holder_id=PersonId(entry.act.actor),
        author_id=item.author_id,
        turn_id=item.author_id,
        revision_id=RevisionId(thing_key("rev", item.id, event.revision)),
        recurrence_of_id=PushbackId(thing_key("pbk", item.id, before)) if before else None,
        raised_at=entry.effective_at,
        raised=entry.position,
        worded=entry.position,
        lifting=entry.position,
    )


def whose(row: Pushback) -> Whose | None:
    """Whose turn it is: the item's side answers, also any owner of its track; the raiser settles, or their peers."""
    match row.state:
        case PushbackState.OPEN:
            owners, others = HOLDERS[ownership(row.track)], (row.raiser_id, row.holder_id)
            return Whose(TurnRule.ANSWER_PUSHBACK, row.turn_id, owners, others)
        case PushbackState.RESPONDED | PushbackState.AWAITING_VERIFICATION:
            parties = () if row.author_id is None else (row.author_id,)
            return Whose(TurnRule.SETTLE_PUSHBACK, row.turn_id, (row.raiser_role,), parties)
        case _:
            return None


PROJECTION = Projection(Pushback, _EVENTS, _keys, court.timed(_evolve, whose), reads_item=True)
