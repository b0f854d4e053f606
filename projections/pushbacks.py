"""Each pushback: what was said, whose turn it is, how it ended."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

from msgspec.structs import replace

from domain.entry import Entry, Event
from domain.events import (
    PushbackAnswered,
    PushbackClaimedAddressed,
    PushbackConceded,
    PushbackRaised,
    PushbackReasonSorted,
    PushbackResponded,
    PushbackSettledByRevision,
    PushbackVerificationRejected,
    PushbackWithdrawn,
    QuestionPromoted,
)
from domain.events.item import Track
from domain.events.pushback import Reason, Stance
from domain.ids import ItemId, PersonId, PushbackId, QuestionId, RevisionId, TeamId, stream_key, thing_key
from projections.declare import Points, Projection, Row, many, one, said
from projections.items import Item


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


class Pushback(Row, frozen=True, kw_only=True):
    """A disagreement about one revision of an item."""

    id: PushbackId
    item_id: ItemId
    team_id: TeamId
    track: Track
    number: int
    stance: Stance
    reason: Reason
    state: PushbackState
    outcome: Outcome | None = None
    raiser_id: PersonId
    author_id: PersonId
    turn_id: PersonId | None
    revision_id: RevisionId
    question_id: QuestionId | None = None
    raised_at: datetime
    closed_at: datetime | None = None
    response_count: int = 0
    rejection_count: int = 0
    raised: Annotated[int, Points(PushbackRaised)]
    response: Annotated[int, Points(PushbackResponded, PushbackClaimedAddressed)] | None = None
    rejection: Annotated[int, Points(PushbackVerificationRejected)] | None = None
    closed: (
        Annotated[int, Points(PushbackAnswered, PushbackSettledByRevision, PushbackConceded, PushbackWithdrawn)] | None
    ) = None

    item = one("Item", "item_id", doc="What it is about.")
    team = one("Team", "team_id", doc="Whose item it is about.")
    raiser = one("Person", "raiser_id", doc="Who pushed back.")
    author = one("Person", "author_id", doc="Who drafted the item.")
    turn = one("Person", "turn_id", doc="Who has to move; null once closed.")
    revision = one("Revision", "revision_id", doc="The revision it was raised on.")
    question = one("Question", "question_id", doc="The question it was made of, if it began as one.")
    statement = said("raised", "statement", doc="The concern in the raiser's words.")
    lifts_when = said("raised", "lifts_when", doc="What would lift it; a block always says so.")
    events = many("Event", "pushback_id", order="position", by=("kind",), doc="Its story from first to last.")


_OUTCOMES: dict[type[Event], Outcome] = {
    PushbackAnswered: Outcome.ANSWERED,
    PushbackSettledByRevision: Outcome.REVISED,
    PushbackConceded: Outcome.CONCEDED,
    PushbackWithdrawn: Outcome.WITHDRAWN,
}
_EVENTS: frozenset[type[Event]] = frozenset({
    PushbackRaised, PushbackReasonSorted, PushbackResponded, PushbackClaimedAddressed, PushbackVerificationRejected,
    QuestionPromoted, *_OUTCOMES,
})  # fmt: skip


def _keys(entry: Entry[Any]) -> Iterable[str]:
    return (thing_key("pbk", stream_key("itm", entry.stream_id), entry.event.pushback),)


def _evolve(row: Pushback | None, entry: Entry[Any], item: Item | None) -> Pushback | None:
    match entry.event:
        case PushbackRaised() if item:
            return _raised(entry, item)
        case _ if row is None:
            return None
        case PushbackReasonSorted(reason=reason):
            return replace(row, reason=reason)
        case QuestionPromoted(question=ordinal):
            return replace(row, question_id=QuestionId(thing_key("qst", row.item_id, ordinal)))
        case PushbackResponded() | PushbackClaimedAddressed() as event:
            claimed = isinstance(event, PushbackClaimedAddressed)
            state = PushbackState.AWAITING_VERIFICATION if claimed else PushbackState.RESPONDED
            count = row.response_count + 1
            return replace(row, state=state, turn_id=row.raiser_id, response=entry.position, response_count=count)
        case PushbackVerificationRejected():
            count = row.rejection_count + 1
            turn = row.author_id
            return replace(row, state=PushbackState.OPEN, turn_id=turn, rejection=entry.position, rejection_count=count)
        case event if type(event) in _OUTCOMES:
            row = replace(row, outcome=_OUTCOMES[type(event)], closed=entry.position, closed_at=entry.effective_at)
            return replace(row, state=PushbackState.CLOSED, turn_id=None)
        case _:
            return row


def _raised(entry: Entry[PushbackRaised], item: Item) -> Pushback:
    event = entry.event
    return Pushback(
        id=PushbackId(thing_key("pbk", item.id, event.pushback)),
        item_id=item.id,
        team_id=item.team_id,
        track=item.track,
        number=event.pushback,
        stance=event.stance,
        reason=event.reason,
        state=PushbackState.OPEN,
        raiser_id=PersonId(entry.act.actor),
        author_id=item.author_id,
        turn_id=item.author_id,
        revision_id=RevisionId(thing_key("rev", item.id, event.revision)),
        raised_at=entry.effective_at,
        raised=entry.position,
    )


PROJECTION = Projection(Pushback, _EVENTS, _keys, _evolve, reads_item=True)
