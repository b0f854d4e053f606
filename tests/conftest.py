"""What every test may ask for: a migrated database, a workspace of its own in it, or a whole database of its own.

One embedded server serves a run, all its workers included; each worker migrates a template once. The ledger cannot be
emptied, so tests that share a worker's database keep apart by their workspaces.
"""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, settings

from infra.cluster import Cluster
from infra.migrate import migrate
from infra.postgres import embedded

if os.environ.get("PUSHBACK_TEST_POSTGRES"):  # the programs of another version, as .ci/run gives them
    embedded._programs = lambda: Path(os.environ["PUSHBACK_TEST_POSTGRES"])


settings.register_profile("machines are noisy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("machines are noisy")


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Cluster]:
    """The run's server, at its maintenance database; the last worker to leave stops it."""
    data = _data(tmp_path_factory, worker_id)
    cluster = asyncio.run(Cluster.embedded(data, f"template_{worker_id}"))
    yield cluster
    asyncio.run(cluster.stop())
    if not _is_running(data):
        shutil.rmtree(data, ignore_errors=True)


@pytest.fixture(scope="session")
def template(postgres: Cluster, worker_id: str) -> str:
    """The name of the worker's migrated database, which nobody writes to: others are copied from it."""
    name = f"template_{worker_id}"
    asyncio.run(migrate(postgres))
    return name


@pytest.fixture(scope="session")
def cluster(postgres: Cluster, template: str) -> Cluster:
    """The worker's migrated database, which its tests share: keep to `workspace_id`."""
    name = template.replace("template", "shared")
    return asyncio.run(_copy(postgres, template, name))


@pytest.fixture(scope="session")
def pushback_data(postgres: Cluster, tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """What PUSHBACK_DATA names for those who open the run's server by the environment; its database is migrated."""
    del postgres  # stops the server after everybody has left
    data = _data(tmp_path_factory, worker_id)
    asyncio.run(_migrate_embedded(data))
    return data


@pytest.fixture
def workspace_id() -> UUID:
    """A workspace nobody else writes to."""
    return uuid4()


@pytest.fixture
async def fresh_cluster(postgres: Cluster, template: str) -> AsyncIterator[Cluster]:
    """A migrated database of the test's own: for what looks at all workspaces, or changes roles and tables."""
    name = f"fresh_{uuid4().hex}"
    yield await _copy(postgres, template, name)
    await _execute(postgres, f'drop database "{name}" with (force)')


def _data(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    base = tmp_path_factory.getbasetemp()
    return (base if worker_id == "master" else base.parent) / "pg"


async def _migrate_embedded(data: Path) -> None:
    cluster = await Cluster.embedded(data)
    try:
        await migrate(cluster)
    finally:
        await cluster.stop()


async def _copy(postgres: Cluster, template: str, name: str) -> Cluster:
    await _execute(postgres, f'create database "{name}" template "{template}"')
    copy = postgres.beside(name)
    await migrate(copy)  # what a copy does not carry: rights to the database itself
    return copy


async def _execute(postgres: Cluster, statement: str) -> None:
    connection = await postgres.beside("postgres").connect_to_migrate()
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def _is_running(data: Path) -> bool:
    return (data / "postgres" / "postmaster.pid").exists()
