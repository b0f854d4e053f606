"""Connections that are not read cost little, are ended with a code that says what to do, and lose nothing."""

from pathlib import Path
from typing import Final

import pytest

from bench.mutations import prepare
from bench.subscribers.sleepers import TRANSPORTS
from bench.subscribers.stalled import Stall, measure
from bench.subscribers.watching import MANY
from bench.traffic import python, serving

STALL: Final = Stall(sockets=400, seconds=60, per_second=10)
"""Longer than the server's patience: 40 seconds for a ping that nobody answers, 30 once nothing more can be sent.

So many that what the commands themselves leave in the server, some megabytes, weighs little.
"""

KB_EACH_MAX: Final = 50


@pytest.mark.slow
@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_who_does_not_read_is_ended_kept_small_and_resumes(tmp_path: Path, transport: str) -> None:
    data = str(tmp_path / "data")
    _, token, items = await prepare(data)
    async with serving(data, python("cli.main", "serve"), **MANY) as (server,):
        told = await measure(server, transport, token, items, STALL)
    assert told["ended"] == {"1013": STALL.sockets}
    assert told["resumed"] == STALL.sockets
    assert told["most_mb"] - told["subscribed_mb"] < KB_EACH_MAX * STALL.sockets / 1000
