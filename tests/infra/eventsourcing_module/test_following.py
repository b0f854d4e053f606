"""Following a workspace that people work in, with the library's application and subscriptions."""

import asyncio
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from eventsourcing.application import Application
from eventsourcing.persistence import (
    InfrastructureFactoryError,
    OperationalError,
    ProgrammingError,
    StoredEvent,
    Tracking,
)
from eventsourcing.popo import POPOTrackingRecorder

from infra.eventsourcing_module import FollowsOnly, LedgerApplicationRecorder
from infra.eventsourcing_module.line import Line
from infra.eventsourcing_module.recorders import LedgerSubscription
from infra.settings import Settings
from infra.wake import Announcements
from tests.infra.eventsourcing_module.workspaces import Dog, Workspace, following, scratch_environment


async def test_a_followed_workspace_gives_its_entries_in_order(real: Workspace) -> None:
    entries = await real.ledger.read_after(real.cast.ada.workspace_id, 0, 100)
    with following(real) as application:
        notifications = await asyncio.to_thread(application.recorder.select_notifications, None, 100)
        assert [notification.id for notification in notifications] == [entry.position for entry in entries]
        assert [notification.topic for notification in notifications] == [type(entry.event).TOPIC for entry in entries]
        found: list[object] = [application.mapper.to_domain_event(notification) for notification in notifications]
        assert found == entries


async def test_a_stream_is_read_by_its_id(real: Workspace) -> None:
    item = await real.cast.item()
    await real.cast.do(real.cast.arno, "raise_pushback", item.subject_id, statement="No volumes are given")
    stream_id = item.entries[0].stream_id
    with following(real) as application:
        found: list[object] = await asyncio.to_thread(lambda: [*application.events.get(stream_id, gt=1)])
        assert found == await real.ledger.read_stream(real.cast.ada.workspace_id, stream_id, 1)
        with pytest.raises(ProgrammingError, match="not a UUID"):
            application.recorder.select_events(item.subject_id)


async def test_a_followed_workspace_is_not_written_to(real: Workspace) -> None:
    head = await real.ledger.head(real.cast.ada.workspace_id)
    with following(real) as application:
        with pytest.raises(FollowsOnly, match="Pushback's own commands"):
            application.recorder.insert_events([StoredEvent(uuid4(), 1, "ItemDrafted", b"{}")])
        with pytest.raises(FollowsOnly):
            application.save(Dog(name="Fido"))
        with pytest.raises(FollowsOnly):
            application.factory.tracking_recorder().insert_tracking(Tracking("Radio", 1))
    assert await real.ledger.head(real.cast.ada.workspace_id) == head


async def test_who_follows_has_no_right_to_append(real: Workspace) -> None:
    with following(real) as application:
        assert isinstance(application.recorder, LedgerApplicationRecorder)
        line = application.recorder.line
        statement = "select ledger.open_workspace($1, 'mine')"
        with pytest.raises(ProgrammingError, match="permission denied"):
            line.run(line._pool.fetchval(None, statement, uuid4()))


async def test_a_subscriber_gets_what_happens_while_it_waits(real: Workspace) -> None:
    head = await real.ledger.head(real.cast.ada.workspace_id)
    with following(real) as application, application.recorder.subscribe(head) as subscription:
        item = await real.cast.item()
        assert (await asyncio.to_thread(next, subscription)).id == item.position


async def test_a_lost_notification_stalls_nobody(real: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Announcements, "announce", lambda *_: None)
    workspace_id = real.cast.ada.workspace_id
    line = await asyncio.to_thread(Line, Settings(data=real.data), workspace_id, heartbeat_seconds=0.05)
    head = await real.ledger.head(workspace_id)
    with LedgerApplicationRecorder(line).subscribe(head) as subscription:
        item = await real.cast.item()
        assert (await asyncio.to_thread(next, subscription)).id == item.position
    await asyncio.to_thread(line.close)


async def test_a_subscriber_outlives_its_connections(real: Workspace) -> None:
    head = await real.ledger.head(real.cast.ada.workspace_id)
    with following(real) as application, application.recorder.subscribe(head) as subscription:
        first = await real.cast.item()
        assert (await asyncio.to_thread(next, subscription)).id == first.position
        connection = await real.cluster.connect_to_migrate()
        await connection.execute("select pg_terminate_backend(pid) from pg_stat_activity where usename like '%auditor'")
        await connection.close()
        second = await real.cast.item()
        assert (await asyncio.to_thread(next, subscription)).id == second.position


async def test_a_subscriber_to_a_rare_topic_does_not_read_the_others_again(real: Workspace) -> None:
    item = await real.cast.item()
    with following(real) as application:
        with application.recorder.subscribe(topics=["PushbackWithdrawn"]) as subscription:
            raised = await real.cast.do(real.cast.arno, "raise_pushback", item.subject_id, statement="No volumes")
            withdrawn = await real.cast.do(real.cast.arno, "withdraw_pushback", raised.subject_id)
            assert (await asyncio.to_thread(next, subscription)).id == withdrawn.position
        after = await asyncio.to_thread(
            application.recorder.subscribe, item.position, ["TeamFormed", "PushbackConceded"]
        )
        assert isinstance(after, LedgerSubscription)
        after._pull()
        after.stop()
        assert after._last_notification_id == withdrawn.position


async def test_a_projections_own_rows_are_kept_elsewhere(real: Workspace) -> None:
    with following(real) as application, pytest.raises(InfrastructureFactoryError, match="of its own"):
        application.factory.tracking_recorder(POPOTrackingRecorder)


@pytest.mark.parametrize("workspace", ["", "wsp_1", "radio", "00000000-0000-7000-8000-000000000000"])
def test_a_workspace_that_is_not_there_is_not_followed(pushback_data: Path, workspace: str) -> None:
    with pytest.raises(ProgrammingError, match="PUSHBACK_WORKSPACE"):
        Application[UUID]({**scratch_environment(pushback_data), "PUSHBACK_WORKSPACE": workspace})


def test_a_closed_factory_says_so(pushback_data: Path) -> None:
    application = Application[UUID](scratch_environment(pushback_data))
    application.close()
    application.close()
    with pytest.raises(OperationalError, match="closed"):
        application.recorder.max_notification_id()
