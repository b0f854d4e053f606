"""Positions, and the moment a query may be asked of."""

from datetime import datetime
from typing import Any, Final, NewType
from uuid import UUID

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


def _uuid(value: Any) -> UUID:  # noqa: ANN401 - whatever a client sent
    try:
        return UUID(value)
    except (ValueError, TypeError, AttributeError) as error:
        raise GraphQLError("A UUID is text like 01890a5d-ac96-774b-bcce-b302099a8057.") from error


def configuration() -> StrawberryConfig:
    """What the schema must be made with for its scalars to be known."""
    position = strawberry.scalar(
        name="Position",
        description="The place of an event in the workspace's ledger, counted from 1: a whole number below 2^53.",
        serialize=int,
        parse_value=_position,
    )
    identifier = strawberry.scalar(
        name="UUID",
        description="A UUID as text, in lower case and with hyphens.",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc9562",
        serialize=str,
        parse_value=_uuid,
    )
    return StrawberryConfig(scalar_map={Position: position, UUID: identifier})


@strawberry.input(description="The moment a query is asked of: exactly one of the two.", one_of=True)
class AsOf:
    """The moment that a query is asked of."""

    position: Position | None = strawberry.field(
        default=strawberry.UNSET, description="After the event at this position, and before the next one."
    )
    time: datetime | None = strawberry.field(
        default=strawberry.UNSET, description="After the last event that was in effect by this time."
    )
