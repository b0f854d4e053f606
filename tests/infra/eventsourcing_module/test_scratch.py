"""What a scratch workspace is, and what it does not do."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from eventsourcing.application import Application
from eventsourcing.persistence import (
    InfrastructureFactory,
    InfrastructureFactoryError,
    IntegrityError,
    StoredEvent,
    Tracking,
)

from infra.eventsourcing_module import LedgerTrackingRecorder, is_scratch, scratch_workspace_id
from infra.folding.projector import Projector, folds
from infra.folding.schema import ensure_read_schema
from infra.uuid7 import uuid7
from tests.infra.eventsourcing_module.workspaces import Dog, Workspace, scratch_environment


@pytest.mark.parametrize("compressor", ["", "zlib"])
def test_the_librarys_aggregates_live_in_a_scratch_workspace(pushback_data: Path, compressor: str) -> None:
    application = Application[UUID]({**scratch_environment(pushback_data), "COMPRESSOR_TOPIC": compressor})
    dog = Dog(name="Fido")
    dog.add_trick("roll over")
    application.save(dog)
    assert application.repository.get(dog.id).trick == "roll over"
    application.close()


def test_of_two_who_follow_at_once_only_one_gets_on(pushback_data: Path) -> None:
    factory = InfrastructureFactory[LedgerTrackingRecorder].construct(scratch_environment(pushback_data))
    recorder = factory.tracking_recorder()

    def follow(_: int) -> bool:
        try:
            recorder.insert_tracking(Tracking("Radio", 7))
        except IntegrityError:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(follow, range(8))) == 1
    factory.close()


def test_no_other_workspace_is_taken_for_a_scratch_one() -> None:
    assert all(is_scratch(scratch_workspace_id()) for _ in range(1000))
    assert not any(is_scratch(make()) for make in (uuid4, uuid7) for _ in range(1000))


async def test_nothing_folds_a_scratch_workspace(real: Workspace) -> None:
    environment = scratch_environment(real.data)
    factory = InfrastructureFactory[Any].construct(environment)
    await asyncio.to_thread(factory.application_recorder().insert_events, [StoredEvent(uuid4(), 1, "radio:Tuned", b"")])
    schema = await ensure_read_schema(real.cluster)  # folds what is there
    await real.cast.item()
    pool = folds(real.cluster, 1, schema)
    folded = await pool.fetchval(None, "SELECT array(SELECT workspace_id FROM checkpoint)")
    lagging = (await Projector(pool).health()).lag
    await pool.close()
    await asyncio.to_thread(factory.close)
    assert real.cast.ada.workspace_id in lagging
    assert UUID(environment["PUSHBACK_WORKSPACE"]) not in {*lagging, *folded}


def test_there_are_no_snapshots(pushback_data: Path) -> None:
    with pytest.raises(InfrastructureFactoryError, match="no snapshots"):
        Application[UUID]({**scratch_environment(pushback_data), "IS_SNAPSHOTTING_ENABLED": "y"})
