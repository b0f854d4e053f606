"""How to arrive at a database as a role: on the embedded server, and on a PostgreSQL of one's own."""

import asyncio
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, Protocol, TypeAlias

import asyncpg

from infra.postgres.embedded import PORT, SUPERUSER, EmbeddedServer

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

_VERSION_MIN: Final = 170000
_POWERS: Final = """
    select current_setting('server_version_num')::int as version, session_user as login,
           rolsuper or rolbypassrls or pg_has_role(session_user, 'pushback_owner', 'MEMBER') as is_too_powerful
    from pg_roles where rolname = session_user
"""


class Role(StrEnum):
    """The database roles. Nobody logs in as the owner: it is reached from the login that migrates."""

    OWNER = "pushback_owner"
    APP = "pushback_app"
    FOLD = "pushback_fold"
    PRIVACY = "pushback_privacy"
    AUDITOR = "pushback_auditor"


class UnfitLogin(Exception):
    """The login or the server behind DATABASE_URL may not serve Pushback; the message says why and what to do."""


class NoOwnerLogin(Exception):
    """The login is not set that may do this: PUSHBACK_OWNER_URL migrates, PUSHBACK_PRIVACY_URL erases."""


class Address(Protocol):
    """One database, and how to log in to it."""

    def login(self, role: Role | None) -> dict[str, Any]:
        """Arguments for asyncpg to arrive as this role, None for the login that migrates; raises NoOwnerLogin."""

    def beside(self, database: str) -> "Address":
        """Another database of the same server."""

    async def admit(self, connection: Connection) -> None:
        """Raise UnfitLogin when the login holds more power than the application should."""

    async def app_login(self) -> str | None:
        """Who takes the application's roles; None where the roles log in themselves."""

    async def revive(self) -> None:
        """Start the server again when it is ours and died; raises EmbeddedFailed."""

    async def leave(self) -> None:
        """Stop using the server."""


class EmbeddedAddress:
    """A database of the embedded server: every role but the owner logs in as itself, over the private socket."""

    def __init__(self, server: EmbeddedServer, socket_folder: Path, database: str) -> None:
        self._server = server
        self._socket_folder = socket_folder
        self._database = database

    def login(self, role: Role | None) -> dict[str, Any]:
        is_owner = role is Role.OWNER
        return {
            "host": str(self._socket_folder),
            "port": PORT,
            "user": SUPERUSER if role is None or is_owner else role.value,
            "database": self._database,
            "server_settings": {"role": Role.OWNER.value} if is_owner else {},
        }

    def beside(self, database: str) -> "EmbeddedAddress":
        return EmbeddedAddress(self._server, self._socket_folder, database)

    async def admit(self, connection: Connection) -> None:
        """The roles log in as themselves, with no more power than they have."""

    async def app_login(self) -> str | None:
        return None

    async def revive(self) -> None:
        self._socket_folder = await asyncio.to_thread(self._server.revive)

    async def leave(self) -> None:
        await asyncio.to_thread(self._server.leave)


class ExternalAddress:
    """A database of a PostgreSQL of one's own: the URL's user takes the role as the connection starts.

    Whoever takes over the application's login can append and fold, but not erase.
    """

    def __init__(
        self, url: str, owner_url: str | None, privacy_url: str | None = None, database: str | None = None
    ) -> None:
        self._url = url
        self._owner_url = owner_url
        self._privacy_url = privacy_url
        self._database = database
        self._is_admitted = False

    def login(self, role: Role | None) -> dict[str, Any]:
        return {
            "dsn": self._url_of(role),
            "database": self._database,
            "server_settings": {"role": role.value} if role else {},
        }

    def beside(self, database: str) -> "ExternalAddress":
        return ExternalAddress(self._url, self._owner_url, self._privacy_url, database)

    def _url_of(self, role: Role | None) -> str:
        if role is Role.PRIVACY:
            url, reason = (
                self._privacy_url or self._owner_url,
                "PUSHBACK_PRIVACY_URL is not set: only that login may erase",
            )
        elif role in (None, Role.OWNER):
            url, reason = (
                self._owner_url,
                "PUSHBACK_OWNER_URL is not set: only that login may change the database's structure",
            )
        else:
            return self._url
        if not url:
            raise NoOwnerLogin(reason)
        return url

    async def admit(self, connection: Connection) -> None:
        """Looked at once: what a login may do does not change while a process runs."""
        if self._is_admitted:
            return
        powers = await connection.fetchrow(_POWERS)
        if powers is None or powers["version"] < _VERSION_MIN:
            raise UnfitLogin("DATABASE_URL names a PostgreSQL older than 17: Pushback needs 17 or newer")
        if powers["is_too_powerful"]:
            raise UnfitLogin(
                f"DATABASE_URL logs in as {powers['login']}, a superuser or owner of the ledger: "
                "name a plain login there, and this one in PUSHBACK_OWNER_URL for migrations only"
            )
        self._is_admitted = True

    async def app_login(self) -> str | None:
        connection = await asyncpg.connect(self._url, database=self._database)
        try:
            return str(await connection.fetchval("select session_user"))
        finally:
            await connection.close()

    async def revive(self) -> None:
        """Somebody else's server: all one can do is try again."""

    async def leave(self) -> None:
        """Nothing is held."""
