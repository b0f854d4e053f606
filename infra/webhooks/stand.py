"""Where the delivery of a webhook stands, and the lease by which one process at a time moves it on."""

import secrets
from datetime import timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID, uuid4

import msgspec

from domain.entry import Entry
from infra.pool import Pool
from projections.rows import turns

LEASE: Final = timedelta(seconds=30)
"""So long a webhook is left alone when the process that delivers it has died."""

PAUSED_AFTER: Final = timedelta(days=1)
RETRY_SECONDS: Final = 5.0
RETRY_SECONDS_MAX: Final = 3600.0
_DOUBLINGS_MAX: Final = 20
_GONE: Final = "410"
_JITTER_PERCENT: Final = 50

_OWN: Final = "workspace_id = $1 and webhook_id = $2 and lease_holder = $3"
_TAKE: Final = """
    update ledger.webhook set lease_holder = $3, lease_until = now() + $4
     where workspace_id = $1 and webhook_id = $2 and try_at <= now() and (lease_until is null or lease_until <= now())
 returning position, url, secret
"""
_MOVE: Final = f"""
    update ledger.webhook
       set position = $4, delivered_at = now(), failures = 0, failing_since = null, last_error = null,
           paused_since = null, lease_until = now() + $5
     where {_OWN} returning true
"""  # noqa: S608 - constants
_PASS: Final = f"update ledger.webhook set position = $4, lease_until = now() + $5 where {_OWN} returning true"  # noqa: S608 - constants
_FAIL: Final = f"""
    update ledger.webhook
       set failures = failures + 1, failing_since = coalesce(failing_since, now()), last_error = $4,
           paused_since = case when $5::bool or failing_since < now() - $6::interval
                               then coalesce(paused_since, now()) end,
           try_at = now() + $7::float8 * case when $5::bool or failing_since < now() - $6::interval then $8::interval
                                      else least($9::interval * power(2, least(failures, {_DOUBLINGS_MAX})),
                                                 $8::interval) end,
           lease_until = null, lease_holder = null
     where {_OWN} returning true
"""  # noqa: S608 - constants
_LET_GO: Final = f"update ledger.webhook set lease_until = null, lease_holder = null where {_OWN} returning true"  # noqa: S608 - constants
_WANTS: Final = """
    SELECT json_build_object('kinds', kinds, 'person_id', person_id, 'with_text', with_text)::text
      FROM webhook WHERE workspace_id = $1 AND id = $2 AND revoked IS NULL
"""
_TURN: Final = """
    SELECT EXISTS (
      SELECT FROM (
        SELECT person_id, person_ids FROM turn WHERE workspace_id = $1 AND id = ANY($2) AND from_position <= $3
        UNION ALL
        SELECT person_id, person_ids FROM turn_past
         WHERE workspace_id = $1 AND id = ANY($2) AND from_position <= $3 AND to_position > $3
      ) t WHERE t.person_id = $4 OR t.person_id IS NULL AND $4 = ANY(t.person_ids))
"""


class Wants(msgspec.Struct, frozen=True):
    """What a webhook is told: all kinds where it names none."""

    kinds: tuple[str, ...]
    person_id: str | None
    with_text: bool


class Lease(NamedTuple):
    """The right to deliver a webhook until it runs out: whose, from where on, to where."""

    workspace_id: UUID
    webhook_id: str
    holder: UUID
    position: int
    url: str
    secret: bytes

    @property
    def key(self) -> tuple[UUID, str, UUID]:
        """What the row must say for this lease to hold."""
        return (self.workspace_id, self.webhook_id, self.holder)


class Stand:
    """The rows of `ledger.webhook` as one process moves them on. `pool` is the app's, `reads` sees the read tables."""

    def __init__(self, pool: Pool, reads: Pool) -> None:
        self._pool = pool
        self._reads = reads
        self.lease = LEASE

    async def take(self, workspace_id: UUID, webhook_id: str) -> Lease | None:
        """The lease, unless somebody has it, or it is not yet time."""
        holder = uuid4()
        row = await self._pool.fetchrow(workspace_id, _TAKE, workspace_id, webhook_id, holder, self.lease)
        if row is None:
            return None
        position, url, secret = row
        return Lease(workspace_id, webhook_id, holder, position, url, bytes(secret))

    async def move(self, lease: Lease, position: int) -> bool:
        """The receiver took what stands at this position; False when the lease is lost, or the webhook revoked."""
        return bool(await self._pool.fetchval(lease.workspace_id, _MOVE, *lease.key, position, self.lease))

    async def skip(self, lease: Lease, position: int) -> bool:
        """Nothing up to this position is the receiver's business."""
        return bool(await self._pool.fetchval(lease.workspace_id, _PASS, *lease.key, position, self.lease))

    async def fail(self, lease: Lease, error: str) -> None:
        """Try again later, and later each time, up to an hour; who has gone, or fails for a day, is paused."""
        later = 1 - secrets.randbelow(_JITTER_PERCENT) / 100
        spans = (PAUSED_AFTER, later, timedelta(seconds=RETRY_SECONDS_MAX), timedelta(seconds=RETRY_SECONDS))
        await self._pool.fetchval(lease.workspace_id, _FAIL, *lease.key, error[:200], error == _GONE, *spans)

    async def let_go(self, lease: Lease) -> None:
        """Somebody else may deliver."""
        await self._pool.fetchval(lease.workspace_id, _LET_GO, *lease.key)

    async def wants(self, workspace_id: UUID, webhook_id: str) -> Wants | None:
        """What it is told; None once it is revoked."""
        told: Any = await self._reads.fetchval(workspace_id, _WANTS, workspace_id, webhook_id)
        return None if told is None else msgspec.json.decode(told, type=Wants)

    async def is_turn(self, person_id: str, entry: Entry[Any]) -> bool:
        """Whether what the entry speaks of is this person's to move on, once the entry stands."""
        if type(entry.event) not in turns.PROJECTION.events:
            return False
        keys = [*turns.PROJECTION.keys(entry)]
        asked = (entry.workspace_id, keys, entry.position, person_id)
        return bool(await self._reads.fetchval(entry.workspace_id, _TURN, *asked))
