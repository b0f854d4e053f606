"""Court time: how long each side of a disagreement had the move, counted when it passes and when all ends."""

from collections.abc import Callable
from enum import Enum
from typing import Any, Final

from msgspec.structs import replace

from domain.entry import Entry
from projections.declare import Row
from projections.turns import TurnRule, Whose


class Side(Enum):
    """A side, by the column that counts its seconds."""

    ITEM = "item_side_seconds"
    RAISER = "raiser_side_seconds"
    ARBITER = "arbiter_seconds"


_SIDE_OF: Final[dict[TurnRule, Side | None]] = {
    TurnRule.SUBSTANTIATE_HOLD: Side.RAISER,
    TurnRule.ANSWER_PUSHBACK: Side.ITEM,
    TurnRule.SETTLE_PUSHBACK: Side.RAISER,
    TurnRule.REPLY_TO_OVERRIDE: Side.RAISER,
    TurnRule.STAND_BY_OVERRIDE: Side.ITEM,
    TurnRule.RATIFY_OVERRIDE: None,
    TurnRule.MAKE_REQUIRED_CHANGE: None,
    TurnRule.VERIFY_REQUIRED_CHANGE: None,
}
"""Whose side a turn is, none for one after the end; every other rule's is the arbiter's."""

Evolve = Callable[[Any, Entry[Any], Any], Any]


def timed(evolve: Evolve, whose: Callable[[Any], Whose | None]) -> Evolve:
    """The same fold, which also keeps the seconds of each side, and `turn_since` as long as the thing is open."""

    def evolve_and_count(row: Row | None, entry: Entry[Any], read: Any) -> Any:  # noqa: ANN401 - rows
        return counted(row, evolve(row, entry, read), entry, whose)

    return evolve_and_count


def counted(before: Any, after: Any, entry: Entry[Any], whose: Callable[[Any], Whose | None]) -> Any:  # noqa: ANN401 - rows with these columns
    """The row after an entry, with what the side has used up that the move went away from."""
    was, now = (_side(whose(row)) if row else None for row in (before, after))
    if after is None or was is now:
        return after
    after = replace(after, turn_since=entry.effective_at if now else None)
    if was is None or before.turn_since is None:
        return after
    seconds = (entry.effective_at - before.turn_since).total_seconds()
    return replace(after, **{was.value: getattr(before, was.value) + max(0.0, seconds)})


def _side(told: Whose | None) -> Side | None:
    return _SIDE_OF.get(told.rule, Side.ARBITER) if told else None
