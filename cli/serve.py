"""`pushback serve`: the server on the data that is there."""

import asyncio
import logging
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Final

import click
import structlog
import uvicorn

from cli.terminal.session import run, settings
from graphql_api.server import create_app
from graphql_api.transport.http import BODY_BYTES_MAX
from graphql_api.transport.patience import PROTOCOLS
from infra.backend import Backend
from infra.settings import Settings

HOST: Final = "127.0.0.1"
_GRACE_SECONDS: Final = 3
_IDLE_SECONDS: Final = 75
"""Longer than clients and balancers keep a connection: it is theirs to close, and no request meets a closed one."""

log = structlog.get_logger()


@click.command()
@click.option("--host", default=HOST, show_default=True, help="The address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), help="Instead of PUSHBACK_PORT; 0 takes any free one.")
def serve(host: str, port: int | None) -> None:
    """Start the server on the data in PUSHBACK_DATA, or on DATABASE_URL."""
    told = settings()
    with listen(host, told.port if port is None else port) as listener:
        run(lambda backend: answer(backend, listener, partial(_log_start, listener), told), told, logging.INFO)


def _log_start(listener: socket.socket) -> None:
    log.info("listening", url=url_of(listener))


def listen(host: str, port: int) -> socket.socket:
    """The socket, taken before anything else is done: whoever finds the port in use is told at once."""
    try:
        return socket.create_server((host, port), backlog=2048)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise click.ClickException(f"cannot listen on {host}:{port}: {reason}; choose another PUSHBACK_PORT") from None


def url_of(listener: socket.socket) -> str:
    """Where it is reached."""
    host, port = listener.getsockname()[:2]
    return f"http://{host}:{port}/"


async def answer(
    backend: Backend, listener: socket.socket, on_start: Callable[[], None], told: Settings | None = None
) -> None:
    """Serve until SIGTERM or Ctrl-C, then let what is under way end."""
    config = uvicorn.Config(
        create_app(backend, told or Settings()),
        loop="uvloop",
        **PROTOCOLS,
        ws_max_size=BODY_BYTES_MAX,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=_GRACE_SECONDS,
        timeout_keep_alive=_IDLE_SECONDS,
    )
    server = _Server(config, on_start)
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, server.handle_exit, number, None)
    await server.serve([listener])


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, on_start: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_start = on_start

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """The loop's handlers are set. Uvicorn's end the process by the signal before the database is let go of."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._on_start()
