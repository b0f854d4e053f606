"""The provider's keys: rotated, asked for seldom, kept when it is away, and never taken from somewhere else."""

import asyncio
import time

import pytest

from infra.identity import fetching
from infra.identity.issuer import Issuer, is_fit
from infra.identity.keys import PAUSE_SECONDS, Keys, ProviderAway
from infra.identity.tokens import Tokens, UnfitToken
from tests.graphql_api.client import Client
from tests.graphql_api.identity.asking import UNKNOWN, refusal, viewer
from tests.graphql_api.identity.provider import AUDIENCE, Provider, new_key
from tests.graphql_api.socket import Socket

AWAY = (503, "UNAVAILABLE")
DISCOVERY_AND_KEYS = 2


class Clock:
    """Seconds that pass when they are told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def keys(provider: Provider, clock: Clock) -> Keys:
    return Keys(provider.issuer, clock)


async def test_keys_are_asked_for_once(keys: Keys, provider: Provider) -> None:
    assert await asyncio.gather(*(keys.find("first") for _ in range(50))) == [await keys.find("first")] * 50
    assert len(provider.asked) == DISCOVERY_AND_KEYS


async def test_a_new_key_is_taken_and_the_one_it_replaces_is_not(keys: Keys, provider: Provider, clock: Clock) -> None:
    assert await keys.find("first")
    provider.keys = [new_key("RS256", "second")]
    clock.now += PAUSE_SECONDS
    assert await keys.find("second")
    assert await keys.find("first") is None


async def test_unknown_keys_make_no_storm(keys: Keys, provider: Provider, clock: Clock) -> None:
    assert await asyncio.gather(*(keys.find(f"made-up-{n}") for n in range(200))) == [None] * 200
    assert len(provider.asked) == DISCOVERY_AND_KEYS
    clock.now += PAUSE_SECONDS
    assert await asyncio.gather(*(keys.find(f"made-up-{n}") for n in range(200))) == [None] * 200
    assert len(provider.asked) == 2 * DISCOVERY_AND_KEYS


async def test_keys_go_on_while_the_provider_is_away(keys: Keys, provider: Provider, clock: Clock) -> None:
    assert await keys.find("first")
    provider.is_down = True
    clock.now += 100_000
    assert await keys.find("first")
    assert await keys.find("second") is None
    provider.is_down, provider.keys = False, [new_key("RS256", "second")]
    clock.now += PAUSE_SECONDS
    assert await keys.find("second")


async def test_a_key_that_was_withdrawn_ends_without_another_one_being_asked_for(
    keys: Keys, provider: Provider, clock: Clock
) -> None:
    assert await keys.find("first")
    provider.keys = [new_key("RS256", "second")]
    clock.now += 1_000
    assert await keys.find("first")
    async with asyncio.timeout(10):
        while await keys.find("first"):  # noqa: ASYNC110 - the provider is asked beside us
            await asyncio.sleep(0.01)


async def test_a_token_that_was_believed_is_checked_again_after_a_minute(
    keys: Keys, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = time.time()
    tokens, token = Tokens(Issuer(provider.issuer, AUDIENCE), keys, lambda: now), provider.token()
    known = await tokens.identity(token)

    async def none(_key_id: str) -> None:
        return None

    monkeypatch.setattr(keys, "find", none)
    now += 59.9
    assert await tokens.identity(token) == known
    now += 0.1
    with pytest.raises(UnfitToken):
        await tokens.identity(token)


async def test_without_keys_nobody_is_believed_or_refused(keys: Keys, provider: Provider, clock: Clock) -> None:
    provider.is_down = True
    for _ in range(5):
        with pytest.raises(ProviderAway):
            await keys.find("first")
    assert len(provider.asked) == 1
    provider.is_down = False
    clock.now += PAUSE_SECONDS
    assert await keys.find("first")


async def test_an_answer_that_is_odd_is_none(keys: Keys, provider: Provider, clock: Clock) -> None:
    fit = provider.discovery
    for odd in (
        {**fit, "issuer": "https://elsewhere.example"},
        {**fit, "jwks_uri": "http://elsewhere.example/keys"},
        {**fit, "jwks_uri": "file:///etc/passwd"},
        {**fit, "jwks_uri": 7},
        {},
    ):
        provider.discovery = odd
        with pytest.raises(ProviderAway):
            await keys.find("first")
        clock.now += PAUSE_SECONDS
    provider.discovery, provider.padding = fit, "x" * fetching.BYTES_MAX
    with pytest.raises(ProviderAway):
        await keys.find("first")
    clock.now += PAUSE_SECONDS
    provider.padding, provider.sends_elsewhere = "", True
    with pytest.raises(ProviderAway):
        await keys.find("first")


async def test_a_provider_that_hangs_holds_nobody_else_up(
    keys: Keys, provider: Provider, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await keys.find("first")
    monkeypatch.setattr(fetching, "SECONDS_MAX", 0.2)
    provider.hangs_seconds = 0.5
    clock.now += PAUSE_SECONDS
    waiting = asyncio.create_task(keys.find("second"))
    await asyncio.sleep(0)
    assert await keys.find("first")
    assert not waiting.done()
    assert await waiting is None


@pytest.mark.parametrize(
    ("url", "fit"),
    [
        ("https://login.example/realms/one", True),
        ("http://localhost:8080", True),
        ("http://[::1]:8080", True),
        ("http://login.example", False),
        ("https://user:secret@login.example", False),
        ("https:///nowhere", False),
        ("https://login.example:port", False),
        ("file:///etc/passwd", False),
    ],
)
def test_only_encrypted_addresses_are_asked(url: str, fit: bool) -> None:  # noqa: FBT001 - a case
    assert is_fit(url) is fit


@pytest.mark.usefixtures("bound")
async def test_a_provider_that_is_away_is_told(trusting: Client, provider: Provider) -> None:
    provider.is_down = True
    assert await refusal(trusting, provider.token()) == AWAY
    async with Socket.open(trusting.port) as socket:
        await socket.say({"type": "connection_init", "payload": {"authorization": f"Bearer {provider.token()}"}})
        assert await socket.closing_code() == 1013


@pytest.mark.usefixtures("bound")
async def test_a_request_with_an_unknown_key_is_refused_and_others_go_on(trusting: Client, provider: Provider) -> None:
    told = [refusal(trusting, provider.token(header={"kid": f"made-up-{n}"})) for n in range(10)]
    assert await asyncio.gather(*told) == [UNKNOWN] * 10
    assert len(provider.asked) == DISCOVERY_AND_KEYS
    assert (await viewer(trusting, provider.token()))["person"] == {"name": "Dora"}
