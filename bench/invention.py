"""Texts, digests, ranks and ids that mean nothing, for histories that are made up."""

from random import Random
from typing import Final
from uuid import UUID

_TEXT: Final = (
    "the order must not be lost when the warehouse answers late and nobody knows which service owns the retry "
    "policy so we would rather agree on an outbox before the first customer sees it"
)
_WORDS: Final = tuple(_TEXT.split())


class Invention:
    """The same random source invents the same things."""

    def __init__(self, random: Random) -> None:
        self._random = random

    def uuid(self) -> UUID:
        """The id of a stream."""
        return UUID(int=self._random.getrandbits(128))

    def text(self, words: int) -> str:
        """What somebody might have typed."""
        return " ".join(self._random.choices(_WORDS, k=words))

    def rank(self) -> str:
        """A place in a backlog."""
        return f"{self._random.getrandbits(48):012x}"

    def digest(self) -> str:
        """As long as a digest."""
        return f"{self._random.getrandbits(256):064x}"

    def digests(self) -> dict[str, str]:
        """Of two sections."""
        return {"title": self.digest(), "narrative": self.digest()}
