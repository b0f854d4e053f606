"""The embedded server between processes: shared, private, taken over from the killed, and durable."""

import asyncio
import os
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import psutil
import pytest

from infra.cluster import Cluster, Role, Unreachable, is_passing
from infra.postgres.address import EmbeddedAddress, ExternalAddress
from infra.postgres.embedded import EmbeddedFailed, EmbeddedServer
from infra.postgres.user import NAME

ROOT = Path(__file__).parents[2]

USE_UNTIL_TOLD = """
import sys
from pathlib import Path
from infra.postgres.embedded import EmbeddedServer
server = EmbeddedServer(Path(sys.argv[1]))
server.enter()
print(server.running().pid, flush=True)
sys.stdin.readline()
server.leave()
"""


@pytest.fixture
def data() -> Iterator[Path]:
    """A folder for a server of the test's own, with a path short enough for a socket."""
    with tempfile.TemporaryDirectory(prefix="pushback-test-") as folder:
        yield Path(folder) / "data"


@pytest.fixture
async def own(data: Path) -> AsyncIterator[Cluster]:
    """A cluster whose server the test may hurt."""
    cluster = await Cluster.embedded(data)
    yield cluster
    await cluster.stop()


def another_process(data: Path) -> "subprocess.Popen[str]":
    """A second user of the server; its first line is the server's pid, a line sent to it ends it."""
    return subprocess.Popen(
        [sys.executable, "-c", USE_UNTIL_TOLD, str(data)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def pid_from(process: "subprocess.Popen[str]") -> int:
    assert process.stdout
    return int(process.stdout.readline())


def tell_to_leave(process: "subprocess.Popen[str]") -> None:
    process.communicate("leave\n")
    assert process.returncode == 0


def running_pid(data: Path) -> int | None:
    server = EmbeddedServer(data).running()
    return server.pid if server else None


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


async def test_each_role_logs_in_as_itself_and_is_no_superuser(own: Cluster) -> None:
    for role in (Role.APP, Role.FOLD, Role.PRIVACY, Role.AUDITOR):
        connection = await own.connect(role)
        row = await connection.fetchrow("select session_user::text, current_setting('is_superuser')")
        await connection.close()
        assert tuple(row or ()) == (role.value, "off")


async def test_what_is_acknowledged_is_on_disk(own: Cluster) -> None:
    connection = await own.connect(Role.APP)
    durable = [
        await connection.fetchval(f"show {name}") for name in ("fsync", "synchronous_commit", "full_page_writes")
    ]
    await connection.close()
    assert durable == ["on", "on", "on"]


async def test_nobody_else_on_the_machine_can_enter(own: Cluster, data: Path) -> None:
    connection = await own.connect(Role.APP)
    assert await connection.fetchval("show listen_addresses") == ""
    await connection.close()
    assert [mode(folder) for folder in (data, data / "postgres", data / "socket")] == [0o700] * 3
    assert mode(data / "socket" / ".s.PGSQL.5432") == 0o700


async def test_a_long_path_gets_a_socket_folder_that_is_as_private(data: Path) -> None:
    server = EmbeddedServer(data / ("long" * 30))
    folder = await asyncio.to_thread(server.enter)
    assert len(str(folder)) < 60
    assert mode(folder) == 0o700
    connection = await asyncpg.connect(host=str(folder), user="postgres")
    await connection.close()
    await asyncio.to_thread(server.leave)
    assert not folder.exists()


async def test_a_socket_folder_that_others_can_enter_is_refused(own: Cluster, data: Path) -> None:
    (data / "socket").chmod(0o755)
    with pytest.raises(EmbeddedFailed, match="other users can enter"):
        EmbeddedServer(data).enter()
    (data / "socket").chmod(0o700)
    connection = await own.connect(Role.APP)
    await connection.close()


def test_a_folder_that_others_can_write_to_is_refused(data: Path) -> None:
    data.mkdir()
    data.chmod(0o777)
    with pytest.raises(EmbeddedFailed, match="can be written by others"):
        EmbeddedServer(data).enter()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs PostgreSQL as another user")
def test_root_lets_only_postgres_through_a_private_folder(data: Path) -> None:
    data.parent.chmod(0o700)
    server = EmbeddedServer(data)
    server.enter()
    running = server.running()
    assert running
    assert psutil.Process(running.pid).username() == NAME
    assert not data.parent.stat().st_mode & stat.S_IRWXO
    with pytest.raises(subprocess.CalledProcessError):
        subprocess.run(["/bin/ls", str(data)], user="nobody", check=True, capture_output=True)
    server.leave()


def test_processes_share_a_server_and_the_last_one_stops_it(data: Path) -> None:
    server, other = EmbeddedServer(data), another_process(data)
    pid = pid_from(other)
    server.enter()
    assert running_pid(data) == pid
    tell_to_leave(other)
    assert running_pid(data) == pid
    server.leave()
    assert running_pid(data) is None


def test_processes_that_start_at_once_get_one_server(data: Path) -> None:
    processes = [another_process(data) for _ in range(4)]
    assert len({pid_from(process) for process in processes}) == 1
    for process in processes:
        tell_to_leave(process)
    assert running_pid(data) is None


def test_a_server_whose_owner_was_killed_is_taken_over_and_stopped(data: Path) -> None:
    owner = another_process(data)
    pid = pid_from(owner)
    owner.kill()
    owner.communicate()
    assert running_pid(data) == pid
    server = EmbeddedServer(data)
    server.enter()
    assert running_pid(data) == pid
    server.leave()
    assert running_pid(data) is None


async def test_a_killed_postgres_is_started_again_with_all_that_was_committed(own: Cluster, data: Path) -> None:
    connection = await own.connect_to_migrate()
    await connection.execute("create table kept as select 42 as answer")
    os.kill(running_pid(data) or 0, signal.SIGKILL)
    connection.terminate()
    connection = await own.connect_to_migrate()
    assert await connection.fetchval("select answer from kept") == 42
    await connection.close()


async def test_a_stopped_cluster_does_not_start_the_server_again(data: Path) -> None:
    cluster = await Cluster.embedded(data)
    await cluster.stop()
    hasty = Cluster(cluster._address, patience_seconds=0)
    with pytest.raises(Unreachable, match="no longer uses"):
        await hasty.connect(Role.APP)
    assert running_pid(data) is None


def test_a_killed_initdb_is_done_again(data: Path) -> None:
    (data / "postgres.unfinished").mkdir(parents=True)
    (data / "postgres.unfinished" / "PG_VERSION").write_text("18\n")
    data.chmod(0o755)
    server = EmbeddedServer(data)
    server.enter()
    assert not (data / "postgres.unfinished").exists()
    server.leave()


def test_a_pid_file_left_by_a_crash_whose_number_is_used_again_does_not_keep_it_down(data: Path) -> None:
    server = EmbeddedServer(data)
    server.enter()
    server.leave()
    (data / "postgres" / "postmaster.pid").write_text(f"{os.getpid()}\n{data}/postgres\n0\n5432\n{data}/socket\n\n")
    server.enter()
    assert running_pid(data) not in (None, os.getpid())
    server.leave()


async def test_what_stands_in_the_way_is_said_when_the_patience_ends() -> None:
    nowhere = Cluster(ExternalAddress("postgresql://app@/pushback?host=/nonexistent", None), patience_seconds=0)
    with pytest.raises(Unreachable, match="PostgreSQL cannot be reached"):
        await nowhere.connect(Role.APP)


async def test_a_login_nobody_knows_is_told_at_once(own: Cluster) -> None:
    address = own._address
    assert isinstance(address, EmbeddedAddress)
    stranger = Cluster.external(f"postgresql://stranger@/pushback?host={address.login(Role.APP)['host']}")
    with pytest.raises(asyncpg.InvalidAuthorizationSpecificationError, match="stranger"):
        await stranger.connect(Role.APP)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (ConnectionRefusedError(), True),
        (TimeoutError(), True),
        (asyncpg.CannotConnectNowError(), True),
        (asyncpg.AdminShutdownError(), True),
        (asyncpg.DeadlockDetectedError(), True),
        (asyncpg.LockNotAvailableError(), True),
        (asyncpg.ConnectionDoesNotExistError(), True),
        (asyncpg.InterfaceError("connection is closed"), True),
        (asyncpg.InternalClientError("unexpected end"), True),
        (asyncpg.QueryCanceledError(), False),
        (asyncpg.UniqueViolationError(), False),
        (asyncpg.InvalidPasswordError(), False),
        (ValueError(), False),
    ],
)
def test_only_what_may_pass_is_tried_again(error: Exception, expected: bool) -> None:  # noqa: FBT001 - a table's column
    assert is_passing(error) is expected
