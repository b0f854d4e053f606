"""Webhooks beyond their rows: the answer that shows a secret, which goes past the database, and how delivery goes."""

from datetime import datetime

import strawberry
from strawberry.types import Info

from graphql_api.islands import Finished, events_at, row
from graphql_api.types.names import NAMES, list_of
from graphql_api.types.scalars import Position
from infra.webhooks.registry import Registered, State


async def _registered(root: "NewWebhookSuccess", info: Info) -> Finished:
    return await row(info, "Webhook", root.webhook_id)


async def _events(root: "NewWebhookSuccess", info: Info) -> Finished:
    return await events_at(info, root.positions)


async def _webhook(root: "Delivery", info: Info) -> Finished:
    return await row(info, "Webhook", root.webhook_id)


_registered.__annotations__["return"] = _webhook.__annotations__["return"] = NAMES["Webhook"] | None
_events.__annotations__["return"] = list_of("Event")


@strawberry.type(description="The webhook is told what happens from now on.")
class NewWebhookSuccess:
    """A new webhook."""

    webhook_id: strawberry.Private[str]
    positions: strawberry.Private[tuple[int, ...]]
    secret: str = strawberry.field(
        description="What signs its messages, for its receiver. Only this answer shows it, and a retry of the command."
    )
    position: Position = strawberry.field(description="The position of the last event.")
    projected: bool = strawberry.field(description="Whether queries show it already.")
    subject = strawberry.field(resolver=_registered, description="As it is now; null while it is not projected.")
    events = strawberry.field(resolver=_events, description="What was recorded; empty while it is not projected.")


@strawberry.type(description="How the delivery to a webhook goes, now.")
class Delivery:
    """How one webhook fares."""

    webhook_id: strawberry.Private[str]
    position: Position = strawberry.field(description="The last event that it took, or that was none of its business.")
    last_delivered_at: datetime | None = strawberry.field(
        description="When it last took a message; null while it has taken none. Not in the ledger, so only as of now."
    )
    failures: int = strawberry.field(description="How often the next one was not taken.")
    failing_since: datetime | None = strawberry.field(description="Since when it fails; null while it does not.")
    last_error: str | None = strawberry.field(description="The status it answered with, or why there was no answer.")
    next_attempt_at: datetime = strawberry.field(description="Nothing is sent before then.")
    paused_since: datetime | None = strawberry.field(description="Since when it is tried only once an hour, if it is.")
    webhook = strawberry.field(resolver=_webhook, description="Which one; null while it is not projected.")


def registered_success(registered: Registered, *, is_projected: bool) -> NewWebhookSuccess:
    """The answer for a client."""
    return NewWebhookSuccess(
        webhook_id=registered.done.subject_id,
        positions=tuple(entry.position for entry in registered.done.entries),
        secret=registered.secret,
        position=registered.done.position,  # type: ignore[arg-type]  # a Position is an int
        projected=is_projected,
    )


async def deliveries(info: Info) -> list[Delivery]:
    """Of each webhook that was not revoked."""
    states = await info.context["backend"].webhooks.states(info.context["asker"].workspace_id)
    return [_delivery(state) for state in states]


def _delivery(state: State) -> Delivery:
    return Delivery(
        webhook_id=state.id,
        position=state.position,  # type: ignore[arg-type]  # a Position is an int
        last_delivered_at=state.delivered_at,
        failures=state.failures,
        failing_since=state.failing_since,
        last_error=state.last_error,
        next_attempt_at=state.try_at,
        paused_since=state.paused_since,
    )
