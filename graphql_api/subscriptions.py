"""Following the ledger: every event from a position on, once and in order, whoever recorded it."""

from collections.abc import AsyncGenerator
from types import GenericAlias
from typing import Annotated, Any, Final

import strawberry
from strawberry.types import Info

from graphql_api.islands import each_event_at
from graphql_api.types.names import NAMES
from graphql_api.types.scalars import Position

POLL_SECONDS: Final = 5.0
"""A lost wake-up delays a subscriber by no more than this."""

PAGE_EVENTS: Final = 100
"""So many are read at once by whoever is behind."""

_AFTER: Final = "The position of the last event you have; without it you get what happens from now on."
_After = Annotated[Position | None, strawberry.argument(description=_AFTER)]


async def events(info: Info, after: _After = None) -> AsyncGenerator[Any, None]:
    """Every event after a position, or from now on. To resume, pass the position of the last event you got."""
    backend, asker = info.context["backend"], info.context["asker"]
    reached = await backend.projector.catch_up(asker.workspace_id)
    last = reached if after is None else int(after)
    while True:
        while last < reached:
            page = range(last + 1, min(reached, last + PAGE_EVENTS) + 1)
            for told in await each_event_at(info, page):
                yield told
            last = page[-1]
        reached = await backend.projector.beyond(asker.workspace_id, last, POLL_SECONDS)


events.__annotations__["return"] = GenericAlias(AsyncGenerator, (NAMES["Event"], None))


def make_subscription_type() -> type:
    """The subscription type."""

    @strawberry.type(description="What can be followed, over graphql-transport-ws.")
    class Subscription:
        """What can be followed."""

        events = strawberry.subscription(
            resolver=events, description="Every event after a position (from now on without one), once, in order."
        )

    return Subscription
