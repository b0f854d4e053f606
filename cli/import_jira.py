"""`pushback import jira`: bring a backlog with its history over from Jira."""

from functools import partial
from pathlib import Path

import click

from cli.choosing import Chosen, acting_options
from cli.importing import bring_in
from cli.terminal.printing import json_option
from infra.jira.run import import_jira as import_files


@click.command(name="jira")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
@click.option("--team", help="The team whose backlog the items join; without it each project becomes a team.")
@click.option("--source", default="jira", show_default=True, help="A name for the Jira site; each site needs its own.")
@click.option("--size-field", metavar="ID", help="The field that holds the size, such as customfield_10016.")
@acting_options
@json_option
def import_jira(  # noqa: PLR0917 - click gives them by name
    files: tuple[Path, ...],
    team: str | None,
    source: str,
    size_field: str | None,
    workspace: str | None,
    token: str | None,
    as_json: bool,  # noqa: FBT001 - an option of the command line
) -> None:
    """Import issues with their changelogs from Jira's REST JSON, and tell what they show.

    The files are checked whole before anything is told to the ledger. What was imported before is not imported again,
    so an import that was stopped is simply run again, and a newer export adds what is new.
    """
    imported = bring_in(
        Chosen(workspace, token), partial(import_files, size_field=size_field), files, team=team, source=source
    )
    click.echo(imported.json() if as_json else imported.text())
