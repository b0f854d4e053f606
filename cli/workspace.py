"""`pushback workspace`: which workspaces there are, and what is in one."""

from typing import Any

import click
import msgspec

from cli.choosing import choose_workspace, directory_of
from cli.terminal.printing import json_option, print_json, print_rows
from cli.terminal.session import run
from domain.ids import stream_key
from infra.backend import Backend
from infra.people.directory import Workspace, workspaces


@click.group()
def workspace() -> None:
    """Workspaces: each has its own ledger, people and tokens."""


@workspace.command(name="list")
@json_option
def list_(as_json: bool) -> None:  # noqa: FBT001 - an option of the command line
    """List all workspaces of this server."""

    async def work(backend: Backend) -> tuple[Workspace, ...]:
        return await workspaces(backend.cluster)

    rows = run(work)
    print_json([_shown(row) for row in rows]) if as_json else print_rows(rows, "name", "position", "opened_at")


@workspace.command()
@click.argument("name", required=False, envvar="PUSHBACK_WORKSPACE")
@json_option
def show(name: str | None, as_json: bool) -> None:  # noqa: FBT001 - an option of the command line
    """Show how much there is in the workspace called NAME (or with that id)."""
    told = run(lambda backend: _describe(backend, name))
    if as_json:
        print_json(told)
        return
    for key, value in told.items():
        click.echo(f"{key:10}{value}")


async def _describe(backend: Backend, name: str | None) -> dict[str, Any]:
    chosen = await choose_workspace(backend, name)
    directory = await directory_of(backend, chosen.workspace_id)
    held = [each for each in await directory.assignments() if each.is_held]
    live = [each for each in await directory.tokens() if each.is_live]
    counted = {"people": await directory.people(), "teams": await directory.teams(), "roles": held, "tokens": live}
    return {**_shown(chosen), **{key: len(rows) for key, rows in counted.items()}}


def _shown(row: Workspace) -> dict[str, Any]:
    shown: dict[str, Any] = msgspec.to_builtins(row)
    return {"id": stream_key("wsp", row.workspace_id), **{key: shown[key] for key in ("name", "position", "opened_at")}}
