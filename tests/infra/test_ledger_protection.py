"""Who may do what to the ledger, and that nobody changes what it holds."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from domain.wire import encode
from infra.cluster import Cluster, Connection, Role
from infra.ledger import Ledger, UnknownWorkspace
from infra.pool import Pool
from tests.infra.saying import ACT, append, as_superuser, said

APPEND_ONLY = "PB005"
OWN = "select count(*) from ledger.{}"
EVENTS = "select * from ledger.event where workspace_id = $1 order by position"
PROTECTED = ("event", "head", "workspace", "person")


@pytest.fixture
async def written(ledger: Ledger, workspace_id: UUID) -> UUID:
    """A workspace with two entries, the first with prose."""
    await ledger.append(append(workspace_id, said(uuid4(), 1, "a sentence"), said(uuid4(), 1)))
    return workspace_id


@pytest.fixture
async def privacy(cluster: Cluster) -> AsyncIterator[Connection]:
    connection = await cluster.connect(Role.PRIVACY)
    yield connection
    await connection.close()


def erasure(stream_id: UUID, version: int = 1) -> tuple[Any, ...]:
    """A ledger.new_event that says something was erased."""
    new = said(stream_id, version, "erased")
    data, prose = encode(new.event, "n" * 22, "s" * 22)
    said_by = (ACT.actor, "HUMAN", "ADMINISTRATOR", "asg_1", None, None)
    return (stream_id, version, "PushbackResponded", 1, None, *said_by, uuid4(), b"f" * 32, None, None, data, prose)


@pytest.mark.parametrize(
    "statement",
    [
        "update ledger.event set data = '\\x00' where workspace_id = $1",
        "update ledger.event set prose = null where workspace_id = $1",
        "delete from ledger.event where workspace_id = $1",
    ],
)
async def test_not_even_a_superuser_changes_the_ledger(cluster: Cluster, written: UUID, statement: str) -> None:
    for preparation in ("select", "set session_replication_role = replica", f"set role {Role.OWNER.value}"):
        connection = await cluster.connect_to_migrate()
        await connection.execute(preparation)
        with pytest.raises(asyncpg.PostgresError) as refused:
            await connection.execute(statement, written)
        assert refused.value.sqlstate == APPEND_ONLY
        await connection.close()


@pytest.mark.parametrize("table", ["event", "tombstone"])
async def test_not_even_a_superuser_empties_the_ledger(cluster: Cluster, table: str) -> None:
    with pytest.raises(asyncpg.PostgresError) as refused:
        await as_superuser(cluster, f"truncate ledger.{table}")
    assert refused.value.sqlstate == APPEND_ONLY


@pytest.mark.parametrize(
    "statement",
    [
        "insert into ledger.event select * from ledger.event where workspace_id = $1",
        "update ledger.event set data = data where workspace_id = $1",
        "delete from ledger.event where workspace_id = $1",
        "update ledger.head set position = 0 where workspace_id = $1",
        "update ledger.workspace set name = 'x' where workspace_id = $1",
        "insert into ledger.workspace select * from ledger.workspace where workspace_id = $1",
        "delete from ledger.person where workspace_id = $1",
        "update ledger.person set name = 'x' where workspace_id = $1",
        "update ledger.credential set person_id = 'x' where workspace_id = $1",
        "delete from ledger.credential where workspace_id = $1",
        "select ledger.delete_workspace($1, 'x')",
        "select ledger.erase_prose($1, array[1], null)",
    ],
)
async def test_the_application_appends_and_does_nothing_else(app_pool: Pool, written: UUID, statement: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await app_pool.fetchval(written, statement, written)


async def test_the_application_keeps_people_and_credentials(app_pool: Pool, cluster: Cluster, written: UUID) -> None:
    async with app_pool.connection(written) as connection:
        await connection.execute("insert into ledger.person values ($1, 'psn_a', 'Ann', 'ann@x', 'salt')", written)
        token_hash = uuid4().bytes * 2
        await connection.execute("insert into ledger.credential values ($1, $2, 'psn_a', 'crd_a')", token_hash, written)
        await connection.execute("update ledger.credential set revoked_at = now() where token_hash = $1", token_hash)
        for again in ("null", "now() + interval '1 hour'"):
            with pytest.raises(asyncpg.PostgresError) as refused:
                await connection.execute(
                    f"update ledger.credential set revoked_at = {again} where workspace_id = $1", written
                )
            assert refused.value.sqlstate == APPEND_ONLY
    (row,) = await as_superuser(cluster, "select * from ledger.credential where workspace_id = $1", written)
    assert row["revoked_at"] is not None


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.PRIVACY])
async def test_nobody_but_the_application_reads_the_hashes_of_tokens(cluster: Cluster, role: Role) -> None:
    connection = await cluster.connect(role)
    await connection.execute("select credential_id, revoked_at from ledger.credential")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.execute("select token_hash from ledger.credential")
    await connection.close()


@pytest.mark.parametrize("role", [Role.APP, Role.AUDITOR, Role.PRIVACY])
async def test_without_naming_a_workspace_nothing_is_seen(cluster: Cluster, written: UUID, role: Role) -> None:
    connection = await cluster.connect(role)
    for table in PROTECTED:
        assert await connection.fetchval(OWN.format(table)) == 0
    await connection.fetchval("select set_config('pushback.workspace', $1, false)", str(written))
    assert await connection.fetchval(OWN.format("event")) == 2
    await connection.fetchval("select set_config('pushback.workspace', $1, false)", str(uuid4()))
    assert await connection.fetchval(OWN.format("event") + " where workspace_id = $1", written) == 0
    await connection.close()


async def test_nobody_is_registered_in_another_workspace(app_pool: Pool, ledger: Ledger, written: UUID) -> None:
    other = uuid4()
    await ledger.open_workspace(other, "Other")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await app_pool.fetchval(other, "insert into ledger.person values ($1, 'psn_a')", written)


async def test_the_fold_reads_every_workspace_and_writes_none(cluster: Cluster, written: UUID) -> None:
    connection = await cluster.connect(Role.FOLD)
    assert await connection.fetchval("select position from ledger.head where workspace_id = $1", written) == 2
    assert await connection.fetchval("select count(*) from ledger.event where workspace_id = $1", written) == 2
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.execute("update ledger.head set position = 3")
    await connection.close()


async def test_prose_is_erased_and_the_ledger_says_so(
    ledger: Ledger, privacy: Connection, cluster: Cluster, written: UUID
) -> None:
    before = await as_superuser(cluster, EVENTS, written)
    position = await privacy.fetchval("select ledger.erase_prose($1, $2, $3)", written, [1], erasure(uuid4()))
    entries = await ledger.read_after(written, 0, 10)
    assert position == 3
    assert [entry.is_erased for entry in entries] == [True, False, False]
    assert getattr(entries[0].event, "text", "") is None
    after = await as_superuser(cluster, EVENTS, written)
    assert after[0] == {**before[0], "prose": None}
    assert after[1] == before[1]
    assert after[2]["prose"] is not None


@pytest.mark.parametrize("positions", [[1, 99], [3]], ids=["beyond the end", "the erasure itself"])
async def test_an_erasure_of_what_is_not_there_does_nothing(
    ledger: Ledger, privacy: Connection, written: UUID, positions: list[int]
) -> None:
    with pytest.raises(asyncpg.PostgresError, match="hold no entry"):
        await privacy.fetchval("select ledger.erase_prose($1, $2, $3)", written, positions, erasure(uuid4()))
    assert await ledger.head(written) == 2
    assert not any(entry.is_erased for entry in await ledger.read_after(written, 0, 10))


async def test_the_permission_to_erase_ends_with_the_function(cluster: Cluster, written: UUID) -> None:
    connection = await cluster.connect_to_migrate()
    await connection.execute(f"set role {Role.OWNER.value}")
    await connection.execute("begin")
    await connection.fetchval("select ledger.erase_prose($1, $2, $3)", written, [1], erasure(uuid4()))
    with pytest.raises(asyncpg.PostgresError) as refused:
        await connection.execute("update ledger.event set prose = null where workspace_id = $1", written)
    assert refused.value.sqlstate == APPEND_ONLY
    await connection.close()


async def test_a_deleted_workspace_leaves_a_tombstone(
    ledger: Ledger, privacy: Connection, cluster: Cluster, app_pool: Pool, written: UUID
) -> None:
    await app_pool.fetchval(written, "insert into ledger.person values ($1, 'psn_a', 'Ann')", written)
    (last,) = await as_superuser(
        cluster, "select entry_hash from ledger.event where workspace_id = $1 and position = 2", written
    )
    assert await privacy.fetchval("select ledger.delete_workspace($1, $2)", written, "the contract ended") == 2
    for table in (*PROTECTED, "credential"):
        assert await as_superuser(cluster, f"select from ledger.{table} where workspace_id = $1", written) == []
    (stone,) = await as_superuser(cluster, "select * from ledger.tombstone where workspace_id = $1", written)
    assert (stone["position"], stone["why"]) == (2, "the contract ended")
    assert (stone["entry_hash"], stone["deleted_by"]) == (last["entry_hash"], "pushback_privacy")
    with pytest.raises(UnknownWorkspace):
        await ledger.append(append(written, said(uuid4(), 1)))
    with pytest.raises(asyncpg.PostgresError, match="was deleted"):
        await ledger.open_workspace(written, "Again")


async def test_the_application_chooses_no_position(app_pool: Pool, ledger: Ledger, written: UUID) -> None:
    """The arguments that say which workspace an event belongs to are not trusted."""
    other = uuid4()
    await ledger.open_workspace(other, "Other")
    events = [erasure(uuid4()) for _ in range(2)]
    call = "select ledger.append($1, $2, $3, $4, false, '{}', $5)"
    for starts, counts, places in (
        ([0, 1], [1, 1], [1, 1]),
        ([0, 1], [1, 1], [2, 1]),
        ([0, 0], [1, 1], [1, 2]),
        ([0, 1], [1, 2], [1, 2]),
        ([0, 1], [2, 0], [1, 2]),
        ([0, 1], [1, 1], [1, 3]),
        ([-1, 1], [2, 1], [1, 2]),
        ([0, 0], [3, -1], [1, 1]),
        ([0, 0], [-1, 3], [2, 2]),
    ):
        with pytest.raises(asyncpg.PostgresError):
            await app_pool.fetchval(None, call, sorted([written, other]), starts, counts, places, events)
    assert (await ledger.head(written), await ledger.head(other)) == (2, 0)


async def test_the_application_cannot_hide_a_claimed_time(app_pool: Pool, ledger: Ledger, written: UUID) -> None:
    event = list(erasure(uuid4()))
    event[4] = (await ledger.read_after(written, 0, 1))[0].recorded_at
    call = "select positions from ledger.append($1, '{0}', '{1}', '{1}', $2, '{}', $3)"
    with pytest.raises(asyncpg.PostgresError, match="cannot stand"):
        await app_pool.fetchval(None, call, [written], False, [tuple(event)])  # noqa: FBT003 - the function's argument
    assert await app_pool.fetchval(None, call, [written], True, [tuple(event)]) == [2]  # noqa: FBT003 - as above
