"""Each pushback: what was said, whose turn it is, how it ended."""

from datetime import datetime
from typing import Annotated

from domain.entry import Choice
from domain.events import (
    ConversationNoted,
    DissentRecorded,
    HoldSubstantiated,
    OverrideProposed,
    OverrideRatified,
    OverrideRescinded,
    PushbackAmended,
    PushbackClaimedAddressed,
    PushbackEscalated,
    PushbackHolderReminded,
    PushbackOverruled,
    PushbackRaised,
    PushbackResponded,
    PushbackUpheld,
    PushbackVerificationRejected,
    RequiredChangeMade,
    UnderstandingConfirmed,
    UnderstandingDisputed,
)
from domain.events.endings import OUTCOMES, Debt, Outcome
from domain.events.item import Track
from domain.events.override import Understanding
from domain.events.pushback import Reason, ReasonCategory, Stance
from domain.ids import ItemId, PersonId, PushbackId, QuestionId, RevisionId, RoundId, TeamId
from projections.declare import INTERNAL, Points, Row, many, one, said


class PushbackState(Choice):
    """Where a pushback stands, and whose turn that makes it."""

    HELD = "HELD", "It stops the item for now: the turn of who raised it, to say what the concern is."
    OPEN = "OPEN", "The turn of the item's side, first of its author."
    RESPONDED = "RESPONDED", "It was answered: the turn of who raised it."
    AWAITING_VERIFICATION = "AWAITING_VERIFICATION", "The item was changed for it: the turn of who raised it."
    OVERRIDE_PENDING = (
        "OVERRIDE_PENDING",
        "An override is proposed: the turn of who raised it until they reply, then of who goes ahead.",
    )
    ESCALATED = "ESCALATED", "The turn of people who are no party to it."
    CLOSED = "CLOSED", "It ended with an outcome."


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
    reason_code: str | None = None
    state: PushbackState
    outcome: Outcome | None = None
    raiser_id: PersonId
    raiser_role: str
    holder_id: PersonId
    joined_ids: tuple[PersonId, ...] = ()
    author_id: PersonId | None
    author_role: str
    turn_id: PersonId | None
    due_at: datetime | None = None
    due: str | None = None
    overrider_id: PersonId | None = None
    seconder_id: PersonId | None = None
    overriding_ids: Annotated[tuple[str, ...], INTERNAL] = ()
    understanding: Understanding | None = None
    owed: Debt | None = None
    arbiter_ids: tuple[PersonId, ...] = ()
    barred_ids: Annotated[tuple[PersonId, ...], INTERNAL] = ()
    revision_id: RevisionId
    question_id: QuestionId | None = None
    recurrence_of_id: PushbackId | None = None
    round_id: RoundId | None = None
    outdated_sections: tuple[str, ...] = ()
    raised_at: datetime
    closed_at: datetime | None = None
    turn_since: datetime | None = None
    item_side_seconds: float = 0.0
    raiser_side_seconds: float = 0.0
    arbiter_seconds: float = 0.0
    response_count: int = 0
    rejection_count: int = 0
    dissent_count: int = 0
    conversation_count: int = 0
    raised: Annotated[int, Points(PushbackRaised)]
    substantiated: Annotated[int, Points(HoldSubstantiated)] | None = None
    worded: Annotated[int, Points(PushbackRaised, PushbackAmended, HoldSubstantiated)]
    lifting: Annotated[int, Points(PushbackRaised, PushbackAmended, HoldSubstantiated)]
    pointing: Annotated[int, Points(PushbackRaised, HoldSubstantiated), INTERNAL]
    response: Annotated[int, Points(PushbackResponded, PushbackClaimedAddressed)] | None = None
    rejection: Annotated[int, Points(PushbackVerificationRejected)] | None = None
    conversed: Annotated[int, Points(ConversationNoted)] | None = None
    reminded: Annotated[int, Points(PushbackHolderReminded)] | None = None
    override: Annotated[int, Points(OverrideProposed)] | None = None
    understood: Annotated[int, Points(UnderstandingConfirmed, UnderstandingDisputed)] | None = None
    rescinded: Annotated[int, Points(OverrideRescinded)] | None = None
    ratified: Annotated[int, Points(OverrideRatified)] | None = None
    escalated: Annotated[int, Points(PushbackEscalated)] | None = None
    ruled: Annotated[int, Points(PushbackUpheld, PushbackOverruled)] | None = None
    change_made: Annotated[int, Points(RequiredChangeMade)] | None = None
    dissented: Annotated[int, Points(DissentRecorded)] | None = None
    closed: Annotated[int, Points(*OUTCOMES)] | None = None

    item = one("Item", "item_id", doc="What it is about.")
    team = one("Team", "team_id", doc="Whose item it is about.")
    raiser = one("Person", "raiser_id", doc="Who pushed back.")
    holder = one("Person", "holder_id", doc="Whose it is: the raiser, or who took it over.")
    joiners = many(
        "Person",
        "",
        order="id",
        where="{row}.id = ANY({owner}.joined_ids)",
        doc="Whose concern it is too, by id: `joinedIds` has them as they joined.",
    )
    author = one("Person", "author_id", doc="Who drafted the item; null when nobody knows.")
    turn = one("Person", "turn_id", doc="Who has to move, or to see to what is owed; null when nobody.")
    overrider = one("Person", "overrider_id", doc="Who went or goes ahead over it; null when nobody did.")
    waits_for = one(
        "Turn",
        "id",
        doc="Whose turn it is, since when, by which rule; null when nobody's.",
        prefix="trn_",
    )
    revision = one("Revision", "revision_id", doc="The revision it was raised on.")
    question = one("Question", "question_id", doc="The question it was made of, if it began as one.")
    round = one(
        "EstimationRound", "round_id", doc="The round in which the raiser could not estimate, if it came of one."
    )
    recurrence_of = one("Pushback", "recurrence_of_id", doc="The earlier pushback that it brings back.")
    recurrences = many("Pushback", "recurrence_of_id", order="number", doc="Those that brought it back, oldest first.")
    revisions_since = many(
        "Revision",
        "",
        where="{row}.item_id = {owner}.item_id AND {row}.content > {owner}.closed",
        order="number",
        doc="What the item said after it ended, oldest first; none while it is open.",
    )
    sign_offs_ended_since = many(
        "SignOff",
        "",
        where="{row}.item_id = {owner}.item_id AND {row}.ended > {owner}.closed",
        order="number",
        by=("label", "state"),
        doc="The sign-offs of the item that ended after it did, oldest first; none while it is open.",
    )
    statement = said("worded", "statement", doc="The concern in the raiser's words, as they put it last.")
    lifts_when = said(
        "lifting", "lifts_when", doc="What would lift it; a block says so, a hold does not: time lifts it."
    )
    anchors = said("pointing", "anchors", doc="What it points at: sections like why, single criteria like criteria/2.")
    quoted_digests = said("pointing", "quoted_digests", doc="The digests of the sections it points into, as they were.")
    response_kind = said("response", "kind", doc="What sort the last answer was; null for a claimed revision.")
    seconder = one("Person", "seconder_id", doc="Who seconded an emergency override; null when nobody did.")
    rationale = said("override", "rationale", doc="Why who overrides goes ahead all the same.")
    concern_restated = said("override", "concern_restated", doc="The concern in the words of who overrides.")
    not_addressed = said("override", "not_addressed", doc="What of the concern the override leaves unaddressed.")
    unmet = said("override", "unmet", doc="The rules that the override does not meet, where they only advise.")
    escalated_why = said("escalated", "why", doc="Why it was escalated.")
    ruling_rationale = said("ruled", "rationale", doc="Why the arbiter ruled as they did.")
    required_change = said("ruled", "required_change", doc="What has to change; null where it is what would lift it.")
    conversation = said("conversed", "summary", doc="What was said in the last conversation noted on it.")
    dissent = said("dissented", "text", doc="The last dissent put on record; its events are of kind DissentRecorded.")
    events = many("Event", "pushback_id", order="position", by=("kind",), doc="Its story from first to last.")
