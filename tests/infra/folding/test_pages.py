"""The ledger read page by page by one who catches up."""

from uuid import UUID, uuid4

from infra.cluster import Cluster, Role
from infra.folding.advance import READ
from infra.folding.projector import folds
from infra.folding.schema import ensure_read_schema
from infra.ledger import Ledger
from infra.pool import plain
from tests.infra.saying import append, said

ENTRIES = 4000


async def fill(cluster: Cluster, workspace_id: UUID) -> None:
    """So many entries that a plan for the few which PostgreSQL guesses before it has counted would read them all."""
    pool = plain(cluster, Role.APP, 1)
    ledger = Ledger(pool)
    await ledger.open_workspace(workspace_id, "Much")
    for _ in range(ENTRIES // 500):
        await ledger.append(append(workspace_id, *(said(uuid4(), 1) for _ in range(500))))
    await ledger.close()
    await pool.close()


async def test_a_page_reads_no_more_than_its_entries_where_nobody_has_counted_rows_yet(
    fresh_cluster: Cluster, workspace_id: UUID
) -> None:
    await fill(fresh_cluster, workspace_id)
    pool = folds(fresh_cluster, 1, await ensure_read_schema(fresh_cluster))
    async with pool.connection(workspace_id) as connection:
        await connection.execute(f"prepare page as {READ}")
        rows = await connection.fetch(f"explain execute page('{workspace_id}', 0, 1000)")
        plan = "\n".join(row[0] for row in rows)
    await pool.close()
    assert "Index Scan using" in plan
    assert "Sort" not in plan
