"""Back-pressure on sockets: little is kept for a client that does not read, and not for long."""

import asyncio
import socket
from typing import TYPE_CHECKING, Any, Final, cast

from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

if TYPE_CHECKING:
    from uvicorn._types import ASGISendEvent

KEPT_BYTES_MAX: Final = 4096
"""Of what a client has not read yet, beside what the kernel keeps."""

KERNEL_BYTES_MAX: Final = 32_768
"""Of the same, in the kernel, which doubles it for what it notes down. Left alone it would keep megabytes."""

FAREWELL_BYTES: Final = 8 * KERNEL_BYTES_MAX
"""So much the kernel takes at last, so that all of it and the code are delivered when the client reads again."""

STALLED_SECONDS: Final = 30.0
"""Who reads nothing for so long while there is something to read is sent away."""

LINGER_SECONDS: Final = 5.0
"""So long the kernel may take to take it."""

TRY_AGAIN_LATER: Final = 1013
"""The code that clients answer by connecting anew, and resuming after the last position they have."""


class Gathering:
    """A transport to which what is written in one turn of the loop goes as one: a page is a few packets."""

    def __init__(self, transport: Any, loop: asyncio.AbstractEventLoop) -> None:  # noqa: ANN401 - a transport of the loop's
        self._transport, self._loop = transport, loop
        self._gathered = bytearray()

    def write(self, data: bytes) -> None:
        """Write soon, at once when it is much."""
        if not self._gathered:
            self._loop.call_soon(self._flush)
        self._gathered += data
        if len(self._gathered) > KEPT_BYTES_MAX:
            self._flush()

    def close(self) -> None:
        """Close, after what was written."""
        self._flush()
        self._transport.close()

    def _flush(self) -> None:
        gathered, self._gathered = self._gathered, bytearray()
        if gathered and not self._transport.is_closing():
            self._transport.write(gathered)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever else a transport does
        return getattr(self._transport, name)


class PatientSocket(WebSocketsSansIOProtocol):
    """Uvicorn's protocol of one socket, with an end to its patience."""

    is_sent_away = False

    def connection_made(self, transport: Any) -> None:  # noqa: ANN401 - a transport of the loop's
        """A client has connected."""
        transport.set_write_buffer_limits(high=KEPT_BYTES_MAX)
        _let_kernel_keep(transport, KERNEL_BYTES_MAX)
        super().connection_made(cast("asyncio.Transport", Gathering(transport, self.loop)))

    async def send(self, message: "ASGISendEvent") -> None:
        """Send once the client has read enough of what was sent before."""
        if not self.writable.is_set():
            await self._drained()
        if self.is_sent_away:
            raise ClientDisconnected
        await super().send(message)

    async def _drained(self) -> None:
        try:
            async with asyncio.timeout(STALLED_SECONDS):
                await self.writable.wait()
        except TimeoutError:
            self._send_away()

    def keepalive_timeout(self) -> None:
        """A ping was not answered: who does not read does not see it."""
        self.stop_keepalive()
        self._send_away()

    def _send_away(self) -> None:
        if self.close_sent or self.transport.is_closing():
            return
        self.stop_keepalive()
        _let_kernel_keep(self.transport, FAREWELL_BYTES)
        self.conn.send_close(TRY_AGAIN_LATER, "You read too slowly; resume after the last position you have")
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = self.is_sent_away = True
        self.queue.put_nowait({"type": "websocket.disconnect", "code": TRY_AGAIN_LATER, "reason": ""})
        self.writable.set()
        self.transport.close()
        self.close_timer = self.loop.call_later(LINGER_SECONDS, self.transport.abort)


def _let_kernel_keep(transport: asyncio.Transport, size_bytes: int) -> None:
    transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, size_bytes)
