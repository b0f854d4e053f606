"""UUIDs that sort by the time they were made (RFC 9562, version 7): neighbours in time are neighbours in the index."""

import os
import time
from typing import Final
from uuid import UUID

_VERSION: Final = 0x7 << 76
_VARIANT: Final = 0b10 << 62
_RANDOM_BYTES: Final = 10
_LOW: Final = (1 << 62) - 1
_HIGH: Final = (1 << 12) - 1


def uuid7() -> UUID:
    """A new one: 48 bits of milliseconds since 1970, then 74 random bits."""
    noise = int.from_bytes(os.urandom(_RANDOM_BYTES), "big")
    milliseconds = time.time_ns() // 1_000_000
    return UUID(int=milliseconds << 80 | _VERSION | (noise >> 62 & _HIGH) << 64 | _VARIANT | noise & _LOW)
