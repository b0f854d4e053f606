"""What every resolver may use: who asks, and the process's services."""

from typing import TypedDict
from uuid import UUID

from infra.backend import Backend
from infra.deciding import Asker
from infra.pool import Pool


class Context(TypedDict):
    """One operation's context. A subscription's lasts as long as it does."""

    backend: Backend
    asker: Asker
    reads: Pool
    workspace_id: UUID


def context_of(backend: Backend, asker: Asker) -> Context:
    """The context of an operation of this asker."""
    return Context(backend=backend, asker=asker, reads=backend.reads, workspace_id=asker.workspace_id)
