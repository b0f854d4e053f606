"""How a refusal looks to a client: the one shape of every error that the rules give."""

import strawberry
from strawberry.types import Info

from domain.events.people import Role
from domain.refusals import Refused
from graphql_api.islands import Finished, events_at, rows_of
from graphql_api.types.fields import camel
from graphql_api.types.names import list_of
from graphql_api.types.scalars import Position


@strawberry.interface(description="What went wrong, for people and for programs.")
class Error:
    """What went wrong."""

    code: str = strawberry.field(description="Stable: branch on this.")
    message: str = strawberry.field(description="What is wrong and what to do now, for a person.")
    path: list[str] = strawberry.field(description="The argument at fault, from the input down; empty for the whole.")


async def _people(root: "WhoCould", info: Info) -> Finished:
    return await rows_of(info, "Person", root.person_ids)


async def _events_since(root: "Refusal", info: Info) -> Finished:
    return await events_at(info, root.positions_since)


_people.__annotations__["return"] = list_of("Person")
_events_since.__annotations__["return"] = list_of("Event")


@strawberry.type(description="Who has the power that the asker lacks.")
class WhoCould:
    """Who could do it."""

    person_ids: strawberry.Private[tuple[str, ...]]
    roles: list[Role] = strawberry.field(description="Roles with the power.")
    people = strawberry.field(resolver=_people, description="Who holds one of these roles there now.")


@strawberry.type(description="The rules did not allow it; nothing was recorded but, at a gate, the refusal itself.")
class Refusal(Error):
    """Why a command was refused, and what to do instead."""

    positions_since: strawberry.Private[tuple[int, ...]]
    unmet: list[str] = strawberry.field(description="What is missing, in words.")
    who_could: WhoCould = strawberry.field(description="Who has the power; empty when power is not what lacks.")
    suggested: list[str] = strawberry.field(description="Mutations to try instead.")
    current: str | None = strawberry.field(description="The digest that the content has now, when yours is stale.")
    recorded_position: Position | None = strawberry.field(
        description="Where the refusal is recorded, if it is: at a gate."
    )
    events_since = strawberry.field(
        resolver=_events_since, description="What happened since the content you showed, when it is stale."
    )


def refusal(refused: Refused) -> Refusal:
    """The answer for a client."""
    return Refusal(
        code=refused.code,
        message=str(refused),
        path=["input", refused.path] if refused.path else [],
        positions_since=refused.positions_since,
        unmet=list(refused.unmet),
        who_could=WhoCould(person_ids=refused.person_ids, roles=[Role(role) for role in refused.who_could]),
        suggested=[camel(name) for name in refused.suggested],
        current=refused.current,
        recorded_position=refused.position,  # type: ignore[arg-type]  # a Position is an int
    )
