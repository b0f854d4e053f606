"""Each estimation round: who may vote, who has, never what before the reveal, and how it ended."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any

from msgspec.structs import replace

from domain.authority import HOLDERS, Power
from domain.entry import Choice, Entry, Event
from domain.events import (
    EstimationRoundOpened,
    RoundCancelled,
    RoundConcluded,
    RoundSuperseded,
    VoteCast,
    VotesRevealed,
)
from domain.events.estimation import RoundOutcome
from domain.ids import EstimateId, ItemId, PersonId, PushbackId, RevisionId, RoundId, TeamId, stream_key, thing_key
from projections.declare import Points, Projection, Row, many, one, said
from projections.rows.items import Item
from projections.turns import TurnRule, Whose


class RoundState(Choice):
    """Where a round stands, or how it ended."""

    OPEN = "OPEN", "Votes come in, hidden."
    REVEALED = "REVEALED", "The votes are open and talked about."
    AGREED = "AGREED", "It ended with an estimate."
    NOT_ESTIMABLE = "NOT_ESTIMABLE", "It ended because people cannot estimate this content."
    NO_CONSENSUS = "NO_CONSENSUS", "It ended without votes that agree."
    SUPERSEDED = "SUPERSEDED", "It ended because the item changed."
    CANCELLED = "CANCELLED", "It was called off."


class EstimationRound(Row, frozen=True, kw_only=True):
    """A team estimates one revision of an item together, each for themself until all votes are laid open."""

    id: RoundId
    item_id: ItemId
    team_id: TeamId
    number: int
    state: RoundState
    opener_id: PersonId
    turn_id: PersonId | None = None
    due_at: datetime | None = None
    due: str | None = None
    revision_id: RevisionId
    electorate_ids: tuple[PersonId, ...]
    voted_ids: tuple[PersonId, ...] = ()
    missing_ids: tuple[PersonId, ...]
    points: float | None = None
    estimate_id: EstimateId | None = None
    pushback_id: PushbackId | None = None
    opened_at: datetime
    closes_at: datetime | None = None
    revealed_at: datetime | None = None
    ended_at: datetime | None = None
    opened: Annotated[int, Points(EstimationRoundOpened)]
    revealed: Annotated[int, Points(VotesRevealed)] | None = None
    ended: Annotated[int, Points(RoundConcluded, RoundCancelled, RoundSuperseded)] | None = None

    item = one("Item", "item_id", doc="What is estimated.")
    team = one("Team", "team_id", doc="Whose item it is.")
    opener = one("Person", "opener_id", doc="Who opened it.")
    turn = one("Person", "turn_id", doc="Who has to move on: null while votes are missing, and once it has ended.")
    waits_for = one("Turn", "id", doc="Whose turn it is, since when, by which rule; null once ended.", prefix="trn_")
    revision = one("Revision", "revision_id", doc="The revision it was opened on.")
    estimate = one("Estimate", "estimate_id", doc="The estimate that came of it; null if none did.")
    pushback = one("Pushback", "pushback_id", doc="The pushback that came of it; null if none did.")
    digest = said("opened", "digest", doc="The digest of the content it was opened on.")
    scale = said("opened", "scale", doc="The cards, in story points.")
    consensus = said("opened", "consensus", doc="The rule by which its votes agree.")
    unmet = said("opened", "unmet", doc="Rules that only advise, and that opening it did not meet.")
    votes = many("Vote", "round_id", order="number", doc="The votes; there are none before the reveal.")


_OUTCOMES = {
    RoundOutcome.AGREED: RoundState.AGREED,
    RoundOutcome.NOT_ESTIMABLE: RoundState.NOT_ESTIMABLE,
    RoundOutcome.NO_CONSENSUS: RoundState.NO_CONSENSUS,
}


def _keys(entry: Entry[Any]) -> Iterable[str]:
    return (thing_key("rnd", stream_key("itm", entry.stream_id), entry.event.round),)


def _evolve(row: EstimationRound | None, entry: Entry[Any], item: Item | None) -> EstimationRound | None:
    match entry.event:
        case EstimationRoundOpened() if item:
            return _opened(entry, item)
        case _ if row is None:
            return None
        case VoteCast():
            return _voted(row, PersonId(entry.act.actor))
        case VotesRevealed():
            row = replace(row, state=RoundState.REVEALED, turn_id=row.opener_id, due_at=None, due=None)
            return replace(row, revealed=entry.position, revealed_at=entry.effective_at)
        case RoundConcluded() as event:
            pushback = PushbackId(thing_key("pbk", row.item_id, event.pushback)) if event.pushback else None
            estimate = EstimateId(thing_key("est", row.item_id, event.estimate)) if event.estimate else None
            row = replace(row, points=event.points, estimate_id=estimate, pushback_id=pushback)
            return _ended(row, entry, _OUTCOMES[event.outcome])
        case RoundCancelled():
            return _ended(row, entry, RoundState.CANCELLED)
        case RoundSuperseded():
            return _ended(row, entry, RoundState.SUPERSEDED)
        case _:
            return row


def _opened(entry: Entry[EstimationRoundOpened], item: Item) -> EstimationRound:
    event = entry.event
    return EstimationRound(
        id=RoundId(thing_key("rnd", item.id, event.round)),
        item_id=item.id,
        team_id=item.team_id,
        number=event.round,
        state=RoundState.OPEN,
        opener_id=PersonId(entry.act.actor),
        revision_id=RevisionId(thing_key("rev", item.id, event.revision)),
        electorate_ids=event.electorate,
        missing_ids=event.electorate,
        opened_at=entry.effective_at,
        closes_at=event.closes_at,
        due_at=event.closes_at,
        due="reveal_votes_on_time" if event.closes_at else None,
        opened=entry.position,
    )


def _voted(row: EstimationRound, voter: PersonId) -> EstimationRound:
    voted = tuple(dict.fromkeys((*row.voted_ids, voter)))
    missing = tuple(elector for elector in row.electorate_ids if elector not in voted)
    return replace(row, voted_ids=voted, missing_ids=missing, turn_id=None if missing else row.opener_id)


def _ended(row: EstimationRound, entry: Entry[Any], state: RoundState) -> EstimationRound:
    row = replace(row, state=state, turn_id=None, due_at=None, due=None)
    return replace(row, ended=entry.position, ended_at=entry.effective_at)


def whose(row: EstimationRound) -> Whose | None:
    """Whose turn it is: who has not voted votes, then who opened it reveals and concludes, or whoever facilitates."""
    powers = (Power.FACILITATE_ROUNDS,)
    facilitators = HOLDERS[Power.FACILITATE_ROUNDS]
    if row.state is RoundState.REVEALED:
        return Whose(TurnRule.CONCLUDE_ROUND, row.turn_id, facilitators, powers=powers, needs=powers)
    if row.state is not RoundState.OPEN:
        return None
    if row.missing_ids:
        voting = (Power.ESTIMATE,)
        return Whose(TurnRule.VOTE, None, facilitators, person_ids=row.missing_ids, powers=powers, needs=voting)
    return Whose(TurnRule.REVEAL_VOTES, row.turn_id, facilitators, powers=powers, needs=powers)


_EVENTS: frozenset[type[Event]] = frozenset({
    EstimationRoundOpened, VoteCast, VotesRevealed, RoundConcluded, RoundCancelled, RoundSuperseded,
})  # fmt: skip

PROJECTION = Projection(EstimationRound, _EVENTS, _keys, _evolve, reads_item=True)
