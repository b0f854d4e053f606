"""A server process of the tests: `python -m tests.processes.serve FOLDER [PLANT...]`, with faults planted by name.

It prints its port once it answers, and is otherwise the server that `pushback serve` starts; webhooks may lead to this
machine.
"""

import asyncio
import logging
import sys
from pathlib import Path

import uvloop

from cli.serve import HOST, answer, listen
from cli.terminal.logs import write_logs
from infra.backend import Backend
from infra.settings import Settings
from tests.processes.plants import PLANTS


async def main(folder: str, *plants: str) -> None:
    """Serve until it is told to stop."""
    backend = await Backend.open(Settings(data=Path(folder), webhooks_private=True))
    try:
        for plant in plants:
            PLANTS[plant](backend)
        with listen(HOST, 0) as listener:
            port = listener.getsockname()[1]
            await answer(backend, listener, lambda: print(port, flush=True))  # noqa: T201 - for the test that waits
    finally:
        await backend.close()


if __name__ == "__main__":
    write_logs(logging.WARNING)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main(*sys.argv[1:]))
