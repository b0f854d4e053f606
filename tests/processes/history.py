"""Deciding again, on the ledger as it was at any position: by the very code that decided, on states folded afresh."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, cast
from uuid import UUID

from domain.entry import Entry, Event
from domain.events import CommandRefused
from domain.refusals import Refused
from infra.deciding import Deciding, Request
from infra.ledger import Append, Ledger, Settled
from infra.pool import Pool
from infra.states import _EVOLVE, Known, States


class Outcome(NamedTuple):
    """The kinds of event that follow, or the refusal as clients are told."""

    kinds: tuple[str, ...] = ()
    refusal: tuple[Any, ...] = ()


def recorded(entries: Iterable[Entry[Event]]) -> dict[UUID, tuple[int, ...]]:
    """The positions of each command's entries: its first, which names it, and those up to the next command's."""
    commands: dict[UUID, list[int]] = {}
    current: list[int] = []
    for entry in entries:
        if entry.command_id is not None:
            assert entry.command_id not in commands
            current = commands.setdefault(entry.command_id, [])
        current.append(entry.position)
    return {command_id: tuple(positions) for command_id, positions in commands.items()}


class _Decided(Exception):
    """The events are those of its append: nothing is written."""

    def __init__(self, append: Append) -> None:
        super().__init__()
        self.append = append


class _Past:
    """A ledger and its states, as of a position."""

    def __init__(self, entries: Iterable[Entry[Event]]) -> None:
        self.position = 0
        self._streams: defaultdict[UUID, list[Entry[Event]]] = defaultdict(list)
        for entry in entries:
            self._streams[entry.stream_id].append(entry)
        self._folded: dict[tuple[UUID, type], tuple[list[int], list[Any]]] = {}

    async def load(self, _workspace_id: UUID, stream_id: UUID, aggregate: type) -> Known:
        key = (stream_id, aggregate)
        if key not in self._folded:
            states = [aggregate()]
            for entry in self._streams[stream_id]:
                states.append(_EVOLVE[aggregate](states[-1], entry))
            self._folded[key] = ([entry.position for entry in self._streams[stream_id]], states)
        positions, states = self._folded[key]
        version = bisect_right(positions, self.position)
        return Known(version, states[version])

    async def settle(self, _workspace: UUID, _command: UUID, _streams: Sequence[tuple[UUID, int]]) -> Settled:
        return Settled(frozenset(), None)

    async def append(self, append: Append) -> tuple[Entry[Event], ...]:
        """Nothing is written. What records a refusal is followed by that refusal."""
        if isinstance(append.events[0].event, CommandRefused):
            return ()
        raise _Decided(append)

    def follow(self, _entries: Sequence[Entry[Event]], _opened: type | None) -> None:
        pass

    async def read_stream(self, _workspace_id: UUID, stream_id: UUID) -> list[Entry[Event]]:
        return [entry for entry in self._streams[stream_id] if entry.position <= self.position]


class History:
    """What would have been decided at each position."""

    def __init__(self, workspace_id: UUID, entries: Sequence[Entry[Event]]) -> None:
        self.recorded = recorded(entries)
        self._kinds = [type(entry.event).TOPIC for entry in entries]
        self._past = _Past(entries)
        self._deciding = Deciding(cast("Ledger", self._past), cast("Pool", None))
        self._deciding._states = cast("States", self._past)
        self._deciding._keys[workspace_id] = b"not kept"

    async def is_whole(self, request: Request) -> bool:
        """Whether a command's entries are all that follows from it on the ledger just before them."""
        positions = self.recorded[request.command_id]
        outcome = await self.decide(request, positions[0] - 1)
        return outcome.kinds == tuple(self._kinds[position - 1] for position in positions)

    async def decide(self, request: Request, position: int) -> Outcome:
        """What follows from a command when the ledger ends at this position."""
        self._past.position = position
        try:
            await self._deciding.execute(request)
        except _Decided as decided:
            return Outcome(tuple(type(new.event).TOPIC for new in decided.append.events))
        except Refused as refused:
            path = (refused.path,) if refused.path else ()
            return Outcome((), (refused.code, path, refused.unmet, refused.current))
        raise AssertionError("a decision ends in an append or a refusal")
