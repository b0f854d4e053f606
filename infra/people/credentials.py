"""Access tokens: shown once, kept as hashes, looked up for every request."""

import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final, NamedTuple
from uuid import UUID

from domain.ids import PersonId
from domain.refusals import UnknownCredential
from infra.deciding import Asker, Deciding, Request
from infra.ledger import Ledger
from infra.pool import Pool

PREFIX: Final = "pbt_"
"""Of every token, so that scanners for leaked secrets recognise one."""

REMEMBERED_SECONDS: Final = 2.0
"""A token revoked by another process may be honoured for this long."""

_REMEMBERED_MAX: Final = 10_000
_KEEP: Final = """
    insert into ledger.credential (token_hash, workspace_id, person_id, credential_id, expires_at)
    values ($1, $2, $3, $4, $5) on conflict do nothing returning true
"""
_FIND: Final = """
    select array[workspace_id::text, person_id, credential_id, extract(epoch from expires_at)::text]
      from ledger.credential where token_hash = $1 and revoked_at is null and (expires_at is null or expires_at > now())
"""
_REVOKE: Final = """
    update ledger.credential set revoked_at = now()
     where workspace_id = $1 and credential_id = $2 and revoked_at is null
"""


class UnknownToken(Exception):
    """The token is unknown, has expired or was revoked; ask an administrator of the workspace for a new one."""

    def __init__(self) -> None:
        super().__init__(type(self).__doc__)


class TokenShownBefore(Exception):
    """This command issued a token before, and a token is shown only once; issue another with a new command id."""


class _Remembered(NamedTuple):
    asker: Asker
    until: float
    expires_at: float | None


class Credentials:
    """One process's knowledge of tokens. The pool is the app's."""

    def __init__(
        self, deciding: Deciding, ledger: Ledger, pool: Pool, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._deciding = deciding
        self._ledger = ledger
        self._pool = pool
        self._clock = clock
        self._remembered: dict[bytes, _Remembered] = {}

    async def asker(self, token: str) -> Asker:
        """Whose token it is; raises UnknownToken."""
        token_hash = _hash(token)
        known = self._remembered.get(token_hash)
        if known is None or known.until < self._clock():
            known = await self._look_up(token_hash)
        if known.expires_at is not None and known.expires_at <= time.time():
            raise UnknownToken
        return known.asker

    async def issue(
        self,
        asker: Asker,
        command_id: UUID,
        person_id: str,
        label: str,
        expires_at: datetime | None = None,
        *,
        occurred_at: datetime | None = None,
    ) -> str:
        """A new token of a person, recorded in the ledger; raises Refused, TokenShownBefore."""
        request = Request(
            asker=asker,
            command="issue_credential",
            command_id=command_id,
            target=person_id,
            arguments={"label": label, "expires_at": expires_at},
            occurred_at=occurred_at,
        )
        done = await self._deciding.execute(request)
        owner = Asker(workspace_id=asker.workspace_id, person_id=PersonId(person_id))
        return await self.keep(owner, done.subject_id, expires_at)

    async def keep(self, owner: Asker, credential_id: str, expires_at: datetime | None = None) -> str:
        """The token of a credential whose issue is recorded; raises TokenShownBefore."""
        token = PREFIX + secrets.token_urlsafe(32)
        row = (_hash(token), owner.workspace_id, owner.person_id, credential_id, expires_at)
        if not await self._pool.fetchval(owner.workspace_id, _KEEP, *row):
            raise TokenShownBefore
        return token

    async def revoke(self, asker: Asker, command_id: UUID, credential_id: str) -> None:
        """End a token: recorded in the ledger and no longer honoured, at once; raises Refused."""
        request = Request(asker=asker, command="revoke_credential", command_id=command_id, target=credential_id)
        end = (_REVOKE, asker.workspace_id, credential_id)
        try:
            await self._deciding.execute(request, lambda append: self._ledger.append_with(append, end))
        except UnknownCredential:  # nothing the ledger knows, or ended there: in neither case may a token go on
            await self._pool.fetchval(asker.workspace_id, *end)
            raise
        finally:
            self._remembered.clear()

    async def _look_up(self, token_hash: bytes) -> _Remembered:
        self._remembered.pop(token_hash, None)
        found: list[Any] | None = await self._pool.fetchval(None, _FIND, token_hash)
        if found is None:
            raise UnknownToken
        workspace_id, person_id, credential_id, expires_at = UUID(found[0]), PersonId(found[1]), *found[2:]
        kind = await self._deciding.kind_of(workspace_id, person_id)
        asker = Asker(workspace_id=workspace_id, person_id=person_id, kind=kind, credential_id=credential_id)
        if len(self._remembered) >= _REMEMBERED_MAX:
            self._remembered.clear()
        expires = None if expires_at is None else datetime.fromtimestamp(float(expires_at), UTC).timestamp()
        known = _Remembered(asker, self._clock() + REMEMBERED_SECONDS, expires)
        self._remembered[token_hash] = known
        return known


def _hash(token: str) -> bytes:
    return sha256(token.encode(errors="surrogatepass")).digest()
