"""`pushback import github`: bring pull requests and issues over from GitHub, with what their reviewers said."""

from pathlib import Path

import click

from cli.choosing import Chosen, acting_options
from cli.importing import bring_in
from cli.terminal.printing import json_option
from infra.github.run import import_github as import_files


@click.command(name="github")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
@click.option("--team", help="The team whose backlog the items join; without it each repository becomes a team.")
@click.option("--source", default="github", show_default=True, help="A name for the site; each site needs its own.")
@acting_options
@json_option
def import_github(  # noqa: PLR0917 - click gives them by name
    files: tuple[Path, ...],
    team: str | None,
    source: str,
    workspace: str | None,
    token: str | None,
    as_json: bool,  # noqa: FBT001 - an option of the command line
) -> None:
    """Import pull requests and issues with their reviews, and tell what was merged over whom.

    Reads a repository's archive.json, or GraphQL's answers. A verdict given there is never a sign-off here. The files
    are checked whole first; what was imported before is not imported again, and a newer export adds what is new.
    """
    imported = bring_in(Chosen(workspace, token), import_files, files, team=team, source=source)
    click.echo(imported.json() if as_json else imported.text())
