"""The operating-system user that the embedded PostgreSQL runs as: ourselves, or one of its own when we are root."""

import os
import pwd
import shutil
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any, Final, NamedTuple

NAME: Final = "pushback-postgres"

_ACL: Final = "system.posix_acl_access"
_ACL_ENTRY: Final = struct.Struct("<HHI")
_ACL_VERSION: Final = struct.pack("<I", 2)
_OWNER, _USER, _GROUP_OWNER, _MASK, _OTHER = 0x01, 0x02, 0x04, 0x10, 0x20
_NOBODY: Final = 0xFFFFFFFF
_TRAVERSE: Final = 1


class NoPostgresUser(Exception):
    """PostgreSQL refuses to run as root and no other user could be made for it; the message says what to do."""


class PostgresUser(NamedTuple):
    """Whom PostgreSQL's processes run as. `is_other` when that is not the user we run as."""

    uid: int
    gid: int
    is_other: bool

    def run_options(self) -> dict[str, Any]:
        """What subprocess.run needs to start a program as this user."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.is_other else {}

    def own(self, folder: Path) -> None:
        """Hand a folder of ours over to this user."""
        if self.is_other:
            os.chown(folder, self.uid, self.gid)

    def let_through(self, target: Path) -> None:
        """Let this user, and nobody else, walk to `target`: it may not list what lies on the way."""
        if self.is_other:
            for folder in target.resolve().parents:
                if not self._may_pass(folder):
                    self._allow_to_pass(folder)

    def _may_pass(self, folder: Path) -> bool:
        status = folder.stat()
        if status.st_uid == self.uid:
            return True
        granted = {(tag, name): bits for tag, bits, name in _acl(folder)}
        # chmod narrows the mask of a folder that has an access list, and with it what we granted there.
        named = granted.get((_USER, self.uid), 0) & granted.get((_MASK, _NOBODY), 0)
        return bool((status.st_mode | named) & _TRAVERSE)

    def _allow_to_pass(self, folder: Path) -> None:
        if sys.platform != "linux":
            raise NoPostgresUser(f"PostgreSQL's user cannot reach {folder}: run Pushback as an ordinary user")
        held = _acl(folder)
        shown = {tag: bits for tag, bits, _ in held if tag in (_GROUP_OWNER, _MASK)}
        mask = (_MASK, shown.get(_MASK, shown[_GROUP_OWNER]) | _TRAVERSE, _NOBODY)
        entries = [entry for entry in held if entry[0] != _MASK and entry[::2] != (_USER, self.uid)]
        wanted = sorted([*entries, (_USER, _TRAVERSE, self.uid), mask])
        try:
            os.setxattr(folder, _ACL, _ACL_VERSION + b"".join(_ACL_ENTRY.pack(*entry) for entry in wanted))
        except OSError as error:
            raise NoPostgresUser(
                f"PostgreSQL does not run as root, and its user {NAME} cannot reach {folder}: "
                "move out of that folder, or run Pushback as an ordinary user"
            ) from error


def postgres_user() -> PostgresUser:
    """Ourselves; for root the system user of PostgreSQL, made when it is missing. Raises NoPostgresUser."""
    if os.geteuid() != 0:
        return PostgresUser(os.geteuid(), os.getegid(), is_other=False)
    try:
        entry = pwd.getpwnam(NAME)
    except KeyError:
        entry = _make_user()
    return PostgresUser(entry.pw_uid, entry.pw_gid, is_other=True)


def _make_user() -> pwd.struct_passwd:
    useradd = shutil.which("useradd") or shutil.which("useradd", path="/usr/sbin:/sbin")
    if useradd is None:
        raise NoPostgresUser("PostgreSQL does not run as root: run Pushback as an ordinary user")
    # Two starting processes may both try: whoever comes second finds the user of the first.
    made = subprocess.run(  # noqa: S603 - a fixed command
        [useradd, "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", NAME],
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        return pwd.getpwnam(NAME)
    except KeyError:
        raise NoPostgresUser(f"the user {NAME} could not be made: {made.stderr.strip()}") from None


def _acl(folder: Path) -> list[tuple[int, int, int]]:
    """(tag, permission bits, id) of the folder's access list, which its plain mode stands for when it has none."""
    if sys.platform != "linux":
        return []
    try:
        return [*_ACL_ENTRY.iter_unpack(os.getxattr(folder, _ACL)[len(_ACL_VERSION) :])]
    except OSError:
        mode = folder.stat().st_mode
        return [
            (_OWNER, mode >> 6 & 7, _NOBODY),
            (_GROUP_OWNER, mode >> 3 & 7, _NOBODY),
            (_OTHER, mode & 7, _NOBODY),
        ]
