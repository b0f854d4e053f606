"""The folded state of streams, kept in memory. It may be old: versions guard what is appended and what is refused."""

from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable
from functools import reduce
from typing import Any, Final, NamedTuple, TypeAlias
from uuid import UUID

from domain.entry import Entry
from domain.events.people import erased_by
from domain.ids import stream_key
from domain.refusals import (
    Refused,
    UnknownAssignment,
    UnknownCredential,
    UnknownDelegation,
    UnknownItem,
    UnknownPerson,
    UnknownPushback,
    UnknownQuestion,
    UnknownRound,
    UnknownSignOff,
    UnknownSignOffRequest,
    UnknownTeam,
    UnknownWebhook,
    UnknownWorkspace,
)
from domain.state import item, person, team
from infra.ledger import Ledger

STREAMS_MAX: Final = 10_000
"""How many folded streams a process keeps; the ones not used for the longest time go first."""

_EVOLVE: Final[dict[type, Callable[[Any, Entry[Any]], Any]]] = {
    item.Item: item.evolve,
    team.Team: team.evolve_team,
    team.Workspace: team.evolve_workspace,
    person.Person: person.evolve,
}

UNKNOWN: Final[dict[str, type[Refused]]] = {
    "itm": UnknownItem,
    "tem": UnknownTeam,
    "psn": UnknownPerson,
    "wsp": UnknownWorkspace,
    "pbk": UnknownPushback,
    "sof": UnknownSignOff,
    "srq": UnknownSignOffRequest,
    "qst": UnknownQuestion,
    "rnd": UnknownRound,
    "asg": UnknownAssignment,
    "dlg": UnknownDelegation,
    "crd": UnknownCredential,
    "whk": UnknownWebhook,
}
"""The refusal of an id that leads nowhere, by its prefix."""


_Key: TypeAlias = tuple[int, int]
"""A workspace and a stream in it, as numbers, which are quicker to hash."""


class Known(NamedTuple):
    """A stream's state and the version at which it is."""

    version: int
    state: Any


class States:
    """The states of all workspaces' streams in one process."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._known: OrderedDict[_Key, Known] = OrderedDict()

    async def load(self, workspace_id: UUID, stream_id: UUID, aggregate: type) -> Known:
        """The state as this process knows it, read if it does not; version 0 for a stream that does not exist."""
        key = (workspace_id.int, stream_id.int)
        known = self._known.get(key)
        if known is None or type(known.state) is not aggregate:
            known = await self._read(workspace_id, stream_id, Known(0, aggregate()))
        else:
            self._known.move_to_end(key)
        return known

    async def refresh(self, workspace_id: UUID, stream_ids: Iterable[UUID]) -> None:
        """Read what these streams got since; forget those this process does not know."""
        for stream_id in tuple(stream_ids):
            known = self._known.get((workspace_id.int, stream_id.int))
            if known is not None:
                await self._read(workspace_id, stream_id, known)

    def follow(self, entries: Collection[Entry[Any]], opens: type | None) -> None:
        """Take in entries that were just appended, as the state `opens` where they begin a stream.

        Those that do not follow what is known are left to be read.
        """
        self._forget_erased(entries)
        for entry in entries:
            key = (entry.workspace_id.int, entry.stream_id.int)
            known = self._known.get(key) or (Known(0, opens()) if opens else None)
            if known is not None and known.version == entry.version - 1:
                self._keep(key, Known(entry.version, _EVOLVE[type(known.state)](known.state, entry)))

    async def _read(self, workspace_id: UUID, stream_id: UUID, known: Known) -> Known:
        entries = await self._ledger.read_stream(workspace_id, stream_id, after_version=known.version)
        self._forget_erased(entries)
        version = entries[-1].version if entries else known.version
        known = Known(version, reduce(_EVOLVE[type(known.state)], entries, known.state))
        if version:
            self._keep((workspace_id.int, stream_id.int), known)
        return known

    def _keep(self, key: _Key, known: Known) -> None:
        self._known[key] = known
        if len(self._known) > STREAMS_MAX:
            self._known.popitem(last=False)

    def _forget_erased(self, entries: Collection[Entry[Any]]) -> None:
        """An erasure changes what streams say without a new version of them.

        Every decision reads the workspace's stream, which tells of it, so no text that was erased is written again.
        """
        if any(erased_by(entry.event) for entry in entries):
            workspace = next(iter(entries)).workspace_id.int
            for key in [key for key in self._known if key[0] == workspace]:
                del self._known[key]


def opened(aggregate: Any, stream_id: UUID) -> Any:  # noqa: ANN401 - a state of the aggregate
    """The state of a stream that is about to begin: empty but for its id."""
    return aggregate(id=stream_key(aggregate.PREFIX, stream_id))
