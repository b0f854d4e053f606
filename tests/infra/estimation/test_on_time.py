"""A round whose time is up is revealed by itself, once, whoever is missing."""

import asyncio
from datetime import UTC, datetime, timedelta

from domain.entry import ActorKind
from domain.events import VoteRevealed, VotesRevealed
from domain.ids import stream_id
from infra.backend import Backend
from infra.cluster import Cluster
from infra.folding.schema import ensure_read_schema
from tests.infra.estimation.conftest import Table

SOON = timedelta(milliseconds=400)


async def test_the_scheduler_reveals_a_round_when_its_time_is_up(table: Table, cluster: Cluster) -> None:
    cast, workspace_id = table.cast, table.cast.ada.workspace_id
    item = (await cast.item()).subject_id
    closes_at = datetime.now(UTC) + SOON
    opened = (await cast.do(cast.paula, "open_round", item, closes_at=closes_at)).subject_id
    await cast.do(cast.dora, "cast_vote", opened, points=3.0)
    backend = Backend(cluster, await ensure_read_schema(cluster))
    assert await backend.scheduler.run_until(workspace_id, closes_at - SOON) == 0
    await asyncio.sleep(SOON.total_seconds())
    assert await backend.scheduler.run_until(workspace_id, closes_at) == 1
    assert await backend.scheduler.run_until(workspace_id, closes_at) == 0
    await backend.close()
    *_, revealed, vote = await table.ledger.read_stream(workspace_id, stream_id(item))
    assert revealed.event == VotesRevealed(round=1, not_voted=(cast.arno.person_id,))
    assert isinstance(vote.event, VoteRevealed)
    assert (vote.event.voter_id, vote.event.points) == (cast.dora.person_id, 3.0)
    assert (revealed.act.actor_kind, revealed.act.authorised_by) == (ActorKind.SYSTEM, "votes-are-revealed-on-time/1")
