"""Whether the read tables are what the ledger says: they are folded anew, and must come out as they were."""

from typing import Any
from uuid import UUID

from infra.cluster import Cluster, Role
from infra.folding.rebuild import rebuild_workspace
from infra.folding.schema import schema_name
from infra.folding.tables import tables


async def read_rows(cluster: Cluster, workspace_id: UUID) -> dict[str, set[tuple[Any, ...]]]:
    """Every row of a workspace's read tables, current and past."""
    connection = await cluster.connect(Role.FOLD, search_path=schema_name())
    try:
        found = {}
        for table in tables():
            rows = await connection.fetch(f"SELECT t::text FROM {table} t WHERE workspace_id = $1", workspace_id)
            found[table] = {tuple(row) for row in rows}
            assert len(found[table]) == len(rows), table
        return found
    finally:
        await connection.close()


async def assert_read_tables_are_a_fresh_fold(cluster: Cluster, workspace_id: UUID) -> None:
    """Rows of the past included; the workspace must be quiet."""
    folded = await read_rows(cluster, workspace_id)
    assert folded["item"]
    assert folded["item_past"]
    await rebuild_workspace(cluster, workspace_id)
    afresh = await read_rows(cluster, workspace_id)
    for table, rows in afresh.items():
        assert folded[table] == rows, table
