"""A workspace that people work in."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from infra.cluster import Cluster, Role
from infra.deciding import Deciding
from infra.ledger import Ledger
from infra.pool import plain
from tests.cast import assemble
from tests.infra.eventsourcing_module.workspaces import Workspace


@pytest.fixture
async def real(pushback_data: Path) -> AsyncIterator[Workspace]:
    cluster = await Cluster.embedded(pushback_data)
    pool = plain(cluster, Role.APP, 4)
    ledger = Ledger(pool)
    yield Workspace(pushback_data, cluster, ledger, await assemble(ledger, Deciding(ledger, pool)))
    await ledger.close()
    await pool.close()
    await cluster.stop()
