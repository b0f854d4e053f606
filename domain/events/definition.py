"""Definitions of Ready and of Done."""

from domain.entry import Choice, Event, Prose, ProseLines
from domain.events.item import ItemKind, Track


class DefinitionUse(Choice):
    """What a definition is for."""

    READY = (
        "READY",
        "When an item is ready to be taken on: its criteria are confirmed, or ticked with a READY sign-off.",
    )
    DONE = "DONE", "When an item is done: its criteria are ticked with an ACCEPTANCE sign-off."


class DefinitionAdopted(Event, frozen=True, kw_only=True):
    """A workspace or a team decided what ready or done means, for a track and kind of item or for all.

    `definition` counts the adoptions in the stream, `number` those for the same use, track and kind. The lists speak of
    the criteria one by one; a section is empty where a criterion is about none.
    """

    definition: int
    number: int
    use: DefinitionUse
    track: Track | None = None
    kind: ItemKind | None = None
    replaces_definition: int | None = None
    criteria: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    evidence_required: tuple[bool, ...] = ()
    texts: ProseLines = None
    why: Prose = None


class DefinitionReplaced(Event, frozen=True, kw_only=True):
    """A newer version of a definition took the place of this one."""

    definition: int
    by_definition: int
