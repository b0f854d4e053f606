"""The frozen form in which an entry is hashed."""

import json
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

import pytest

from domain.entry import Act, ActorKind
from infra.cluster import Cluster
from infra.entry_hash import entry_hash, header
from infra.ledger import Ledger
from tests.infra.saying import append, as_superuser, at, said

VECTORS: Final = json.loads((Path(__file__).parent.parent / "vectors" / "ledger_entry_hash.json").read_text())
TIMES: Final = {"recorded_at", "occurred_at", "effective_at"}
BYTES: Final = {"command_fingerprint", "data", "prose_digest"}


def row_of(vector: dict[str, Any]) -> dict[str, Any]:
    return {
        name: datetime.fromisoformat(value)
        if name in TIMES and value
        else bytes.fromhex(value)
        if name in BYTES and value
        else value
        for name, value in vector["row"].items()
    }


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_the_header_and_its_hash_stay_as_they_are_for_ever(vector: dict[str, Any]) -> None:
    row = row_of(vector)
    assert header(row).decode() == "".join(f"{line}\n" for line in vector["header"])
    assert entry_hash(row).hex() == vector["entry_hash"]


async def test_the_database_computes_the_same_hash(ledger: Ledger, cluster: Cluster, workspace_id: UUID) -> None:
    full = Act(
        actor="psn_é",
        actor_kind=ActorKind.IMPORT,
        acting_role="AUDITOR",
        authorised_by="rule",
        on_behalf_of="psn_b",
        credential="crd_a",
        occurred_at=datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
        correlation_id=uuid4(),
        causation_id=uuid4(),
    )
    await ledger.append(append(workspace_id, said(uuid4(), 1, "Größe \n \\", full), said(uuid4(), 1, act=full)))
    await ledger.append(append(workspace_id, said(uuid4(), 1, "now"), said(uuid4(), 1, act=at(datetime.now(UTC)))))
    await ledger.append(append(workspace_id, said(uuid4(), 1)))
    rows = await as_superuser(cluster, "select * from ledger.event where workspace_id = $1", workspace_id)
    assert len(rows) == 5
    for row in rows:
        assert row["entry_hash"] == entry_hash(row)
        assert row["prose_digest"] == (sha256(row["prose"]).digest() if row["prose"] else None)
