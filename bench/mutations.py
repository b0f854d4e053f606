"""Commands over HTTP: mutation in, decided, durable, folded, answered with its rows; CPU beside the rate."""

import asyncio
import tempfile
from pathlib import Path
from typing import Any, Final

from bench.measure import as_json, command_line
from bench.traffic import Side, compare, python, raw, report, serving
from domain.events.people import Role
from domain.ids import PersonId
from infra.backend import Backend
from infra.deciding import Asker, Request
from infra.people.registration import open_workspace, register_person
from infra.settings import Settings
from infra.uuid7 import uuid7

CONNECTIONS: Final = 32
ITEMS: Final = 320
SHORT: Final = "No volumes are given: how many plays a day do we keep?"
RAISE: Final = """mutation Raise($item: ID!, $statement: String!) {
  raisePushback(input: {item: $item, statement: $statement}) {
    ... on PushbackSuccess {
      position projected subject { id state statement turn { name } item { openPushbackCount } }
    }
    ... on Refusal { code }
  }
}"""
VIEWER: Final = "{ viewer { credentialId } }"


async def prepare(data: str) -> tuple[str, str, list[str]]:
    """(workspace, an architect's token, items to push back on)."""
    backend = await Backend.open(Settings(data=Path(data)))

    async def do(who: Asker, command: str, target: str | None = None, **arguments: Any) -> str:
        request = Request(asker=who, command=command, command_id=uuid7(), target=target, arguments=arguments)
        return (await backend.deciding.execute(request)).subject_id

    try:
        ada = await open_workspace(backend.ledger, "Radio North", "Ada")
        team = await do(ada, "form_team", name="Player")
        people = []
        for name, role in (("Paula", Role.PRODUCT_OWNER), ("Arno", Role.ARCHITECT)):
            done = await register_person(backend.deciding, backend.ledger, ada, uuid7(), {"name": name})
            await do(ada, "assign_role", team, person=done.subject_id, role=role)
            people.append(Asker(workspace_id=ada.workspace_id, person_id=PersonId(done.subject_id)))
        items = [await do(people[0], "draft_item", team=team, title=f"Item {number}") for number in range(ITEMS)]
        token = await backend.credentials.issue(ada, uuid7(), people[1].person_id, "bench")
    finally:
        await backend.close()
    return str(ada.workspace_id), token, items


async def main() -> None:
    """Parse, prepare, measure, print."""
    given = command_line(__doc__, rounds=5, seconds=3.0)
    with tempfile.TemporaryDirectory() as folder:
        data = str(Path(folder) / "data")
        workspace, token, items = await prepare(data)
        told = [{"item": item, "statement": SHORT} for item in items]
        commands = [raw("/graphql", token, {"query": RAISE, "variables": variables}) for variables in told]
        nothing = [raw("/graphql", token, {"query": VIEWER})]
        async with serving(data, python("bench.reads.server", workspace)) as (server,):
            sides = [
                Side("raisePushback, answered with its rows", server, commands),
                Side("nothing done: viewer", server, nothing),
            ]
            turns = await compare(sides, given.rounds, given.seconds, CONNECTIONS)
    result = report(f"over HTTP, requests/s over {CONNECTIONS} connections", turns)
    if given.json:
        print(as_json(result))


if __name__ == "__main__":
    asyncio.run(main())
