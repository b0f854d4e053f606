"""Signing in and out in a browser: a session is a credential of its own, got with a token or, once, an invitation."""

from datetime import datetime
from typing import NamedTuple

from msgspec.structs import replace

from domain.events import CredentialIssued
from domain.events.people import CredentialKind
from domain.refusals import UnknownCredential
from infra.deciding import Asker, Request
from infra.people.credentials import PREFIXES, Credentials, UnknownToken
from infra.uuid7 import uuid7


class UsedUp(UnknownToken):
    """The link was used, has expired or was revoked; ask an administrator of the workspace for a new one."""


class Session(NamedTuple):
    """What a browser keeps, and until when."""

    secret: str
    asker: Asker
    expires_at: datetime


class Sessions:
    """The sessions of one process's browsers."""

    def __init__(self, credentials: Credentials) -> None:
        self._credentials = credentials

    async def asker(self, secret: str) -> Asker:
        """Whose session it is; raises UnknownToken."""
        return await self._credentials.asker(secret, CredentialKind.SESSION)

    async def sign_in(self, secret: str) -> Session:
        """A new session, by a token or an invitation; raises UnknownToken, UsedUp."""
        is_invited = secret.startswith(PREFIXES[CredentialKind.INVITATION])
        kind = CredentialKind.INVITATION if is_invited else CredentialKind.TOKEN
        try:
            asker = await self._credentials.asker(secret, kind)
            request = Request(asker=asker, command="open_session", command_id=uuid7(), target=asker.credential_id)
            issued = await self._credentials.carry_out(request)
        except (UnknownToken, UnknownCredential) as unknown:
            raise (UsedUp if is_invited else UnknownToken) from unknown
        opened = issued.done.entries[0].event
        assert isinstance(opened, CredentialIssued)  # noqa: S101 - what the command records first
        assert opened.expires_at is not None  # noqa: S101 - a session ends
        return Session(issued.secret, replace(asker, credential_id=issued.done.subject_id), opened.expires_at)

    async def sign_out(self, secret: str) -> None:
        """End a session, whatever its scopes; one that has ended has."""
        try:
            asker = await self.asker(secret)
            await self._credentials.revoke(asker, uuid7(), asker.credential_id or "")
        except (UnknownToken, UnknownCredential):
            return
