"""Credentials: their secrets shown once, kept as hashes, looked up for every request, honoured until they end."""

import secrets
import time
from collections.abc import Awaitable, Callable
from datetime import datetime
from hashlib import sha256
from typing import Any, Final, NamedTuple
from uuid import UUID

import asyncpg
import msgspec

from domain.entry import Entry, Event
from domain.events import CredentialIssued, CredentialRevoked
from domain.events.people import CredentialKind, Scope
from domain.ids import PersonId, stream_key, thing_key
from domain.refusals import UnknownCredential
from infra.deciding import Asker, Deciding, Done, Request
from infra.ledger import Append, Ledger
from infra.pool import Pool
from infra.postgres.together import Together

PREFIXES: Final = {
    CredentialKind.TOKEN: "pbt_",
    CredentialKind.SESSION: "pbs_",
    CredentialKind.INVITATION: "pbi_",
}
"""How secrets begin, so that scanners for leaked ones recognise them."""

REMEMBERED_SECONDS: Final = 2.0
"""A credential revoked by another process may be honoured for this long."""

_REMEMBERED_MAX: Final = 10_000
_IS_ONE_PERSONS: Final = "credential_identity"
_KEEP: Final = """
    insert into ledger.credential
      (token_hash, workspace_id, person_id, credential_id, expires_at, kind, scopes, opened_with, identity)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (token_hash) do nothing returning true
"""
_FIND: Final = """
    select json_build_array(workspace_id, person_id, credential_id, extract(epoch from expires_at), kind, scopes)::text
      from ledger.credential where {} = $1 and revoked_at is null and (expires_at is null or expires_at > now())
"""
_FIND_SECRET: Final = _FIND.format("token_hash")
_FIND_IDENTITY: Final = _FIND.format("identity")
_REVOKE: Final = """
    update ledger.credential set revoked_at = now()
     where workspace_id = $1 and credential_id = any($2) and revoked_at is null
"""


class UnknownToken(Exception):
    """The token is unknown, has expired or was revoked; ask an administrator of the workspace for a new one."""

    def __init__(self) -> None:
        super().__init__(type(self).__doc__)


class TokenShownBefore(Exception):
    """This command issued a token before, and a token is shown only once; issue another with a new command id."""


class IdentityBound(Exception):
    """This account is bound to a person already; revoke that binding first, or go on with it."""

    def __init__(self) -> None:
        super().__init__(type(self).__doc__)


class Issued(NamedTuple):
    """A new credential's secret, and what was recorded of it."""

    secret: str
    done: Done


class _Row(msgspec.Struct, frozen=True, array_like=True):
    """What is kept of a credential."""

    workspace_id: UUID
    person_id: PersonId
    credential_id: str
    expires_at: float | None
    kind: CredentialKind
    scopes: frozenset[Scope]


class _Remembered(NamedTuple):
    asker: Asker
    kind: CredentialKind
    until: float
    expires_at: float | None


class Credentials:
    """One process's knowledge of credentials. The pool is the app's."""

    def __init__(
        self, deciding: Deciding, ledger: Ledger, pool: Pool, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._deciding = deciding
        self._ledger = ledger
        self._pool = pool
        self._clock = clock
        self._remembered: dict[bytes, _Remembered] = {}
        self._looking = Together()
        self._ended = 0

    async def asker(self, secret: str, kind: CredentialKind = CredentialKind.TOKEN) -> Asker:
        """Whose credential of this kind it is; raises UnknownToken."""
        return await self._known(_FIND_SECRET, _hash(secret), kind)

    async def bound_to(self, identity: bytes) -> Asker:
        """Whose account with the sign-in provider it is, by its hash; raises UnknownToken."""
        return await self._known(_FIND_IDENTITY, identity, CredentialKind.IDENTITY)

    async def _known(self, sql: str, key: bytes, kind: CredentialKind) -> Asker:
        known = self._remembered.get(key)
        if known is None or known.until < self._clock():
            since = self._ended  # nobody is told what was found before something ended
            known = await self._looking.once((sql, key, since), lambda: self._look_up(sql, key))
        if known.kind is not kind or (known.expires_at is not None and known.expires_at <= time.time()):
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
        scopes: tuple[Scope, ...] = tuple(Scope),
        occurred_at: datetime | None = None,
    ) -> str:
        """A new token of a person, recorded in the ledger; raises Refused, TokenShownBefore."""
        arguments = {"label": label, "scopes": scopes, "expires_at": expires_at}
        request = Request(
            asker=asker,
            command="issue_credential",
            command_id=command_id,
            target=person_id,
            arguments=arguments,
            occurred_at=occurred_at,
        )
        return (await self.carry_out(request)).secret

    async def carry_out(self, request: Request, identity: bytes | None = None) -> Issued:
        """A command that issues a credential, kept in the same transaction; raises Refused, TokenShownBefore.

        `identity` is what an account with the sign-in provider is known by; raises IdentityBound.
        """
        made: list[str] = []

        async def append(append: Append) -> tuple[Entry[Event], ...]:
            secret, writes = _writes(append, identity)
            try:
                entries = await self._ledger.append_with(append, *writes)
            except asyncpg.UniqueViolationError as taken:
                raise (IdentityBound if taken.constraint_name == _IS_ONE_PERSONS else taken) from taken
            made.append(secret)
            return entries

        done = await self._ending(lambda: self._deciding.execute(request, append))
        if not made:
            raise TokenShownBefore
        return Issued(made[-1], done)

    async def keep(self, owner: Asker, credential_id: str) -> str:
        """The token of a credential whose issue is in the ledger without one; raises TokenShownBefore."""
        secret, row = _row(owner.workspace_id, owner.person_id, credential_id, CredentialIssued(credential=1))
        if not await self._pool.fetchval(owner.workspace_id, _KEEP, *row, None):
            raise TokenShownBefore
        return secret

    async def invite(self, asker: Asker, command_id: UUID, person_id: str) -> str:
        """The code of a new invitation of a person; raises Refused, TokenShownBefore."""
        request = Request(asker=asker, command="invite_person", command_id=command_id, target=person_id)
        return (await self.carry_out(request)).secret

    async def revoke(self, asker: Asker, command_id: UUID, credential_id: str) -> Done:
        """End a credential: recorded in the ledger and no longer honoured, at once; raises Refused."""
        request = Request(asker=asker, command="revoke_credential", command_id=command_id, target=credential_id)
        return await self.end(request)

    async def end(self, request: Request) -> Done:
        """The same, of a request to revoke one."""

        async def append(append: Append) -> tuple[Entry[Event], ...]:
            return await self._ledger.append_with(append, _ends(append))

        try:
            return await self._ending(lambda: self._deciding.execute(request, append))
        except UnknownCredential:  # nothing the ledger knows, or ended there: in neither case may a token go on
            workspace_id = request.asker.workspace_id
            await self._pool.fetchval(workspace_id, _REVOKE, workspace_id, [request.target])
            raise

    async def _ending(self, act: Callable[[], Awaitable[Done]]) -> Done:
        """Do something that may end credentials, and remember none of those before it."""
        try:
            return await act()
        finally:
            self._remembered.clear()
            self._ended += 1

    async def _look_up(self, sql: str, key: bytes) -> _Remembered:
        self._remembered.pop(key, None)
        found: Any = await self._pool.fetchval(None, sql, key)
        if found is None:
            raise UnknownToken
        row = msgspec.json.decode(found, type=_Row)
        asker = Asker(
            workspace_id=row.workspace_id,
            person_id=row.person_id,
            kind=await self._deciding.kind_of(row.workspace_id, row.person_id),
            credential_id=row.credential_id,
            scopes=row.scopes,
        )
        if len(self._remembered) >= _REMEMBERED_MAX:
            self._remembered.clear()
        known = _Remembered(asker, row.kind, self._clock() + REMEMBERED_SECONDS, row.expires_at)
        self._remembered[key] = known
        return known


def _writes(append: Append, identity: bytes | None) -> tuple[str, tuple[tuple[Any, ...], ...]]:
    """The secret of what is issued, and what is written of it beside the ledger."""
    first = append.events[0]
    assert isinstance(first.event, CredentialIssued)  # noqa: S101 - the commands that come here
    person_id = PersonId(stream_key("psn", first.stream_id))
    credential_id = thing_key("crd", person_id, first.event.credential)
    secret, row = _row(append.workspace_id, person_id, credential_id, first.event)
    return secret, ((_KEEP, *row, identity), _ends(append))


def _row(workspace_id: UUID, person_id: PersonId, credential_id: str, issued: CredentialIssued) -> tuple[str, Any]:
    secret = PREFIXES.get(issued.kind, "") + secrets.token_urlsafe(32)
    opened_with = None if issued.opened_with is None else thing_key("crd", person_id, issued.opened_with)
    scopes = [scope.value for scope in issued.scopes]
    row = (workspace_id, person_id, credential_id, issued.expires_at, issued.kind.value, scopes, opened_with)
    return secret, (_hash(secret), *row)


def _ends(append: Append) -> tuple[Any, ...]:
    """The statement that ends every credential whose end is appended."""
    ended = [
        thing_key("crd", stream_key("psn", new.stream_id), new.event.credential)
        for new in append.events
        if isinstance(new.event, CredentialRevoked)
    ]
    return (_REVOKE, append.workspace_id, ended)


def _hash(secret: str) -> bytes:
    return sha256(secret.encode(errors="surrogatepass")).digest()
