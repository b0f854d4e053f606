"""Each vote of an estimation round once it is revealed, and what its voter said about it then."""

from collections.abc import Iterable
from typing import Annotated, Any

from msgspec.structs import replace

from domain.entry import Entry
from domain.events import RationaleGiven, VoteRevealed
from domain.events.estimation import VoteKind
from domain.events.pushback import Reason
from domain.ids import ItemId, PersonId, RoundId, VoteId, stream_key, thing_key
from projections.declare import Points, Projection, Row, one, said


class Vote(Row, frozen=True, kw_only=True):
    """What somebody voted in a round. There is none before the reveal."""

    id: VoteId
    item_id: ItemId
    round_id: RoundId
    number: int
    voter_id: PersonId
    kind: VoteKind
    points: float | None
    reason: Reason | None
    revealed: Annotated[int, Points(VoteRevealed)]
    explained: Annotated[int, Points(RationaleGiven)] | None = None

    item = one("Item", "item_id", doc="What was estimated.")
    round = one("EstimationRound", "round_id", doc="The round it was given in.")
    voter = one("Person", "voter_id", doc="Who voted.")
    missing = said("revealed", "missing", doc="What kept them from estimating.")
    why = said("revealed", "why", doc="What they said with their vote.")
    rationale = said("explained", "text", doc="What they said of it after the reveal, last.")


def _keys(entry: Entry[Any]) -> Iterable[str]:
    return (thing_key("vot", stream_key("itm", entry.stream_id), entry.event.vote),)


def _evolve(row: Vote | None, entry: Entry[Any], _item: object) -> Vote | None:
    match entry.event:
        case VoteRevealed() as event:
            item = ItemId(stream_key("itm", entry.stream_id))
            return Vote(
                id=VoteId(thing_key("vot", item, event.vote)),
                item_id=item,
                round_id=RoundId(thing_key("rnd", item, event.round)),
                number=event.vote,
                voter_id=event.voter_id,
                kind=event.kind,
                points=event.points,
                reason=event.reason,
                revealed=entry.position,
            )
        case RationaleGiven() if row:
            return replace(row, explained=entry.position)
        case _:
            return row


PROJECTION = Projection(Vote, frozenset({VoteRevealed, RationaleGiven}), _keys, _evolve)
