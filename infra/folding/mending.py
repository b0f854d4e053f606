"""A stopped projection folds on from where it stopped, page by page up to the checkpoint, and joins the others."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

import structlog

from domain.entry import Entry
from infra.cluster import Connection
from infra.folding.advance import lock, read
from infra.folding.fold import Folded, Known, Stop, fold, sources, touches
from infra.folding.store import load, load_as_of, write_rows
from projections.declare import Projection

_POSITION: Final = "SELECT position FROM stopped WHERE workspace_id = $1 AND projection = $2"
_STOPPED_LATER: Final = (
    "UPDATE stopped SET position = $3, error = coalesce($4, error) WHERE workspace_id = $1 AND projection = $2"
)
_JOINED: Final = "DELETE FROM stopped WHERE workspace_id = $1 AND projection = $2"
_WHOLE: Final = (
    "UPDATE checkpoint SET has_stopped = EXISTS (SELECT FROM stopped WHERE workspace_id = $1) WHERE workspace_id = $1"
)

log = structlog.get_logger()


async def mend_page(
    connection: Connection, workspace_id: UUID, name: str, projections: Sequence[Projection], limit: int
) -> bool:
    """Fold one page of a stopped projection, within a transaction; whether to call again.

    What reads other rows waits until these go on, and reads them as they were after each entry.
    """
    place = await lock(connection, workspace_id)
    position = await connection.fetchval(_POSITION, workspace_id, name)
    projection = next(each for each in projections if each.row.__name__ == name)
    if position is None or any(each.row.__name__ in place.stopped for each in sources(projection, projections)):
        return False
    last = min(place.position, position + limit - 1)
    entries = await read(connection, workspace_id, position - 1, last - position + 1)
    folded = await _fold(connection, projection, projections, entries)
    stop = folded.stops.get(name)
    if stop:
        log.error("projection stopped", workspace=str(workspace_id), **stop._asdict())
    await _go_on(connection, workspace_id, name, stop, last + 1)
    if stop is None and last == place.position:
        await connection.execute(_JOINED, workspace_id, name)
        await connection.execute(_WHOLE, workspace_id)
    return stop is None and last < place.position


async def _fold(
    connection: Connection, projection: Projection, projections: Sequence[Projection], entries: Sequence[Entry[Any]]
) -> Folded:
    """What it reads is folded once more beside it, from the versions of then, and not written."""
    name = projection.row.__name__
    beside = sources(projection, projections)
    page = touches([*beside, projection], entries)
    known: Known = {}
    if entries:
        workspace_id, before = entries[0].workspace_id, entries[0].position - 1
        known[name] = await load(connection, workspace_id, name, page.wanted[name])
        for read_too in (each.row.__name__ for each in beside):
            known[read_too] = await load_as_of(connection, workspace_id, read_too, page.wanted[read_too], before)
        folded = fold(page, known).only({name})
        await write_rows(connection, workspace_id, folded, known)
        return folded
    return Folded()


async def _go_on(connection: Connection, workspace_id: UUID, name: str, stop: Stop | None, reached: int) -> None:
    position, error = (stop.position, stop.error) if stop else (reached, None)
    await connection.execute(_STOPPED_LATER, workspace_id, name, position, error)
