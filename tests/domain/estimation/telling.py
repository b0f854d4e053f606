"""Telling the story of rounds by the real commands."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from domain.authority import Who
from domain.commands import COMMANDS
from domain.decision import Decided
from domain.events.estimation import VoteKind
from domain.state.item import Item
from tests.given import after

CANNOT: Final = {"kind": VoteKind.CANNOT_ESTIMATE, "missing": "The volumes"}


def do(held: Item, by: Who, command: str, *ordinal: int, **said: Any) -> Decided:
    """What a command decides."""
    return COMMANDS[command].decide(held, by, *ordinal, **said)


def afterwards(held: Item, by: Who, command: str, *ordinal: int, **said: Any) -> Item:
    """The item after a command."""
    return after(held, by, do(held, by, command, *ordinal, **said))


def tell(held: Item, *story: tuple[Who, str, dict[str, Any]]) -> Item:
    """The item after commands on its first round."""
    for by, command, said in story:
        held = afterwards(held, by, command, 1, **said)
    return held


def opened(held: Item, by: Who, **said: Any) -> Item:
    """The item with another round on it."""
    return afterwards(held, by, "open_round", **said)


def voted(held: Item, voters: Sequence[Who], votes: Iterable[dict[str, Any]], round: int = 1) -> Item:
    """The item once each of them voted in a round."""
    for voter, vote in zip(voters, votes, strict=False):
        held = afterwards(held, voter, "cast_vote", round, **vote)
    return held
