"""Brings the schema `ledger` up to date: numbered SQL files, each applied once and never changed afterwards."""

import hashlib
from pathlib import Path
from typing import Final, NamedTuple

import asyncpg

from infra.cluster import Cluster, Connection, NoOwnerLogin, Role

FOLDER: Final = Path(__file__).parent / "migrations"

_LOCK: Final = 0x70757368
"""The advisory lock's key: one process at a time migrates a database."""

_AS_OWNER: Final = f"set local role {Role.OWNER.value};\n"
_RECORD: Final = "insert into ledger.migration (version, name, checksum) values ({}, '{}', '{}');\n"
_FOLD_CREATES: Final = """
do $$ begin execute format('grant create on database %I to pushback_fold', current_database()); end $$;
"""
_APP_ROLES: Final = f"{Role.APP.value}, {Role.FOLD.value}"
_OWNER_ERASES: Final = """
do $$ begin
  if not pg_has_role(current_user, 'pushback_privacy', 'SET') then
    execute format('grant pushback_privacy to %I with set true, inherit false', current_user);
  end if;
end $$;
"""


class Migration(NamedTuple):
    """One numbered file."""

    version: int
    name: str
    sql: str

    @property
    def checksum(self) -> str:
        """SHA-256 of the text."""
        return hashlib.sha256(self.sql.encode()).hexdigest()

    def script(self) -> str:
        """What is run: the first file as the login itself, since it makes the owner; the others as the owner."""
        opening = "reset role;\n" if self.version == 1 else _AS_OWNER
        return opening + self.sql + _AS_OWNER + _RECORD.format(self.version, self.name, self.checksum)


class WrongMigrations(Exception):
    """The files of this version are not those that the database was built with; the message names the file."""


class MigrationsPending(Exception):
    """The database lacks migrations and this process may not apply them; `sql` is for the database's administrator."""

    def __init__(self, sql: str) -> None:
        super().__init__("the database must be migrated: set PUSHBACK_OWNER_URL, or let its administrator run the SQL")
        self.sql = sql


def migrations(folder: Path = FOLDER) -> tuple[Migration, ...]:
    """The files in order, `0001_name.sql` first; raises WrongMigrations when a number is missing or twice there."""
    found = tuple(
        Migration(int(path.name[:4]), path.stem[5:], path.read_text(encoding="utf-8"))
        for path in sorted(folder.glob("[0-9][0-9][0-9][0-9]_*.sql"))
    )
    if [migration.version for migration in found] != list(range(1, len(found) + 1)):
        raise WrongMigrations(f"the files in {folder.name} are not numbered from 0001 without a gap")
    return found


async def migrate(cluster: Cluster, folder: Path = FOLDER) -> tuple[str, ...]:
    """Apply what is pending, all of it or nothing, and give the names of what was applied.

    A second process waits for the first. Files the database has beyond ours are a newer version's, whose changes
    suit ours too while both run. Raises WrongMigrations, and MigrationsPending without the owner's login.
    """
    wanted = migrations(folder)
    try:
        connection = await cluster.connect_to_migrate()
    except NoOwnerLogin:
        return await _require_migrated(cluster, wanted)
    try:
        async with connection.transaction():
            await connection.execute("select pg_advisory_xact_lock($1)", _LOCK)
            return await _apply(connection, wanted, await cluster.app_login())
    finally:
        await connection.close()


async def pending(connection: Connection, wanted: tuple[Migration, ...]) -> tuple[Migration, ...]:
    """What the database lacks; raises WrongMigrations when a file was changed after it was applied."""
    if not await connection.fetchval("select to_regclass('ledger.migration') is not null"):
        return wanted
    rows = await connection.fetch("select version, checksum from ledger.migration")
    applied = {row["version"]: row["checksum"] for row in rows}
    for migration in wanted:
        if applied.get(migration.version, migration.checksum) != migration.checksum:
            raise WrongMigrations(f"{migration.version:04}_{migration.name}.sql was changed after it was applied")
    return tuple(migration for migration in wanted if migration.version not in applied)


async def _apply(connection: Connection, wanted: tuple[Migration, ...], app_login: str | None) -> tuple[str, ...]:
    missing = await pending(connection, wanted)
    for migration in missing:
        await connection.execute(migration.script())
    await connection.execute("reset role;\n" + _grants(app_login))
    return tuple(migration.name for migration in missing)


async def _require_migrated(cluster: Cluster, wanted: tuple[Migration, ...]) -> tuple[str, ...]:
    try:
        connection = await cluster.connect(Role.APP)
    except (asyncpg.InvalidParameterValueError, asyncpg.InsufficientPrivilegeError):
        missing = wanted
    else:
        try:
            missing = await pending(connection, wanted)
        finally:
            await connection.close()
    if missing:
        raise MigrationsPending(_administrators_script(missing, str(await cluster.app_login())))
    return ()


def _administrators_script(missing: tuple[Migration, ...], app_login: str) -> str:
    steps = "".join(migration.script() for migration in missing)
    return f"begin;\nselect pg_advisory_xact_lock({_LOCK});\n{steps}reset role;\n{_grants(app_login)}commit;\n"


def _grants(app_login: str | None) -> str:
    """Powers that no dump or copy of the database carries, given anew each time.

    The fold makes and drops the schemas of its disposable read tables itself. The application's login takes one role
    at a time and has no power of its own. The login that migrates can erase; the roles that erase and that audit are
    granted to other logins by an administrator.
    """
    if app_login is None:
        return _FOLD_CREATES
    quoted = '"' + app_login.replace('"', '""') + '"'
    return f"{_FOLD_CREATES}{_OWNER_ERASES}grant {_APP_ROLES} to {quoted} with set true, inherit false;\n"
