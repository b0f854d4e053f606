"""What is decided as policy: each version of how a workspace or a team keeps its rules, and each added reason."""

from collections.abc import Iterable
from typing import Annotated, Any

from msgspec.structs import replace

from domain.entry import Entry
from domain.events import PolicyAdopted, ReasonAdded, ReasonRetired
from domain.events.item import Track
from domain.events.pushback import ReasonCategory
from domain.ids import PolicyVersionId, ReasonCodeId, TeamId, stream_key, thing_key
from domain.policy import Rule
from projections.declare import Points, Projection, Row, one, said


class PolicyVersion(Row, frozen=True, kw_only=True):
    """What a workspace (team null) or a team decided about its rules, on one track or on both (track null)."""

    id: PolicyVersionId
    team_id: TeamId | None
    track: Track | None
    number: int
    replaces_id: PolicyVersionId | None
    off: tuple[Rule, ...]
    advised: tuple[Rule, ...]
    required: tuple[Rule, ...]
    locked: tuple[Rule, ...]
    settings: tuple[str, ...]
    locked_settings: tuple[str, ...]
    adopted: Annotated[int, Points(PolicyAdopted)]

    team = one("Team", "team_id", doc="Whose it is; null for the whole workspace.")
    replaces = one("PolicyVersion", "replaces_id", doc="The version whose place it took; null for the first.")
    why = said("adopted", "why", doc="Why it was adopted.")


class ReasonCode(Row, frozen=True, kw_only=True):
    """A reason for pushing back that the workspace added to those that everybody has; one that is retired stays."""

    id: ReasonCodeId
    number: int
    code: str
    category: ReasonCategory
    is_retired: bool = False
    added: Annotated[int, Points(ReasonAdded)]
    retired: Annotated[int, Points(ReasonRetired)] | None = None

    description = said("added", "description", doc="What it means.")
    why = said("added", "why", doc="Why it was added.")
    retired_why = said("retired", "why", doc="Why it was retired; null while it is in use.")


def _owner(entry: Entry[Any]) -> str:
    return stream_key("wsp" if entry.stream_id == entry.workspace_id else "tem", entry.stream_id)


def _keys(entry: Entry[PolicyAdopted]) -> Iterable[str]:
    return (thing_key("pol", _owner(entry), entry.event.policy),)


def _evolve(_row: PolicyVersion | None, entry: Entry[PolicyAdopted], _item: object) -> PolicyVersion:
    event, owner = entry.event, _owner(entry)
    return PolicyVersion(
        id=PolicyVersionId(thing_key("pol", owner, event.policy)),
        team_id=TeamId(owner) if owner.startswith("tem") else None,
        track=event.track,
        number=event.number,
        replaces_id=None if event.replaces is None else PolicyVersionId(thing_key("pol", owner, event.replaces)),
        off=event.off,
        advised=event.advised,
        required=event.required,
        locked=event.locked,
        settings=event.settings,
        locked_settings=event.locked_settings,
        adopted=entry.position,
    )


PROJECTION = Projection(PolicyVersion, frozenset({PolicyAdopted}), _keys, _evolve)


def _reason_keys(entry: Entry[Any]) -> Iterable[str]:
    return (thing_key("rsn", _owner(entry), entry.event.added_reason),)


def _evolve_reason(row: ReasonCode | None, entry: Entry[Any], _item: object) -> ReasonCode | None:
    match entry.event:
        case ReasonAdded() as event:
            return ReasonCode(
                id=ReasonCodeId(thing_key("rsn", _owner(entry), event.added_reason)),
                number=event.added_reason,
                code=event.code,
                category=event.category,
                added=entry.position,
            )
        case ReasonRetired() if row and not row.is_retired:
            return replace(row, is_retired=True, retired=entry.position)
        case _:
            return row


REASONS = Projection(ReasonCode, frozenset({ReasonAdded, ReasonRetired}), _reason_keys, _evolve_reason)
