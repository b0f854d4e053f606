"""From a row of the ledger to an entry."""

from collections.abc import Iterable
from typing import Any, Final

from domain.entry import Act, ActorKind, Entry, Event
from domain.wire import decode

COLUMNS: Final = (
    "workspace_id, position, stream_id, version, kind, schema_version, recorded_at, occurred_at, effective_at, "
    "actor, actor_kind, acting_role, authorised_by, on_behalf_of, credential, "
    "command_id, correlation_id, causation_id, data, prose, prose_digest is not null and prose is null as is_erased"
)
"""What `entry` reads, in its order."""

_ACTOR_KINDS: Final = {kind.value: kind for kind in ActorKind}


def entry(row: Iterable[Any]) -> Entry[Event]:
    """The entry that a row of COLUMNS is, its event in today's form."""
    (
        workspace_id,
        position,
        stream_id,
        version,
        kind,
        schema_version,
        recorded_at,
        occurred_at,
        effective_at,
        actor,
        actor_kind,
        acting_role,
        authorised_by,
        on_behalf_of,
        credential,
        command_id,
        correlation_id,
        causation_id,
        data,
        prose,
        is_erased,
    ) = row
    act = Act(
        actor=actor,
        actor_kind=_ACTOR_KINDS[actor_kind],
        acting_role=acting_role,
        authorised_by=authorised_by,
        on_behalf_of=on_behalf_of,
        credential=credential,
        occurred_at=occurred_at,
        correlation_id=correlation_id,
        causation_id=causation_id,
    )
    return Entry(
        workspace_id=workspace_id,
        position=position,
        stream_id=stream_id,
        version=version,
        schema_version=schema_version,
        recorded_at=recorded_at,
        effective_at=effective_at,
        act=act,
        event=decode(kind, schema_version, data, prose),
        command_id=command_id,
        is_erased=is_erased,
    )
