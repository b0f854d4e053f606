"""From a row of the ledger to an entry."""

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from msgspec.structs import replace

from domain.entry import Act, ActorKind, Entry, Event, disclosed
from domain.wire import decode

COLUMNS: Final = (
    "position, stream_id, version, kind, schema_version, json_scalar(recorded_at)::text as recorded, "
    "nullif(effective_at, recorded_at) as effective_otherwise, occurred_at, "
    "concat(actor, E'\\n', actor_kind, E'\\n', acting_role, E'\\n', authorised_by, E'\\n', "
    "on_behalf_of, E'\\n', credential) as authority, "
    "command_id, correlation_id, causation_id, data, prose, prose_digest is not null and prose is null as is_erased"
)
"""What `entry` reads, in its order. Each column costs a reader time: texts that hold no line break travel as one.

A time in its binary form would cost as much as five other columns; Python reads the ISO 8601 of JSON fast.
"""


def entry(workspace_id: UUID, row: Iterable[Any]) -> Entry[Event]:
    """The entry that a row of COLUMNS is, its event in today's form, without what it hides: what anybody may read."""
    return disclosed(whole_entry(workspace_id, row))


def whole_entry(workspace_id: UUID, row: Iterable[Any]) -> Entry[Event]:
    """The same with what is hidden, for nobody but the rules."""
    (
        position,
        stream_id,
        version,
        kind,
        schema_version,
        recorded,
        effective_otherwise,
        occurred_at,
        authority,
        command_id,
        correlation_id,
        causation_id,
        data,
        prose,
        is_erased,
    ) = row
    act = _act(authority)
    recorded_at = datetime.fromisoformat(recorded[1:-1])
    if occurred_at or correlation_id or causation_id:
        act = replace(act, occurred_at=occurred_at, correlation_id=correlation_id, causation_id=causation_id)
    return Entry(
        workspace_id=workspace_id,
        position=position,
        stream_id=stream_id,
        version=version,
        schema_version=schema_version,
        recorded_at=recorded_at,
        effective_at=effective_otherwise or recorded_at,
        act=act,
        event=decode(kind, schema_version, data, prose),
        command_id=command_id,
        is_erased=is_erased,
    )


@lru_cache(maxsize=4096)
def _act(authority: str) -> Act:
    """The same person acts by the same authority again and again."""
    actor, actor_kind, acting_role, authorised_by, on_behalf_of, credential = authority.split("\n")
    return Act(
        actor=actor,
        actor_kind=ActorKind(actor_kind),
        acting_role=acting_role,
        authorised_by=authorised_by,
        on_behalf_of=on_behalf_of or None,
        credential=credential or None,
    )
