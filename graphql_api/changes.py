"""Which positions changed what somebody follows: a pushback, a round, what waits for a person. One statement a page."""

from typing import Any, Final

import msgspec

from domain.entry import Event
from domain.events import (
    AbsenceBegan,
    AbsenceEnded,
    DelegationExpired,
    DelegationGranted,
    DelegationRevoked,
    RoleAssigned,
    RoleAssignmentEnded,
)
from graphql_api.compiler.conditions import Tables
from graphql_api.compiler.plan import Reads
from graphql_api.compiler.tables import Source
from infra.deciding import Asker
from projections.rows import turns
from projections.rows.estimation import rounds
from projections.turns import falls_to

_PUSHBACKS: Final = """
    SELECT coalesce(json_agg(json_build_array(e.position, e.pushback_id) ORDER BY e.position), '[]')::text
      FROM entry e JOIN pushback p ON p.workspace_id = e.workspace_id AND p.id = e.pushback_id
     WHERE e.workspace_id = $1 AND e.position > $2 AND e.position <= $3
       AND ($4::text IS NULL OR p.id = $4) AND ($5::text IS NULL OR p.item_id = $5)
       AND ($6::text IS NULL OR p.team_id = $6)
"""
_ROUNDS: Final = """
    SELECT coalesce(json_agg(json_build_array(e.position, r.id) ORDER BY e.position), '[]')::text
      FROM entry e JOIN estimation_round r
        ON r.workspace_id = e.workspace_id AND r.item_id = e.subject_id AND r.number = (e.data->>'round')::int
     WHERE e.workspace_id = $1 AND e.position > $2 AND e.position <= $3 AND e.kind = ANY($4::text[])
       AND ($5::text IS NULL OR r.id = $5) AND ($6::text IS NULL OR r.item_id = $6)
"""
_OF_ROUNDS: Final = sorted(kind.TOPIC for kind in rounds.PROJECTION.events)
"""What moves a round on; what was voted is in none of them."""
_ABOUT_PEOPLE: Final[frozenset[type[Event]]] = frozenset(
    {
        RoleAssigned,
        RoleAssignmentEnded,
        AbsenceBegan,
        AbsenceEnded,
        DelegationGranted,
        DelegationRevoked,
        DelegationExpired,
    }
)
_KINDS: Final = sorted(kind.TOPIC for kind in turns.PROJECTION.events | _ABOUT_PEOPLE)
"""What may change what waits for somebody: events on what is open, and on who is there."""


async def pushbacks_changed(
    reads: Reads, asker: Asker, after: int, until: int, *, only: tuple[str | None, str | None, str | None]
) -> list[tuple[int, str]]:
    """(position, id of the pushback) of each event on a pushback in (after, until]; `only` that one, item or team."""
    found: list[tuple[int, str]] = await _told(reads, asker, _PUSHBACKS, after, until, *only)
    return found


async def rounds_progressed(
    reads: Reads, asker: Asker, after: int, until: int, *, only: tuple[str | None, str | None]
) -> list[tuple[int, str]]:
    """(position, id of the round) of each event that moves a round on in (after, until]; `only` that one, or item."""
    found: list[tuple[int, str]] = await _told(reads, asker, _ROUNDS, after, until, _OF_ROUNDS, *only)
    return found


async def attention_changed(reads: Reads, asker: Asker, after: int, until: int, person_id: str) -> list[int]:
    """The positions in (after, until] after which something else waits for a person than before."""
    found: list[int] = await _told(reads, asker, _ATTENTION, after, until, _KINDS, person_id)
    return found


async def _told(reads: Reads, asker: Asker, sql: str, *arguments: Any) -> Any:  # noqa: ANN401 - what the statement lists
    return msgspec.json.decode(await reads.fetchval(asker.workspace_id, sql, asker.workspace_id, *arguments))


def _waiting(moment: str, *more: str) -> str:
    """What waits for the person ($5) as of a moment, as one text."""
    names = Tables({"row": "t", "id": "$5::text"}, moment)
    conditions = (f"({falls_to('{row}', '{id}').format_map(names)})", *more)
    text = "string_agg(t.id || t.rule || t.given, ',' ORDER BY t.id)"
    return f"(SELECT {text} {Source(turns.Turn.__name__, 't', conditions, moment).all(text)})"


def _differs(*more: str) -> str:
    return f"{_waiting('c.position', *more)} IS DISTINCT FROM {_waiting('(c.position - 1)', *more)}"


_ATTENTION: Final = f"""
    SELECT coalesce(json_agg(c.position ORDER BY c.position), '[]')::text FROM (
      SELECT e.position, e.subject_id FROM entry e
       WHERE e.workspace_id = $1 AND e.position > $2 AND e.position <= $3 AND e.kind = ANY($4::text[])
    ) c WHERE CASE WHEN c.subject_id LIKE 'itm%' THEN {_differs("t.item_id = c.subject_id")} ELSE {_differs()} END
"""  # noqa: S608 - values are parameters
