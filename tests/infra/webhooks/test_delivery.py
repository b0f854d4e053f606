"""Webhooks are told each event in order, once as far as the id shows, whatever fails on the way."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from domain.events.item import Track
from domain.refusals import UnknownWebhook
from infra.backend import Backend
from infra.cluster import Cluster
from infra.deciding import Request
from infra.folding.schema import ensure_read_schema
from infra.webhooks import stand as standing
from infra.webhooks.registry import Registered, State
from infra.webhooks.stand import Lease, Stand
from tests.cast import Cast, assemble
from tests.infra.webhooks.receiving import Receiver, receiving

Make = Callable[..., Backend]


@pytest.fixture
async def backends(fresh_cluster: Cluster) -> AsyncIterator[Make]:
    """Makes backends over one database, each as a process has one."""
    schema, made = await ensure_read_schema(fresh_cluster), []

    def make(*, webhooks_private: bool = True) -> Backend:
        made.append(Backend(fresh_cluster, schema, webhooks_private=webhooks_private))
        return made[-1]

    yield make
    for backend in made:
        await backend.close()


@pytest.fixture
def backend(backends: Make) -> Backend:
    return backends()


@pytest.fixture
async def cast(backend: Backend) -> Cast:
    return await assemble(backend.ledger, backend.deciding)


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as receiver:
        yield receiver


async def add(backend: Backend, cast: Cast, url: str, **said: Any) -> Registered:
    request = Request(
        asker=cast.ada,
        command="register_webhook",
        command_id=uuid4(),
        target=cast.ada.workspace_key,
        arguments={"url": url, **said},
    )
    first, again = await backend.webhooks.register(request), await backend.webhooks.register(request)
    assert first.secret == again.secret
    return first


async def draft(cast: Cast, times: int = 1) -> list[str]:
    said: dict[str, Any] = {"team": cast.team, "track": Track.TECHNICAL}
    return [(await cast.do(cast.arno, "draft_item", title=f"Volumes {n}", **said)).subject_id for n in range(times)]


async def state(backend: Backend, cast: Cast) -> State:
    (told,) = await backend.webhooks.states(cast.ada.workspace_id)
    return told


async def head(backend: Backend, cast: Cast) -> int:
    return await backend.ledger.head(cast.ada.workspace_id)


async def test_each_event_is_told_in_order_signed_and_without_text(
    backend: Backend, cast: Cast, receiver: Receiver
) -> None:
    added = await add(backend, cast, receiver.url)
    items = await draft(cast, 5)
    await backend.deliveries.look()
    first = added.done.position + 1
    assert receiver.positions == list(range(first, first + 5))
    assert [heard.told["data"]["subject_id"] for heard in receiver.heard] == items
    assert all(heard.is_signed_with(added.secret) for heard in receiver.heard)
    assert receiver.heard[0].id == f"{added.done.subject_id}_{first}"
    assert receiver.heard[0].told["type"] == "ItemDrafted"
    assert not [heard for heard in receiver.heard if b"Volumes" in heard.body]
    await backend.deliveries.look()
    assert len(receiver.heard) == 5
    assert (await state(backend, cast)).position == await head(backend, cast)


async def test_a_signature_is_of_one_message_by_one_secret(backend: Backend, cast: Cast, receiver: Receiver) -> None:
    added, another = await add(backend, cast, receiver.url), await add(backend, cast, "https://hooks.example/")
    await draft(cast, 2)
    await backend.deliveries.look()
    _, one, other = receiver.heard
    assert one.is_signed_with(added.secret)
    assert not one.is_signed_with(another.secret)
    assert not one._replace(body=other.body).is_signed_with(added.secret)
    assert not one._replace(headers=one.headers | {"webhook-id": other.id}).is_signed_with(added.secret)


async def test_text_is_told_where_that_was_chosen(backend: Backend, cast: Cast, receiver: Receiver) -> None:
    await add(backend, cast, receiver.url, with_text=True)
    (item,) = await draft(cast)
    opened = (await cast.do(cast.dora, "open_round", item)).subject_id
    await cast.do(cast.dora, "cast_vote", opened, points=100.0)
    await backend.deliveries.look()
    drafted, round_opened, vote = (heard.told["data"] for heard in receiver.heard)
    assert drafted["text"]["title"] == "Volumes 0"
    assert round_opened["ids"] == {"round": opened}
    assert "text" not in vote
    assert "100.0" not in str(vote)  # no time of day looks so


async def test_what_fails_is_tried_again_under_the_same_id_and_holds_up_the_rest(
    backend: Backend, cast: Cast, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standing, "RETRY_SECONDS", 0.2)
    await add(backend, cast, receiver.url)
    await draft(cast, 2)
    receiver.statuses = iter((500, 301))
    await backend.deliveries.look()
    failed = await state(backend, cast)
    assert (failed.failures, failed.last_error, failed.paused_since) == (1, "500", None)
    assert failed.failing_since is not None
    assert failed.delivered_at is None
    await backend.deliveries.look()  # not yet
    assert len(receiver.heard) == 1
    for _ in range(2):
        await asyncio.sleep(0.45)
        await backend.deliveries.look()
    one, again, once_more, other = (heard.id for heard in receiver.heard)
    assert one == again == once_more != other
    done = await state(backend, cast)
    assert (done.failures, done.last_error, done.failing_since) == (0, None, None)
    assert done.delivered_at is not None
    assert done.delivered_at > failed.failing_since


async def test_who_has_gone_is_paused_and_tried_once_an_hour(backend: Backend, cast: Cast, receiver: Receiver) -> None:
    await add(backend, cast, receiver.url)
    await draft(cast)
    receiver.statuses = iter((410,))
    await backend.deliveries.look()
    gone = await state(backend, cast)
    assert gone.paused_since is not None
    assert gone.try_at - gone.paused_since > timedelta(minutes=29)
    await backend.deliveries.look()
    assert backend.deliveries.paused == 1
    assert len(receiver.heard) == 1
    async with backend.pool.connection(cast.ada.workspace_id) as connection:
        await connection.execute("update ledger.webhook set try_at = now()")
    await backend.deliveries.look()
    assert (await state(backend, cast)).paused_since is None


async def test_a_process_that_dies_after_the_message_sends_it_again_under_the_same_id(
    backends: Make, backend: Backend, cast: Cast, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    await add(backend, cast, receiver.url)
    await draft(cast)
    dead = backends()

    async def die(_stand: Stand, _lease: Lease, _position: int) -> bool:
        raise ConnectionError

    with monkeypatch.context() as patched:
        patched.setattr(Stand, "move", die)
        await dead.deliveries.look()
    await backend.deliveries.look()
    assert len(receiver.heard) == 1  # the lease of the dead one
    async with backend.pool.connection(cast.ada.workspace_id) as connection:
        await connection.execute("update ledger.webhook set lease_until = now()")
    await backend.deliveries.look()
    assert len(receiver.heard) == 2
    assert len({heard.id for heard in receiver.heard}) == 1
    await backend.deliveries.look()
    assert len(receiver.heard) == 2


async def test_two_processes_tell_each_event_once(
    backends: Make, backend: Backend, cast: Cast, receiver: Receiver
) -> None:
    added = await add(backend, cast, receiver.url)
    servers = [backends(), backends()]
    for server in servers:
        await server.start()
        server.run_in_background()
    for _ in range(10):
        await draft(cast, 2)
        await asyncio.sleep(0.02)
    last = await head(backend, cast)
    async with asyncio.timeout(15):
        await receiver.has_heard(last)
    assert receiver.positions == list(range(added.done.position + 1, last + 1))


async def test_only_the_kinds_that_were_named_are_told(backend: Backend, cast: Cast, receiver: Receiver) -> None:
    await add(backend, cast, receiver.url, kinds=("PushbackRaised",))
    (item,) = await draft(cast)
    await cast.do(cast.dora, "raise_pushback", item, statement="No volumes")
    await draft(cast)
    await backend.deliveries.look()
    assert [heard.told["type"] for heard in receiver.heard] == ["PushbackRaised"]
    assert receiver.heard[0].told["data"]["ids"]["pushback"].startswith("pbk_")
    assert (await state(backend, cast)).position == await head(backend, cast)


async def test_only_what_makes_it_the_persons_turn_is_told(backend: Backend, cast: Cast, receiver: Receiver) -> None:
    await add(backend, cast, receiver.url, person=cast.arno.person_id)
    (item,) = await draft(cast)
    raised = (await cast.do(cast.dora, "raise_pushback", item, statement="No volumes")).subject_id
    await cast.do(cast.arno, "answer_pushback", raised, text="Here they are")
    await cast.do(cast.dora, "reject_answer", raised, why="Too few")
    await cast.do(cast.dora, "withdraw_pushback", raised, why="Fine")
    await backend.deliveries.look()
    assert [heard.told["type"] for heard in receiver.heard] == ["PushbackRaised", "PushbackVerificationRejected"]


async def test_a_revoked_webhook_hears_nothing_more(backend: Backend, cast: Cast, receiver: Receiver) -> None:
    added = await add(backend, cast, receiver.url)
    await draft(cast, 3)
    receiver.pause = 0.3
    delivering = asyncio.create_task(backend.deliveries.look())
    await receiver.has_heard(added.done.position + 1)
    revoke = Request(asker=cast.ada, command="revoke_webhook", command_id=uuid4(), target=added.done.subject_id)
    await backend.webhooks.revoke(revoke)
    await delivering
    await backend.deliveries.look()
    assert len(receiver.heard) == 1  # the one that was under way
    assert await backend.webhooks.states(cast.ada.workspace_id) == ()
    with pytest.raises(UnknownWebhook):
        await backend.webhooks.revoke(Request(**{**_fields(revoke), "command_id": uuid4()}))


def _fields(request: Request) -> dict[str, Any]:
    return {name: getattr(request, name) for name in request.__struct_fields__}


async def test_no_webhook_hears_of_another_workspace(backend: Backend, cast: Cast, receiver: Receiver) -> None:
    other = await assemble(backend.ledger, backend.deciding)
    await add(backend, cast, receiver.url)
    async with receiving() as theirs:
        await add(backend, other, theirs.url)
        (item,), (elsewhere,) = await draft(cast), await draft(other)
        await backend.deliveries.look()
        assert [heard.told["data"]["subject_id"] for heard in receiver.heard] == [item]
        assert [heard.told["data"]["subject_id"] for heard in theirs.heard] == [elsewhere]
    async with backend.pool.connection(other.ada.workspace_id) as connection:
        assert await connection.fetchval("select count(*) from ledger.webhook") == 1


async def test_a_private_address_gets_nothing_unless_that_is_allowed(
    backends: Make, backend: Backend, cast: Cast, receiver: Receiver
) -> None:
    await add(backend, cast, receiver.url)
    await draft(cast)
    await backends(webhooks_private=False).deliveries.look()
    assert receiver.heard == []
    assert (await state(backend, cast)).last_error == "PrivateAddress"
