"""What the read figures ask: an item's page, a backlog, the audit list, what waits for a person."""

from random import Random
from typing import Any, Final

from bench.scenery import Scene

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


def bodies(name: str, scene: Scene, text: str, **more: object) -> list[dict[str, Any]]:
    """Requests of one of the three: 500 items drawn at random from those with a pushback, or every team."""
    disputed = Random(7).sample(scene.disputed, min(len(scene.disputed), 500))
    variable, chosen = ("id", disputed) if name == "item" else ("team", scene.teams)
    return [{"query": text, "variables": {variable: key, **more}} for key in chosen]
