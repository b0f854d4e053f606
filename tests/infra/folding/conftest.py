"""A database with read tables, a projector over it, and a short way to fill a workspace."""

from collections.abc import AsyncIterator, Callable, Iterable
from itertools import islice
from random import Random
from typing import Any
from uuid import UUID, uuid4

import pytest

from bench.history import History, Said
from domain.entry import Entry, Event
from infra.cluster import Cluster
from infra.folding.projector import Projector, folds
from infra.folding.schema import ensure_read_schema
from infra.ledger import Append, Ledger, NewEvent
from infra.pool import Pool


@pytest.fixture
async def fold_pool(cluster: Cluster) -> AsyncIterator[Pool]:
    """Connections of the fold."""
    await ensure_read_schema(cluster)
    pool = folds(cluster, 4)
    yield pool
    await pool.close()


@pytest.fixture
async def projectors(fold_pool: Pool) -> AsyncIterator[Callable[..., Projector]]:
    """Makes projectors that are closed in the end: each stands for a process."""
    made: list[Projector] = []

    def make(**arguments: Any) -> Projector:
        made.append(Projector(fold_pool, **arguments))
        return made[-1]

    yield make
    for projector in made:
        await projector.close()


class Writer:
    """Appends to one workspace, whatever is said, in the order in which it is said."""

    def __init__(self, ledger: Ledger, workspace_id: UUID) -> None:
        self.workspace_id = workspace_id
        self.ledger = ledger
        self._versions: dict[UUID, int] = {}
        self._history = History(Random(7), workspace_id, teams=1, people=2).said()

    async def append(self, *commands: Iterable[Said]) -> int:
        """Each command by itself; the last position."""
        for command in commands:
            events = tuple(self._next(said) for said in command)
            entries = await self.ledger.append(Append(self.workspace_id, uuid4(), b"f" * 32, events))
        return entries[-1].position

    async def write(self, commands: int) -> int:
        """So many commands more of a valid history; the last position."""
        return await self.append(*islice(self._history, commands))

    async def written(self) -> list[Entry[Event]]:
        """Everything that was appended, as it is read."""
        return await self.ledger.read_after(self.workspace_id, 0, 100_000)

    def _next(self, said: Said) -> NewEvent:
        version = self._versions[said.stream_id] = self._versions.get(said.stream_id, 0) + 1
        return NewEvent(said.stream_id, version, said.event, said.act)


@pytest.fixture
def writer(ledger: Ledger, workspace_id: UUID) -> Writer:
    """Writes to `workspace_id`."""
    return Writer(ledger, workspace_id)
