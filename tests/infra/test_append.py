"""What is handed to `ledger.append` stands in the order of the SQL types, whose members only places tell apart."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from msgspec.structs import replace

from domain.entry import Act, ActorKind
from domain.events.pushback import PushbackResponded
from infra.append import _DATA, _OCCURRED, _PROSE, Append, NewEvent, Prepared, batch_of
from infra.cluster import Cluster, Role

_COLUMNS = """
    select array_agg(attname::text order by attnum) from pg_attribute
     where attrelid = to_regclass($1) and attnum > 0 and not attisdropped
"""
ACT = Act(
    actor="psn_1",
    actor_kind=ActorKind.HUMAN,
    acting_role="ARCHITECT",
    authorised_by="asg_1",
    on_behalf_of="psn_2",
    credential="crd_1",
    occurred_at=datetime(2026, 3, 2, 9, tzinfo=UTC),
    correlation_id=uuid4(),
    causation_id=uuid4(),
)
NEW = NewEvent(uuid4(), 7, PushbackResponded(pushback=1, text="typed"), ACT)
APPEND = Append(uuid4(), uuid4(), b"f" * 32, (NEW,), ((uuid4(), 3),))


@pytest.fixture
async def columns(cluster: Cluster) -> dict[str, list[str]]:
    connection = await cluster.connect(Role.APP)
    found = {name: await connection.fetchval(_COLUMNS, f"ledger.{name}") for name in ("new_event", "claim")}
    await connection.close()
    return found


async def test_an_events_row_has_the_columns_of_its_type(columns: dict[str, list[str]]) -> None:
    (values,) = Prepared(APPEND).rows
    row: dict[str, Any] = dict(zip(columns["new_event"], values, strict=True))
    data, prose = row.pop("data"), row.pop("prose")
    assert row == {
        **{name: getattr(ACT, name) for name in ACT.__struct_fields__},
        "stream_id": NEW.stream_id,
        "version": 7,
        "kind": "PushbackResponded",
        "schema_version": PushbackResponded.class_version,
        "command_id": APPEND.command_id,
        "command_fingerprint": APPEND.fingerprint,
    }
    assert b"typed" in prose
    assert b"typed" not in data


async def test_the_numbers_of_columns_are_theirs(columns: dict[str, list[str]]) -> None:
    assert [columns["new_event"][number] for number in (_OCCURRED, _DATA, _PROSE)] == ["occurred_at", "data", "prose"]


async def test_a_claim_has_the_columns_of_its_type(columns: dict[str, list[str]]) -> None:
    *_, claims, _events = batch_of([Prepared(APPEND)]).arguments
    rows = [dict(zip(columns["claim"], claim, strict=True)) for claim in claims]
    assert rows == [
        {"place": 1, "stream_id": NEW.stream_id, "version": 6},
        {"place": 1, "stream_id": APPEND.reads[0][0], "version": 3},
    ]


def test_what_several_appends_read_is_claimed_once() -> None:
    read, others = APPEND.reads[0], [replace(NEW, stream_id=uuid4()) for _ in range(3)]
    reads = ((read,), (read,), ((read[0], 4),))
    appends = [replace(APPEND, events=(new,), reads=its) for new, its in zip(others, reads, strict=True)]
    batch = batch_of([Prepared(append) for append in appends])
    assert batch.claims == [*((1, new.stream_id, 6) for new in others), (1, *read), (1, read[0], 4)]
