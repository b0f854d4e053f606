"""A cast in a workspace of its own."""

import pytest

from infra.deciding import Deciding
from infra.ledger import Ledger
from infra.pool import Pool
from tests.cast import Cast, assemble


@pytest.fixture
def deciding(ledger: Ledger, app_pool: Pool) -> Deciding:
    return Deciding(ledger, app_pool)


@pytest.fixture
async def cast(ledger: Ledger, deciding: Deciding) -> Cast:
    return await assemble(ledger, deciding)
