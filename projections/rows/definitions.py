"""Each version of what ready and done mean, in a workspace or a team."""

from collections.abc import Iterable
from typing import Annotated, Any

from msgspec.structs import replace

from domain.entry import Choice, Entry
from domain.events import DefinitionAdopted, DefinitionReplaced
from domain.events.definition import DefinitionUse
from domain.events.item import ItemKind, Track
from domain.ids import DefinitionId, TeamId, stream_key, thing_key
from projections.declare import Points, Projection, Row, one, said


class DefinitionState(Choice):
    """Whether a version of a definition holds."""

    HOLDS = "HOLDS", "No newer version has taken its place."
    REPLACED = "REPLACED", "A newer version took its place."


class Definition(Row, frozen=True, kw_only=True):
    """What a workspace (team null) or a team means by ready or done, for a track and kind or (null) for all.

    The lists speak of the criteria one by one.
    """

    id: DefinitionId
    team_id: TeamId | None
    use: DefinitionUse
    track: Track | None
    kind: ItemKind | None
    number: int
    state: DefinitionState
    replaces_id: DefinitionId | None
    replaced_by_id: DefinitionId | None = None
    criteria: tuple[str, ...]
    sections: tuple[str, ...]
    adopted: Annotated[int, Points(DefinitionAdopted)]

    team = one("Team", "team_id", doc="Whose it is; null for the whole workspace.")
    replaces = one("Definition", "replaces_id", doc="The version whose place it took; null for the first.")
    replaced_by = one("Definition", "replaced_by_id", doc="The version that took its place; null while it holds.")
    evidence_required = said("adopted", "evidence_required", doc="Whether each needs evidence.")
    texts = said("adopted", "texts", doc="What each asks for, in words.")
    why = said("adopted", "why", doc="Why it was adopted.")


def _owner(entry: Entry[Any]) -> str:
    return stream_key("wsp" if entry.stream_id == entry.workspace_id else "tem", entry.stream_id)


def _keys(entry: Entry[Any]) -> Iterable[str]:
    return (thing_key("dfn", _owner(entry), entry.event.definition),)


def _evolve(row: Definition | None, entry: Entry[Any], _item: object) -> Definition | None:
    match entry.event:
        case DefinitionAdopted():
            return _adopted(entry, _owner(entry))
        case DefinitionReplaced(by_definition=newer) if row:
            key = DefinitionId(thing_key("dfn", _owner(entry), newer))
            return replace(row, state=DefinitionState.REPLACED, replaced_by_id=key)
        case _:
            return row


def _adopted(entry: Entry[DefinitionAdopted], owner: str) -> Definition:
    event = entry.event
    before = event.replaces_definition
    return Definition(
        id=DefinitionId(thing_key("dfn", owner, event.definition)),
        team_id=TeamId(owner) if owner.startswith("tem") else None,
        use=event.use,
        track=event.track,
        kind=event.kind,
        number=event.number,
        state=DefinitionState.HOLDS,
        replaces_id=None if before is None else DefinitionId(thing_key("dfn", owner, before)),
        criteria=event.criteria,
        sections=event.sections,
        adopted=entry.position,
    )


PROJECTION = Projection(Definition, frozenset({DefinitionAdopted, DefinitionReplaced}), _keys, _evolve)
