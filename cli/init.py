"""`pushback init`: an empty workspace with its first administrator, and a token for them."""

from datetime import datetime

import click

from cli.choosing import directory_of, moment
from cli.terminal.failures import UnknownName
from cli.terminal.printing import json_option, print_json
from cli.terminal.session import run
from infra.backend import Backend
from infra.people.directory import workspaces
from infra.people.registration import open_workspace
from infra.uuid7 import uuid7


@click.command()
@click.argument("name")
@click.option("--administrator", required=True, metavar="NAME", help="Who may register people and give roles.")
@click.option("--since", type=moment, metavar="TIME", help="When its history begins, if older data is to be imported.")
@json_option
def init(name: str, administrator: str, since: datetime | None, as_json: bool) -> None:  # noqa: FBT001 - an option of the command line
    """Make an empty workspace called NAME, and print its first administrator's token. It is shown only once."""
    opened = run(lambda backend: _open(backend, name, administrator, since))
    if as_json:
        print_json(opened)
        return
    click.echo(f"{name!r} is {opened['workspace']}, administered by {opened['administrator']}.", err=True)
    click.echo(f"The token of {administrator}, shown only now:", err=True)
    click.echo(opened["token"])


async def _open(backend: Backend, name: str, administrator: str, since: datetime | None) -> dict[str, str]:
    if any(each.name == name for each in await workspaces(backend.cluster)):
        raise UnknownName(f"there is a workspace called {name!r} already; choose another name")
    asker = await open_workspace(backend.ledger, name, administrator, since)
    token = await backend.credentials.issue(asker, uuid7(), asker.person_id, "pushback init", occurred_at=since)
    await directory_of(backend, asker.workspace_id)
    return {"workspace": asker.workspace_key, "administrator": asker.person_id, "token": token}
