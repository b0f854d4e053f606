"""A workspace to import into, and exports written for a test."""

import json
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from infra.cluster import Cluster
from infra.jira.run import import_jira
from tests.infra.importing.here import Here, opened

DATA = Path(__file__).parents[2] / "data" / "jira"


@pytest.fixture
async def here(cluster: Cluster, workspace_id: UUID) -> AsyncIterator[Here]:
    async with opened(cluster, workspace_id, import_jira) as here:
        yield here


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
