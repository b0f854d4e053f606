"""A credential that was just issued: the only answer that ever shows a secret, which goes past the database."""

from typing import Final

import strawberry
from strawberry.types import Info

from domain.events import CredentialIssued
from domain.events.people import CredentialKind
from graphql_api.islands import Finished, events_at, row
from graphql_api.types.names import NAMES, list_of
from graphql_api.types.scalars import Position
from infra.people.credentials import Issued

SHOWN_BEFORE: Final = "TOKEN_SHOWN_BEFORE"


async def _subject(root: "IssuedSuccess", info: Info) -> Finished:
    return await row(info, "Credential", root.credential_id)


async def _events(root: "IssuedSuccess", info: Info) -> Finished:
    return await events_at(info, root.positions)


_subject.__annotations__["return"] = NAMES["Credential"] | None
_events.__annotations__["return"] = list_of("Event")


@strawberry.type(description="It was issued, and this is the only time that its secret is shown.")
class IssuedSuccess:
    """A new credential."""

    credential_id: strawberry.Private[str]
    positions: strawberry.Private[tuple[int, ...]]
    secret: str = strawberry.field(description="A token, to be sent as it is; of an invitation, the code.")
    join_path: str | None = strawberry.field(description="Where an invitation is accepted here; null for a token.")
    position: Position = strawberry.field(description="The position of the last event.")
    projected: bool = strawberry.field(description="Whether queries show it already.")
    subject = strawberry.field(resolver=_subject, description="As it is now; null while it is not projected.")
    events = strawberry.field(resolver=_events, description="What was recorded; empty while it is not projected.")


def issued_success(issued: Issued, *, is_projected: bool) -> IssuedSuccess:
    """The answer for a client."""
    event = issued.done.entries[0].event
    is_invitation = isinstance(event, CredentialIssued) and event.kind is CredentialKind.INVITATION
    return IssuedSuccess(
        credential_id=issued.done.subject_id,
        positions=tuple(entry.position for entry in issued.done.entries),
        secret=issued.secret,
        join_path=path_to_join(issued.secret) if is_invitation else None,
        position=issued.done.position,  # type: ignore[arg-type]  # a Position is an int
        projected=is_projected,
    )


def path_to_join(code: str) -> str:
    """Where an invitation is accepted. What stands after '#' is not sent to any server, nor written into its log."""
    return f"/join#{code}"
