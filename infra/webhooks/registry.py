"""Webhooks registered and revoked: in the ledger, and beside it their addresses, their secrets and how they fare."""

import secrets
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

import msgspec

from domain.entry import Entry, Event
from domain.events import WebhookRegistered
from domain.ids import stream_key, thing_key
from domain.refusals import UnknownWebhook
from infra.deciding import Deciding, Done, Request
from infra.ledger import Append, Ledger
from infra.pool import Pool
from infra.webhooks.signing import shown

_SECRET_BYTES: Final = 32
_KEEP: Final = """
    insert into ledger.webhook (workspace_id, webhook_id, url, secret, position)
    select $1, $2, $3, $4, position from ledger.head where workspace_id = $1
"""
_FORGET: Final = "delete from ledger.webhook where workspace_id = $1 and webhook_id = $2"
_SECRET: Final = "select secret from ledger.webhook where workspace_id = $1 and webhook_id = $2"  # noqa: S105 - SQL
_STATES: Final = """
    select coalesce(json_agg(json_build_object(
             'id', webhook_id, 'url', url, 'position', position, 'delivered_at', delivered_at, 'failures', failures,
             'failing_since', failing_since, 'last_error', last_error, 'try_at', try_at,
             'paused_since', paused_since) order by webhook_id), '[]')::text
      from ledger.webhook where workspace_id = $1
"""


class Registered(NamedTuple):
    """A webhook's secret as its receiver is given it, and what was recorded."""

    secret: str
    done: Done


class State(msgspec.Struct, frozen=True):
    """How a webhook fares: the last position that its receiver took, or that was none of its business."""

    id: str
    url: str
    position: int
    delivered_at: datetime | None
    failures: int
    failing_since: datetime | None
    last_error: str | None
    try_at: datetime
    paused_since: datetime | None


class Webhooks:
    """The webhooks of one process's workspaces. The pool is the app's."""

    def __init__(self, deciding: Deciding, ledger: Ledger, pool: Pool) -> None:
        self._deciding = deciding
        self._ledger = ledger
        self._pool = pool

    async def register(self, request: Request) -> Registered:
        """The secret, shown now and to a retry of the same command; raises Refused."""

        async def append(append: Append) -> tuple[Entry[Event], ...]:
            (new,) = append.events
            assert isinstance(new.event, WebhookRegistered)  # noqa: S101 - what the command records
            key = thing_key("whk", stream_key("wsp", append.workspace_id), new.event.webhook)
            kept = (append.workspace_id, key, request.arguments["url"], secrets.token_bytes(_SECRET_BYTES))
            return await self._ledger.append_with(append, (_KEEP, *kept))

        done = await self._deciding.execute(request, append)
        workspace_id = request.asker.workspace_id
        secret: Any = await self._pool.fetchval(workspace_id, _SECRET, workspace_id, done.subject_id)
        if secret is None:  # it was revoked since
            raise UnknownWebhook
        return Registered(shown(bytes(secret)), done)

    async def revoke(self, request: Request) -> Done:
        """Tell it nothing more; raises Refused."""

        async def append(append: Append) -> tuple[Entry[Event], ...]:
            return await self._ledger.append_with(append, (_FORGET, append.workspace_id, request.target))

        return await self._deciding.execute(request, append)

    async def states(self, workspace_id: UUID) -> tuple[State, ...]:
        """How the live ones fare."""
        told = await self._pool.fetchval(workspace_id, _STATES, workspace_id)
        return msgspec.json.decode(told, type=tuple[State, ...])
