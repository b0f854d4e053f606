"""The pushbacks on an item as rules read them."""

from collections.abc import Mapping
from datetime import datetime
from enum import Enum, auto
from types import MappingProxyType
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from domain.entry import Act, Entry
from domain.events import (
    ArbiterRecused,
    ConversationConfirmed,
    ConversationDisputed,
    ConversationNoted,
    HoldSubstantiated,
    OverrideProposed,
    OverrideRescinded,
    PushbackAnchorOutdated,
    PushbackClaimedAddressed,
    PushbackEscalated,
    PushbackHolderReminded,
    PushbackJoined,
    PushbackLeft,
    PushbackRaised,
    PushbackReasonSorted,
    PushbackReassigned,
    PushbackResponded,
    PushbackStanceChanged,
    PushbackVerificationRejected,
    UnderstandingConfirmed,
    UnderstandingDisputed,
)
from domain.events.endings import OUTCOMES, Outcome
from domain.events.override import Understanding
from domain.events.pushback import HOLDERS_WORD, Reason, Stance
from domain.ids import PersonId


class Phase(Enum):
    """Where a pushback stands: whose turn it is, or over."""

    HELD = auto()
    OPEN = auto()
    RESPONDED = auto()
    AWAITING_VERIFICATION = auto()
    OVERRIDE_PENDING = auto()
    ESCALATED = auto()
    CLOSED = auto()


class Override(msgspec.Struct, frozen=True, kw_only=True):
    """A pending override as rules read it; `due_at` is when it takes effect, `for_id` in whose name it was proposed."""

    proposer_id: PersonId
    for_id: PersonId
    due_at: datetime
    is_emergency: bool
    understanding: Understanding = Understanding.NO_REPLY

    @property
    def proposers(self) -> frozenset[PersonId]:
        """Whose it is: who proposed it, and in whose name."""
        return frozenset({self.proposer_id, self.for_id})


class Silence(msgspec.Struct, frozen=True, kw_only=True):
    """An answer that waits for the holder's word, as rules read it; `due_at` is when time does something about it."""

    since: datetime
    due_at: datetime
    reminders: int = 0


class Escalation(msgspec.Struct, frozen=True, kw_only=True):
    """Who cannot rule on a pushback: who is a party to it, and who said that they do not."""

    parties: frozenset[PersonId]
    recused: frozenset[PersonId] = frozenset()

    @property
    def barred(self) -> frozenset[PersonId]:
        """All of these."""
        return self.parties | self.recused


Unheard = frozenset[PersonId]
"""Those named in a noted conversation who have not said whether it was so."""


class PushbackState(msgspec.Struct, frozen=True, kw_only=True):
    """A pushback as rules read it. `holder_id` is whose it is now; `sections` are those quoted that still say so.

    `joined_ids` are those whose concern it is too, the first to join first; `sided_ids` all whose it ever was, or
    who ever joined. `spoke_ids` are those who answered it or proposed to go ahead over it, and in whose name they did;
    `escalation` stays after the end, for who may verify. `hold_until` stays too: until when it held the item, if it
    did. `conversations` has who is unheard of each.
    """

    raiser_id: PersonId
    holder_id: PersonId
    stance: Stance
    reason: Reason
    reason_code: str | None = None
    revision: int
    sections: frozenset[str] = frozenset()
    phase: Phase = Phase.OPEN
    hold_until: datetime | None = None
    claimed_revision: int = 0
    joined_ids: tuple[PersonId, ...] = ()
    sided_ids: frozenset[PersonId] = frozenset()
    spoke_ids: frozenset[PersonId] = frozenset()
    conversations: tuple[Unheard, ...] = ()
    silence: Silence | None = None
    override: Override | None = None
    escalation: Escalation | None = None
    outcome: Outcome | None = None

    @property
    def raisers(self) -> frozenset[PersonId]:
        """Whose it is or was, and who joined: their side of it."""
        return frozenset({self.raiser_id, self.holder_id, *self.joined_ids})

    @property
    def is_open(self) -> bool:
        """Whether it has no outcome yet."""
        return self.phase is not Phase.CLOSED


Pushbacks = Mapping[int, PushbackState]
NO_PUSHBACKS: Final[Pushbacks] = MappingProxyType({})


def evolve(pushbacks: Pushbacks, entry: Entry[Any]) -> Pushbacks:
    """An item's pushbacks after an entry, by ordinal; total."""
    event = entry.event
    if isinstance(event, PushbackRaised):
        raiser_id = event.raised_for or PersonId(entry.act.actor)
        return {**pushbacks, event.pushback: _raised(raiser_id, event)}
    ordinal = getattr(event, "pushback", 0)
    if ordinal not in pushbacks:
        return pushbacks
    after = _evolve(pushbacks[ordinal], event, entry.act)
    spoke_ids, sided_ids = after.spoke_ids | _speaking(entry), after.sided_ids | after.raisers
    silence = _silence(after, entry)
    return {**pushbacks, ordinal: replace(after, silence=silence, spoke_ids=spoke_ids, sided_ids=sided_ids)}


def _speaking(entry: Entry[Any]) -> frozenset[PersonId]:
    """Who speaks for the item's side by this: a delegate and whose delegate they are."""
    if not isinstance(entry.event, PushbackResponded | PushbackClaimedAddressed | OverrideProposed):
        return frozenset()
    return frozenset(PersonId(name) for name in (entry.act.actor, entry.act.on_behalf_of) if name)


def _silence(after: PushbackState, entry: Entry[Any]) -> Silence | None:
    """Whose word it waits for since when: anew with each answer, each word of the holder's, and each new holder."""
    match entry.event:
        case PushbackResponded(due_at=due_at) | PushbackClaimedAddressed(due_at=due_at):
            return Silence(since=entry.effective_at, due_at=due_at) if due_at else None
        case event if isinstance(event, HOLDERS_WORD) and event.due_at and after.silence:
            return Silence(since=entry.effective_at, due_at=event.due_at)
        case PushbackHolderReminded(due_at=due_at) if after.silence:
            return replace(after.silence, due_at=due_at, reminders=after.silence.reminders + 1)
        case _:
            return after.silence if after.phase in (Phase.RESPONDED, Phase.AWAITING_VERIFICATION) else None


def _raised(raiser_id: PersonId, event: PushbackRaised) -> PushbackState:
    return PushbackState(
        raiser_id=raiser_id,
        holder_id=raiser_id,
        sided_ids=frozenset({raiser_id}),
        stance=event.stance,
        reason=event.reason,
        reason_code=event.reason_code,
        revision=event.revision,
        sections=frozenset(event.quoted_digests),
        phase=Phase.HELD if event.due_at else Phase.OPEN,
        hold_until=event.due_at,
    )


def _heard(pushback: PushbackState, number: int, person_id: PersonId) -> PushbackState:
    numbered = enumerate(pushback.conversations, 1)
    told = tuple(unheard - {person_id} if each == number else unheard for each, unheard in numbered)
    return replace(pushback, conversations=told)


def _without(pushback: PushbackState, person_id: PersonId) -> PushbackState:
    joined_ids = tuple(each for each in pushback.joined_ids if each != person_id)
    return replace(pushback, joined_ids=joined_ids)


def _substantiated(held: PushbackState, event: HoldSubstantiated) -> PushbackState:
    return replace(
        held,
        stance=event.stance,
        reason=event.reason,
        reason_code=event.reason_code,
        revision=event.revision,
        sections=frozenset(event.quoted_digests),
        phase=Phase.OPEN,
    )


def _evolve(pushback: PushbackState, event: Any, act: Act) -> PushbackState:  # noqa: ANN401 - any event
    match event:
        case PushbackReasonSorted(reason=reason, reason_code=code):
            return replace(pushback, reason=reason, reason_code=code)
        case PushbackStanceChanged(stance=stance):
            return replace(pushback, stance=stance)
        case ConversationNoted(participants=participants):
            unheard = frozenset(participants) - {PersonId(act.actor)}
            return replace(pushback, conversations=(*pushback.conversations, unheard))
        case ConversationConfirmed(conversation=number) | ConversationDisputed(conversation=number):
            return _heard(pushback, number, PersonId(act.actor))
        case HoldSubstantiated():
            return _substantiated(pushback, event)
        case PushbackReassigned(person_id=person_id):
            return replace(_without(pushback, person_id), holder_id=person_id)
        case PushbackJoined():
            return replace(pushback, joined_ids=(*pushback.joined_ids, PersonId(act.actor)))
        case PushbackLeft():
            return _without(pushback, PersonId(act.actor))
        case PushbackAnchorOutdated(section=section):
            return replace(pushback, sections=pushback.sections - {section})
        case PushbackResponded():
            return replace(pushback, phase=Phase.RESPONDED, claimed_revision=0)
        case PushbackClaimedAddressed(revision=revision):
            return replace(pushback, phase=Phase.AWAITING_VERIFICATION, claimed_revision=revision)
        case PushbackVerificationRejected():
            return replace(pushback, phase=Phase.OPEN, claimed_revision=0)
        case _ if type(event) in OUTCOMES:
            return replace(pushback, phase=Phase.CLOSED, outcome=OUTCOMES[type(event)], override=None)
        case _:
            return _overriding(pushback, event, act)


def _overriding(pushback: PushbackState, event: Any, act: Act) -> PushbackState:  # noqa: ANN401 - any event
    match event:
        case OverrideProposed(due_at=due_at, is_emergency=is_emergency):
            by, for_id = PersonId(act.actor), PersonId(act.on_behalf_of or act.actor)
            override = Override(proposer_id=by, for_id=for_id, due_at=due_at, is_emergency=is_emergency)
            return replace(pushback, phase=Phase.OVERRIDE_PENDING, override=override, claimed_revision=0)
        case OverrideRescinded():
            return replace(pushback, phase=Phase.OPEN, override=None)
        case UnderstandingConfirmed() if pushback.override:
            return replace(pushback, override=replace(pushback.override, understanding=Understanding.CONFIRMED))
        case UnderstandingDisputed() if pushback.override:
            return replace(pushback, override=replace(pushback.override, understanding=Understanding.DISPUTED))
        case PushbackEscalated(parties=parties):
            escalation = Escalation(parties=frozenset(parties))
            escalated = replace(pushback, phase=Phase.ESCALATED, claimed_revision=0)
            return replace(escalated, override=None, escalation=escalation)
        case ArbiterRecused() if pushback.escalation:
            recused = pushback.escalation.recused | {PersonId(act.actor)}
            return replace(pushback, escalation=replace(pushback.escalation, recused=recused))
        case _:
            return pushback
