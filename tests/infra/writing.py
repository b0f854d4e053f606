"""Another process that appends: `python -m tests.infra.writing JSON`, for tests that need more than one."""

import asyncio
import json
import sys
from typing import Any
from uuid import UUID, uuid4

import asyncpg

from infra.cluster import Cluster, Connection, Role
from infra.ledger import Ledger
from infra.pool import Pool
from tests.infra.saying import append, said


async def run(login: dict[str, Any], workspaces: list[str], writers: int, appends: int) -> None:
    async def open_connection() -> Connection:
        return await asyncpg.connect(**login)

    pool = Pool(open_connection, 4)
    ledger = Ledger(pool)

    async def write(first: int) -> None:
        for index in range(first, first + appends):
            workspace_id = UUID(workspaces[index % len(workspaces)])
            await ledger.append(append(workspace_id, *(said(uuid4(), 1) for _ in range(index % 3 + 1))))

    await asyncio.gather(*(write(first) for first in range(writers)))
    await ledger.close()
    await pool.close()


async def start(cluster: Cluster, workspaces: list[UUID], *, writers: int, appends: int) -> asyncio.subprocess.Process:
    """Each of the writers makes so many appends of one to three events, in the workspaces by turns."""
    login = cluster._address.login(Role.APP)
    asked = {"login": login, "workspaces": [str(one) for one in workspaces], "writers": writers, "appends": appends}
    return await asyncio.create_subprocess_exec(sys.executable, "-m", "tests.infra.writing", json.dumps(asked))


if __name__ == "__main__":
    asyncio.run(run(**json.loads(sys.argv[1])))
