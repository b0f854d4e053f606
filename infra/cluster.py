"""A database and how to connect to it as a role: the embedded PostgreSQL, or one of one's own."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, Self

import asyncpg

from infra.postgres.address import Address, Connection, EmbeddedAddress, ExternalAddress, NoOwnerLogin, Role, UnfitLogin
from infra.postgres.embedded import EmbeddedFailed, EmbeddedServer
from infra.settings import Settings

__all__ = [
    "Cluster",
    "Connection",
    "NoOwnerLogin",
    "Role",
    "UnfitLogin",
    "Unreachable",
    "is_passing",
    "is_too_slow",
    "ready_or_ended",
]

DATABASE: Final = "pushback"

_MAINTENANCE: Final = "postgres"
_ATTEMPT_SECONDS_MAX: Final = 10.0
_PAUSE_SECONDS_MAX: Final = 1.0
_PATIENCE_SECONDS: Final = 30.0
_SESSION: Final = {"timezone": "UTC", "jit": "off", "plan_cache_mode": "force_generic_plan"}
"""Our statements name the index they want by their order; a plan for one page's values falls for missing statistics."""

_PASSING_CLASSES: Final = ("08", "40", "55", "57P")


class Unreachable(ConnectionError):
    """PostgreSQL did not answer for as long as we were willing to wait."""


def is_passing(error: BaseException) -> bool:
    """Whether the same call may go through later: connections lost, servers restarting, deadlocks."""
    if isinstance(error, asyncpg.PostgresError):
        return (error.sqlstate or "").startswith(_PASSING_CLASSES)
    if isinstance(error, ValueError):  # asyncpg's ClientConfigurationError: a wrong URL stays wrong
        return False
    return isinstance(error, OSError | TimeoutError | asyncpg.InterfaceError | asyncpg.InternalClientError)


def is_too_slow(error: BaseException) -> bool:
    """Whether a statement was ended because it took longer than its connection allows."""
    return isinstance(error, asyncpg.QueryCanceledError)


@contextmanager
def ready_or_ended(connection: Connection) -> Iterator[None]:
    """End a connection that nobody has yet when what makes it ready fails or is given up."""
    try:
        yield
    except BaseException:
        connection.terminate()
        raise


class Cluster:
    """A database of a PostgreSQL server. It keeps no connection: those it gives are the caller's to close."""

    def __init__(self, address: Address, patience_seconds: float = _PATIENCE_SECONDS) -> None:
        self._address = address
        self._patience_seconds = patience_seconds

    @classmethod
    async def open(cls, settings: Settings) -> Self:
        """The cluster that the settings name."""
        if settings.database_url:
            return cls.external(settings.database_url, settings.owner_url, settings.privacy_url)
        return await cls.embedded(settings.data)

    @classmethod
    async def embedded(cls, data: Path, database: str = DATABASE) -> Self:
        """The PostgreSQL in the folder `data`, made and started when it has to be; raises EmbeddedFailed."""
        server = EmbeddedServer(data)
        socket_folder = await asyncio.to_thread(server.enter)
        cluster = cls(EmbeddedAddress(server, socket_folder, database))
        try:
            await cluster._prepare_server(database)
        except BaseException:
            await cluster.stop()
            raise
        return cluster

    @classmethod
    def external(cls, url: str, owner_url: str | None = None, privacy_url: str | None = None) -> Self:
        """A PostgreSQL of one's own, 17 or newer; `owner_url` migrates it, `privacy_url` (or else that one) erases."""
        return cls(ExternalAddress(url, owner_url, privacy_url))

    def beside(self, database: str) -> "Cluster":
        """Another database of the same server, which must exist. Stopping either stops the use of the server."""
        return Cluster(self._address.beside(database), self._patience_seconds)

    async def connect(
        self,
        role: Role,
        *,
        statement_cache_size: int = 100,
        max_cacheable_statement_size: int = 15360,
        **server_settings: str,
    ) -> Connection:
        """A connection as this role; raises Unreachable, UnfitLogin, NoOwnerLogin."""
        connection = await self._reach(
            role,
            _SESSION | server_settings,
            statement_cache_size=statement_cache_size,
            max_cacheable_statement_size=max_cacheable_statement_size,
        )
        if role not in {Role.OWNER, Role.PRIVACY}:
            with ready_or_ended(connection):
                await self._address.admit(connection)
        return connection

    async def connect_to_migrate(self) -> Connection:
        """A connection as the login that migrates, before it takes the owner's role; raises NoOwnerLogin."""
        return await self._reach(None, {})

    async def app_login(self) -> str | None:
        """The login that takes the application's roles; None where the roles log in themselves."""
        return await self._address.app_login()

    async def stop(self) -> None:
        """Stop using the server; an embedded one stops when nobody uses it any more."""
        await self._address.leave()

    async def _reach(self, role: Role | None, settings: dict[str, str], **options: Any) -> Connection:
        """Try until the patience ends. A wrong password or an unknown role is told at once."""
        deadline, pause = time.monotonic() + self._patience_seconds, 0.02
        while True:
            try:
                return await self._attempt(role, settings, options)
            except Exception as error:
                if not (is_passing(error) or isinstance(error, EmbeddedFailed)):
                    raise
                if time.monotonic() + pause > deadline:
                    raise Unreachable(f"PostgreSQL cannot be reached: {error}") from error
            await asyncio.sleep(pause)
            pause = min(pause * 2, _PAUSE_SECONDS_MAX)

    async def _attempt(self, role: Role | None, settings: dict[str, str], options: dict[str, Any]) -> Connection:
        login = self._address.login(role)
        login["server_settings"] = {**login["server_settings"], **settings}
        try:
            return await asyncpg.connect(**login, timeout=_ATTEMPT_SECONDS_MAX, **options)
        except OSError:
            await self._address.revive()
            raise

    async def _prepare_server(self, database: str) -> None:
        """Make the database, and the roles that log in as themselves, in an embedded server that lacks them."""
        connection = await self.beside(_MAINTENANCE).connect_to_migrate()
        try:
            for role in (role for role in Role if role is not Role.OWNER):
                await _make_once(connection, f"create role {role.value} login noinherit")
            await _make_once(connection, f'create database "{database}"')
        finally:
            await connection.close()


async def _make_once(connection: Connection, statement: str) -> None:
    """Another process may have made it before, or be making it now."""
    try:
        await connection.execute(statement)
    except (asyncpg.DuplicateObjectError, asyncpg.DuplicateDatabaseError, asyncpg.UniqueViolationError):
        return
