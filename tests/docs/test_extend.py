"""The guide for those who extend Pushback, run as it stands."""

import asyncio
import os
import re
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import pytest

from domain.events.pushback import Reason
from domain.ids import stream_key
from infra.cluster import Cluster, Role
from infra.deciding import Deciding
from infra.ledger import Ledger
from infra.pool import plain
from tests.cast import Cast, assemble

ROOT: Final = Path(__file__).parents[2]
GUIDE: Final = (ROOT / "docs" / "extend.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)


@pytest.fixture
async def cast(pushback_data: Path) -> AsyncIterator[Cast]:
    cluster = await Cluster.embedded(pushback_data)
    pool = plain(cluster, Role.APP, 2)
    ledger = Ledger(pool)
    yield await assemble(ledger, Deciding(ledger, pool))
    await ledger.close()
    await pool.close()
    await cluster.stop()


async def wall(data: Path, cast: Cast, file: Path) -> str:
    """What the guide's program prints for this workspace."""
    environment = {
        "PYTHONPATH": str(ROOT),
        "PATH": os.environ["PATH"],
        "PUSHBACK_DATA": str(data),
        "PUSHBACK_WORKSPACE": stream_key("wsp", cast.ada.workspace_id),
        "WALL": str(file),
    }
    program = await asyncio.create_subprocess_exec(
        sys.executable,
        "-W",
        "error",
        "-c",
        "\n".join(blocks("python")),
        env=environment,
        stdout=asyncio.subprocess.PIPE,
    )
    said, _ = await program.communicate()
    assert program.returncode == 0
    return said.decode()


async def test_the_wall_counts_each_pushback_under_its_reason(pushback_data: Path, cast: Cast, tmp_path: Path) -> None:
    assert await wall(pushback_data, cast, tmp_path / "wall.sqlite") == ""
    item = (await cast.item()).subject_id
    asked = {"statement": "How many a day?", "reason": Reason.MISSING_INFORMATION}
    await cast.do(cast.arno, "raise_pushback", item, **asked)
    unsorted = await cast.do(cast.arno, "raise_pushback", item, statement="And at peak times?")
    await cast.do(cast.dora, "raise_pushback", item, statement="Three weeks of work", reason=Reason.TOO_LARGE)
    assert "1 UNSORTED" in await wall(pushback_data, cast, tmp_path / "wall.sqlite")
    await cast.do(cast.arno, "sort_pushback", unsorted.subject_id, reason=Reason.MISSING_INFORMATION)
    assert await wall(pushback_data, cast, tmp_path / "wall.sqlite") == blocks("text")[0]
