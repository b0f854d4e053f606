"""Parting from a client that does not read: the last words wait in the kernel, for when it reads again."""

import asyncio
import socket
from typing import Any, Final

KERNEL_BYTES_MAX: Final = 32_768
"""So much of what is not read the kernel keeps; it doubles it for what it notes down. Left alone it keeps megabytes."""

FAREWELL_BYTES: Final = 8 * KERNEL_BYTES_MAX
"""So much the kernel takes at last, so that all of it and the last words are delivered when the client reads again."""

LINGER_SECONDS: Final = 5.0
"""So long the kernel may take to take it."""

KEPT_SECONDS: Final = 900.0
"""So long they wait. Had the connection been closed, the kernel would reset it within minutes."""

KEPT_MAX: Final = 1000
"""So many wait in one process; for one more, the first is given up."""

_waiting: Final[dict["Parting", None]] = {}


def let_kernel_keep(transport: asyncio.BaseTransport, size_bytes: int) -> None:
    """How much of what a client has not read."""
    transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, size_bytes)


class Parting(asyncio.Protocol):
    """All that is left of a connection. Among the server's `connections`, so that it ends with the server."""

    def __init__(self, transport: asyncio.Transport, connections: set[Any]) -> None:
        self._transport = transport
        self._connections = connections
        self._ending: asyncio.TimerHandle | None = None

    def begin(self, last_words: bytes) -> asyncio.TimerHandle | None:
        """Say them; nothing comes after them, and nothing that the client says is listened to. Gives what ends it."""
        let_kernel_keep(self._transport, FAREWELL_BYTES)
        self._transport.write(last_words)
        self._transport.set_protocol(self)
        self._transport.resume_reading()
        if not self._transport.can_write_eof():
            self._transport.close()
            return None
        self._transport.write_eof()
        self._connections.add(self)
        self._ending = asyncio.get_running_loop().call_later(LINGER_SECONDS, self._wait)
        _waiting[self] = None
        if len(_waiting) > KEPT_MAX:
            next(iter(_waiting)).shutdown()
        return self._ending

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - however it ended
        """The client has read everything, or has gone."""
        self._connections.discard(self)
        _waiting.pop(self, None)
        if self._ending is not None:
            self._ending.cancel()

    def shutdown(self) -> None:
        """Wait no more."""
        _waiting.pop(self, None)
        self._transport.abort()

    def _wait(self) -> None:
        """What the kernel has not taken by now, this process does not keep for it."""
        if self._transport.get_write_buffer_size():
            self.shutdown()
        else:
            self._ending = asyncio.get_running_loop().call_later(KEPT_SECONDS, self.shutdown)
