"""What a person holds now, themself or for somebody else, as the read tables say."""

from typing import Final, NamedTuple
from uuid import UUID

import msgspec

from domain.authority import Grant, Power
from infra.pool import Pool

_GRANT: Final = """json_build_object(
               'assignment_id', a.id, 'person_id', a.person_id, 'role', a.role, 'starts_at', a.starts_at,
               'ends_at', a.ends_at, 'mode', a.mode, 'track', a.track, 'items', a.item_ids, 'powers', a.powers)"""
_HOLDS: Final = "a.ended IS NULL AND a.starts_at <= now() AND (a.ends_at IS NULL OR a.ends_at > now())"
_HELD: Final = f"""
    SELECT coalesce(json_agg(json_build_object('team_id', a.team_id, 'grant', {_GRANT}) ORDER BY a.id), '[]')::text
      FROM role_assignment a WHERE a.workspace_id = $1 AND a.person_id = $2 AND {_HOLDS}
"""  # noqa: S608 - values are parameters
_LENT: Final = f"""
    SELECT coalesce(json_agg(json_build_object('team_id', d.team_id, 'powers', d.powers, 'grant', {_GRANT})
                    ORDER BY d.id, a.id), '[]')::text
      FROM delegation d JOIN role_assignment a ON a.workspace_id = d.workspace_id AND a.person_id = d.from_id
       AND (a.team_id = d.team_id OR a.team_id IS NULL)
     WHERE d.workspace_id = $1 AND d.person_id = $2 AND d.ended IS NULL AND d.starts_at <= now() AND d.ends_at > now()
       AND {_HOLDS}
"""  # noqa: S608 - values are parameters


class Held(NamedTuple):
    """An assignment that holds, and in which team; None for the whole workspace."""

    team_id: str | None
    grant: Grant


class Lent(msgspec.Struct):
    """An assignment of somebody else's that holds, and which of its powers may be used for them in which team."""

    team_id: str
    powers: frozenset[Power]
    grant: Grant


class _Told(msgspec.Struct):
    team_id: str | None
    grant: Grant


async def held_roles(reads: Pool, workspace_id: UUID, person_id: str) -> list[Held]:
    """What they hold, in the order in which it was given."""
    told = await reads.fetchval(workspace_id, _HELD, workspace_id, person_id)
    return [Held(one.team_id, one.grant) for one in msgspec.json.decode(told, type=list[_Told])]


async def lent_roles(reads: Pool, workspace_id: UUID, person_id: str) -> list[Lent]:
    """What they may use for others who hold it now, in the order in which it was lent."""
    return msgspec.json.decode(await reads.fetchval(workspace_id, _LENT, workspace_id, person_id), type=list[Lent])
