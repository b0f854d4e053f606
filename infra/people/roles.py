"""What a person holds now, as the read tables say."""

from typing import Final, NamedTuple
from uuid import UUID

import msgspec

from domain.authority import Grant
from infra.pool import Pool

_HELD: Final = """
    SELECT coalesce(json_agg(json_build_object(
             'team_id', team_id, 'grant', json_build_object(
               'assignment_id', id, 'person_id', person_id, 'role', role, 'starts_at', starts_at, 'ends_at', ends_at,
               'mode', mode, 'track', track, 'items', item_ids, 'powers', powers)) ORDER BY id), '[]')::text
      FROM role_assignment
     WHERE workspace_id = $1 AND person_id = $2 AND ended IS NULL
       AND starts_at <= now() AND (ends_at IS NULL OR ends_at > now())
"""


class Held(NamedTuple):
    """An assignment that holds, and in which team; None for the whole workspace."""

    team_id: str | None
    grant: Grant


class _Told(msgspec.Struct):
    team_id: str | None
    grant: Grant


async def held_roles(reads: Pool, workspace_id: UUID, person_id: str) -> list[Held]:
    """What they hold, in the order in which it was given."""
    told = await reads.fetchval(workspace_id, _HELD, workspace_id, person_id)
    return [Held(one.team_id, one.grant) for one in msgspec.json.decode(told, type=list[_Told])]
