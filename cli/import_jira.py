"""`pushback import jira`: bring a backlog with its history over from Jira."""

import sys
from pathlib import Path

import click

from cli.choosing import Acting, Chosen, act, acting_options, find
from cli.terminal.printing import json_option
from cli.terminal.session import run
from domain.events.people import Role
from domain.ids import TeamId
from domain.refusals import NotAuthorised
from infra.backend import Backend
from infra.jira.plan import Importer, Options
from infra.jira.refusal import ImportRefused
from infra.jira.result import Imported
from infra.jira.run import import_jira as import_files

Files = tuple[Path, ...]


@click.command(name="jira")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
@click.option("--team", help="The team whose backlog the items join; without it each project becomes a team.")
@click.option("--source", default="jira", show_default=True, help="A name for the Jira site; each site needs its own.")
@click.option("--size-field", metavar="ID", help="The field that holds the size, such as customfield_10016.")
@acting_options
@json_option
def import_jira(  # noqa: PLR0917 - click gives them by name
    files: Files,
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

    async def work(backend: Backend) -> Imported:
        acting = await act(backend, Chosen(workspace, token))
        team_id = TeamId(find(await acting.directory.teams(), team, "team").id) if team else None
        options = Options(importer=await _importer(acting), source=source, team_id=team_id, size_field=size_field)
        return await _import(acting, files, options)

    try:
        imported = run(work)
    except ImportRefused as error:
        raise click.UsageError(str(error)) from error
    click.echo(imported.json() if as_json else imported.text())


async def _import(acting: Acting, files: Files, options: Options) -> Imported:
    """Imports with a bar on the terminal, and folds what came of it."""
    backend, workspace_id = acting.backend, acting.asker.workspace_id
    told = 0

    with click.progressbar(length=0, label="Importing", file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:

        def show(done: int, of: int) -> None:
            nonlocal told
            bar.length = of
            bar.update(done - told)
            told = done

        imported = await import_files(backend.ledger, backend.pool, workspace_id, files, options=options, progress=show)
    await backend.projector.catch_up(workspace_id)
    return imported


async def _importer(acting: Acting) -> Importer:
    """The administrator who imports, with the assignment that allows it; raises NotAuthorised."""
    person_id = acting.asker.person_id
    for held in await acting.directory.assignments():
        if held.person_id == person_id and held.role is Role.ADMINISTRATOR and held.is_held:
            return Importer(person_id, held.id, acting.asker.credential_id)
    raise NotAuthorised(who_could=(Role.ADMINISTRATOR,))
