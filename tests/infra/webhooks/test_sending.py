"""A message is signed as Standard Webhooks says, and goes nowhere it should not."""

import asyncio
import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest

from infra.webhooks import sending
from infra.webhooks.address import is_public
from infra.webhooks.sending import NoAnswer, post
from infra.webhooks.signing import headers, shown

SECRET = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")


@asynccontextmanager
async def receiver(answer: bytes, heard: list[bytes]) -> AsyncIterator[str]:
    """Its URL; it answers everything alike, and nothing when that is empty."""
    writers: list[asyncio.StreamWriter] = []

    async def hear(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        heard.append(head + await reader.readexactly(length))
        writer.write(answer)
        if answer:
            writer.write_eof()

    server = await asyncio.start_server(hear, "127.0.0.1", 0)
    yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/hook?a=b"
    server.close()
    for writer in writers:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()


def test_the_signature_is_that_of_the_specification() -> None:
    told = headers(SECRET, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    assert told["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert shown(SECRET) == "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@pytest.mark.parametrize("status", [200, 204, 301, 410, 500])
async def test_the_status_is_told_and_a_redirect_is_not_followed(status: int) -> None:
    heard: list[bytes] = []
    async with receiver(f"HTTP/1.1 {status} X\r\nLocation: http://127.0.0.1:1/\r\n\r\n".encode(), heard) as url:
        assert await post(url, {"webhook-id": "whk_1"}, b"{}", may_be_private=True) == status
    assert heard[0].startswith(b"POST /hook?a=b HTTP/1.1\r\nHost: 127.0.0.1:")
    assert heard[0].endswith(b"webhook-id: whk_1\r\n\r\n{}")


@pytest.mark.parametrize(
    "answer", [b"no HTTP\r\n", b"x" * 10_000, b"HTTP/1.1 abc\r\n\r\n", b"HTTP/1.1 103 Early Hints\r\n\r\n"]
)
async def test_what_is_no_answer_is_told_as_none(answer: bytes) -> None:
    async with receiver(answer, []) as url:
        with pytest.raises(NoAnswer):
            await post(url, {}, b"{}", may_be_private=True)


async def test_who_does_not_answer_in_time_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "SECONDS_MAX", 0.2)
    async with receiver(b"", []) as url:
        with pytest.raises(NoAnswer, match="TimeoutError"):
            await post(url, {}, b"{}", may_be_private=True)


async def test_a_private_address_is_refused_before_anything_is_sent() -> None:
    heard: list[bytes] = []
    async with receiver(b"HTTP/1.1 200 OK\r\n\r\n", heard) as url:
        for hidden in (url, url.replace("127.0.0.1", "localhost"), url.replace("127.0.0.1", "[::ffff:127.0.0.1]")):
            with pytest.raises(NoAnswer, match="PrivateAddress"):
                await post(hidden, {}, b"{}", may_be_private=False)
    assert heard == []


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("127.0.0.1", False), ("10.1.2.3", False), ("192.168.0.1", False), ("169.254.169.254", False),
        ("100.64.0.1", False), ("0.0.0.1", False), ("224.0.0.1", False), ("::1", False), ("fe80::1%eth0", False),
        ("fd00::1", False), ("::ffff:10.0.0.1", False), ("64:ff9b::7f00:1", False), ("2002:7f00:1::", False),
        ("1.1.1.1", True), ("2606:4700::1111", True),
    ],
)  # fmt: skip
def test_a_public_address_is_everybodys(address: str, expected: bool) -> None:  # noqa: FBT001 - a table
    assert is_public(address) is expected
