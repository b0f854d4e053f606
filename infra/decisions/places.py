"""Which streams a command is about: the one it writes to, those it names, and the team and track it happens in."""

from typing import Any
from uuid import UUID

from domain import ids
from domain.decision import Command
from domain.events.item import Track
from domain.state.item import Item
from domain.state.team import Team
from infra.states import UNKNOWN


def team_of(state: Any, arguments: dict[str, Any]) -> Team | str | None:  # noqa: ANN401 - any aggregate's state
    """The team in whose scope a command is, or its id when it is not loaded yet."""
    for candidate in (state, *arguments.values()):
        if type(candidate) is Team:
            return candidate
    return state.team_id if isinstance(state, Item) else None


def track_of(state: Any, arguments: dict[str, Any]) -> Track | None:  # noqa: ANN401 - any aggregate's state
    """The track of the item in question, also of one that is being drafted."""
    return state.track if isinstance(state, Item) and state.revision else arguments.get("track")


def fits(command: Command, target: str) -> bool:
    """Whether the command acts on what this is the id of."""
    return not command.opens and target.partition("_")[0] == command.target_prefix


def stream(command: Command, target: str | None) -> UUID:
    """The stream that the command writes to; refuses an id that leads nowhere."""
    return stream_of(target or "", command.target_prefix, command.thing or command.state.__name__.lower())


def stream_of(key: str, prefix: str, path: str) -> UUID:
    """The stream that an id of this prefix points into; refuses one that leads nowhere."""
    try:
        reference = ids.parse(key)
    except ids.MalformedId:
        raise UNKNOWN[prefix](path=path) from None
    if reference.prefix != prefix:
        raise UNKNOWN[prefix](path=path)
    return reference.stream_id
