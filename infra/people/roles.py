"""Which roles a person holds now, as the read tables say."""

from typing import Final
from uuid import UUID

from domain.events.people import Role
from infra.pool import Pool

_HELD: Final = """
    SELECT coalesce(string_agg(role || ' ' || coalesce(team_id, ''), ',' ORDER BY id), '') FROM role_assignment
     WHERE workspace_id = $1 AND person_id = $2 AND ended IS NULL
       AND starts_at <= now() AND (ends_at IS NULL OR ends_at > now())
"""


async def held_roles(reads: Pool, workspace_id: UUID, person_id: str) -> list[tuple[Role, str | None]]:
    """(role, id of the team or None for the whole workspace), in the order in which they were given."""
    told = bytes(await reads.fetchval(workspace_id, _HELD, workspace_id, person_id)).decode()
    pairs = [pair.split(" ") for pair in told.split(",") if pair]
    return [(Role(role), team_id or None) for role, team_id in pairs]
