"""Run as a program: an import that dies by SIGKILL after some appends.

Arguments: the server's folder and socket, the database, the workspace, the tool, the file, how many appends.
"""

import asyncio
import os
import signal
import sys
from pathlib import Path
from uuid import UUID

from infra.cluster import Cluster, Role
from infra.github.run import import_github
from infra.jira.run import import_jira
from infra.ledger import Ledger
from infra.pool import plain
from infra.postgres.address import EmbeddedAddress
from infra.postgres.embedded import EmbeddedServer


async def main(folder: str, socket: str, database: str, *rest: str) -> None:
    workspace, tool, file, appends = rest
    pool = plain(Cluster(EmbeddedAddress(EmbeddedServer(Path(folder)), Path(socket), database)), Role.APP, 1)
    left = int(appends)

    def die_in_the_end(_done: int, _of: int) -> None:
        nonlocal left
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)

    bring = {"jira": import_jira, "github": import_github}[tool]
    await bring(Ledger(pool), pool, UUID(workspace), [Path(file)], progress=die_in_the_end)


asyncio.run(main(*sys.argv[1:]))
