"""What the imports of the command line share: who imports, into which team, and a bar while it lasts."""

import sys
from collections.abc import Awaitable, Callable

import click

from cli.choosing import Acting, Chosen, act, find
from cli.terminal.session import run
from domain.events.people import Role
from domain.ids import TeamId
from domain.refusals import NotAuthorised
from infra.backend import Backend
from infra.importing.plan import Importer, Options
from infra.importing.refusal import ImportRefused
from infra.importing.result import Imported
from infra.importing.run import Progress

Importing = Callable[[Acting, Options, Progress], Awaitable[Imported]]


def bring_in(chosen: Chosen, importing: Importing, *, team: str | None, source: str) -> Imported:
    """Imports with a bar on the terminal, and folds what came of it."""

    async def work(backend: Backend) -> Imported:
        acting = await act(backend, chosen)
        team_id = TeamId(find(await acting.directory.teams(), team, "team").id) if team else None
        options = Options(importer=await _importer(acting), source=source, team_id=team_id)
        with click.progressbar(length=0, label="Importing", file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:

            def show(done: int, of: int) -> None:
                bar.length = of
                bar.update(done - bar.pos)

            imported = await importing(acting, options, show)
        await acting.backend.projector.catch_up(acting.asker.workspace_id)
        return imported

    try:
        return run(work)
    except ImportRefused as error:
        raise click.UsageError(str(error)) from error


async def _importer(acting: Acting) -> Importer:
    """The administrator who imports, with the assignment that allows it; raises NotAuthorised."""
    person_id = acting.asker.person_id
    for held in await acting.directory.assignments():
        if held.person_id == person_id and held.role is Role.ADMINISTRATOR and held.is_held:
            return Importer(person_id, held.id, acting.asker.credential_id)
    raise NotAuthorised(who_could=(Role.ADMINISTRATOR,))
