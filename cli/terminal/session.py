"""One run of a command: the settings of the environment, the services, a loop, and a clean end whatever happens."""

import asyncio
import logging
import os
import signal
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import uvloop

from cli.terminal.logs import write_logs
from infra.backend import Backend
from infra.settings import Settings, read_settings

T = TypeVar("T")


def settings() -> Settings:
    """What the environment says; raises WrongSetting."""
    return read_settings(os.environ)


def run(work: Callable[[Backend], Awaitable[T]], chosen: Settings | None = None, logged: int = logging.WARNING) -> T:
    """Do this with the services, and let go of them; logs of the level `logged` and above are written."""
    write_logs(logged)
    told = chosen or settings()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(_with_backend(work, told))


async def _with_backend(work: Callable[[Backend], Awaitable[T]], told: Settings) -> T:
    """A polite request to end is like Ctrl-C: the embedded PostgreSQL is not left running."""
    task: asyncio.Task[Any] | None = asyncio.current_task()
    assert task is not None  # noqa: S101 - we are in it
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    backend = await Backend.open(told)
    try:
        return await work(backend)
    finally:
        await backend.close()
