"""Makes the read tables again from the ledger: all of them beside the old ones, or one workspace's in place."""

from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from typing import Final
from uuid import UUID

from infra.cluster import Cluster, Connection, Role
from infra.folding.advance import lock
from infra.folding.refold import Refold
from infra.folding.schema import create, exclusively, index, schema_name
from infra.folding.store import clear
from projections import PROJECTIONS
from projections.declare import Projection

# A scratch workspace is folded by nobody (docs/decisions/scratch.md).
_WORKSPACES: Final = """
    SELECT workspace_id FROM ledger.head WHERE uuid_extract_version(workspace_id) IS DISTINCT FROM 8
    ORDER BY workspace_id
"""


def _quietly(_entries: int) -> None:
    """Nobody wants to know."""


async def rebuild_all(
    cluster: Cluster,
    on_entries: Callable[[int], None] = _quietly,
    projections: Sequence[Projection] = PROJECTIONS,
) -> int:
    """Fold every workspace into a new schema, then put it in the old one's place; gives the number of entries.

    Until then the old tables serve and are folded on; what came meanwhile is folded after the exchange.
    """
    name, fresh = schema_name(), f"{schema_name()}_fresh"
    async with exclusively(cluster) as keeper:
        await keeper.execute(f"DROP SCHEMA IF EXISTS {fresh} CASCADE")
        async with keeper.transaction():
            await create(keeper, fresh)
        entries = await _fold_all(cluster, fresh, on_entries, projections)
        async with keeper.transaction():
            await index(keeper, fresh)
        async with keeper.transaction():
            await keeper.execute(f"DROP SCHEMA IF EXISTS {name} CASCADE; ALTER SCHEMA {fresh} RENAME TO {name}")
    return entries


async def rebuild_workspace(
    cluster: Cluster,
    workspace_id: UUID,
    on_entries: Callable[[int], None] = _quietly,
    projections: Sequence[Projection] = PROJECTIONS,
) -> int:
    """Fold one workspace again, in one transaction: until it is done everybody sees the old rows."""
    async with AsyncExitStack() as stack:
        reader, writer = [await _connect(stack, cluster, schema_name()) for _ in range(2)]
        await stack.enter_async_context(writer.transaction())
        await lock(writer, workspace_id)
        await clear(writer, workspace_id)
        return await Refold(reader, writer, workspace_id, projections).run(on_entries)


async def _fold_all(
    cluster: Cluster, schema: str, on_entries: Callable[[int], None], projections: Sequence[Projection]
) -> int:
    async with AsyncExitStack() as stack:
        reader, writer = [await _connect(stack, cluster, schema) for _ in range(2)]
        entries = 0
        for row in await reader.fetch(_WORKSPACES):
            entries += await Refold(reader, writer, row["workspace_id"], projections).run(on_entries)
        return entries


async def _connect(stack: AsyncExitStack, cluster: Cluster, schema: str) -> Connection:
    connection = await cluster.connect(
        Role.FOLD, timezone="UTC", jit="off", synchronous_commit="off", search_path=schema
    )
    stack.push_async_callback(connection.close)
    return connection
