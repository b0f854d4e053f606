"""Server processes over one embedded PostgreSQL, and who calls them: what a proof is carried out on."""

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path
from types import TracebackType
from typing import Any, Final, NamedTuple, Self

from infra.backend import Backend
from infra.deciding import Asker
from infra.uuid7 import uuid7
from tests.cast import Cast, assemble

_START_SECONDS_MAX: Final = 60
_ROOT: Final = Path(__file__).parents[2]


class Server:
    """One server process."""

    def __init__(self, process: Process, port: int) -> None:
        self.process, self.port = process, port

    @classmethod
    async def start(cls, folder: Path, *plants: str) -> Self:
        """Start one on this data and wait until it answers; what it says goes into a file beside the data."""
        command = (sys.executable, "-m", "tests.processes.serve", str(folder), *plants)
        with (folder.parent / "server.log").open("ab") as log:
            process = await asyncio.create_subprocess_exec(*command, cwd=_ROOT, stdout=PIPE, stderr=log)
        assert process.stdout is not None
        async with asyncio.timeout(_START_SECONDS_MAX):
            line = await process.stdout.readline()
        assert line, (folder.parent / "server.log").read_text()
        return cls(process, int(line))

    async def kill(self) -> None:
        """End it at once, in the middle of whatever it does."""
        self.process.kill()
        await self.process.wait()

    async def stop(self) -> None:
        """End it as an operator does."""
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGTERM)
            await self.process.wait()


class Answer(NamedTuple):
    """A response: its status, and the JSON in it."""

    status: int
    told: Any


class Caller:
    """A connection that is kept open, and made anew after it was lost."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._forget()

    async def ask(self, token: str, query: str, **variables: Any) -> Any:
        """The data; fails the test on errors, raises OSError when the server is gone."""
        answer = (await self.exchange("POST", "/graphql", token, {"query": query, "variables": variables})).told
        assert "errors" not in answer, answer
        return answer["data"]

    async def exchange(self, method: str, path: str, token: str = "", body: Any = None) -> Answer:
        """A request's answer; raises OSError when the server is gone before it has answered."""
        content = b"" if body is None else json.dumps(body, default=str).encode()
        head = f"{method} {path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
        head += f"authorization: Bearer {token}\r\ncontent-length: {len(content)}\r\n\r\n"
        try:
            reader, writer = await self._open()
            writer.write(head.encode() + content)
            answer = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
            told = await reader.readexactly(int(answer.partition("content-length: ")[2].partition("\r")[0]))
            return Answer(int(answer.split(" ")[1]), json.loads(told))
        except (OSError, asyncio.IncompleteReadError) as error:
            self._forget()
            raise ConnectionError from error

    async def _open(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self.server.port)
        return self._streams

    def _forget(self) -> None:
        if self._streams is not None:
            self._streams[1].transport.abort()
            self._streams = None


class Site:
    """The data, the processes on it, and a backend of the test's own that looks into it."""

    def __init__(self, folder: Path, backend: Backend) -> None:
        self.folder, self.backend = folder, backend
        self._servers: list[Server] = []
        self._tokens: dict[str, str] = {}

    async def start(self, *plants: str) -> Server:
        """One more server process."""
        server = await Server.start(self.folder, *plants)
        self._servers.append(server)
        return server

    async def assemble(self) -> Cast:
        """A workspace of its own with the usual people."""
        return await assemble(self.backend.ledger, self.backend.deciding)

    async def token(self, cast: Cast, who: Asker) -> str:
        """A token of this person, issued once."""
        if who.person_id not in self._tokens:
            issued = await self.backend.credentials.issue(cast.ada, uuid7(), who.person_id, "test")
            self._tokens[who.person_id] = issued
        return self._tokens[who.person_id]

    def kill_postgres(self) -> None:
        """End PostgreSQL at once, in the middle of whatever it does."""
        line = (self.folder / "postgres" / "postmaster.pid").read_text().partition("\n")[0]
        os.kill(int(line), signal.SIGKILL)

    async def close(self) -> None:
        """Stop all that was started."""
        for server in self._servers:
            await server.stop()
        await self.backend.close()
