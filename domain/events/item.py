"""A backlog item, its revisions, its place and its size."""

from datetime import datetime
from typing import Any, ClassVar

from domain.entry import Choice, Event, Prose, ProseLines
from domain.ids import ItemId, TeamId


class Track(Choice):
    """Which backlog an item belongs to."""

    FUNCTIONAL = "FUNCTIONAL", "What users ask for; a Product Owner's."
    TECHNICAL = "TECHNICAL", "What the system needs; a Technical Product Owner's, or a Product Owner's."


class ItemKind(Choice):
    """What sort of work an item is."""

    STORY = "STORY", "Something of value to a user."
    BUG = "BUG", "Something that does not work as it should."
    SPIKE = "SPIKE", "Research that answers a question."
    ENABLER = "ENABLER", "Technical work that later items build on."


class ChangeKind(Choice):
    """What a revision does to the sign-offs given before it."""

    EDITORIAL = "EDITORIAL", "The wording only: sign-offs are carried to the new revision."
    SUBSTANTIVE = "SUBSTANTIVE", "What is meant: sign-offs given before it are voided."


class CriterionKind(Choice):
    """What an acceptance criterion is about."""

    UNSORTED = "UNSORTED", "Nobody said what it is about."
    BEHAVIOUR = "BEHAVIOUR", "What it does when it is used."
    BUSINESS_RULE = "BUSINESS_RULE", "What is allowed, owed or computed, however it is built."
    RETENTION = "RETENTION", "How long data is kept."
    FILTER = "FILTER", "What is let through or left out."
    API_CONTRACT = "API_CONTRACT", "What other systems may rely on."
    QUALITY = "QUALITY", "How well it does it: speed, safety, ease."
    DEPLOYMENT = "DEPLOYMENT", "How it gets to where it runs."


class ItemDrafted(Event, frozen=True, kw_only=True):
    """An item was put on a team's backlog, in its first revision."""

    class_version: ClassVar[int] = 2

    team_id: TeamId
    track: Track
    kind: ItemKind
    rank: str
    section_digests: dict[str, str]
    digest: str
    criteria_kinds: tuple[CriterionKind, ...] = ()
    salt: Prose = None
    title: Prose = None
    narrative: Prose = None
    why: Prose = None
    value: Prose = None
    criteria: ProseLines = None
    constraints: Prose = None
    deployment: Prose = None

    @staticmethod
    def upcast_v1_v2(state: dict[str, Any]) -> None:
        """At first criteria were of no kind."""
        state.update(criteria_kinds=())


class ItemRevised(Event, frozen=True, kw_only=True):
    """An item got a new revision; the event holds the whole text of it."""

    class_version: ClassVar[int] = 2

    revision: int
    change_kind: ChangeKind
    changed_sections: tuple[str, ...]
    section_digests: dict[str, str]
    digest: str
    criteria_kinds: tuple[CriterionKind, ...] = ()
    challengeable_until: datetime | None = None
    salt: Prose = None
    title: Prose = None
    narrative: Prose = None
    why: Prose = None
    value: Prose = None
    criteria: ProseLines = None
    constraints: Prose = None
    deployment: Prose = None

    @staticmethod
    def upcast_v1_v2(state: dict[str, Any]) -> None:
        """At first criteria were of no kind, and nobody could challenge an editorial claim."""
        state.update(criteria_kinds=(), challengeable_until=None)


class EditorialClaimChallenged(Event, frozen=True, kw_only=True):
    """Somebody concerned said that a revision that claims to change the wording changes more."""

    revision: int
    why: Prose = None


class ItemChangeReclassified(Event, frozen=True, kw_only=True):
    """A revision counts as another kind of change from then on: as a graver one, never as a lesser one."""

    revision: int
    before: ChangeKind
    after: ChangeKind
    changed_sections: tuple[str, ...]
    rule: str


class Edge(Choice):
    """An end of a backlog."""

    TOP = "TOP", "Above all others: what is taken first."
    END = "END", "Below all others: what is taken last."


class ItemRanked(Event, frozen=True, kw_only=True):
    """An item was moved in its team's backlog: between the two items named, or to an edge."""

    rank: str
    above: ItemId | None = None
    below: ItemId | None = None
    edge: Edge | None = None
    why: Prose = None


class ItemWithdrawn(Event, frozen=True, kw_only=True):
    """An item was taken off the backlog for good; its history stays."""

    why: Prose = None


class EstimateRecorded(Event, frozen=True, kw_only=True):
    """The team said how large the item is, in story points, as of one revision; in a round, or simply so."""

    class_version: ClassVar[int] = 2

    estimate: int
    revision: int
    digest: str
    points: float
    round: int | None = None

    @staticmethod
    def upcast_v1_v2(state: dict[str, Any]) -> None:
        """At first there were no rounds."""
        state.update(round=None)


class EstimateStaled(Event, frozen=True, kw_only=True):
    """An estimate no longer speaks of what the item says: a substantive revision came after it."""

    estimate: int
    by_revision: int
