"""Importing from Jira: its files are read and checked whole, then told to the ledger as they happened."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from uuid import UUID

from infra.importing.plan import Options
from infra.importing.result import Imported
from infra.importing.run import Progress, Telling, bring_in, unseen
from infra.jira.check import read_files
from infra.jira.figures import Figures
from infra.jira.story import story_of
from infra.ledger import Ledger
from infra.pool import Pool

TELLING: Final = Telling(Figures, story_of)


async def import_jira(
    ledger: Ledger,
    pool: Pool,
    workspace_id: UUID,
    files: Sequence[Path],
    *,
    size_field: str | None = None,
    options: Options = Options(),  # noqa: B008 - immutable
    progress: Progress = unseen,
) -> Imported:
    """Import Jira's REST JSON into a workspace; raises ImportRefused, and then nothing was imported."""
    reading = await asyncio.to_thread(read_files, files, datetime.now(UTC), size_field)
    return await bring_in(ledger, pool, workspace_id, reading, options=options, telling=TELLING, progress=progress)
