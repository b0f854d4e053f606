"""What commands need, over the worker's database."""

from collections.abc import AsyncIterator

import pytest

from infra.cluster import Cluster, Role
from infra.deciding import Deciding
from infra.ledger import Ledger
from infra.pool import plain


@pytest.fixture
async def deciding(cluster: Cluster) -> AsyncIterator[tuple[Deciding, Ledger]]:
    """Who decides on commands, and the ledger it appends to."""
    pool = plain(cluster, Role.APP, 4)
    ledger = Ledger(pool)
    yield Deciding(ledger, pool), ledger
    await ledger.close()
    await pool.close()
