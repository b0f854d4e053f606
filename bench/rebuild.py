"""One rebuild of all read tables in a process of its own, as `pushback rebuild` is one: its rate and its memory.

`python -m bench.rebuild DATA EVENTS` prints one JSON object; bench/fold.py runs it.
"""

import json
import sys
import time
from pathlib import Path
from typing import Final

import psutil
import uvloop

from infra.cluster import Cluster
from infra.folding.rebuild import rebuild_all

DATABASE: Final = "bench"


class Memory:
    """The most that this process held during each tenth of a rebuild, in megabytes: flat when they are alike."""

    def __init__(self, events: int) -> None:
        self._process = psutil.Process()
        self._tenth = max(1, events // 10)
        self._entries = 0
        self.peaks: list[float] = [0.0] * 10

    def look(self, entries: int) -> None:
        """After each page."""
        tenth = min(9, self._entries // self._tenth)
        self._entries += entries
        self.peaks[tenth] = max(self.peaks[tenth], self._process.memory_info().rss / 1e6)


async def main(data: Path, events: int) -> None:
    """Rebuild, and print events per second into all read tables, indexes included."""
    cluster = await Cluster.embedded(data, DATABASE)
    memory = Memory(events)
    try:
        start = time.perf_counter()
        entries = await rebuild_all(cluster, memory.look)
        rate = entries / (time.perf_counter() - start)
    finally:
        await cluster.stop()
    print(json.dumps({"rate": rate, "peak_megabytes": memory.peaks}))


if __name__ == "__main__":
    uvloop.run(main(Path(sys.argv[1]), int(sys.argv[2])))
