"""A backlog item, its revisions, its place and its size."""

from enum import StrEnum

from domain.entry import Event, Prose, ProseLines
from domain.ids import ItemId, TeamId


class Track(StrEnum):
    """Which backlog an item belongs to."""

    FUNCTIONAL = "FUNCTIONAL"
    TECHNICAL = "TECHNICAL"


class ItemKind(StrEnum):
    """What sort of work an item is."""

    STORY = "STORY"
    BUG = "BUG"
    SPIKE = "SPIKE"
    ENABLER = "ENABLER"


class ChangeKind(StrEnum):
    """What a revision does to the sign-offs given before it: EDITORIAL carries them, SUBSTANTIVE voids them."""

    EDITORIAL = "EDITORIAL"
    SUBSTANTIVE = "SUBSTANTIVE"


class ItemDrafted(Event, frozen=True, kw_only=True):
    """An item was put on a team's backlog, in its first revision."""

    team_id: TeamId
    track: Track
    kind: ItemKind
    rank: str
    section_digests: dict[str, str]
    digest: str
    salt: Prose = None
    title: Prose = None
    narrative: Prose = None
    why: Prose = None
    value: Prose = None
    criteria: ProseLines = None
    constraints: Prose = None
    deployment: Prose = None


class ItemRevised(Event, frozen=True, kw_only=True):
    """An item got a new revision; the event holds the whole text of it."""

    revision: int
    change_kind: ChangeKind
    changed_sections: tuple[str, ...]
    section_digests: dict[str, str]
    digest: str
    salt: Prose = None
    title: Prose = None
    narrative: Prose = None
    why: Prose = None
    value: Prose = None
    criteria: ProseLines = None
    constraints: Prose = None
    deployment: Prose = None


class Edge(StrEnum):
    """An end of a backlog."""

    TOP = "TOP"
    END = "END"


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
    """The team said how large the item is, in story points, as of one revision."""

    estimate: int
    revision: int
    digest: str
    points: float


class EstimateStaled(Event, frozen=True, kw_only=True):
    """An estimate no longer speaks of what the item says: a substantive revision came after it."""

    estimate: int
    by_revision: int
