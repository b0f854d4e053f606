"""A workspace to import into, and the real files where they are at hand."""

import json
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from domain.entry import Act, ActorKind, Entry, Event
from domain.ids import PersonId, stream_key
from infra.cluster import Cluster, Role
from infra.importing.known import entries
from infra.importing.plan import Options
from infra.importing.result import Imported
from infra.jira.run import import_jira
from infra.ledger import Append, Ledger, NewEvent
from infra.pool import Pool, plain
from infra.uuid7 import uuid7

PERSON = PersonId(stream_key("psn", UUID(int=5)))
DATA = Path(__file__).parents[2] / "data" / "jira"
SAMPLES = Path(__file__).parents[3].parent / "shared" / "samples"


@dataclass(frozen=True)
class Here:
    """A workspace, and what a test does with it."""

    workspace_id: UUID
    ledger: Ledger
    pool: Pool

    async def importing(self, *files: Path, options: Options = Options()) -> Imported:  # noqa: B008 - immutable
        return await import_jira(self.ledger, self.pool, self.workspace_id, files, options=options)

    async def told(self) -> list[Entry[Any]]:
        return [entry async for entry in entries(self.ledger, self.workspace_id)]

    async def topics(self) -> Counter[str]:
        return Counter(entry.event.TOPIC for entry in await self.told())

    async def say(self, stream_id: UUID, version: int, *events: Event) -> None:
        """Something that people of this workspace do themselves."""
        act = Act(actor=PERSON, actor_kind=ActorKind.HUMAN, acting_role="DEVELOPER", authorised_by="asg_test")
        told = tuple(NewEvent(stream_id, version + place, event, act) for place, event in enumerate(events))
        await self.ledger.append(Append(self.workspace_id, uuid7(), b"test", told))


@pytest.fixture
async def here(cluster: Cluster, workspace_id: UUID) -> AsyncIterator[Here]:
    pool = plain(cluster, Role.APP, 2)
    ledger = Ledger(pool)
    await ledger.open_workspace(workspace_id, "A division")
    yield Here(workspace_id, ledger, pool)
    await ledger.close()
    await pool.close()


@pytest.fixture
def samples() -> Path:
    """The real files; not everybody has them."""
    if not SAMPLES.is_dir():
        pytest.skip("the real files are not here")
    return SAMPLES


Write = Callable[[Sequence[dict[str, Any]]], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes issues as a search result; each call another file."""
    count = 0

    def written(issues: Sequence[dict[str, Any]]) -> Path:
        nonlocal count
        count += 1
        path = tmp_path / f"export-{count}.json"
        names = {"customfield_10023": "Story Points"}
        path.write_text(json.dumps({"names": names, "total": len(issues), "issues": issues}))
        return path

    return written
