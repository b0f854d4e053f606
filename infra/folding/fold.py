"""Folds a page of entries into versions of rows: pure, without a database.

Which rows a page touches is known before it is folded (`touches`), so that they can be loaded at once. A projection
that raises is stopped at that entry with its rows as they were before it; the others go on.
"""

import traceback
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import PurePath
from typing import Any, NamedTuple, TypeAlias

import msgspec

from domain.entry import Entry, Event
from projections.declare import Projection, Row
from projections.entries import subject_id
from projections.rows.items import Item


class Version(msgspec.Struct, frozen=True, gc=False):
    """A row as it is from a position on."""

    row: Row
    from_position: int


class PastVersion(msgspec.Struct, frozen=True, gc=False):
    """A row as it was in [from_position, to_position)."""

    row: Row
    from_position: int
    to_position: int


class Stop(NamedTuple):
    """A projection that could not fold the entry at `position`; `error` quotes nothing of what the entry says."""

    projection: str
    position: int
    kind: str
    error: str


Known: TypeAlias = dict[str, dict[str, Version | None]]
"""Rows of one workspace at one position, by the name of their class and their id; None where there is no such row."""


class Touch(msgspec.Struct, frozen=True, gc=False):
    """A projection that an entry touches, and the ids of the rows."""

    projection: Projection
    entry: Entry[Any]
    keys: tuple[str, ...]


@dataclass
class Page:
    """Entries that are to be folded: whom they touch, in order, and the ids of the rows that must be known."""

    projections: Sequence[Projection]
    touches: list[Touch] = field(default_factory=list)
    wanted: dict[str, set[str]] = field(default_factory=dict)
    stops: dict[str, Stop] = field(default_factory=dict)


@dataclass
class Folded:
    """What a page changed: which rows (their versions now stand in what is known), and the versions that ended."""

    changed: dict[str, set[str]] = field(default_factory=dict)
    past: dict[str, list[PastVersion]] = field(default_factory=dict)
    stops: dict[str, Stop] = field(default_factory=dict)

    def only(self, names: Collection[str]) -> "Folded":
        """What happened to the rows of some classes only."""
        changed = {name: keys for name, keys in self.changed.items() if name in names}
        past = {name: versions for name, versions in self.past.items() if name in names}
        return Folded(changed, past, {name: stop for name, stop in self.stops.items() if name in names})


def touches(projections: Sequence[Projection], entries: Iterable[Entry[Any]]) -> Page:
    """What these entries touch."""
    page = Page(projections, wanted={projection.row.__name__: set() for projection in projections})
    items = page.wanted.setdefault(Item.__name__, set())
    by_kind = _by_kind(tuple(projections))
    for entry in entries:
        for projection in by_kind.get(type(entry.event), ()):
            try:
                keys = tuple(projection.keys(entry))
            except Exception as error:  # noqa: BLE001 - whatever a fold raises stops that fold alone
                _stop(page, projection, entry, error)
                continue
            page.wanted[projection.row.__name__].update(keys)
            page.touches.append(Touch(projection, entry, keys))
            if projection.reads_item:
                items.add(subject_id(entry))
            for name, key in map(projection.source, keys if projection.over else ()):
                page.wanted.setdefault(name, set()).add(key)
    return page


@lru_cache(maxsize=256)
def _by_kind(projections: tuple[Projection, ...]) -> dict[type[Event], list[Projection]]:
    """Whom an entry of each kind may touch."""
    kinds = dict.fromkeys(kind for projection in projections for kind in projection.events)
    return {kind: [projection for projection in projections if kind in projection.events] for kind in kinds}


def fold(page: Page, known: Known) -> Folded:
    """Fold a page. `known` holds every wanted row as of before the page, and as of after it once this is done."""
    folded = Folded(stops=page.stops)
    for touch in page.touches:
        projection, entry, keys = touch.projection, touch.entry, touch.keys
        name = projection.row.__name__
        if name in folded.stops and folded.stops[name].position <= entry.position:
            continue
        rows = known[name]
        try:
            evolved = [_evolve(projection, rows[key], entry, _read(projection, known, entry, key)) for key in keys]
        except Exception as error:  # noqa: BLE001 - whatever a fold raises stops that fold alone
            _stop(page, projection, entry, error)
            continue
        for key, row in zip(keys, evolved, strict=True):
            before = rows[key]
            if row == (before.row if before else None):
                continue  # what stays equal keeps its version
            if before:
                folded.past.setdefault(name, []).append(PastVersion(before.row, before.from_position, entry.position))
            rows[key] = Version(row, entry.position) if row else None
            folded.changed.setdefault(name, set()).add(key)
    return folded


def _read(projection: Projection, known: Known, entry: Entry[Any], key: str) -> Version | None:
    """The other row that a projection reads to fold this one: the item's, or the one it is derived from."""
    if projection.reads_item:
        return known[Item.__name__].get(subject_id(entry))
    if not projection.over:
        return None
    name, source = projection.source(key)
    return known[name].get(source)


def _evolve(projection: Projection, version: Version | None, entry: Entry[Any], read: Version | None) -> Row | None:
    return projection.evolve(version.row if version else None, entry, read.row if read else None)


def _stop(page: Page, projection: Projection, entry: Entry[Any], error: Exception) -> None:
    for stop in stops_at(entry, projection, describe(error), page.projections):
        known = page.stops.get(stop.projection)
        if known is None or stop.position < known.position:
            page.stops[stop.projection] = stop


def stops_at(entry: Entry[Any], projection: Projection, error: str, all_: Collection[Projection]) -> list[Stop]:
    """The stop of a projection, and of those that read its rows: they stop with it."""
    name, kind = projection.row.__name__, type(entry.event).TOPIC
    readers = (reader.row.__name__ for reader in all_ if projection in sources(reader, all_))
    return [
        Stop(name, entry.position, kind, error),
        *(Stop(reader, entry.position, kind, f"{name} stopped") for reader in readers),
    ]


def sources(projection: Projection, all_: Collection[Projection]) -> list[Projection]:
    """The projections whose rows this one reads, also by way of others; in the order in which they are folded."""
    direct = [each for each in all_ if each.row in projection.over.values()]
    needs_item = projection.reads_item or any(each.reads_item for each in direct)
    return [each for each in all_ if (each.row is Item and needs_item) or each in direct]


def running(projections: Iterable[Projection], stopped: Collection[str]) -> list[Projection]:
    """Those that are not stopped."""
    return [projection for projection in projections if projection.row.__name__ not in stopped]


def describe(error: BaseException) -> str:
    """What was raised and where. Not its message, which may quote what people wrote."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f" in {PurePath(frames[-1].filename).name}:{frames[-1].lineno} {frames[-1].name}" if frames else ""
    return type(error).__name__ + where
