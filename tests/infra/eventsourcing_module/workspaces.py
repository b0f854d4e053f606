"""Scratch workspaces, and following a real one with the library."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from eventsourcing.utils import Environment

from domain.ids import stream_key
from infra.cluster import Cluster
from infra.eventsourcing_module import scratch_workspace_id
from infra.ledger import Ledger
from tests.cast import Cast


def scratch_environment(data: Path) -> Environment:
    return Environment(
        env={
            "PERSISTENCE_MODULE": "infra.eventsourcing_module",
            "PUSHBACK_DATA": str(data),
            "PUSHBACK_WORKSPACE": str(scratch_workspace_id()),
        }
    )


class Workspace(NamedTuple):
    """A workspace that people work in, and the process that carries out their commands."""

    data: Path
    cluster: Cluster
    ledger: Ledger
    cast: Cast


@contextmanager
def following(real: Workspace) -> Iterator[Application[UUID]]:
    """The library's application that follows the workspace; closed outside the loop that others work in."""
    workspace = stream_key("wsp", real.cast.ada.workspace_id)
    application = Application[UUID]({**scratch_environment(real.data), "PUSHBACK_WORKSPACE": workspace})
    try:
        yield application
    finally:
        application.close()


class Dog(Aggregate):
    """An aggregate of the library's own kind."""

    @event("Registered")
    def __init__(self, name: str) -> None:
        self.name = name

    @event("TrickAdded")
    def add_trick(self, trick: str) -> None:
        self.trick = trick
