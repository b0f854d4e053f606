"""The process of those who follow: `python -m bench.subscribers.client PORT TRANSPORT COUNT AFTER`, TOKEN set.

It says when all of them are let in, is told the last position, and says what arrived and how late.
"""

import asyncio
import json
import re
import struct
import sys
import time
from abc import ABC, abstractmethod
from array import array
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache
from typing import Final, cast

import uvloop

from bench.subscribers.wire import HANDSHAKE, beginning, frame, request

FOLLOW: Final = (
    "subscription Follow($after: Position) { events(after: $after) { position recordedAt kind actor { name } } }"
)
QUIET_SECONDS: Final = 60.0
"""So long nothing at all may arrive before whoever waits gives up."""

_EVENT: Final = re.compile(rb'"position":\s*(\d+),\s*"recordedAt":\s*"([^"]+)"')
_AT_ONCE: Final = 50
_PING: Final = 0x89


class Arrivals:
    """What reached all of them together."""

    def __init__(self) -> None:
        self.delays = array("d")
        self.last = time.perf_counter()

    def note(self, recorded_at: bytes, now: float) -> None:
        """One event arrived at one of them."""
        self.delays.append(now - _moment(recorded_at))
        self.last = time.perf_counter()


@cache
def _moment(text: bytes) -> float:
    return datetime.fromisoformat(text.decode()).timestamp()


class Follower(asyncio.Protocol, ABC):
    """One connection: is let in, and expects every position from then on, once and in order."""

    def __init__(self, arrivals: Arrivals, after: int) -> None:
        self.is_in = asyncio.get_running_loop().create_future()
        self.wrong = 0
        self.is_lost = False
        self.position = after
        self._arrivals = arrivals
        self._unread = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask to be let in."""
        self.transport = cast("asyncio.Transport", transport)
        self.ask()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - however it ended
        """The server has had enough."""
        self.is_lost = True

    @abstractmethod
    def ask(self) -> None:
        """Send what opens the stream."""

    def data_received(self, data: bytes) -> None:
        """Take what arrived, as far as it is whole."""
        self._unread += data
        if not self.is_in.done():
            self._unread = self.enter(self._unread)
        if self.is_in.done():
            self._unread = self.take(self._unread)

    def enter(self, unread: bytes) -> bytes:
        """The head of the answer; gives what comes after it."""
        head, found, rest = unread.partition(b"\r\n\r\n")
        if not found:
            return unread
        assert head.startswith((b"HTTP/1.1 101", b"HTTP/1.1 200")), head
        self.is_in.set_result(None)
        return rest

    def take(self, unread: bytes) -> bytes:
        """The events of a text; gives what is not whole yet."""
        now, end = time.time(), 0
        for found in _EVENT.finditer(unread):
            position = int(found[1])
            self.wrong += position != self.position + 1
            self.position = position
            self._arrivals.note(found[2], now)
            end = found.end()
        return unread[end:]


class BySocket(Follower):
    """Over graphql-transport-ws."""

    def ask(self) -> None:
        """The handshake."""
        self.transport.write(HANDSHAKE)

    def enter(self, unread: bytes) -> bytes:
        """Say who follows what, once the socket is open."""
        rest = super().enter(unread)
        if self.is_in.done():
            self.transport.write(beginning(_asked(self.position)))
        return rest

    def take(self, unread: bytes) -> bytes:
        """Frame by frame; a ping is answered."""
        at = 0
        while len(unread) >= at + 4:
            size, start = unread[at + 1], at + 2
            if size == 126:
                size, start = struct.unpack_from("!H", unread, start)[0], start + 2
            if len(unread) < start + size:
                break
            payload, kind = unread[start : start + size], unread[at]
            at = start + size
            if kind == _PING:
                self.transport.write(frame(0x8A, payload))
            else:
                super().take(payload)
        return unread[at:]


class ByEvents(Follower):
    """Over server-sent events."""

    def ask(self) -> None:
        """The request."""
        self.transport.write(request(_asked(self.position)))


TRANSPORTS: Final[dict[str, Callable[[Arrivals, int], Follower]]] = {"WebSocket": BySocket, "SSE": ByEvents}


def _asked(after: int) -> dict[str, object]:
    return {"query": FOLLOW, "variables": {"after": after}}


async def follow(transport: str, port: int, count: int, after: int) -> tuple[Arrivals, list[Follower]]:
    """So many of them, let in."""
    arrivals, followers = Arrivals(), list[Follower]()
    for start in range(0, count, _AT_ONCE):
        new = [TRANSPORTS[transport](arrivals, after) for _ in range(start, min(count, start + _AT_ONCE))]
        for follower in new:
            await asyncio.get_running_loop().create_connection(lambda one=follower: one, "127.0.0.1", port)  # type: ignore[misc]
        await asyncio.gather(*(follower.is_in for follower in new))
        followers += new
    return arrivals, followers


async def complete(arrivals: Arrivals, followers: Sequence[Follower], last: int) -> None:
    """Until everybody has everything, or nothing comes any more."""
    arrivals.last = time.perf_counter()
    while any(follower.position < last and not follower.is_lost for follower in followers):
        if time.perf_counter() > arrivals.last + QUIET_SECONDS:
            return
        await asyncio.sleep(0.1)


async def main(port: int, transport: str, count: int, after: int) -> None:
    """Follow, and tell."""
    arrivals, followers = await follow(transport, port, count, after)
    print("in", flush=True)
    last = int(await asyncio.to_thread(sys.stdin.readline))
    await complete(arrivals, followers, last)
    delays = sorted(arrivals.delays)
    told = {
        "complete": sum(follower.position >= last and not follower.wrong for follower in followers),
        "delivered": len(delays),
        "p50_ms": delays[len(delays) // 2] * 1000,
        "p99_ms": delays[len(delays) * 99 // 100] * 1000,
        "most_ms": delays[-1] * 1000,
    }
    print(json.dumps(told), flush=True)


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])))
