"""A pushback: a concern about one revision of an item, from being raised to its outcome."""

from enum import StrEnum

from domain.entry import Event, Prose


class Stance(StrEnum):
    """Whether a pushback stops the item (BLOCKING) or only speaks (ADVISORY)."""

    ADVISORY = "ADVISORY"
    BLOCKING = "BLOCKING"


class Reason(StrEnum):
    """Why somebody pushes back; the categories are DOMAIN's, led by INVEST. UNSORTED may be sorted later."""

    UNSORTED = "UNSORTED"
    DEPENDENCY_UNRESOLVED = "DEPENDENCY_UNRESOLVED"
    OWNER_UNKNOWN = "OWNER_UNKNOWN"
    PRESCRIBES_SOLUTION = "PRESCRIBES_SOLUTION"
    NO_VALUE_STATED = "NO_VALUE_STATED"
    WRONG_PRIORITY = "WRONG_PRIORITY"
    WHY_MISSING = "WHY_MISSING"
    UNCLEAR_SCOPE = "UNCLEAR_SCOPE"
    UNKNOWN_SOLUTION = "UNKNOWN_SOLUTION"
    MISSING_INFORMATION = "MISSING_INFORMATION"
    TOO_LARGE = "TOO_LARGE"
    NO_ACCEPTANCE_CRITERIA = "NO_ACCEPTANCE_CRITERIA"
    AMBIGUOUS_CRITERIA = "AMBIGUOUS_CRITERIA"
    CONFLICTS_ARCHITECTURE = "CONFLICTS_ARCHITECTURE"
    NOT_FEASIBLE = "NOT_FEASIBLE"
    DEBT_INCREASE = "DEBT_INCREASE"
    DEPLOYMENT_UNACCOUNTED = "DEPLOYMENT_UNACCOUNTED"
    INTEGRATION_COHESION = "INTEGRATION_COHESION"
    SOURCE_SYSTEM = "SOURCE_SYSTEM"
    RETENTION = "RETENTION"
    COMPLIANCE = "COMPLIANCE"
    UX_INCONSISTENT = "UX_INCONSISTENT"
    TIMING_TOO_EARLY = "TIMING_TOO_EARLY"
    TIMING_TOO_LATE = "TIMING_TOO_LATE"
    ALLOCATION_EXCEEDED = "ALLOCATION_EXCEEDED"
    NOT_OUR_TEAM = "NOT_OUR_TEAM"
    DONE_NOT_MET = "DONE_NOT_MET"
    NOT_AS_AGREED = "NOT_AS_AGREED"
    OTHER = "OTHER"


class PushbackRaised(Event, frozen=True, kw_only=True):
    """Somebody pushed back on an item in its current state."""

    pushback: int
    revision: int
    digest: str
    stance: Stance
    reason: Reason
    statement: Prose = None
    lifts_when: Prose = None


class PushbackReasonSorted(Event, frozen=True, kw_only=True):
    """A pushback got its reason after it was raised."""

    pushback: int
    reason: Reason


class PushbackResponded(Event, frozen=True, kw_only=True):
    """The item's side answered a pushback; the turn is the raiser's."""

    pushback: int
    text: Prose = None


class PushbackClaimedAddressed(Event, frozen=True, kw_only=True):
    """The item's side says that a revision addresses a pushback; the raiser has not verified it yet."""

    pushback: int
    revision: int
    text: Prose = None


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
