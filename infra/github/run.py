"""Importing from GitHub: its files are read and checked whole, then told to the ledger as they happened."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from uuid import UUID

from infra.github.check import read_files
from infra.github.figures import Figures
from infra.github.story import story_of
from infra.importing.plan import Importer, Options
from infra.importing.result import Imported
from infra.importing.run import Progress, Telling, bring_in, unseen
from infra.ledger import Ledger
from infra.pool import Pool

TELLING: Final = Telling(Figures, story_of)
OPTIONS: Final = Options(source="github", importer=Importer(authorised_by="import:github"))


async def import_github(
    ledger: Ledger,
    pool: Pool,
    workspace_id: UUID,
    files: Sequence[Path],
    *,
    options: Options = OPTIONS,
    progress: Progress = unseen,
) -> Imported:
    """Import pull requests and issues into a workspace; raises ImportRefused, and then nothing was imported."""
    reading = await asyncio.to_thread(read_files, files, datetime.now(UTC))
    return await bring_in(ledger, pool, workspace_id, reading, options=options, telling=TELLING, progress=progress)
