"""Migrations: numbered, applied once, never changed, by one process at a time."""

import asyncio
import shutil
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

from infra.cluster import Cluster, NoOwnerLogin, Role, UnfitLogin
from infra.migrate import FOLDER, MigrationsPending, WrongMigrations, migrate, migrations
from infra.postgres.address import ExternalAddress
from infra.postgres.embedded import SUPERUSER


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the migrations that a test may change."""
    return Path(shutil.copytree(FOLDER, tmp_path / "migrations"))


@pytest.fixture
async def empty(postgres: Cluster) -> Cluster:
    """A database without anything in it."""
    name = f"empty_{uuid4().hex}"
    connection = await postgres.beside("postgres").connect_to_migrate()
    await connection.execute(f"create database {name}")
    await connection.close()
    return postgres.beside(name)


async def as_superuser(cluster: Cluster, statement: str) -> None:
    connection = await cluster.connect_to_migrate()
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def url(cluster: Cluster, login: str) -> str:
    """The address that DATABASE_URL would hold if the embedded server were somebody's own."""
    arguments = cluster._address.login(Role.APP)
    return f"postgresql://{login}@/{arguments['database']}?host={arguments['host']}&port={arguments['port']}"


@pytest.fixture
async def login(empty: Cluster) -> str:
    """A plain login that holds nothing yet."""
    name = f"login_{uuid4().hex}"
    await as_superuser(empty, f"create role {name} login")
    return name


async def test_every_file_is_applied_once_and_in_order(empty: Cluster) -> None:
    assert await migrate(empty) == tuple(migration.name for migration in migrations())
    assert await migrate(empty) == ()


async def test_processes_that_migrate_at_once_wait_for_each_other(empty: Cluster) -> None:
    applied = await asyncio.gather(*(migrate(empty) for _ in range(4)))
    assert sorted(applied)[:3] == [(), (), ()]
    assert len(sorted(applied)[3]) == len(migrations())


async def test_a_file_changed_after_it_was_applied_is_refused(empty: Cluster, folder: Path) -> None:
    await migrate(empty, folder)
    with (folder / "0001_roles.sql").open("a") as file:
        file.write("-- another thought\n")
    with pytest.raises(WrongMigrations, match=r"0001_roles\.sql was changed"):
        await migrate(empty, folder)


async def test_a_migration_that_fails_leaves_nothing_behind(empty: Cluster, folder: Path) -> None:
    number = len(migrations()) + 1
    (folder / f"{number:04}_broken.sql").write_text("create table ledger.half (a int);\nselect 1/0;\n")
    with pytest.raises(asyncpg.DivisionByZeroError):
        await migrate(empty, folder)
    assert await migrate(empty) == tuple(migration.name for migration in migrations())


async def test_a_database_of_a_newer_version_is_left_as_it_is(empty: Cluster, folder: Path) -> None:
    number = len(migrations()) + 1
    (folder / f"{number:04}_later.sql").write_text("create table ledger.later (a int);\n")
    await migrate(empty, folder)
    assert await migrate(empty) == ()


def test_a_gap_in_the_numbers_is_refused(folder: Path) -> None:
    (folder / "0099_far.sql").write_text("select 1;\n")
    with pytest.raises(WrongMigrations, match="without a gap"):
        migrations(folder)


async def test_what_is_migrated_belongs_to_the_owner_who_cannot_log_in(cluster: Cluster) -> None:
    connection = await cluster.connect(Role.APP)
    owners = await connection.fetch(
        "select distinct r.rolname, r.rolcanlogin from pg_class c join pg_roles r on r.oid = c.relowner "
        "where relnamespace = 'ledger'::regnamespace"
    )
    await connection.close()
    assert [tuple(row) for row in owners] == [("pushback_owner", False)]


async def test_nobody_may_call_a_function_of_the_ledger_unless_it_was_granted(fresh_cluster: Cluster) -> None:
    connection = await fresh_cluster.connect(Role.OWNER)
    await connection.execute("create function ledger.secret() returns int language sql return 1")
    await connection.close()
    connection = await fresh_cluster.connect(Role.APP)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.fetchval("select ledger.secret()")
    await connection.close()


async def test_the_fold_may_make_its_own_schemas_and_the_app_may_not(fresh_cluster: Cluster) -> None:
    fold, app = await fresh_cluster.connect(Role.FOLD), await fresh_cluster.connect(Role.APP)
    await fold.execute("create schema read_1")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await app.execute("create schema mine")
    await fold.close()
    await app.close()


async def test_without_the_owners_login_the_administrator_gets_sql_that_works(empty: Cluster, login: str) -> None:
    external = Cluster.external(url(empty, login))
    with pytest.raises(MigrationsPending) as pending:
        await migrate(external)
    await as_superuser(empty, pending.value.sql)
    assert await migrate(external) == ()
    connection = await external.connect(Role.APP)
    assert await connection.fetchval("select current_user::text") == "pushback_app"
    await connection.close()


async def test_only_what_is_missing_stands_in_the_administrators_sql(empty: Cluster, login: str, folder: Path) -> None:
    await migrate(Cluster.external(url(empty, login), url(empty, SUPERUSER)))
    number = len(migrations()) + 1
    (folder / f"{number:04}_later.sql").write_text("create table ledger.later (a int);\n")
    with pytest.raises(MigrationsPending) as pending:
        await migrate(Cluster.external(url(empty, login)), folder)
    assert "create table ledger.later" in pending.value.sql
    assert "create table ledger.migration" not in pending.value.sql


async def test_a_login_that_only_owns_the_database_can_migrate_it(empty: Cluster, login: str) -> None:
    owner = f"owner_{uuid4().hex}"
    database = empty._address.login(Role.APP)["database"]
    await as_superuser(empty, f"create role {owner} login createrole; alter database {database} owner to {owner}")
    await as_superuser(empty, _hand_over_roles(owner))
    external = Cluster.external(url(empty, login), url(empty, owner))
    assert await migrate(external) == tuple(migration.name for migration in migrations())
    for role in set(Role) - {Role.AUDITOR}:
        connection = await external.connect(role)
        assert await connection.fetchval("select current_user::text") == role.value
        await connection.close()


def _hand_over_roles(owner: str) -> str:
    """On its own server the login would have made the roles and so could hand them on."""
    return "".join(f"grant {role.value} to {owner} with admin true;" for role in Role)


async def test_a_login_of_the_app_takes_one_role_and_has_no_power_of_its_own(empty: Cluster, login: str) -> None:
    await migrate(Cluster.external(url(empty, login), url(empty, SUPERUSER)))
    connection = await asyncpg.connect(url(empty, login))
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.fetch("select * from ledger.migration")
    await connection.close()


async def test_the_apps_login_neither_erases_nor_audits(empty: Cluster, login: str) -> None:
    await migrate(Cluster.external(url(empty, login), url(empty, SUPERUSER)))
    connection = await asyncpg.connect(url(empty, login))
    for role in (Role.PRIVACY, Role.AUDITOR, Role.OWNER):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(f"set role {role.value}")
    await connection.close()
    with pytest.raises(NoOwnerLogin, match="PUSHBACK_PRIVACY_URL"):
        await Cluster.external(url(empty, login)).connect(Role.PRIVACY)


async def test_a_login_of_its_own_erases(empty: Cluster, login: str) -> None:
    privacy = f"privacy_{uuid4().hex}"
    await as_superuser(empty, f"create role {privacy} login")
    await migrate(Cluster.external(url(empty, login), url(empty, SUPERUSER)))
    await as_superuser(empty, f"grant pushback_privacy to {privacy}")
    external = Cluster.external(url(empty, login), privacy_url=url(empty, privacy))
    connection = await external.connect(Role.PRIVACY)
    told = await connection.fetchrow("select session_user::text, current_user::text")
    await connection.close()
    assert tuple(told or ()) == (privacy, "pushback_privacy")


async def test_a_superuser_is_refused_as_the_apps_login(empty: Cluster) -> None:
    await migrate(empty)
    with pytest.raises(UnfitLogin, match="superuser"):
        await Cluster.external(url(empty, SUPERUSER)).connect(Role.APP)


async def test_an_owner_of_the_ledger_is_refused_as_the_apps_login(empty: Cluster, login: str) -> None:
    await migrate(Cluster.external(url(empty, login), url(empty, SUPERUSER)))
    await as_superuser(empty, f"grant pushback_owner to {login}")
    with pytest.raises(UnfitLogin, match="owner of the ledger"):
        await Cluster.external(url(empty, login)).connect(Role.APP)


async def test_roles_survive_a_reset_of_the_connection(empty: Cluster, login: str) -> None:
    await migrate(Cluster.external(url(empty, login), url(empty, SUPERUSER)))
    connection = await Cluster(ExternalAddress(url(empty, login), None)).connect(Role.FOLD)
    await connection.reset()
    assert await connection.fetchval("select current_user::text") == "pushback_fold"
    await connection.close()
