"""Back-pressure on sockets: little is kept for a client that does not read, and not for long."""

import asyncio
from typing import TYPE_CHECKING, Any, Final

from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

if TYPE_CHECKING:
    from uvicorn._types import ASGISendEvent

KEPT_BYTES_MAX: Final = 16_384
"""Of what a client has not read yet; the kernel keeps some more."""

STALLED_SECONDS: Final = 30.0
"""Who reads nothing for so long while there is something to read is sent away."""

LINGER_SECONDS: Final = 5.0
"""So long they may still read that they were."""

TRY_AGAIN_LATER: Final = 1013
"""The code that clients answer by connecting anew, and resuming after the last position they have."""


class PatientSocket(WebSocketsSansIOProtocol):
    """Uvicorn's protocol of one socket, with an end to its patience."""

    def connection_made(self, transport: Any) -> None:  # noqa: ANN401 - a transport of the loop's
        """A client has connected."""
        transport.set_write_buffer_limits(high=KEPT_BYTES_MAX)
        super().connection_made(transport)

    async def send(self, message: "ASGISendEvent") -> None:
        """Send once the client has read enough of what was sent before."""
        if not self.writable.is_set():
            await self._drained()
        await super().send(message)

    async def _drained(self) -> None:
        try:
            async with asyncio.timeout(STALLED_SECONDS):
                await self.writable.wait()
        except TimeoutError:
            self._send_away()
            raise ClientDisconnected from None

    def _send_away(self) -> None:
        if self.transport.is_closing():
            return
        self.conn.send_close(TRY_AGAIN_LATER, "You read too slowly; resume after the last position you have")
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        self.queue.put_nowait({"type": "websocket.disconnect", "code": TRY_AGAIN_LATER, "reason": ""})
        self.writable.set()
        self.close_timer = self.loop.call_later(LINGER_SECONDS, self.transport.abort)
