"""A pushback: a concern about one revision of an item, from being raised to its outcome."""

from datetime import datetime
from typing import Any, ClassVar, Final

import msgspec

from domain.entry import Choice, Event, Prose
from domain.ids import PersonId


class Stance(Choice):
    """Whether a pushback stops the item."""

    ADVISORY = "ADVISORY", "It speaks and stops nothing."
    BLOCKING = "BLOCKING", "It stops the item until it has ended."


class Reason(Choice):
    """Why somebody pushes back; each has its ReasonCategory."""

    UNSORTED = "UNSORTED", "Nobody said yet; it may be sorted later."
    DEPENDENCY_UNRESOLVED = "DEPENDENCY_UNRESOLVED", "It needs something of others that is not settled."
    OWNER_UNKNOWN = "OWNER_UNKNOWN", "Nobody knows who owns what it depends on."
    PRESCRIBES_SOLUTION = "PRESCRIBES_SOLUTION", "It says how, where that is for those who build it."
    NO_VALUE_STATED = "NO_VALUE_STATED", "It does not say what it is worth."
    WRONG_PRIORITY = "WRONG_PRIORITY", "Something else should come before it, or after it."
    WHY_MISSING = "WHY_MISSING", "It does not say why."
    UNCLEAR_SCOPE = "UNCLEAR_SCOPE", "Where it begins and ends is not clear."
    UNKNOWN_SOLUTION = "UNKNOWN_SOLUTION", "Nobody knows yet how to do it; a spike would tell."
    MISSING_INFORMATION = "MISSING_INFORMATION", "Something has to be known first."
    TOO_LARGE = "TOO_LARGE", "It is too large for one item."
    NO_ACCEPTANCE_CRITERIA = "NO_ACCEPTANCE_CRITERIA", "It does not say when it is done."
    AMBIGUOUS_CRITERIA = "AMBIGUOUS_CRITERIA", "Its criteria can be read in more than one way."
    CONFLICTS_ARCHITECTURE = "CONFLICTS_ARCHITECTURE", "It does not fit the architecture."
    NOT_FEASIBLE = "NOT_FEASIBLE", "It cannot be done so."
    DEBT_INCREASE = "DEBT_INCREASE", "It makes later work dearer: technical debt."
    DEPLOYMENT_UNACCOUNTED = "DEPLOYMENT_UNACCOUNTED", "What it takes to deploy it is left out."
    INTEGRATION_COHESION = "INTEGRATION_COHESION", "It does not hold together with what it has to work with."
    SOURCE_SYSTEM = "SOURCE_SYSTEM", "A system that delivers its data cannot, or not so."
    RETENTION = "RETENTION", "How long its data is kept is not right or not said."
    COMPLIANCE = "COMPLIANCE", "A law or a rule that binds us forbids it, or asks for more."
    UX_INCONSISTENT = "UX_INCONSISTENT", "It does not fit what users see elsewhere."
    TIMING_TOO_EARLY = "TIMING_TOO_EARLY", "It comes before it is needed, or before it can be done."
    TIMING_TOO_LATE = "TIMING_TOO_LATE", "It comes when it is no longer of use."
    ALLOCATION_EXCEEDED = "ALLOCATION_EXCEEDED", "More would go to its track than was agreed."
    NOT_OUR_TEAM = "NOT_OUR_TEAM", "Another team should do it."
    DONE_NOT_MET = "DONE_NOT_MET", "What was made does not meet what done means."
    NOT_AS_AGREED = "NOT_AS_AGREED", "What was made is not what was agreed."
    OTHER = "OTHER", "Something else, which the statement says."


class ReasonCategory(Choice):
    """What kind of reason it is: the six letters of INVEST that a story falls short of, then what goes beyond one."""

    UNSORTED = "UNSORTED", "No reason was given yet."
    INDEPENDENT = "INDEPENDENT", "It depends on others."
    NEGOTIABLE = "NEGOTIABLE", "It leaves nothing to talk about."
    VALUABLE = "VALUABLE", "What it is worth is not shown."
    ESTIMABLE = "ESTIMABLE", "It cannot be estimated."
    SMALL = "SMALL", "It is too large for one item."
    TESTABLE = "TESTABLE", "It cannot be tested whether it is done."
    ARCHITECTURE = "ARCHITECTURE", "How the system is built."
    DATA = "DATA", "Where data comes from, how long it stays, what the law says of it."
    EXPERIENCE = "EXPERIENCE", "What users meet, and whether it fits the rest."
    PLANNING = "PLANNING", "When it is done, how much of it, and by whom."
    ACCEPTANCE = "ACCEPTANCE", "What was made of it: not done, or not as agreed."
    OTHER = "OTHER", "What fits none of these."


CATEGORY_OF: Final[dict[Reason, ReasonCategory]] = {
    reason: category
    for category, reasons in {
        ReasonCategory.UNSORTED: (Reason.UNSORTED,),
        ReasonCategory.INDEPENDENT: (Reason.DEPENDENCY_UNRESOLVED, Reason.OWNER_UNKNOWN),
        ReasonCategory.NEGOTIABLE: (Reason.PRESCRIBES_SOLUTION,),
        ReasonCategory.VALUABLE: (Reason.NO_VALUE_STATED, Reason.WRONG_PRIORITY, Reason.WHY_MISSING),
        ReasonCategory.ESTIMABLE: (Reason.UNCLEAR_SCOPE, Reason.UNKNOWN_SOLUTION, Reason.MISSING_INFORMATION),
        ReasonCategory.SMALL: (Reason.TOO_LARGE,),
        ReasonCategory.TESTABLE: (Reason.NO_ACCEPTANCE_CRITERIA, Reason.AMBIGUOUS_CRITERIA),
        ReasonCategory.ARCHITECTURE: (
            Reason.CONFLICTS_ARCHITECTURE,
            Reason.NOT_FEASIBLE,
            Reason.DEBT_INCREASE,
            Reason.DEPLOYMENT_UNACCOUNTED,
            Reason.INTEGRATION_COHESION,
        ),
        ReasonCategory.DATA: (Reason.SOURCE_SYSTEM, Reason.RETENTION, Reason.COMPLIANCE),
        ReasonCategory.EXPERIENCE: (Reason.UX_INCONSISTENT,),
        ReasonCategory.PLANNING: (
            Reason.TIMING_TOO_EARLY,
            Reason.TIMING_TOO_LATE,
            Reason.ALLOCATION_EXCEEDED,
            Reason.NOT_OUR_TEAM,
        ),
        ReasonCategory.ACCEPTANCE: (Reason.DONE_NOT_MET, Reason.NOT_AS_AGREED),
        ReasonCategory.OTHER: (Reason.OTHER,),
    }.items()
    for reason in reasons
}
"""The category of each reason: categories are fixed, reasons are added."""


class ResponseKind(Choice):
    """What an answer does."""

    ANSWER = "ANSWER", "It answers the concern: the raiser settles, or says why not yet."
    COUNTER_PROPOSAL = "COUNTER_PROPOSAL", "It proposes something else instead."
    REQUEST_INFO = "REQUEST_INFO", "It asks the raiser for information."


class PushbackRaised(Event, frozen=True, kw_only=True):
    """Somebody pushed back on an item in its current state."""

    class_version: ClassVar[int] = 5

    pushback: int
    revision: int
    digest: str
    stance: Stance
    reason: Reason
    anchors: tuple[str, ...] = ()
    quoted_digests: dict[str, str] = msgspec.field(default_factory=dict)
    recurrence_of: int | None = None
    round: int | None = None
    raised_for: PersonId | None = None
    reason_code: str | None = None
    reason_category: ReasonCategory | None = None
    due_at: datetime | None = None
    statement: Prose = None
    lifts_when: Prose = None

    @staticmethod
    def upcast_v1_v2(state: dict[str, Any]) -> None:
        """At first it spoke of the whole item, and of itself alone."""
        state.update(anchors=(), quoted_digests={}, recurrence_of=None)

    @staticmethod
    def upcast_v2_v3(state: dict[str, Any]) -> None:
        """Until then everybody raised their own, and none came of a round."""
        state.update(round=None, raised_for=None)

    @staticmethod
    def upcast_v3_v4(state: dict[str, Any]) -> None:
        """Until then everybody had the same reasons."""
        state.update(reason_code=None, reason_category=None)

    @staticmethod
    def upcast_v4_v5(state: dict[str, Any]) -> None:
        """Until then nobody held an item."""
        state.update(due_at=None)


class HoldSubstantiated(Event, frozen=True, kw_only=True):
    """Who held an item said in time what the concern is, about the item as it is then; it is open from then on."""

    pushback: int
    revision: int
    digest: str
    stance: Stance
    reason: Reason
    reason_code: str | None = None
    reason_category: ReasonCategory | None = None
    anchors: tuple[str, ...] = ()
    quoted_digests: dict[str, str] = msgspec.field(default_factory=dict)
    statement: Prose = None
    lifts_when: Prose = None


class HoldExpired(Event, frozen=True, kw_only=True):
    """The time of a hold was over before its raiser said what the concern is: a terminal outcome, and no withdrawal."""

    pushback: int


class PushbackReasonSorted(Event, frozen=True, kw_only=True):
    """A pushback got its reason after it was raised."""

    class_version: ClassVar[int] = 3

    pushback: int
    reason: Reason
    reason_code: str | None = None
    reason_category: ReasonCategory | None = None
    due_at: datetime | None = None

    @staticmethod
    def upcast_v1_v2(state: dict[str, Any]) -> None:
        """At first everybody had the same reasons."""
        state.update(reason_code=None, reason_category=None)

    @staticmethod
    def upcast_v2_v3(state: dict[str, Any]) -> None:
        """It gave no more time to settle an answer."""
        state.update(due_at=None)


class PushbackAmended(Event, frozen=True, kw_only=True):
    """The raiser said it in other words, or what would lift it; what was said before stays in the history."""

    class_version: ClassVar[int] = 2

    pushback: int
    amended: tuple[str, ...]
    due_at: datetime | None = None
    statement: Prose = None
    lifts_when: Prose = None
    why: Prose = None

    @staticmethod
    def upcast_v1_v2(state: dict[str, Any]) -> None:
        """It gave no more time to settle an answer."""
        state.update(due_at=None)


class PushbackStanceChanged(Event, frozen=True, kw_only=True):
    """The raiser made a pushback a block, or a block only a concern."""

    class_version: ClassVar[int] = 2

    pushback: int
    stance: Stance
    due_at: datetime | None = None
    why: Prose = None

    @staticmethod
    def upcast_v1_v2(state: dict[str, Any]) -> None:
        """It gave no more time to settle an answer."""
        state.update(due_at=None)


class PushbackReassigned(Event, frozen=True, kw_only=True):
    """A pushback was handed to another person, who settles or withdraws it from then on."""

    class_version: ClassVar[int] = 2

    pushback: int
    person_id: PersonId
    due_at: datetime | None = None
    why: Prose = None

    @staticmethod
    def upcast_v1_v2(state: dict[str, Any]) -> None:
        """At first nobody was reminded."""
        state.update(due_at=None)


class PushbackJoined(Event, frozen=True, kw_only=True):
    """Somebody said that a pushback is their concern too; it stays whose it is, and becomes theirs if that one goes."""

    pushback: int
    why: Prose = None


class PushbackLeft(Event, frozen=True, kw_only=True):
    """Somebody who had joined a pushback said that it is their concern no more."""

    pushback: int


class ConversationNoted(Event, frozen=True, kw_only=True):
    """Somebody noted on a pushback what was said about it elsewhere, and with whom; it is no answer and no outcome."""

    pushback: int
    conversation: int
    participants: tuple[PersonId, ...]
    held_at: datetime | None = None
    due_at: datetime | None = None
    summary: Prose = None


class ConversationConfirmed(Event, frozen=True, kw_only=True):
    """Somebody who took part in a conversation says that it was as noted."""

    pushback: int
    conversation: int
    due_at: datetime | None = None


class ConversationDisputed(Event, frozen=True, kw_only=True):
    """Somebody named in a conversation says what the note gets wrong; the note stays as it is."""

    pushback: int
    conversation: int
    due_at: datetime | None = None
    text: Prose = None


class PushbackAnchorOutdated(Event, frozen=True, kw_only=True):
    """A revision changed a section that an open pushback points at; the pushback stays, and so does the turn."""

    pushback: int
    revision: int
    section: str


class PushbackResponded(Event, frozen=True, kw_only=True):
    """The item's side answered a pushback; the turn is the raiser's."""

    class_version: ClassVar[int] = 3

    pushback: int
    kind: ResponseKind = ResponseKind.ANSWER
    due_at: datetime | None = None
    text: Prose = None

    @staticmethod
    def upcast_v1_v2(state: dict[str, Any]) -> None:
        """At first every response was an answer."""
        state.update(kind=ResponseKind.ANSWER)

    @staticmethod
    def upcast_v2_v3(state: dict[str, Any]) -> None:
        """Nobody was reminded."""
        state.update(due_at=None)


class PushbackClaimedAddressed(Event, frozen=True, kw_only=True):
    """The item's side says that a revision addresses a pushback; the raiser has not verified it yet."""

    class_version: ClassVar[int] = 2

    pushback: int
    revision: int
    due_at: datetime | None = None
    text: Prose = None

    @staticmethod
    def upcast_v1_v2(state: dict[str, Any]) -> None:
        """At first nobody was reminded."""
        state.update(due_at=None)


class PushbackHolderReminded(Event, frozen=True, kw_only=True):
    """Whose pushback it is said nothing to an answer in time; at `due_at` it lapses unless they do."""

    pushback: int
    silent_since: datetime
    due_at: datetime


class PushbackVerificationRejected(Event, frozen=True, kw_only=True):
    """The raiser says that an answer or a revision does not settle the pushback yet."""

    pushback: int
    why: Prose = None


class PushbackAnswered(Event, frozen=True, kw_only=True):
    """The raiser accepted the answer: a terminal outcome."""

    pushback: int


class PushbackSettledByRevision(Event, frozen=True, kw_only=True):
    """The raiser verified that a revision addresses the pushback: a terminal outcome."""

    pushback: int
    revision: int


class PushbackConceded(Event, frozen=True, kw_only=True):
    """The item's side agreed with a pushback and said what follows: a terminal outcome."""

    pushback: int
    consequence: Prose = None


class PushbackWithdrawn(Event, frozen=True, kw_only=True):
    """The raiser took a pushback back: a terminal outcome."""

    pushback: int
    why: Prose = None


class PushbackLapsed(Event, frozen=True, kw_only=True):
    """Whose pushback it is said nothing to an answer, also when reminded: a terminal outcome, and no withdrawal."""

    pushback: int
    reminders: int
    silent_since: datetime


class PushbackMooted(Event, frozen=True, kw_only=True):
    """What a pushback was about is gone, so nobody has to settle it: a terminal outcome."""

    pushback: int


_TALK: Final = (ConversationNoted, ConversationConfirmed, ConversationDisputed)
HOLDERS_WORD: Final = (PushbackReassigned, PushbackAmended, PushbackStanceChanged, PushbackReasonSorted, *_TALK)
"""The events that give whose pushback it is more time to settle an answer, where they have a `due_at`."""
