"""Short ways to say what is appended, for the tests of the ledger."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from domain.entry import Act, ActorKind
from domain.events.pushback import PushbackResponded
from infra.cluster import Cluster
from infra.ledger import Append, NewEvent

ACT = Act(
    actor="psn_" + "0" * 26, actor_kind=ActorKind.HUMAN, acting_role="ARCHITECT", authorised_by="asg_" + "0" * 26 + "_1"
)


def at(moment: datetime | None) -> Act:
    return Act(
        actor=ACT.actor,
        actor_kind=ACT.actor_kind,
        acting_role=ACT.acting_role,
        authorised_by=ACT.authorised_by,
        occurred_at=moment,
    )


def said(stream_id: UUID, version: int, text: str | None = None, act: Act = ACT) -> NewEvent:
    return NewEvent(stream_id, version, PushbackResponded(pushback=version, text=text), act)


def append(workspace_id: UUID, *events: NewEvent, reads: tuple[tuple[UUID, int], ...] = ()) -> Append:
    return Append(workspace_id, uuid4(), b"f" * 32, events, reads)


async def as_superuser(cluster: Cluster, sql: str, *arguments: Any) -> list[dict[str, Any]]:
    connection = await cluster.connect_to_migrate()
    try:
        return [dict(row) for row in await connection.fetch(sql, *arguments)]
    finally:
        await connection.close()
