"""Positions, and the moment a query may be asked of."""

from datetime import datetime
from typing import Any, Final, NewType

import strawberry
from graphql import GraphQLError
from strawberry.schema.config import StrawberryConfig

Position = NewType("Position", int)
"""The place of an event in its workspace's ledger."""

POSITION_MAX: Final = 2**53 - 1
"""The largest number that every JSON reader takes exactly."""


def _position(value: Any) -> int:  # noqa: ANN401 - whatever a client sent
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= POSITION_MAX:
        message = f"A position is a whole number from 0 to {POSITION_MAX}."
        raise GraphQLError(message)
    return value


def configuration() -> StrawberryConfig:
    """What the schema must be made with for its scalars to be known."""
    scalar = strawberry.scalar(
        name="Position",
        description="The place of an event in the workspace's ledger, counted from 1: a whole number below 2^53.",
        serialize=int,
        parse_value=_position,
    )
    return StrawberryConfig(scalar_map={Position: scalar})


@strawberry.input(description="The moment a query is asked of: exactly one of the two.", one_of=True)
class AsOf:
    """The moment that a query is asked of."""

    position: Position | None = strawberry.field(
        default=strawberry.UNSET, description="After the event at this position, and before the next one."
    )
    time: datetime | None = strawberry.field(
        default=strawberry.UNSET, description="After the last event that was in effect by this time."
    )
