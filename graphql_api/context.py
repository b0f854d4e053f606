"""What every resolver may use: who asks, and the process's services."""

from dataclasses import dataclass
from typing import NotRequired, TypedDict
from uuid import UUID

from graphql_api.compiler.plan import Reads
from infra.backend import Backend
from infra.deciding import Asker


@dataclass
class Place:
    """Where a subscription is: the position that it was resumed after, then that of what was told last."""

    position: int | None = None


class Context(TypedDict):
    """One operation's context. A subscription's lasts as long as it does; `token` is what a socket was opened with."""

    backend: Backend
    asker: Asker
    reads: Reads
    workspace_id: UUID
    place: Place
    token: NotRequired[str]


def context_of(backend: Backend, reads: Reads, asker: Asker, place: Place) -> Context:
    """The context of an operation of this asker."""
    return Context(backend=backend, asker=asker, reads=reads, workspace_id=asker.workspace_id, place=place)
