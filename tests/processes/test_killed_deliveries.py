"""SIGKILL of a server while webhooks are told what happens: nothing is missed, and what comes twice has one id."""

import asyncio
from typing import Any, Final

import pytest

from tests.cast import Cast
from tests.infra.webhooks.receiving import Heard, Receiver, receiving
from tests.processes.site import Caller, Site

pytestmark = pytest.mark.slow

ROUNDS: Final = 3
ITEMS: Final = 6
HEARD_SECONDS_MAX: Final = 60
REGISTER: Final = """mutation($url: String!) { registerWebhook(input: {url: $url}) {
  ... on NewWebhookSuccess { secret position } ... on Refusal { code } } }"""


async def killed(site: Site, cast: Cast, receiver: Receiver, *plants: str) -> Heard:
    """A server is killed while it tells the receiver what happens; the message that it had not been answered."""
    server = await site.start("short lease", *plants)
    await has_heard_all(receiver, await drafted(site, cast))
    held = await site.backend.ledger.head(cast.ada.workspace_id) + 1
    receiver.unanswered[held] = asyncio.Event()
    await drafted(site, cast)
    await has_heard_all(receiver, held)
    await server.kill()
    receiver.unanswered.pop(held).set()
    return receiver.heard.pop()


async def drafted(site: Site, cast: Cast) -> int:
    """Some things happen; the position of the last."""
    for n in range(ITEMS):
        await cast.item(f"Keep listening data for {n} days")
    return await site.backend.ledger.head(cast.ada.workspace_id)


async def has_heard_all(receiver: Receiver, position: int) -> None:
    """Wait until the receiver was told up to there."""
    async with asyncio.timeout(HEARD_SECONDS_MAX):
        await receiver.has_heard(position)


async def registered(site: Site, cast: Cast, receiver: Receiver) -> Any:
    """The webhook's secret, and the position from which on it is told."""
    server = await site.start()
    async with Caller(server) as caller:
        answer = await caller.ask(await site.token(cast, cast.ada), REGISTER, url=receiver.url)
    await server.stop()
    return answer["registerWebhook"]


async def test_a_receiver_misses_nothing_that_a_killed_server_was_telling(site: Site) -> None:
    cast = await site.assemble()
    async with receiving() as receiver:
        webhook = await registered(site, cast, receiver)
        unanswered = [await killed(site, cast, receiver) for _ in range(ROUNDS)]
        await site.start("short lease")
        last = await drafted(site, cast)
        await has_heard_all(receiver, last)
        assert receiver.positions == [*range(webhook["position"] + 1, last + 1)]
        again = {heard.id: heard.body for heard in receiver.heard}
        assert len(again) == len(receiver.heard)
        assert [again[heard.id] for heard in unanswered] == [heard.body for heard in unanswered]
        assert all(heard.is_signed_with(webhook["secret"]) for heard in receiver.heard)


async def test_what_counts_as_told_too_early_is_missed(site: Site) -> None:
    cast = await site.assemble()
    async with receiving() as receiver:
        await registered(site, cast, receiver)
        unanswered = await killed(site, cast, receiver, "hasty delivery")
        await site.start("short lease")
        await has_heard_all(receiver, await drafted(site, cast))
        assert unanswered.position not in receiver.positions
