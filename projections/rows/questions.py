"""Each question: what was asked, who should answer, whose turn it is, how it ended."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any

from msgspec.structs import replace

from domain.authority import HOLDERS, ownership
from domain.entry import Choice, Entry, Event
from domain.events import QuestionAnswered, QuestionAsked, QuestionClosed, QuestionPromoted
from domain.events.item import Track
from domain.ids import ItemId, PersonId, PushbackId, QuestionId, RevisionId, TeamId, stream_key, thing_key
from projections.declare import Points, Projection, Row, one, said
from projections.rows.items import Item
from projections.turns import TurnRule, Whose


class QuestionState(Choice):
    """Where a question stands, and whose turn that makes it."""

    ASKED = "ASKED", "The turn of who should answer."
    ANSWERED = "ANSWERED", "The turn of who asked: to close it, or to make a pushback of it."
    CLOSED = "CLOSED", "It has ended without a pushback."
    PROMOTED = "PROMOTED", "It has ended as a pushback."


class Question(Row, frozen=True, kw_only=True):
    """Something that somebody wants to know about an item. It never stops anything."""

    id: QuestionId
    item_id: ItemId
    team_id: TeamId
    track: Track
    number: int
    state: QuestionState
    asker_id: PersonId
    routed_to_id: PersonId
    turn_id: PersonId | None
    revision_id: RevisionId
    pushback_id: PushbackId | None = None
    asked_at: datetime
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    asked: Annotated[int, Points(QuestionAsked)]
    answer: Annotated[int, Points(QuestionAnswered)] | None = None
    ended: Annotated[int, Points(QuestionClosed, QuestionPromoted)] | None = None

    item = one("Item", "item_id", doc="What it is about.")
    team = one("Team", "team_id", doc="Whose item it is about.")
    asker = one("Person", "asker_id", doc="Who asked.")
    routed_to = one("Person", "routed_to_id", doc="Who should answer.")
    turn = one("Person", "turn_id", doc="Who has to move; null once it has ended.")
    waits_for = one("Turn", "id", doc="Whose turn it is, since when, by which rule; null once ended.", prefix="trn_")
    revision = one("Revision", "revision_id", doc="The revision it was asked about.")
    pushback = one("Pushback", "pushback_id", doc="The pushback that the asker made of it; null if they did not.")
    text = said("asked", "text", doc="The question in the asker's words.")


def _keys(entry: Entry[Any]) -> Iterable[str]:
    return (thing_key("qst", stream_key("itm", entry.stream_id), entry.event.question),)


def _evolve(row: Question | None, entry: Entry[Any], item: Item | None) -> Question | None:
    match entry.event:
        case QuestionAsked() if item:
            return _asked(entry, item)
        case _ if row is None:
            return None
        case QuestionAnswered():
            answered_at = row.answered_at or entry.effective_at
            row = replace(row, answer=entry.position, answered_at=answered_at)
            return replace(row, state=QuestionState.ANSWERED, turn_id=row.asker_id)
        case QuestionClosed():
            return _ended(row, entry, QuestionState.CLOSED)
        case QuestionPromoted(pushback=ordinal):
            row = replace(row, pushback_id=PushbackId(thing_key("pbk", row.item_id, ordinal)))
            return _ended(row, entry, QuestionState.PROMOTED)
        case _:
            return row


def _asked(entry: Entry[QuestionAsked], item: Item) -> Question:
    event = entry.event
    return Question(
        id=QuestionId(thing_key("qst", item.id, event.question)),
        item_id=item.id,
        team_id=item.team_id,
        track=item.track,
        number=event.question,
        state=QuestionState.ASKED,
        asker_id=PersonId(entry.act.actor),
        routed_to_id=event.routed_to,
        turn_id=event.routed_to,
        revision_id=RevisionId(thing_key("rev", item.id, event.revision)),
        asked_at=entry.effective_at,
        asked=entry.position,
    )


def _ended(row: Question, entry: Entry[Any], state: QuestionState) -> Question:
    return replace(row, state=state, turn_id=None, ended=entry.position, ended_at=entry.effective_at)


def whose(row: Question) -> Whose | None:
    """Whose turn it is: who was asked answers, or an owner of the track; the asker closes it, or one of those.

    Nobody acts for the asker there: who owns the track in their name is on their side.
    """
    powers = (ownership(row.track),)
    owners, asker = HOLDERS[powers[0]], (row.asker_id,)
    match row.state:
        case QuestionState.ASKED:
            return Whose(TurnRule.ANSWER_QUESTION, row.turn_id, owners, asker, powers=powers)
        case QuestionState.ANSWERED:
            return Whose(TurnRule.CLOSE_QUESTION, row.turn_id, owners, asker, (row.routed_to_id,), powers)
        case _:
            return None


_EVENTS: frozenset[type[Event]] = frozenset({QuestionAsked, QuestionAnswered, QuestionClosed, QuestionPromoted})

PROJECTION = Projection(Question, _EVENTS, _keys, _evolve, reads_item=True)
