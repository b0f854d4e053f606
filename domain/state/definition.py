"""The definitions a workspace or team adopted, as rules read them, and which one holds for an item."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final

import msgspec

from domain.entry import Entry
from domain.events import DefinitionAdopted
from domain.events.definition import DefinitionUse
from domain.events.item import ItemKind, Track
from domain.ids import DefinitionId, thing_key


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A criterion as rules read it: its id, the section it is about if it is about one, whether it needs evidence."""

    id: str
    section: str | None = None
    evidence_required: bool = False


class Definition(msgspec.Struct, frozen=True, kw_only=True):
    """One version of a definition."""

    id: DefinitionId
    ordinal: int
    number: int
    criteria: tuple[Asked, ...]


Place = tuple[DefinitionUse, Track | None, ItemKind | None]
Definitions = Mapping[Place, Definition]
NO_DEFINITIONS: Final[Definitions] = MappingProxyType({})


def evolve(definitions: Definitions, entry: Entry[Any], owner: str) -> Definitions:
    """What a workspace or team adopted after an entry; total."""
    match entry.event:
        case DefinitionAdopted() as event:
            adopted = Definition(
                id=DefinitionId(thing_key("dfn", owner, event.definition)),
                ordinal=event.definition,
                number=event.number,
                criteria=tuple(_criteria(event)),
            )
            return {**definitions, (event.use, event.track, event.kind): adopted}
        case _:
            return definitions


def _criteria(event: DefinitionAdopted) -> Iterable[Asked]:
    rows = zip(event.criteria, event.sections, event.evidence_required, strict=False)
    return (Asked(id=key, section=section or None, evidence_required=needs) for key, section, needs in rows)


def holding(places: Iterable[Definitions], use: DefinitionUse, track: Track, kind: ItemKind) -> Definition | None:
    """The definition that holds for an item: the team's before the workspace's, the narrowest first.

    One without criteria asks for nothing, also where a wider one would.
    """
    for definitions in places:
        for place in ((use, track, kind), (use, track, None), (use, None, kind), (use, None, None)):
            if place in definitions:
                return definitions[place] if definitions[place].criteria else None
    return None
