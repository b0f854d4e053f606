"""Makes the read tables again from the ledger: all of them beside the old ones, or one workspace's in place."""

from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from uuid import UUID

from infra.cluster import Cluster
from infra.folding.advance import lock
from infra.folding.refold import Refold, connect, quietly
from infra.folding.schema import build, exclusively, schema_name
from infra.folding.store import clear
from projections import PROJECTIONS
from projections.declare import Projection


async def rebuild_all(
    cluster: Cluster,
    on_entries: Callable[[int], None] = quietly,
    projections: Sequence[Projection] = PROJECTIONS,
) -> int:
    """Fold every workspace into new tables, then put them in the old ones' place; gives the number of entries.

    Until then the old tables serve and are folded on; what came meanwhile is folded into the new ones too.
    """
    async with exclusively(cluster) as keeper:
        return await build(cluster, keeper, on_entries, projections)


async def rebuild_workspace(cluster: Cluster, workspace_id: UUID, on_entries: Callable[[int], None] = quietly) -> int:
    """Fold one workspace again, in one transaction: until it is done everybody sees the old rows."""
    async with AsyncExitStack() as stack:
        reader, writer = [await connect(stack, cluster, schema_name()) for _ in range(2)]
        await stack.enter_async_context(writer.transaction())
        await lock(writer, workspace_id)
        await clear(writer, workspace_id)
        return await Refold(reader, writer, workspace_id, PROJECTIONS).run(on_entries)
