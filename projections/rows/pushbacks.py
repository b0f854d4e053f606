"""What becomes of a pushback's row with each event."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from domain.entry import Entry, Event
from domain.events import (
    ArbiterRecused,
    ConversationConfirmed,
    ConversationDisputed,
    ConversationNoted,
    DissentRecorded,
    HoldSubstantiated,
    OverrideProposed,
    OverrideRatified,
    OverrideRescinded,
    PushbackAmended,
    PushbackAnchorOutdated,
    PushbackClaimedAddressed,
    PushbackDebtDropped,
    PushbackEscalated,
    PushbackHolderReminded,
    PushbackJoined,
    PushbackLeft,
    PushbackOverridden,
    PushbackOverruled,
    PushbackRaised,
    PushbackReasonSorted,
    PushbackReassigned,
    PushbackResponded,
    PushbackStanceChanged,
    PushbackUpheld,
    PushbackVerificationRejected,
    QuestionPromoted,
    RequiredChangeMade,
    RequiredChangeRejected,
    RequiredChangeVerified,
    RequiredChangeWaived,
    UnderstandingConfirmed,
    UnderstandingDisputed,
)
from domain.events.endings import OUTCOMES, Debt
from domain.events.override import Understanding
from domain.events.pushback import CATEGORY_OF, HOLDERS_WORD, ReasonCategory
from domain.ids import PersonId, PushbackId, QuestionId, RevisionId, RoundId, stream_key, thing_key
from projections import court
from projections.declare import Projection
from projections.pushback_turns import whose
from projections.rows.items import Item
from projections.rows.pushback_row import Pushback, PushbackState

_EVENTS: frozenset[type[Event]] = frozenset({
    PushbackRaised, PushbackReasonSorted, PushbackAmended, PushbackStanceChanged, PushbackReassigned,
    PushbackAnchorOutdated, PushbackResponded, PushbackClaimedAddressed, PushbackVerificationRejected, QuestionPromoted,
    OverrideProposed, UnderstandingConfirmed, UnderstandingDisputed, OverrideRescinded, OverrideRatified,
    PushbackDebtDropped, PushbackEscalated, ArbiterRecused, RequiredChangeMade, RequiredChangeVerified,
    RequiredChangeRejected, RequiredChangeWaived, DissentRecorded, PushbackHolderReminded, HoldSubstantiated,
    PushbackJoined, PushbackLeft, ConversationNoted, ConversationConfirmed, ConversationDisputed,
    *OUTCOMES,
})  # fmt: skip


def _keys(entry: Entry[Any]) -> Iterable[str]:
    return (thing_key("pbk", stream_key("itm", entry.stream_id), entry.event.pushback),)


def _evolve(row: Pushback | None, entry: Entry[Any], item: Item | None) -> Pushback | None:
    if isinstance(entry.event, PushbackRaised):
        return _raised(entry, item) if item else None
    if row is None:
        return None
    return _ended(row, entry) if type(entry.event) in OUTCOMES else _moved(row, entry)


def _moved(row: Pushback, entry: Entry[Any]) -> Pushback:
    match entry.event:
        case PushbackResponded() | PushbackClaimedAddressed() as event:
            claimed = isinstance(event, PushbackClaimedAddressed)
            state = PushbackState.AWAITING_VERIFICATION if claimed else PushbackState.RESPONDED
            row = replace(row, response=entry.position, response_count=row.response_count + 1)
            return _reminding(_turned(row, state, row.holder_id), event.due_at)
        case PushbackVerificationRejected():
            row = replace(row, rejection=entry.position, rejection_count=row.rejection_count + 1)
            return _turned(row, PushbackState.OPEN, row.author_id)
        case _:
            return _overriding(row, entry)


def _turned(row: Pushback, state: PushbackState, turn_id: PersonId | None) -> Pushback:
    """A new state, in which nothing is due yet."""
    return replace(row, state=state, turn_id=turn_id, due_at=None, due=None)


def _reminding(row: Pushback, due_at: datetime | None) -> Pushback:
    """The holder is reminded when they say nothing in time."""
    return replace(row, due_at=due_at, due="remind_holder" if due_at else None)


def _ended(row: Pushback, entry: Entry[Any]) -> Pushback:
    row = _turned(row, PushbackState.CLOSED, None)
    row = replace(row, outcome=OUTCOMES[type(entry.event)], closed=entry.position, closed_at=entry.effective_at)
    match entry.event:
        case PushbackOverridden(understanding=understanding) as event:
            row = replace(row, understanding=understanding)
            if event.seconder_id:
                owed = Debt.RATIFICATION
                row = replace(row, overriding_ids=(*row.overriding_ids, *_both(entry)))
                return replace(row, owed=owed, turn_id=event.ratifier_id, seconder_id=event.seconder_id)
        case PushbackUpheld():
            return replace(row, owed=Debt.REQUIRED_CHANGE, turn_id=row.author_id, ruled=entry.position)
        case PushbackOverruled():
            return replace(row, ruled=entry.position)
    return row


def _overriding(row: Pushback, entry: Entry[Any]) -> Pushback:
    match entry.event:
        case OverrideProposed(due_at=due_at):
            row = _turned(row, PushbackState.OVERRIDE_PENDING, row.holder_id)
            overrider_id = PersonId(entry.act.actor)
            row = replace(row, override=entry.position, overrider_id=overrider_id, understanding=None)
            row = replace(row, overriding_ids=_both(entry))
            return replace(row, due_at=due_at, due="take_override_effect")
        case UnderstandingConfirmed():
            said = Understanding.CONFIRMED
            return replace(row, understanding=said, understood=entry.position, turn_id=row.overrider_id)
        case UnderstandingDisputed():
            said = Understanding.DISPUTED
            return replace(row, understanding=said, understood=entry.position, turn_id=row.overrider_id)
        case OverrideRescinded():
            return replace(_turned(row, PushbackState.OPEN, row.author_id), rescinded=entry.position)
        case PushbackDebtDropped():
            return replace(row, owed=None, turn_id=None)
        case OverrideRatified():
            return replace(row, ratified=entry.position, owed=None, turn_id=None)
        case _:
            return _arbitrated(row, entry)


def _arbitrated(row: Pushback, entry: Entry[Any]) -> Pushback:
    match entry.event:
        case PushbackEscalated(parties=parties, arbiters=arbiters):
            row = _turned(row, PushbackState.ESCALATED, _only(arbiters))
            return replace(row, escalated=entry.position, arbiter_ids=arbiters, barred_ids=parties)
        case ArbiterRecused(arbiters=arbiters):
            barred_ids = (*row.barred_ids, PersonId(entry.act.actor))
            return replace(row, arbiter_ids=arbiters, barred_ids=barred_ids, turn_id=_only(arbiters))
        case RequiredChangeMade():
            is_holders = row.holder_id in _both(entry)
            return replace(row, change_made=entry.position, turn_id=None if is_holders else row.holder_id)
        case RequiredChangeRejected():
            return replace(row, change_made=None, turn_id=row.author_id)
        case RequiredChangeVerified() | RequiredChangeWaived():
            return replace(row, owed=None, turn_id=None)
        case DissentRecorded():
            return replace(row, dissented=entry.position, dissent_count=row.dissent_count + 1)
        case _:
            return _changed(row, entry)


def _only(arbiters: tuple[PersonId, ...]) -> PersonId | None:
    return arbiters[0] if len(arbiters) == 1 else None


def _both(entry: Entry[Any]) -> tuple[str, ...]:
    """Who acted, and in whose name."""
    return (entry.act.actor, entry.act.on_behalf_of or entry.act.actor)


def _changed(row: Pushback, entry: Entry[Any]) -> Pushback:
    if isinstance(entry.event, HOLDERS_WORD) and entry.event.due_at:
        row = _reminding(row, entry.event.due_at)
    match entry.event:
        case QuestionPromoted(question=ordinal):
            return replace(row, question_id=QuestionId(thing_key("qst", row.item_id, ordinal)))
        case PushbackHolderReminded(due_at=due_at):
            return replace(row, reminded=entry.position, due_at=due_at, due="lapse_pushback")
        case PushbackReasonSorted(reason=reason, reason_code=code) as event:
            return replace(row, reason=reason, reason_code=code, reason_category=_category(event))
        case PushbackStanceChanged(stance=stance):
            return replace(row, stance=stance)
        case PushbackReassigned(person_id=person_id):
            turn = person_id if row.turn_id == row.holder_id else row.turn_id
            return replace(_without(row, person_id), holder_id=person_id, turn_id=turn)
        case ConversationNoted(conversation=number):
            return replace(row, conversed=entry.position, conversation_count=number)
        case PushbackJoined():
            return replace(row, joined_ids=(*row.joined_ids, PersonId(entry.act.actor)))
        case PushbackLeft():
            return _without(row, PersonId(entry.act.actor))
        case HoldSubstantiated():
            return _substantiated(row, entry)
        case PushbackAnchorOutdated(section=section):
            return replace(row, outdated_sections=tuple(dict.fromkeys((*row.outdated_sections, section))))
        case PushbackAmended(amended=amended):
            worded = entry.position if "statement" in amended else row.worded
            lifting = entry.position if "lifts_when" in amended else row.lifting
            return replace(row, worded=worded, lifting=lifting)
        case _:
            return row


def _without(row: Pushback, person_id: PersonId) -> Pushback:
    return replace(row, joined_ids=tuple(each for each in row.joined_ids if each != person_id))


def _substantiated(row: Pushback, entry: Entry[HoldSubstantiated]) -> Pushback:
    """The concern takes the place of what the hold said."""
    event, position = entry.event, entry.position
    row = replace(_turned(row, PushbackState.OPEN, row.author_id), substantiated=position, outdated_sections=())
    row = replace(row, worded=position, lifting=position, pointing=position, stance=event.stance)
    row = replace(row, reason=event.reason, reason_code=event.reason_code, reason_category=_category(event))
    return replace(row, revision_id=RevisionId(thing_key("rev", row.item_id, event.revision)))


def _category(event: PushbackRaised | PushbackReasonSorted | HoldSubstantiated) -> ReasonCategory:
    return event.reason_category or CATEGORY_OF[event.reason]


def _raised(entry: Entry[PushbackRaised], item: Item) -> Pushback:
    event, before = entry.event, entry.event.recurrence_of
    raiser_id = event.raised_for or PersonId(entry.act.actor)
    return Pushback(
        id=PushbackId(thing_key("pbk", item.id, event.pushback)),
        item_id=item.id,
        team_id=item.team_id,
        track=item.track,
        number=event.pushback,
        stance=event.stance,
        reason=event.reason,
        reason_category=_category(event),
        reason_code=event.reason_code,
        state=PushbackState.HELD if event.due_at else PushbackState.OPEN,
        raiser_role=entry.act.acting_role,
        raiser_id=raiser_id,
        holder_id=raiser_id,
        author_id=item.author_id,
        author_role=item.author_role,
        turn_id=raiser_id if event.due_at else item.author_id,
        due_at=event.due_at,
        due="expire_hold" if event.due_at else None,
        revision_id=RevisionId(thing_key("rev", item.id, event.revision)),
        recurrence_of_id=PushbackId(thing_key("pbk", item.id, before)) if before else None,
        round_id=RoundId(thing_key("rnd", item.id, event.round)) if event.round else None,
        raised_at=entry.effective_at,
        raised=entry.position,
        worded=entry.position,
        lifting=entry.position,
        pointing=entry.position,
    )


PROJECTION = Projection(Pushback, _EVENTS, _keys, court.timed(_evolve, whose), reads_item=True)
