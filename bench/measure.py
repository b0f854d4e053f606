"""Measuring fairly: the sides of a comparison take turns in one run, and a figure is a median with its spread."""

import argparse
import asyncio
import json
import statistics
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, NamedTuple


class Side(NamedTuple):
    """One of those compared. `run` works for so many seconds and gives its rate per second."""

    name: str
    run: Callable[[float], Awaitable[float]]


class Figure(NamedTuple):
    """What several rounds gave."""

    median: float
    low: float
    high: float


def figure(rates: Sequence[float]) -> Figure:
    """The median of rounds, and how far they lay apart."""
    return Figure(statistics.median(rates), min(rates), max(rates))


async def take_turns(sides: Sequence[Side], rounds: int, seconds: float) -> dict[str, Figure]:
    """Each side in every round, after one unmeasured half-length round to warm up."""
    rates: dict[str, list[float]] = {side.name: [] for side in sides}
    for side in sides:
        await side.run(seconds / 2)
    for turn in range(rounds):
        for side in sides if turn % 2 == 0 else sides[::-1]:
            rates[side.name].append(await side.run(seconds))
    return {name: figure(found) for name, found in rates.items()}


async def keep_busy(workers: Sequence[Callable[[], Awaitable[object]]], seconds: float) -> float:
    """Operations per second when each worker does its own again and again, one at a time."""
    start = time.perf_counter()
    counts = await asyncio.gather(*(_repeat(work, start + seconds) for work in workers))
    return sum(counts) / (time.perf_counter() - start)


async def _repeat(work: Callable[[], Awaitable[object]], end: float) -> int:
    count = 0
    while time.perf_counter() < end:
        await work()
        count += 1
    return count


def ratio(figures: Mapping[str, Figure], ours: str, theirs: str) -> float:
    """How many times ours is theirs, by the medians."""
    return round(figures[ours].median / figures[theirs].median, 2)


def table(title: str, figures: Mapping[str, Figure]) -> str:
    """Lines to be read by people."""
    lines = [f"{title:<44}{'median':>10}{'low':>10}{'high':>10}"]
    lines += [f"  {name:<42}" + "".join(f"{value:>10,.0f}" for value in found) for name, found in figures.items()]
    return "\n".join(lines)


def as_json(result: Mapping[str, Any]) -> str:
    """One object, on one line; a figure in it is an object too."""
    return json.dumps(_named(result))


def _named(value: Any) -> Any:  # noqa: ANN401 - whatever JSON can say
    if isinstance(value, Figure):
        return value._asdict()
    if isinstance(value, Mapping):
        return {key: _named(inner) for key, inner in value.items()}
    return value


def command_line(doc: str | None, **defaults: float) -> argparse.Namespace:
    """What the command line says: a number for each of these, or its default, and whether to print JSON."""
    parser = argparse.ArgumentParser(description=doc)
    parser.add_argument("--json", action="store_true", help="print one JSON object too")
    for name, default in defaults.items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=type(default), default=default)
    return parser.parse_args()
