"""Telling the story of rounds by the real commands, with a small team."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from msgspec.structs import replace

from domain.authority import Who
from domain.commands import COMMANDS
from domain.decision import Decided
from domain.entry import ActorKind, Event
from domain.events.estimation import VoteKind
from domain.events.people import Role
from domain.policy import Policy
from domain.state.item import Item
from tests.given import after, drafted, given, together, who

PAULA, DORA, DAN, ADA, SAM, BOT = together(
    who("paula", Role.PRODUCT_OWNER),
    who("dora", Role.DEVELOPER),
    who("dan", Role.DEVELOPER),
    who("ada", Role.ARCHITECT),
    who("sam", Role.SCRUM_MASTER),
    who("bot", Role.DEVELOPER, kind=ActorKind.SERVICE),
)
VOTERS: Final = (DORA, DAN)
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


def start(policy: Policy | None = None, by: Who = SAM, **said: Any) -> Item:
    """The product owner's item with a round on it."""
    return opened(given(("paula", drafted())), replace(by, policy=policy or Policy()), **said)


def revealed(*votes: dict[str, Any], policy: Policy | None = None) -> Item:
    """A round in which Dora and Dan voted so, laid open."""
    return afterwards(voted(start(policy), VOTERS, votes), SAM, "reveal_votes", 1)


def concluded(*votes: dict[str, Any], policy: Policy | None = None, **said: Any) -> tuple[Event, ...]:
    """What comes of such votes."""
    by = replace(SAM, policy=policy or Policy())
    return do(revealed(*votes, policy=policy), by, "conclude_round", 1, **said).events


def points(*values: float) -> list[dict[str, Any]]:
    """Votes for so many points each."""
    return [{"points": value} for value in values]
