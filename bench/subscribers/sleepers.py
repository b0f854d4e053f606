"""The process of those who do not read: `python -m bench.subscribers.sleepers PORT COUNT AFTER`, TOKEN set.

It says when all have subscribed, sleeps until it is told to wake, and then says how each was ended and whether it could
resume after the last event it had.
"""

import json
import os
import socket
import struct
import sys
import time
from collections import Counter
from contextlib import suppress
from typing import Any, Final, NamedTuple

BUFFER_BYTES: Final = 4096
"""Of the kernel's, for what was not read yet: the least there is."""

PATIENCE_SECONDS: Final = 60.0
FOLLOW: Final = """subscription Follow($after: Position) {
  events(after: $after) { position recordedAt kind actor { name } ... on PushbackRaised { statement } }
}"""
_HANDSHAKE: Final = (
    b"GET /graphql HTTP/1.1\r\nhost: bench\r\nupgrade: websocket\r\nconnection: upgrade\r\n"
    b"sec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
    b"sec-websocket-protocol: graphql-transport-ws\r\n\r\n"
)
_TEXT, _CLOSE = 0x81, 0x88


class Ended(NamedTuple):
    """How a socket was ended, and the last position that reached it."""

    how: str
    position: int


class Sleeper:
    """One socket that has subscribed."""

    def __init__(self, port: int, after: int) -> None:
        self._socket = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER_BYTES)
        self._socket.settimeout(PATIENCE_SECONDS)
        self._socket.connect(("127.0.0.1", port))
        self._after = after
        self._unread = b""
        self._socket.sendall(_HANDSHAKE)
        while b"\r\n\r\n" not in self._unread:
            self._unread += self._socket.recv(1)
        self._unread = b""
        self._say({"type": "connection_init", "payload": {"authorization": f"Bearer {os.environ['TOKEN']}"}})
        asked = {"query": FOLLOW, "variables": {"after": after}}
        self._say({"type": "subscribe", "id": "1", "payload": asked})

    def _say(self, message: dict[str, Any]) -> None:
        payload = json.dumps(message).encode()
        size = bytes([0x80 | len(payload)]) if len(payload) < 126 else b"\xfe" + struct.pack("!H", len(payload))
        self._socket.sendall(bytes([_TEXT]) + size + b"\0\0\0\0" + payload)

    def wake(self) -> Ended:
        """Read everything at last."""
        position = self._after
        try:
            while True:
                kind, payload = self._frame()
                if kind == _CLOSE:
                    return Ended(str(struct.unpack("!H", payload[:2])[0]), position)
                if kind == _TEXT:
                    position = self._position(payload, position)
        except (OSError, EOFError) as error:
            return Ended(type(error).__name__, position)
        finally:
            self._socket.close()

    def next(self) -> int:
        """The position of the first event."""
        with suppress(OSError, EOFError):
            while True:
                kind, payload = self._frame()
                if kind == _TEXT and self._position(payload, 0):
                    return self._position(payload, 0)
        return 0

    def _position(self, payload: bytes, last: int) -> int:
        message = json.loads(payload)
        if message["type"] != "next":
            return last
        position: int = message["payload"]["data"]["events"]["position"]
        assert last in (0, position - 1), (last, position)
        return position

    def _frame(self) -> tuple[int, bytes]:
        kind, size = self._read(2)
        if size == 126:
            size = struct.unpack("!H", self._read(2))[0]
        elif size == 127:
            size = struct.unpack("!Q", self._read(8))[0]
        return kind, self._read(size)

    def _read(self, count: int) -> bytes:
        while len(self._unread) < count:
            more = self._socket.recv(1 << 16)
            if not more:
                raise EOFError
            self._unread += more
        taken, self._unread = self._unread[:count], self._unread[count:]
        return taken


def main(port: int, count: int, after: int) -> None:
    """Subscribe, sleep, wake, resume, tell."""
    sleepers = [Sleeper(port, after) for _ in range(count)]
    print("in", flush=True)
    sys.stdin.readline()
    begun = time.perf_counter()
    ended = [sleeper.wake() for sleeper in sleepers]
    resumed = sum(Sleeper(port, one.position).next() == one.position + 1 for one in ended)
    told = {
        "ended": Counter(one.how for one in ended),
        "resumed": resumed,
        "had_events": [min(one.position for one in ended) - after, max(one.position for one in ended) - after],
        "waking_seconds": round(time.perf_counter() - begun, 1),
    }
    print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
