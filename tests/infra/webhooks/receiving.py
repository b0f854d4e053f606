"""A receiver of webhooks that answers as it is told, and a process's backend to deliver to it."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from typing import Any, NamedTuple

from standardwebhooks import Webhook, WebhookVerificationError


class Heard(NamedTuple):
    """A message that came in."""

    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        """What it calls itself."""
        return self.headers["webhook-id"]

    @property
    def told(self) -> Any:
        """What it says."""
        return json.loads(self.body)

    @property
    def position(self) -> int:
        """Of which entry it speaks."""
        return int(self.told["data"]["position"])

    def is_signed_with(self, secret: str) -> bool:
        """Whether the secret that was shown signs it, as the library of Standard Webhooks finds."""
        try:
            return bool(Webhook(secret).verify(self.body, self.headers) == self.told)
        except WebhookVerificationError:
            return False


class Receiver:
    """It answers with what `statuses` says in turn, then 204; of what is `unanswered` by position only after that."""

    def __init__(self, url: str = "") -> None:
        self.url = url
        self.heard: list[Heard] = []
        self.statuses: Iterator[int] = iter(())
        self.pause = 0.0
        self.unanswered: dict[int, asyncio.Event] = {}
        self._came = asyncio.Condition()

    async def hear(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One message."""
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            told = dict(line.split(": ", 1) for line in head.split("\r\n")[1:] if line)
            heard = Heard(told, await reader.readexactly(int(told["Content-Length"])))
            self.heard.append(heard)
            async with self._came:
                self._came.notify_all()
            await asyncio.sleep(self.pause)
            if heard.position in self.unanswered:
                await self.unanswered[heard.position].wait()
            writer.write(f"HTTP/1.1 {next(self.statuses, 204)} X\r\n\r\n".encode())
            await writer.drain()
        writer.close()

    async def has_heard(self, position: int) -> None:
        """Wait until it was told of this entry."""
        async with self._came:
            await self._came.wait_for(lambda: position in self.positions)

    @property
    def positions(self) -> list[int]:
        """Of which entries it heard, in order."""
        return [heard.position for heard in self.heard]


@asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    """A receiver on this machine."""
    receiver = Receiver()
    server = await asyncio.start_server(receiver.hear, "127.0.0.1", 0)
    receiver.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/hook?key=secret"
    yield receiver
    server.close()
