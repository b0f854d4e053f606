"""A workspace with a past, in which terms have run out; and backends over it, each as a process has one."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import uuid4

import pytest

from domain.entry import ActorKind, Entry
from domain.events import RoleAssignmentEnded
from domain.events.people import Role
from domain.ids import SYSTEM
from infra.backend import Backend
from infra.cluster import Cluster
from infra.deciding import Asker, Deciding, Done, Request
from infra.folding.schema import ensure_read_schema
from infra.people.registration import open_workspace, register_person
from infra.scheduling.due import Due

STARTED: Final = datetime(2026, 1, 5, 9, tzinfo=UTC)
OVER: Final = datetime(2026, 3, 2, 9, tzinfo=UTC)
"""When the first of the terms ran out; the others did an hour after one another."""

ROLES: Final = (Role.ARCHITECT, Role.SCRUM_MASTER, Role.TECHNICAL_PRODUCT_OWNER)


class Office:
    """A team in a workspace, its administrator, and a developer who held several roles for a term."""

    def __init__(self, deciding: Deciding, ada: Asker) -> None:
        self.deciding = deciding
        self.ada = ada
        self.team = ""
        self.dora = ""
        self.terms: list[Due] = []

    async def do(self, command: str, target: str | None, **arguments: Any) -> Done:
        """The administrator does something when all began."""
        request = Request(
            asker=self.ada,
            command=command,
            command_id=uuid4(),
            target=target,
            arguments=arguments,
            occurred_at=STARTED,
        )
        return await self.deciding.execute(request)

    async def appoint(self, role: Role, ends_at: datetime) -> Due:
        """What will happen at the end of a term."""
        done = await self.do("assign_role", self.team, person=self.dora, role=role, ends_at=ends_at)
        return Due(self.ada.workspace_id, done.subject_id, "end_role_on_time", ends_at)

    def on_time(self, due: Due, by: Asker | None = None) -> Request:
        """The command of the end of a term, as the scheduler gives it, or somebody else."""
        system = Asker(workspace_id=due.workspace_id, person_id=SYSTEM, kind=ActorKind.SYSTEM)
        return Request(asker=by or system, command=due.command, command_id=due.command_id, target=due.id)


@pytest.fixture
async def backends(fresh_cluster: Cluster) -> AsyncIterator[Callable[[], Backend]]:
    """Makes backends over one database."""
    schema, made = await ensure_read_schema(fresh_cluster), []

    def make() -> Backend:
        made.append(Backend(fresh_cluster, schema))
        return made[-1]

    yield make
    for backend in made:
        await backend.close()


@pytest.fixture
def backend(backends: Callable[[], Backend]) -> Backend:
    """The process that writes."""
    return backends()


@pytest.fixture
async def office(backend: Backend) -> Office:
    """Where three terms have run out, and nobody has noticed."""
    office = Office(backend.deciding, await open_workspace(backend.ledger, "Radio North", "Ada", STARTED))
    office.team = (await office.do("form_team", None, name="Player")).subject_id
    said = {"name": "Dora"}
    dora = await register_person(backend.deciding, backend.ledger, office.ada, uuid4(), said, occurred_at=STARTED)
    office.dora = dora.subject_id
    for hours, role in enumerate(ROLES):
        office.terms.append(await office.appoint(role, OVER + timedelta(hours=hours)))
    await backend.projector.catch_up(office.ada.workspace_id)
    return office


@pytest.fixture
def ended(backend: Backend, office: Office) -> Callable[[], Any]:
    """The entries that ended a role."""

    async def read() -> list[Entry[Any]]:
        entries = await backend.ledger.read_after(office.ada.workspace_id, 0, 1000)
        return [entry for entry in entries if isinstance(entry.event, RoleAssignmentEnded)]

    return read
