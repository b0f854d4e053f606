"""What the read figures ask: an item's page, a backlog, the audit list, what waits for a person."""

from typing import Final

ITEM: Final = """query Item($id: ID!) { item(id: $id) {
  id title narrative why rank status digest points team { name } author { name }
  pushbacks(first: 3) { nodes {
    statement state stance reason raiser { name }
    events(first: 10) { nodes { kind recordedAt actingRole actor { name } } }
  } }
  estimates(first: 5) { nodes { points isStale recorder { name } } }
  signOffs(first: 5) { nodes { label state actingRole signer { name } } }
} }"""
BACKLOG: Final = """query Backlog($team: ID!) { backlog(team: $team, first: 50) { nodes {
  id title status points author { name }
  pushbacks(first: 3) { nodes { statement state raiser { name } } }
} } }"""
AUDIT: Final = """query Audit($team: ID!) { pushbacks(team: $team, first: 100) { nodes {
  statement reason stance state outcome raisedAt raiser { name } item { title team { name } }
} } }"""
ATTENTION: Final = """query Attention($person: ID!) { attention(person: $person, first: 50) { nodes {
  rule since item { title } pushback { statement } people(first: 3) { nodes { name } }
} } }"""
QUERIES: Final = {"item": ITEM, "backlog": BACKLOG, "audit": AUDIT}
PLAIN: Final = {**QUERIES, "attention": ATTENTION}
