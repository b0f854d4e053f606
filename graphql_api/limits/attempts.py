"""How often somebody may try to sign in, counted for each address in this process."""

import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

ATTEMPTS_MAX: Final = 30
"""In a row; then one more every two seconds."""

SECONDS_EACH: Final = 2.0
_ADDRESSES_MAX: Final = 10_000


class Attempts:
    """When each address has made up for its attempts; the address that tried longest ago is forgotten first."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._made_up: OrderedDict[str, float] = OrderedDict()

    def wait_seconds(self, address: str) -> float:
        """Count one attempt and give 0, or so long it has to wait."""
        now = self._clock()
        made_up = max(self._made_up.get(address, now), now) + SECONDS_EACH
        if made_up - now > ATTEMPTS_MAX * SECONDS_EACH:
            return made_up - now - ATTEMPTS_MAX * SECONDS_EACH
        self._made_up[address] = made_up
        self._made_up.move_to_end(address)
        if len(self._made_up) > _ADDRESSES_MAX:
            self._made_up.popitem(last=False)
        return 0.0
