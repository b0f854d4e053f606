"""The three times of an entry: recorded, claimed, effective."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infra.cluster import Cluster, Role
from infra.ledger import Ledger, Unstorable
from infra.pool import plain
from tests.infra.saying import append, at, said

CLAIMS = st.one_of(
    st.none(),
    st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2025, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
)
COMMANDS = st.lists(st.lists(CLAIMS, min_size=1, max_size=3), min_size=1, max_size=5)
"""Several commands, each a few claimed times."""


async def test_a_time_in_the_future_is_refused(ledger: Ledger, workspace_id: UUID) -> None:
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    with pytest.raises(Unstorable, match="future"):
        await ledger.append(append(workspace_id, said(uuid4(), 1, act=at(tomorrow))))


async def test_a_time_without_a_zone_is_refused(ledger: Ledger, workspace_id: UUID) -> None:
    with pytest.raises(Unstorable, match="time zone"):
        await ledger.append(append(workspace_id, said(uuid4(), 1, act=at(datetime(2020, 1, 1)))))  # noqa: DTZ001


async def test_without_a_claim_an_entry_is_effective_when_it_is_recorded(ledger: Ledger, workspace_id: UUID) -> None:
    entries = [(await ledger.append(append(workspace_id, said(uuid4(), 1))))[0] for _ in range(5)]
    recorded = [entry.recorded_at for entry in entries]
    assert recorded == sorted(recorded)
    assert [entry.effective_at for entry in entries] == recorded
    assert abs(recorded[-1] - datetime.now(UTC)) < timedelta(minutes=1)


async def test_a_claim_before_the_last_effective_time_does_not_go_back(ledger: Ledger, workspace_id: UUID) -> None:
    (now,) = await ledger.append(append(workspace_id, said(uuid4(), 1)))
    (old,) = await ledger.append(append(workspace_id, said(uuid4(), 1, act=at(datetime(2020, 1, 1, tzinfo=UTC)))))
    assert old.effective_at == now.effective_at
    assert old.act.occurred_at == datetime(2020, 1, 1, tzinfo=UTC)


def model(commands: Sequence[Sequence[datetime | None]], recorded: Sequence[datetime]) -> list[datetime]:
    effective, last = [], datetime.min.replace(tzinfo=UTC)
    for claim, clock in zip((claim for command in commands for claim in command), recorded, strict=True):
        last = max(last, claim or clock)
        effective.append(last)
    return effective


async def tell(cluster: Cluster, commands: Sequence[Sequence[datetime | None]]) -> None:
    """Into two workspaces at once, so that batches mix claimed and plain times of several workspaces."""
    pool = plain(cluster, Role.APP, 2)
    ledger, workspaces = Ledger(pool), (uuid4(), uuid4())
    for workspace_id in workspaces:
        await ledger.open_workspace(workspace_id, "Testing")
    answers = await asyncio.gather(
        *(
            ledger.append(append(workspace_id, *(said(uuid4(), 1, act=at(claim)) for claim in command)))
            for workspace_id in workspaces
            for command in commands
        )
    )
    for index, workspace_id in enumerate(workspaces):
        entries = await ledger.read_after(workspace_id, 0, 100)
        assert entries == [entry for answer in answers[index * len(commands) :][: len(commands)] for entry in answer]
        effective = [entry.effective_at for entry in entries]
        assert effective == model(commands, [entry.recorded_at for entry in entries])
        for moment in {*effective, datetime(1800, 1, 1, tzinfo=UTC), datetime.now(UTC)}:
            assert await ledger.position_at(workspace_id, moment) == sum(time <= moment for time in effective)
    await ledger.close()
    await pool.close()


@settings(max_examples=30)
@given(commands=COMMANDS)
def test_effective_times_never_fall_and_are_what_a_model_says(
    cluster: Cluster, commands: list[list[datetime | None]]
) -> None:
    asyncio.run(tell(cluster, commands))
