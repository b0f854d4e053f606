"""Tells webhooks what happened: each from its own position on, in order, in whichever process has its lease."""

import asyncio
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Final, NamedTuple
from uuid import UUID

import structlog

from domain.entry import Entry
from infra.folding.fold import describe
from infra.folding.projector import Projector
from infra.ledger import Ledger
from infra.pool import Pool
from infra.wake import Following, Wakes
from infra.webhooks.message import message, message_id
from infra.webhooks.sending import NoAnswer, post
from infra.webhooks.signing import headers
from infra.webhooks.stand import Lease, Stand, Wants

LOOK_SECONDS: Final = 2.0
"""It looks when something happened, and so often anyway: for what failed, and for who lost a lease."""

PAUSE_SECONDS: Final = 0.2
PAGE_ENTRIES: Final = 100
AT_ONCE: Final = 20
"""So many webhooks are delivered at a time in a process."""

_CLOSE_SECONDS_MAX: Final = 12.0
_TAKEN: Final = range(200, 300)
_BEHIND: Final = """
    select w.workspace_id, w.webhook_id from ledger.webhook w join ledger.head h using (workspace_id)
     where h.position > w.position and w.try_at <= now() and (w.lease_until is null or w.lease_until <= now())
     order by w.try_at limit 200
"""
_PAUSED: Final = "select count(*) from ledger.webhook where paused_since is not null"

log = structlog.get_logger()


class Finding(NamedTuple):
    """What delivery reads by: the fold's pool sees all workspaces, but no address and no secret."""

    folds: Pool
    wakes: Wakes
    projector: Projector
    ledger: Ledger


class Deliveries:
    """The deliveries of one process. `start` lets it run by itself; `look` is one round of that."""

    def __init__(self, finding: Finding, stand: Stand, *, may_be_private: bool) -> None:
        self._finding = finding
        self._stand = stand
        self._may_be_private = may_be_private
        self._under_way: dict[tuple[UUID, str], asyncio.Task[None]] = {}
        self._closing = asyncio.Event()
        self._following = Following()
        self._task: asyncio.Task[None] | None = None
        self.paused = 0

    def start(self) -> None:
        """Run by itself from now on."""
        self._task = asyncio.get_running_loop().create_task(self._run())

    async def close(self) -> None:
        """Finish the message under way, send no other."""
        self._closing.set()
        self._following.wake()
        tasks = [*self._under_way.values(), *([self._task] if self._task else [])]
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=_CLOSE_SECONDS_MAX)
            for task in late:
                task.cancel()

    async def look(self) -> None:
        """Deliver what is behind, as many at a time as may be, and wait for that: for who wants one round."""
        await self._begin()
        while self._under_way:
            await asyncio.wait(self._under_way.values())

    async def _run(self) -> None:
        with self._finding.wakes.follow(None) as self._following:
            while not self._closing.is_set():
                try:
                    await self._begin()
                except Exception as error:  # noqa: BLE001 - the next round may go through
                    log.warning("the delivery of webhooks failed", error=describe(error))
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._closing.wait(), PAUSE_SECONDS)
                if not self._closing.is_set():
                    await self._following.wait(LOOK_SECONDS)

    async def _begin(self) -> None:
        async with self._finding.folds.connection(None) as connection:
            behind = await connection.fetch(_BEHIND)
            self.paused = await connection.fetchval(_PAUSED)
        for key in [(row[0], row[1]) for row in behind]:
            if key not in self._under_way and len(self._under_way) < AT_ONCE:
                task = asyncio.get_running_loop().create_task(self._deliver(*key))
                self._under_way[key] = task
                task.add_done_callback(lambda _, key=key: self._ended(key))  # type: ignore[misc]  # a key of its own

    def _ended(self, key: tuple[UUID, str]) -> None:
        del self._under_way[key]
        self._following.wake()

    async def _deliver(self, workspace_id: UUID, webhook_id: str) -> None:
        """Up to the checkpoint, as far as the receiver takes it."""
        try:
            lease = await self._stand.take(workspace_id, webhook_id)
            if lease is not None and await self._tell(lease):
                await self._stand.let_go(lease)
        except Exception as error:  # noqa: BLE001 - the lease runs out, and somebody takes it again
            log.warning("a webhook was not delivered", webhook=webhook_id, error=describe(error))

    async def _tell(self, lease: Lease) -> bool:
        """Whether the lease is still held when there is nothing more to tell."""
        reached = await self._finding.projector.catch_up(lease.workspace_id)
        wants = await self._stand.wants(lease.workspace_id, lease.webhook_id)
        last = lease.position
        while wants is not None and last < reached:
            limit = min(PAGE_ENTRIES, reached - last)
            entries = await self._finding.ledger.read_after(lease.workspace_id, last, limit)
            if not await self._tell_each(lease, wants, entries):
                return False
            last = entries[-1].position
        return True

    async def _tell_each(self, lease: Lease, wants: Wants, entries: Sequence[Entry[Any]]) -> bool:
        """Whether the lease is still held, and the receiver took what it wants of these."""
        skipped = 0
        for entry in entries:
            if self._closing.is_set():
                return not skipped or await self._stand.skip(lease, skipped)
            if not await self._is_wanted(wants, entry):
                skipped = entry.position
                continue
            if skipped and not await self._stand.skip(lease, skipped):
                return False
            error = await self._send(lease, wants, entry)
            if error:
                log.info("a webhook failed", webhook=lease.webhook_id, position=entry.position, error=error)
                await self._stand.fail(lease, error)
                return False
            if not await self._stand.move(lease, entry.position):
                return False
            skipped = 0
        return not skipped or await self._stand.skip(lease, skipped)

    async def _is_wanted(self, wants: Wants, entry: Entry[Any]) -> bool:
        if wants.kinds and type(entry.event).TOPIC not in wants.kinds:
            return False
        return wants.person_id is None or await self._stand.is_turn(wants.person_id, entry)

    async def _send(self, lease: Lease, wants: Wants, entry: Entry[Any]) -> str:
        """What went wrong; empty when the receiver took it."""
        body = message(entry, with_text=wants.with_text)
        told = headers(lease.secret, message_id(lease.webhook_id, entry.position), int(time.time()), body)
        try:
            status = await post(lease.url, told, body, may_be_private=self._may_be_private)
        except NoAnswer as error:
            return str(error)
        return "" if status in _TAKEN else str(status)
