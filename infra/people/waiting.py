"""What waits for a person, and which item a name at a terminal stands for, as the read tables say."""

from collections import defaultdict
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from infra.folding.tables import table_of
from infra.pool import Pool
from projections.turns import TurnRule, falls_to

NAMES_MAX: Final = 10
"""So many ids are offered where a name is that of several items."""


class Waiting(msgspec.Struct, frozen=True):
    """A move that a person has to make: on the thing with this id, which says `text`; texts are null once erased."""

    id: str
    rule: TurnRule
    since: datetime
    item_id: str
    item: str | None
    text: str | None


class _Tables(defaultdict[str, str]):
    """What a declared condition names: a row class for its table, the clock for the time of the last event."""

    def __missing__(self, name: str) -> str:
        if name == "clock":
            return "(SELECT effective_at FROM entry WHERE workspace_id = $1 ORDER BY position DESC LIMIT 1)"
        return f"(SELECT * FROM {table_of(name)} WHERE workspace_id = $1)"  # noqa: S608 - names of classes


FALLS_TO: Final = falls_to("t", "$2").format_map(_Tables())
"""The condition that the turn `t` is the person's ($2) in a workspace ($1)."""

_WAITING: Final = f"""
    SELECT coalesce(json_agg(r), '[]')::text FROM (
      SELECT coalesce(t.pushback_id, t.question_id, t.sign_off_request_id) AS id, t.rule, t.since, t.item_id,
             i.prose ->> 'title' AS item, coalesce(e.prose ->> 'statement', e.prose ->> 'text') AS text
        FROM turn t
        JOIN item ON item.workspace_id = t.workspace_id AND item.id = t.item_id
        JOIN entry i ON i.workspace_id = t.workspace_id AND i.position = item.content
        LEFT JOIN pushback p ON p.workspace_id = t.workspace_id AND p.id = t.pushback_id
        LEFT JOIN question q ON q.workspace_id = t.workspace_id AND q.id = t.question_id
        LEFT JOIN sign_off_request s ON s.workspace_id = t.workspace_id AND s.id = t.sign_off_request_id
        LEFT JOIN entry e ON e.workspace_id = t.workspace_id AND e.position = coalesce(p.worded, q.asked, s.requested)
       WHERE t.workspace_id = $1 AND ({FALLS_TO}) ORDER BY t.given, t.id) r
"""  # noqa: S608 - names of classes
_ITEMS_CALLED: Final = """
    SELECT coalesce(json_agg(r.id), '[]')::text FROM (
      SELECT i.id FROM item i JOIN entry e ON e.workspace_id = i.workspace_id AND e.position = i.content
       WHERE i.workspace_id = $1 AND (i.id = $2 OR i.source_key = $2 OR lower(e.prose ->> 'title') = lower($2))
       ORDER BY i.id LIMIT $3) r
"""


async def waiting_for(reads: Pool, workspace_id: UUID, person_id: str) -> tuple[Waiting, ...]:
    """What waits for a person, longest first."""
    told = await reads.fetchval(workspace_id, _WAITING, workspace_id, person_id)
    return msgspec.json.decode(told, type=tuple[Waiting, ...])


async def items_called(reads: Pool, workspace_id: UUID, name: str) -> tuple[str, ...]:
    """The ids of the items with this id, key in a tracker, or title in whatever case: at most ten."""
    told = await reads.fetchval(workspace_id, _ITEMS_CALLED, workspace_id, name, NAMES_MAX)
    return msgspec.json.decode(told, type=tuple[str, ...])
