"""How many subscriptions each token follows in this process, and how many it may."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from graphql_api.compiler.refusals import refusal

TOO_MANY_SUBSCRIPTIONS: Final = "TOO_MANY_SUBSCRIPTIONS"


class Following:
    """The open subscriptions of each token. `each_max` 0 is no limit."""

    def __init__(self, each_max: int = 0) -> None:
        self._each_max = each_max
        self._open: Counter[str] = Counter()

    @contextmanager
    def one_more(self, token: str) -> Iterator[None]:
        """While one is open, however it ends; raises GraphQLError when that is one too many."""
        if 0 < self._each_max <= self._open[token]:
            message = f"This token follows {self._each_max} subscriptions here already; end one before the next."
            raise refusal(TOO_MANY_SUBSCRIPTIONS, message)
        self._open[token] += 1
        try:
            yield
        finally:
            self._open[token] -= 1
            if not self._open[token]:
                del self._open[token]
