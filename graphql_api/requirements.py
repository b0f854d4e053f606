"""What has to be true for an item to be ready: decided by the very rules, on the ledger as of any moment."""

from typing import Annotated

import strawberry
from strawberry.types import Info

from domain import ids
from domain.requirements import RequirementStatus
from graphql_api.islands import position
from graphql_api.types.hints import choice
from graphql_api.types.names import NAMES
from graphql_api.types.scalars import AsOf
from infra.past import Past
from infra.readiness import item_requirements

StatusType = NAMES[choice(RequirementStatus)]
_Item = Annotated[strawberry.ID, strawberry.argument(description="The id of the item.")]
_AsOf = Annotated[AsOf | None, strawberry.argument(description="The moment that is asked about; now when left out.")]


@strawberry.type(description="Something that has to be true for an item to be ready.")
class Requirement:
    """One requirement, and whether it is met."""

    name: str = strawberry.field(description="CRITERION, ESTIMATE, NO_OPEN_BLOCK or READY_QUORUM.")
    status: StatusType = strawberry.field(description="Whether it is met.")  # type: ignore[valid-type]
    criterion: str | None = strawberry.field(description="The id of the criterion of the definition of ready.")
    unmet: list[str] = strawberry.field(description="What is missing: ids, or how many there are of how many.")


async def readiness(info: Info, item: _Item, as_of: _AsOf = None) -> list[Requirement]:
    """What has to be true for the item to be ready, and whether it is. Empty for an unknown id."""
    try:
        reference = ids.parse(item)
    except ids.MalformedId:
        return []
    then = await position(info, as_of)
    if reference.prefix != "itm":
        return []
    past = Past(info.context["backend"].ledger, info.context["workspace_id"], then)
    found = await item_requirements(past, reference.stream_id)
    return [Requirement(name=one.name, status=one.status, criterion=one.criterion, unmet=[*one.unmet]) for one in found]
