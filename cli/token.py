"""`pushback token`: issue, revoke and list access tokens."""

from datetime import datetime

import click

from cli.choosing import Chosen, act, acting_options, choose_workspace, directory_of, find, moment, workspace_option
from cli.terminal.printing import json_option, print_json, print_rows
from cli.terminal.session import run
from infra.backend import Backend
from infra.people.directory import Token
from infra.uuid7 import uuid7


@click.group()
def token() -> None:
    """Access tokens: who may use the API as whom."""


@token.command()
@click.argument("person")
@click.option("--label", default="terminal", show_default=True, help="What its holder will know it by.")
@click.option("--expires", type=moment, metavar="TIME", help="When it stops being valid; never, unless given.")
@acting_options
@json_option
def issue(  # noqa: PLR0917 - click gives them by name
    person: str,
    label: str,
    expires: datetime | None,
    workspace: str | None,
    token: str | None,
    as_json: bool,  # noqa: FBT001 - an option of the command line
) -> None:
    """Print a new token of PERSON (name or id). It is shown only once."""

    async def work(backend: Backend) -> dict[str, str]:
        acting = await act(backend, Chosen(workspace, token))
        found = find(await acting.directory.people(), person, "person")
        text = await backend.credentials.issue(acting.asker, uuid7(), found.id, label, expires)
        await backend.projector.catch_up(acting.asker.workspace_id)
        return {"person": found.id, "token": text}

    issued = run(work)
    print_json(issued) if as_json else click.echo(issued["token"])


@token.command()
@click.argument("credential")
@acting_options
def revoke(credential: str, workspace: str | None, token: str | None) -> None:
    """End the token with this id (crd_..., as `pushback token list` shows it)."""

    async def work(backend: Backend) -> None:
        acting = await act(backend, Chosen(workspace, token))
        await backend.credentials.revoke(acting.asker, uuid7(), credential)
        await backend.projector.catch_up(acting.asker.workspace_id)

    run(work)


@token.command(name="list")
@workspace_option
@json_option
def list_(workspace: str | None, as_json: bool) -> None:  # noqa: FBT001 - an option of the command line
    """List the tokens of a workspace, without their secrets."""

    async def work(backend: Backend) -> tuple[Token, ...]:
        chosen = await choose_workspace(backend, workspace)
        return await (await directory_of(backend, chosen.workspace_id)).tokens()

    rows = run(work)
    print_json(rows) if as_json else print_rows(rows, "id", "person", "label", "expires_at", "is_live")
