"""Back-pressure on sockets and streams: little is kept for a client that does not read, and not for long."""

import asyncio
from typing import TYPE_CHECKING, Any, Final, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from graphql_api.transport.parting import KERNEL_BYTES_MAX, Parting, let_kernel_keep

if TYPE_CHECKING:
    from uvicorn._types import ASGISendEvent

KEPT_BYTES_MAX: Final = 4096
"""Of what a client has not read yet, beside what the kernel keeps."""

STALLED_SECONDS: Final = 30.0
"""Who reads nothing for so long while there is something to read is sent away."""

TRY_AGAIN_LATER: Final = 1013
"""The code that clients answer by connecting anew, and resuming after the last position they have."""

_SLOW: Final = "You read too slowly; resume after the last position you have"

PATIENCE: Final = "pushback.patience"
"""The extension of ASGI under which a request finds its PatientHttp."""


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

    def write_eof(self) -> None:
        """Write no more, after what was written."""
        self._flush()
        self._transport.write_eof()

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
        let_kernel_keep(transport, KERNEL_BYTES_MAX)
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
        self.conn.send_close(TRY_AGAIN_LATER, _SLOW)
        self.close_sent = self.is_sent_away = self.disconnected = True
        self.queue.put_nowait({"type": "websocket.disconnect", "code": TRY_AGAIN_LATER, "reason": ""})
        self.writable.set()
        self.connections.discard(self)
        parting = Parting(self.transport, self.connections)
        self.close_timer = parting.begin(b"".join(self.conn.data_to_send()))  # with one, nobody else closes it


class PatientHttp(HttpToolsProtocol):
    """Uvicorn's protocol of one HTTP connection, with an end to its patience for a stream that is not read."""

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        extensions: dict[str, Any] = {PATIENCE: self}
        self.scope["extensions"] = extensions

    def keep_little(self) -> None:
        """From now on, of what the client does not read."""
        self.transport.set_write_buffer_limits(high=KEPT_BYTES_MAX)
        let_kernel_keep(self.transport, KERNEL_BYTES_MAX)

    def send_away(self) -> None:
        """End the stream, cut off, which clients answer by asking anew; why, a comment says to whoever looks."""
        if self.cycle.disconnected or self.transport.is_closing():
            return
        told = f": {TRY_AGAIN_LATER} {_SLOW}\n\n".encode()
        self.cycle.disconnected = True
        self.cycle.message_event.set()
        self.flow.resume_writing()
        self.connections.discard(self)
        Parting(self.transport, self.connections).begin(b"%x\r\n%b\r\n" % (len(told), told))


PROTOCOLS: Final[Any] = {"http": PatientHttp, "ws": PatientSocket}
"""What uvicorn is to speak."""
