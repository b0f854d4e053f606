"""A site for each proof: an embedded PostgreSQL of its own, because proofs kill it and look at all workspaces."""

import shutil
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from infra.backend import Backend
from infra.settings import Settings
from tests.processes.site import Site


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    folder = Path(tempfile.mkdtemp(prefix="proof-"))
    try:
        data = folder / "data"
        site = Site(data, await Backend.open(Settings(data=data)))
        yield site
        await site.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
