"""One POST to a stranger: no redirects, no private addresses, a time limit, and next to nothing of the answer read."""

import asyncio
import ssl
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from typing import Final

from infra.webhooks.address import Target, resolve, target

SECONDS_MAX: Final = 10.0
"""For all of it: the name, the connection, the request, the first line of the answer."""

LINE_BYTES_MAX: Final = 1024
_LINES_MAX: Final = 32
_CONTINUES: Final = range(100, 200)


class NoAnswer(Exception):
    """There was no proper answer; the message says why."""


async def post(url: str, headers: Mapping[str, str], body: bytes, *, may_be_private: bool) -> int:
    """The status that a receiver answers with; raises NoAnswer."""
    to = target(url)
    try:
        async with asyncio.timeout(SECONDS_MAX):
            address = await resolve(to, may_be_private=may_be_private)
            context, name = (_encryption(), to.host) if to.is_encrypted else (None, None)
            reader, writer = await asyncio.open_connection(
                address, to.port, ssl=context, server_hostname=name, limit=LINE_BYTES_MAX
            )
            try:
                writer.write(_request(to, headers, body))
                await writer.drain()
                return await _status(reader)
            finally:
                writer.transport.abort()
                with suppress(OSError):
                    await writer.wait_closed()
    except (OSError, TimeoutError, ValueError) as error:
        raise NoAnswer(type(error).__name__) from error


def _request(to: Target, headers: Mapping[str, str], body: bytes) -> bytes:
    said = {
        "Host": to.host_header,
        "User-Agent": "Pushback",
        "Content-Type": "application/json",
        "Content-Length": str(len(body)),
        "Connection": "close",
        **headers,
    }
    lines = [f"POST {to.path} HTTP/1.1", *(f"{name}: {value}" for name, value in said.items()), "", ""]
    return "\r\n".join(lines).encode("ascii") + body


async def _status(reader: asyncio.StreamReader) -> int:
    """Of the first line; what only says that an answer will come is passed over."""
    for _ in range(_LINES_MAX):
        line = await reader.readline()
        version, _, rest = line.partition(b" ")
        if not version.startswith(b"HTTP/1."):
            if not line:
                break
            continue
        status = int(rest[:3])
        if status not in _CONTINUES:
            return status
    raise ValueError(reader)


@cache
def _encryption() -> ssl.SSLContext:
    return ssl.create_default_context()
