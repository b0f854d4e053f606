"""Every estimate a team gave, and whether it still speaks of what the item says."""

from collections.abc import Iterable
from typing import Annotated, Any

from msgspec.structs import replace

from domain.entry import Entry
from domain.events import EstimateRecorded, EstimateStaled
from domain.ids import EstimateId, ItemId, PersonId, RevisionId, RoundId, stream_key, thing_key
from projections.declare import Points, Projection, Row, one


class Estimate(Row, frozen=True, kw_only=True):
    """A size in story points that the team gave to one revision."""

    id: EstimateId
    item_id: ItemId
    number: int
    points: float
    revision_id: RevisionId
    recorder_id: PersonId
    round_id: RoundId | None = None
    is_stale: bool = False
    recorded: Annotated[int, Points(EstimateRecorded)]
    staled: Annotated[int, Points(EstimateStaled)] | None = None

    item = one("Item", "item_id", doc="What was estimated.")
    revision = one("Revision", "revision_id", doc="The revision it speaks of.")
    round = one("EstimationRound", "round_id", doc="The round it came of; null for one that was simply recorded.")
    recorder = one("Person", "recorder_id", doc="Who recorded it for the team.")


def _keys(entry: Entry[Any]) -> Iterable[str]:
    return (thing_key("est", stream_key("itm", entry.stream_id), entry.event.estimate),)


def _evolve(row: Estimate | None, entry: Entry[Any], _item: object) -> Estimate | None:
    match entry.event:
        case EstimateRecorded() as event:
            item = ItemId(stream_key("itm", entry.stream_id))
            return Estimate(
                id=EstimateId(thing_key("est", item, event.estimate)),
                item_id=item,
                number=event.estimate,
                points=event.points,
                revision_id=RevisionId(thing_key("rev", item, event.revision)),
                recorder_id=PersonId(entry.act.actor),
                round_id=RoundId(thing_key("rnd", item, event.round)) if event.round else None,
                recorded=entry.position,
            )
        case EstimateStaled() if row:
            return replace(row, is_stale=True, staled=entry.position)
        case _:
            return row


PROJECTION = Projection(Estimate, frozenset({EstimateRecorded, EstimateStaled}), _keys, _evolve)
