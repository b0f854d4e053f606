"""The process of those who do not read: `python -m bench.subscribers.sleepers PORT TRANSPORT COUNT AFTER`, TOKEN set.

It says when all have subscribed, sleeps until it is told to wake, and then says how each was ended and whether it could
resume after the last event it had.
"""

import json
import re
import socket
import struct
import sys
import time
from abc import ABC, abstractmethod
from collections import Counter
from contextlib import suppress
from typing import Any, Final, NamedTuple

from bench.subscribers.wire import HANDSHAKE, TEXT, beginning, request

BUFFER_BYTES: Final = 4096
"""Of the kernel's, for what was not read yet: the least there is."""

PATIENCE_SECONDS: Final = 60.0
FOLLOW: Final = """subscription Follow($after: Position) {
  events(after: $after) { position recordedAt kind actor { name } ... on PushbackRaised { statement } }
}"""
_CLOSE: Final = 0x88
_EVENT: Final = re.compile(rb'"position":\s*(\d+)')


class Ended(NamedTuple):
    """How a connection was ended, and the last position that reached it."""

    how: str
    position: int


class Sleeper(ABC):
    """One connection that has subscribed."""

    def __init__(self, port: int, after: int) -> None:
        self._socket = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER_BYTES)
        self._socket.settimeout(PATIENCE_SECONDS)
        self._socket.connect(("127.0.0.1", port))
        self._after = after
        self._unread = b""
        self.ask({"query": FOLLOW, "variables": {"after": after}})

    @abstractmethod
    def ask(self, asked: dict[str, Any]) -> None:
        """Send what opens the stream."""

    @abstractmethod
    def message(self) -> bytes | str:
        """The next that is told, or why nothing is any more."""

    def wake(self) -> Ended:
        """Read everything at last."""
        position = self._after
        try:
            while isinstance(told := self.message(), bytes):
                position = _position(told, position)
        except (OSError, EOFError) as error:
            told = type(error).__name__
        finally:
            self._socket.close()
        return Ended(told, position)

    def next(self) -> int:
        """The position of the first event."""
        with suppress(OSError, EOFError):
            while isinstance(told := self.message(), bytes):
                if position := _position(told, 0):
                    return position
        return 0

    def until(self, end: bytes) -> bytes:
        """What comes before this."""
        while end not in self._unread:
            self._receive()
        told, _, self._unread = self._unread.partition(end)
        return told

    def read(self, count: int) -> bytes:
        """So many bytes."""
        while len(self._unread) < count:
            self._receive()
        taken, self._unread = self._unread[:count], self._unread[count:]
        return taken

    def _receive(self) -> None:
        more = self._socket.recv(1 << 16)
        if not more:
            raise EOFError
        self._unread += more

    def send(self, data: bytes) -> None:
        """All of it."""
        self._socket.sendall(data)


class SocketSleeper(Sleeper):
    """Over graphql-transport-ws."""

    def ask(self, asked: dict[str, Any]) -> None:
        """The handshake, and who follows what."""
        self.send(HANDSHAKE)
        self.until(b"\r\n\r\n")
        self.send(beginning(asked))

    def message(self) -> bytes | str:
        """A text, or the code of the close."""
        while True:
            kind, size = self.read(2)
            if size == 126:
                size = struct.unpack("!H", self.read(2))[0]
            elif size == 127:
                size = struct.unpack("!Q", self.read(8))[0]
            payload = self.read(size)
            if kind == _CLOSE:
                return str(struct.unpack("!H", payload[:2])[0])
            if kind == TEXT:
                return payload


class StreamSleeper(Sleeper):
    """Over server-sent events."""

    def ask(self, asked: dict[str, Any]) -> None:
        """The request."""
        self.send(request(asked))
        self.until(b"\r\n\r\n")

    def message(self) -> bytes | str:
        """The data of an event, or what the last comment begins with."""
        while True:
            told = self.read(int(self.until(b"\r\n"), 16))
            self.read(2)
            if told.startswith(b": "):
                return told.split()[1].decode()
            if told.startswith(b"event: next\ndata: "):
                return told.removeprefix(b"event: next\ndata: ")


TRANSPORTS: Final[dict[str, type[Sleeper]]] = {"WebSocket": SocketSleeper, "SSE": StreamSleeper}


def _position(told: bytes, last: int) -> int:
    found = _EVENT.search(told)
    if found is None:
        return last
    position = int(found[1])
    assert last in (0, position - 1), (last, position)
    return position


def main(port: int, transport: str, count: int, after: int) -> None:
    """Subscribe, sleep, wake, resume, tell."""
    sleepers = [TRANSPORTS[transport](port, after) for _ in range(count)]
    print("in", flush=True)
    sys.stdin.readline()
    begun = time.perf_counter()
    ended = [sleeper.wake() for sleeper in sleepers]
    resumed = sum(TRANSPORTS[transport](port, one.position).next() == one.position + 1 for one in ended)
    told = {
        "ended": Counter(one.how for one in ended),
        "resumed": resumed,
        "had_events": [min(one.position for one in ended) - after, max(one.position for one in ended) - after],
        "waking_seconds": round(time.perf_counter() - begun, 1),
    }
    print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
