"""What the votes of a round agree on, by the rule it was opened with."""

from domain.events.estimation import VoteKind
from domain.policy import Consensus
from domain.refusals import OnlyTheVotesDecide
from domain.state.round import RoundState


def agreed(held: RoundState, named: float | None) -> float | None:
    """The points agreed on, None without consensus; `named` is what a facilitator names, where the rule lets them."""
    cards = sorted(
        held.scale.index(vote.points)
        for vote in held.votes.values()
        if vote.kind is VoteKind.VALUE and vote.points in held.scale
    )
    if named is not None:
        return _named(held, cards, named)
    if not cards or held.consensus is Consensus.FACILITATOR:
        return None
    spread_max = {Consensus.UNANIMOUS: 0, Consensus.ADJACENT_CARDS: 1, Consensus.MEDIAN: held.spread_max}
    if cards[-1] - cards[0] > spread_max[held.consensus]:
        return None
    chosen = cards[len(cards) // 2] if held.consensus is Consensus.MEDIAN else cards[-1]
    return held.scale[chosen]


def _named(held: RoundState, cards: list[int], points: float) -> float:
    """Refuses points that the votes do not bear out."""
    is_borne_out = points in held.scale and bool(cards) and cards[0] <= held.scale.index(points) <= cards[-1]
    if held.consensus is not Consensus.FACILITATOR or not is_borne_out:
        raise OnlyTheVotesDecide(path="points")
    return points
