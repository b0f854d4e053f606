"""Following the ledger: what happened from a position on, once and in order, whoever recorded it."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing
from types import GenericAlias
from typing import Annotated, Any, Final, TypeVar

import strawberry
from strawberry.types import Info

from graphql_api.changes import attention_changed, pushbacks_changed, rounds_progressed
from graphql_api.islands import EXAMPLES, EventAt, Events, Payload, Row, each_event_at, tell
from graphql_api.types.fields import backed, declare
from graphql_api.types.names import NAMES
from graphql_api.types.scalars import Position
from graphql_api.types.sources import Part

POLL_SECONDS: Final = 5.0
"""A lost wake-up delays a subscriber by no more than this."""

PAGE_EVENTS: Final = 20
"""So many are read at once by whoever is behind, and kept while they do not read."""

_AFTER: Final = "The position of the last event you have; without it you get what happens from now on."
_After = Annotated[Position | None, strawberry.argument(description=_AFTER)]
_Id = Annotated[strawberry.ID | None, strawberry.argument(description="Only what belongs to this one: its id.")]
_Whose = Annotated[strawberry.ID | None, strawberry.argument(description="Whose: their id; without it your own.")]

T = TypeVar("T")


async def follow(
    info: Info, after: int | None, page: Callable[[int, int], Awaitable[Sequence[tuple[int, T]]]]
) -> AsyncGenerator[tuple[int, T], None]:
    """What `page` finds at the positions in (last, until], again and again, from `after` or from now on.

    A client that resumes a stream by the id of its last event sends the `after` that it began with: the id counts.
    """
    backend, asker, place = info.context["backend"], info.context["asker"], info.context["place"]
    reached = await backend.projector.catch_up(asker.workspace_id)
    given = after if place.position is None else place.position
    last = reached if given is None else int(given)
    while True:
        while last < reached:
            until = min(reached, last - last % PAGE_EVENTS + PAGE_EVENTS)  # so that the pages of all are the same
            for position, told in await page(last, until):
                place.position = position
                yield position, told
            last = until
        reached = await backend.projector.beyond(asker.workspace_id, last, POLL_SECONDS)


async def events(info: Info, after: _After = None) -> AsyncGenerator[Any, None]:
    """Every event after a position, or from now on. To resume, pass the position of the last event you got."""

    async def page(last: int, until: int) -> Sequence[tuple[int, Any]]:
        positions = range(last + 1, until + 1)
        return [*zip(positions, await each_event_at(info, positions), strict=True)]

    async with aclosing(follow(info, after, page)) as told:
        async for _, one in told:
            yield one


async def pushback_changed(
    info: Info, pushback: _Id = None, item: _Id = None, team: _Id = None, after: _After = None
) -> AsyncGenerator[Any, None]:
    """Every event on a pushback, on any of an item or of a team, with the pushback as it is now."""
    reads, asker = info.context["reads"], info.context["asker"]

    async def page(last: int, until: int) -> Sequence[tuple[int, str]]:
        return await pushbacks_changed(reads, asker, last, until, only=(pushback, item, team))

    async with aclosing(follow(info, after, page)) as told:
        async for position, key in told:
            yield await tell(info, _pushback_change(position, key))


async def round_progress(
    info: Info,
    round: _Id = None,
    item: _Id = None,
    after: _After = None,
) -> AsyncGenerator[Any, None]:
    """Every event that moves a round on, or any of an item, with the round as it is now."""
    reads, asker = info.context["reads"], info.context["asker"]

    async def page(last: int, until: int) -> Sequence[tuple[int, str]]:
        return await rounds_progressed(reads, asker, last, until, only=(round, item))

    async with aclosing(follow(info, after, page)) as told:
        async for position, key in told:
            yield await tell(info, _round_progress(position, key))


async def attention_changes(info: Info, person: _Whose = None, after: _After = None) -> AsyncGenerator[Any, None]:
    """Every event after which something else waits for a person than before, with the person as they are now."""
    reads, asker = info.context["reads"], info.context["asker"]
    key = str(person or asker.person_id)

    async def page(last: int, until: int) -> Sequence[tuple[int, None]]:
        return [(position, None) for position in await attention_changed(reads, asker, last, until, key)]

    async with aclosing(follow(info, after, page)) as told:
        async for position, _ in told:
            yield await tell(info, _attention_change(position, key))


def _pushback_change(position: int = 0, key: str = "") -> Payload:
    return _change("PushbackChange", position, pushback=Row("Pushback", key))


def _round_progress(position: int = 0, key: str = "") -> Payload:
    return _change("RoundProgress", position, round=Row("EstimationRound", key))


def _attention_change(position: int = 0, key: str = "") -> Payload:
    return _change("AttentionChange", position, person=Row("Person", key))


def _change(type_name: str, position: int, **row: Row) -> Payload:
    """What a subscriber is told; of nothing, an example."""
    return Payload(type_name, {"position": position, "event": EventAt(position), **row})


def _declare_change(name: str, doc: str, subject: str, column: str) -> None:
    """The type of what a subscriber is told."""
    told = (
        backed("position", "Position", Part("position"), "The position of the event: resume after it."),
        backed("event", "Event", Part("event"), "What happened."),
        backed(column, f"{subject} | None", Part(column), "As it is now; null while it is not projected."),
    )
    declare(name, told, doc)


_declare_change("PushbackChange", "Something happened to a pushback.", "Pushback", "pushback")
_declare_change(
    "RoundProgress", "A round moved on: who has voted, never what, until all is revealed.", "EstimationRound", "round"
)
_declare_change("AttentionChange", "Something else waits for a person than before.", "Person", "person")
events.__annotations__["return"] = GenericAlias(AsyncGenerator, (NAMES["Event"], None))
pushback_changed.__annotations__["return"] = GenericAlias(AsyncGenerator, (NAMES["PushbackChange"], None))
round_progress.__annotations__["return"] = GenericAlias(AsyncGenerator, (NAMES["RoundProgress"], None))
attention_changes.__annotations__["return"] = GenericAlias(AsyncGenerator, (NAMES["AttentionChange"], None))


def make_subscription_type() -> type:
    """The subscription type."""

    @strawberry.type(description="What can be followed, over graphql-transport-ws.")
    class Subscription:
        """What can be followed."""

        events = strawberry.subscription(
            resolver=events,
            description="Every event after a position (from now on without one), once, in order.",
            metadata={EXAMPLES: (EventAt(0), Events(()))},
        )
        pushback_changed = strawberry.subscription(
            resolver=pushback_changed,
            description="Every event on a pushback, or on any of an item or a team, once, in order; from `after` on.",
            metadata={EXAMPLES: (_pushback_change(),)},
        )
        round_progress = strawberry.subscription(
            resolver=round_progress,
            description="Every event that moves an estimation round on, once, in order: who has voted, never what.",
            metadata={EXAMPLES: (_round_progress(),)},
        )
        attention_changed = strawberry.subscription(
            resolver=attention_changes,
            description="Every event by which something else waits for a person than before, once, in order.",
            metadata={EXAMPLES: (_attention_change(),)},
        )

    return Subscription
