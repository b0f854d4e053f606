"""What an operation costs, known before it is carried out, and how much of that a token may ask for.

A point is a row that may be answered; a field at the root costs one more, one that writes ten more.
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from math import ceil
from typing import Final

from graphql import GraphQLError

from graphql_api.compiler.refusals import refusal
from graphql_api.faults import RATE_LIMITED

ROOT_POINTS: Final = 1
MUTATION_POINTS: Final = 10
SAVED_SECONDS: Final = 60.0
"""A token that asked for nothing may ask for so many seconds' worth at once."""

_TOKENS_MAX: Final = 10_000


class Budget:
    """The points of each token in this process: they come back with time. `per_second` 0 is no limit."""

    def __init__(self, per_second: float = 0, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_second = per_second
        self._clock = clock
        self._empty_at: OrderedDict[str, float] = OrderedDict()

    def spend(self, token: str, points: int) -> int | None:
        """What is left afterwards, None without a limit; raises GraphQLError when there is not enough.

        An operation that costs more than everything that can be saved may run on a full purse.
        """
        if not self._per_second:
            return None
        now = self._clock()
        paid_until = max(self._empty_at.get(token, now - SAVED_SECONDS), now - SAVED_SECONDS)
        price = min(points / self._per_second, SAVED_SECONDS)
        if paid_until + price > now:
            raise _too_much(points, paid_until + price - now)
        self._empty_at[token] = paid_until + price
        self._empty_at.move_to_end(token)
        if len(self._empty_at) > _TOKENS_MAX:
            self._empty_at.popitem(last=False)
        return int((now - paid_until - price) * self._per_second)


def _too_much(points: int, seconds: float) -> GraphQLError:
    message = f"This costs {points} points, more than this token has now; try again in {ceil(seconds)} seconds."
    error = refusal(RATE_LIMITED, message)
    error.extensions = {**(error.extensions or {}), "cost": points, "retryAfterSeconds": ceil(seconds)}
    return error
