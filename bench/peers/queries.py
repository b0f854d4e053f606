"""The read figures' queries as PostGraphile names things, with aliases, so that all answers have one shape."""

from collections.abc import Mapping
from typing import Final

from bench.reads.queries import QUERIES

_ITEM: Final = """query Item($id: String!) { item: itemByRowId(rowId: $id) {
  id: rowId title narrative why rank status digest points team: teamByTeamId { name } author: personByAuthorId { name }
  pushbacks: pushbacksByItemId(first: 3, orderBy: NUMBER_DESC) { nodes {
    statement state stance reason raiser: personByRaiserId { name }
    events: eventsByPushbackId(first: 10, orderBy: POSITION_ASC) { nodes {
      kind recordedAt actingRole actor: personByActorId { name }
    } }
  } }
  estimates: estimatesByItemId(first: 5, orderBy: NUMBER_DESC) { nodes {
    points isStale recorder: personByRecorderId { name }
  } }
  signOffs: signOffsByItemId(first: 5, orderBy: NUMBER_DESC) { nodes {
    label state actingRole signer: personBySignerId { name }
  } }
} }"""
_BACKLOG: Final = """query Backlog($team: String!) {
  backlog: allItems(condition: {teamId: $team}, orderBy: [RANK_ASC, ROW_ID_ASC], first: 50) { nodes {
    id: rowId title status points author: personByAuthorId { name }
    pushbacks: pushbacksByItemId(first: 3, orderBy: NUMBER_DESC) { nodes {
      statement state raiser: personByRaiserId { name }
    } }
  } }
}"""
_AUDIT: Final = """query Audit($team: String!) {
  pushbacks: allPushbacks(condition: {teamId: $team}, orderBy: RAISED_DESC, first: 100) { nodes {
    statement reason stance state outcome raisedAt raiser: personByRaiserId { name }
    item: itemByItemId { title team: teamByTeamId { name } }
  } }
}"""
POSTGRAPHILE: Final[Mapping[str, str]] = {"item": _ITEM, "backlog": _BACKLOG, "audit": _AUDIT}
OURS: Final[Mapping[str, str]] = QUERIES
"""mercurius' schema takes these as they are."""
