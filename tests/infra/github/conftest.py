"""A workspace to import into, and archives written for a test."""

import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from infra.cluster import Cluster
from infra.github.run import import_github
from tests.infra.importing.here import Here, opened

DATA = Path(__file__).parents[2] / "data" / "github"


@pytest.fixture
async def here(cluster: Cluster, workspace_id: UUID) -> AsyncIterator[Here]:
    async with opened(cluster, workspace_id, import_github) as here:
        yield here


Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes pulls and issues as an archive; each call another file."""
    count = 0

    def written(*pulls: dict[str, Any], issues: tuple[dict[str, Any], ...] = (), repo: str = "mill/flour") -> Path:
        nonlocal count
        count += 1
        path = tmp_path / f"archive-{count}.json"
        path.write_text(json.dumps({"repo": repo, "issues": issues, "pulls": pulls}))
        return path

    return written
