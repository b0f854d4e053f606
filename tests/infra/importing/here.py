"""A workspace to import into, and where the real files are."""

from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from domain.entry import Act, ActorKind, Entry, Event
from domain.ids import PersonId, stream_key
from infra.cluster import Cluster, Role
from infra.importing.known import entries
from infra.importing.result import Imported
from infra.ledger import Append, Ledger, NewEvent
from infra.pool import Pool, plain
from infra.uuid7 import uuid7

PERSON: Final = PersonId(stream_key("psn", UUID(int=5)))
SAMPLES: Final = Path(__file__).parents[3].parent / "shared" / "samples"


Bring = Callable[..., Awaitable[Imported]]


@dataclass(frozen=True)
class Here:
    """A workspace to import into, and what a test does with it; `bring` is the import that is tested."""

    workspace_id: UUID
    ledger: Ledger
    pool: Pool
    bring: Bring

    async def importing(self, *files: Path, **how: Any) -> Imported:
        return await self.bring(self.ledger, self.pool, self.workspace_id, files, **how)

    async def told(self) -> list[Entry[Any]]:
        return [entry async for entry in entries(self.ledger, self.workspace_id)]

    async def topics(self) -> Counter[str]:
        return Counter(entry.event.TOPIC for entry in await self.told())

    async def say(self, stream_id: UUID, version: int, *events: Event) -> None:
        """Something that people of this workspace do themselves."""
        act = Act(actor=PERSON, actor_kind=ActorKind.HUMAN, acting_role="DEVELOPER", authorised_by="asg_test")
        told = tuple(NewEvent(stream_id, version + place, event, act) for place, event in enumerate(events))
        await self.ledger.append(Append(self.workspace_id, uuid7(), b"test", told))


@asynccontextmanager
async def opened(
    cluster: Cluster, workspace_id: UUID, bring: Callable[..., Awaitable[Imported]]
) -> AsyncIterator[Here]:
    """The workspace, open and empty."""
    pool = plain(cluster, Role.APP, 2)
    ledger = Ledger(pool)
    await ledger.open_workspace(workspace_id, "A division")
    yield Here(workspace_id, ledger, pool, bring)
    await ledger.close()
    await pool.close()
