"""A ledger as the application opens it, and the real files where they are at hand."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import pytest

from infra.cluster import Cluster, Role
from infra.ledger import Ledger
from infra.pool import Pool, plain
from tests.infra.importing.here import SAMPLES


@pytest.fixture
async def app_pool(cluster: Cluster) -> AsyncIterator[Pool]:
    """Connections as the application."""
    pool = plain(cluster, Role.APP, 4)
    yield pool
    await pool.close()


@pytest.fixture
async def ledger(app_pool: Pool, workspace_id: UUID) -> AsyncIterator[Ledger]:
    """A ledger in which the workspace `workspace_id` is open and empty."""
    ledger = Ledger(app_pool)
    await ledger.open_workspace(workspace_id, "Testing")
    yield ledger
    await ledger.close()


@pytest.fixture
def samples() -> Path:
    """The real files; not everybody has them."""
    if not SAMPLES.is_dir():
        pytest.skip("the real files are not here")
    return SAMPLES
