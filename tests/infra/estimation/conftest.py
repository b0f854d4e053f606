"""A cast in a workspace of its own, a second process beside it, and an item that a round is open on."""

from collections.abc import AsyncIterator
from typing import NamedTuple

import pytest

from domain.entry import Event
from domain.ids import stream_id
from infra.cluster import Cluster, Role
from infra.deciding import Deciding
from infra.ledger import Ledger
from infra.pool import plain
from tests.cast import Cast, assemble, do


class Table(NamedTuple):
    """Around which a team estimates, some of it by another process."""

    cast: Cast
    ledger: Ledger
    elsewhere: Deciding

    async def opened(self) -> tuple[str, str]:
        """An item and the round on it; Arno and Dora vote."""
        item = (await self.cast.item()).subject_id
        return item, (await self.cast.do(self.cast.paula, "open_round", item)).subject_id

    async def history(self, item: str) -> list[Event]:
        """What the ledger says of an item, whole."""
        entries = await self.ledger.read_stream(self.cast.ada.workspace_id, stream_id(item))
        return [entry.event for entry in entries]


@pytest.fixture
async def table(cluster: Cluster) -> AsyncIterator[Table]:
    here, there = [plain(cluster, Role.APP, 4) for _ in range(2)]
    ledger, theirs = Ledger(here), Ledger(there)
    cast = await assemble(ledger, Deciding(ledger, here))
    await do(cast.deciding, cast.ada, "assign_role", cast.team, person=cast.arno.person_id, role="DEVELOPER")
    yield Table(cast, ledger, Deciding(theirs, there))
    for one in (ledger, theirs):
        await one.close()
    for pool in (here, there):
        await pool.close()
