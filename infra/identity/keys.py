"""The provider's keys as this process knows them: an unknown one is asked for once in a while, the known stay."""

import asyncio
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Final

import structlog
from joserfc.jwk import Key

from infra.identity.fetching import FAILURES, fetch_keys

PAUSE_SECONDS: Final = 10.0
"""The provider is asked no more often."""

FRESH_SECONDS: Final = 600.0
"""After so long the keys are asked for anew, beside what is under way."""

log = structlog.get_logger()


class ProviderAway(ConnectionError):
    """The sign-in provider does not answer, so its tokens cannot be checked now; try again in a few seconds."""

    def __init__(self) -> None:
        super().__init__(type(self).__doc__)


class Keys:
    """One process's knowledge of the provider's keys."""

    def __init__(self, issuer: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._issuer = issuer
        self._clock = clock
        self._keys: Mapping[str, Key] = {}
        self._stale_at = self._next_at = float("-inf")
        self._fetching: asyncio.Task[None] | None = None

    async def find(self, kid: str) -> Key | None:
        """The key with this id, if the provider has it; raises ProviderAway when it never said which it has."""
        if kid in self._keys:
            if self._clock() >= self._stale_at:
                self._ask()
            return self._keys[kid]
        asking = self._ask()
        if asking is not None:
            await asyncio.shield(asking)
        if not self._keys:
            raise ProviderAway
        return self._keys.get(kid)

    async def close(self) -> None:
        """Wait for nothing any more."""
        if self._fetching is not None:
            self._fetching.cancel()
            with suppress(asyncio.CancelledError):
                await self._fetching

    def _ask(self) -> asyncio.Task[None] | None:
        """The one question to the provider that is under way; None when it was asked a moment ago."""
        if self._fetching is not None and not self._fetching.done():
            return self._fetching
        if self._clock() < self._next_at:
            return None
        self._next_at = self._clock() + PAUSE_SECONDS
        self._fetching = asyncio.get_running_loop().create_task(self._fetch())
        return self._fetching

    async def _fetch(self) -> None:
        try:
            self._keys = await asyncio.to_thread(fetch_keys, self._issuer)
        except FAILURES as error:
            log.warning("the keys of the sign-in provider cannot be had", issuer=self._issuer, reason=str(error))
        else:
            self._stale_at = self._clock() + FRESH_SECONDS
