"""What the imports of the command line share: who imports, into which team, and a bar while it lasts."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol
from uuid import UUID

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
from infra.ledger import Ledger
from infra.pool import Pool


class Importing(Protocol):
    """How the files of one tool are brought in; raises ImportRefused."""

    async def __call__(
        self, ledger: Ledger, pool: Pool, workspace_id: UUID, files: Sequence[Path], *, options: Options,
        progress: Progress,
    ) -> Imported: ...  # fmt: skip


def bring_in(chosen: Chosen, importing: Importing, files: Sequence[Path], *, team: str | None, source: str) -> Imported:
    """Imports with a bar on the terminal, and folds what came of it."""

    async def work(backend: Backend) -> Imported:
        acting = await act(backend, chosen)
        team_id = TeamId(find(await acting.directory.teams(), team, "team").id) if team else None
        options = Options(importer=await _importer(acting), source=source, team_id=team_id)
        with click.progressbar(length=0, label="Importing", file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:

            def show(done: int, of: int) -> None:
                bar.length = of
                bar.update(done - bar.pos)

            workspace_id = acting.asker.workspace_id
            imported = await importing(
                backend.ledger, backend.pool, workspace_id, files, options=options, progress=show
            )
        await backend.projector.catch_up(workspace_id)
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
