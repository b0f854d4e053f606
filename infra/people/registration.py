"""Opening a workspace, and people's names: kept in an ordinary table, bound to the ledger by a salted commitment."""

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final
from uuid import UUID, uuid5

from domain.entry import Act, ActorKind, Event
from domain.events import PersonRegistered, RoleAssigned, WorkspaceOpened
from domain.events.people import PersonKind, Role
from domain.ids import SYSTEM, PersonId, stream_key
from domain.refusals import AlreadyOpened
from domain.text import line, optional
from infra.deciding import Asker, Deciding, Done, Request
from infra.ledger import Append, Ledger, NewEvent
from infra.uuid7 import uuid7

_NAME: Final = "insert into ledger.person (workspace_id, person_id, name, email, salt) values ($1, $2, $3, $4, $5)"


def commitment(salt: str, person_id: str, name: str, email: str | None) -> str:
    """What the registration event says of a name: hex SHA-256 of the salt and the lines after it."""
    return sha256(f"pushback/person/v1\n{salt}\n{person_id}\n{name}\n{email or ''}".encode()).hexdigest()


async def open_workspace(
    ledger: Ledger,
    name: str,
    administrator: str,
    occurred_at: datetime | None = None,
    *,
    workspace_id: UUID | None = None,
) -> Asker:
    """Open a workspace with its first administrator, who is given back; done by SYSTEM, as nobody else is there yet.

    One whose opening was cut short before its first entry is opened again.
    """
    workspace_id, stream_id, salt = workspace_id or uuid7(), uuid7(), os.urandom(32).hex()
    person_id = PersonId(stream_key("psn", stream_id))
    if not await ledger.open_workspace(workspace_id, line("name", name)) and await ledger.head(workspace_id):
        raise AlreadyOpened
    administrator = line("administrator", administrator)
    act = Act(
        actor=SYSTEM,
        actor_kind=ActorKind.SYSTEM,
        acting_role="SYSTEM",
        authorised_by="rule:workspace-opening/1",
        occurred_at=occurred_at,
    )
    starts_at = occurred_at or datetime.now(UTC)
    opened = WorkspaceOpened(name=name)
    assigned = RoleAssigned(assignment=1, person_id=person_id, role=Role.ADMINISTRATOR, starts_at=starts_at)
    registered = PersonRegistered(commitment=commitment(salt, person_id, administrator, None))
    said: tuple[tuple[UUID, int, Event], ...] = (
        (workspace_id, 1, opened),
        (stream_id, 1, registered),
        (workspace_id, 2, assigned),
    )
    events = tuple(NewEvent(stream, version, event, act) for stream, version, event in said)
    opening = Append(workspace_id, uuid7(), b"workspace-opening", events)
    await ledger.append_with(opening, (_NAME, workspace_id, person_id, administrator, None, salt))
    return Asker(workspace_id=workspace_id, person_id=person_id)


async def register_person(
    deciding: Deciding,
    ledger: Ledger,
    asker: Asker,
    command_id: UUID,
    arguments: Mapping[str, Any],
    *,
    occurred_at: datetime | None = None,
) -> Done:
    """Make a person known: `name`, and optionally `email`, `account`, `kind`. One command id is one person."""
    name, email = line("name", arguments["name"]), optional("email", arguments.get("email"))
    stream_id = uuid5(asker.workspace_id, f"person/{command_id}")
    person_id = stream_key("psn", stream_id)
    salt = (await deciding.secret(asker.workspace_id, b"person-salt/1" + command_id.bytes)).hex()
    named = (_NAME, asker.workspace_id, person_id, name, email, salt)
    bound = {
        "commitment": commitment(salt, person_id, name, email),
        "kind": arguments.get("kind", PersonKind.HUMAN),
        "account": arguments.get("account"),
    }
    request = Request(
        asker=asker,
        command="register_person",
        command_id=command_id,
        arguments=bound,
        occurred_at=occurred_at,
        opens=stream_id,
    )
    return await deciding.execute(request, lambda append: ledger.append_with(append, named))
