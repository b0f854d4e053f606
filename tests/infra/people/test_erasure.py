"""What people typed is erased everywhere it is kept, and everything else stays provable."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from domain.refusals import NotAuthorised, NothingToErase
from infra.cluster import Cluster, Role
from infra.deciding import Deciding
from infra.entry_hash import entry_hash
from infra.folding import schema
from infra.folding.projector import Projector, folds
from infra.folding.schema import ensure_read_schema
from infra.ledger import Ledger
from infra.people.erasure import Erasure
from infra.people.registration import register_person
from infra.pool import Pool, plain
from infra.uuid7 import uuid7
from tests.cast import Cast, assemble, do
from tests.infra.saying import as_superuser

BASIS = "GDPR Article 17(1)(b)"


@pytest.fixture
async def pool(cluster: Cluster) -> AsyncIterator[Pool]:
    pool = plain(cluster, Role.APP, 4)
    yield pool
    await pool.close()


@pytest.fixture
async def ledger(pool: Pool) -> AsyncIterator[Ledger]:
    ledger = Ledger(pool)
    yield ledger
    await ledger.close()


@pytest.fixture
async def cast(ledger: Ledger, pool: Pool) -> Cast:
    return await assemble(ledger, Deciding(ledger, pool))


@pytest.fixture
def erasure(cluster: Cluster, ledger: Ledger, cast: Cast) -> Erasure:
    return Erasure(cluster, ledger, cast.deciding)


async def test_erased_text_is_gone_and_the_ledger_says_so(cast: Cast, erasure: Erasure, ledger: Ledger) -> None:
    item = await cast.item(narrative="Paula's private number is 555")
    done = await erasure.erase_prose(cast.ada, uuid7(), [item.position], BASIS)
    kept, *_, said = await ledger.read_after(cast.ada.workspace_id, item.position - 1, 10)
    assert kept.is_erased
    assert "private number" not in repr(kept)
    assert type(said.event).__name__ == "ProseErased"
    assert said.position == done.position


async def test_a_process_that_knew_the_text_does_not_write_it_again(
    cast: Cast, cluster: Cluster, ledger: Ledger, pool: Pool
) -> None:
    item = await cast.item(narrative="Paula's private number is 555", why="The law")
    event = item.entries[0].event
    elsewhere = Deciding(ledger, pool)
    await Erasure(cluster, ledger, elsewhere).erase_prose(cast.ada, uuid7(), [item.position], BASIS)
    revised = await cast.do(
        cast.paula, "revise_item", item.subject_id, expected_digest=getattr(event, "digest", ""), title="A new title"
    )
    assert "private number" not in repr(revised.entries)


async def test_the_reason_of_an_erasure_is_erased_like_any_text(cast: Cast, erasure: Erasure, ledger: Ledger) -> None:
    item = await cast.item()
    done = await erasure.erase_prose(cast.ada, uuid7(), [item.position], "A wish of Dora Example")
    await erasure.erase_prose(cast.ada, uuid7(), [done.position], BASIS)
    (said, _) = await ledger.read_after(cast.ada.workspace_id, done.position - 1, 10)
    assert said.is_erased
    assert "Dora" not in repr(said)


async def test_a_name_is_forgotten(cast: Cast, erasure: Erasure, pool: Pool) -> None:
    name = "select name from ledger.person where workspace_id = $1 and person_id = $2"
    workspace, person = cast.ada.workspace_id, cast.dora.person_id
    assert await pool.fetchval(workspace, name, workspace, person) == "Dora"
    await erasure.erase_name(cast.ada, uuid7(), person, BASIS)
    assert await pool.fetchval(workspace, name, workspace, person) is None


async def test_a_person_s_account_is_forgotten_with_the_name(
    cast: Cast, erasure: Erasure, ledger: Ledger, cluster: Cluster
) -> None:
    done = await register_person(cast.deciding, ledger, cast.ada, uuid7(), {"name": "Eve", "account": "eve@tracker"})
    erasing = await erasure.erase_name(cast.ada, uuid7(), done.subject_id, BASIS)
    (registered,) = await ledger.read_after(cast.ada.workspace_id, done.position - 1, 1)
    assert "eve@tracker" not in repr(registered)
    await ensure_read_schema(cluster)
    fold_pool = folds(cluster, 2)
    projector = Projector(fold_pool)
    assert await projector.reach(cast.ada.workspace_id, erasing.position)
    async with fold_pool.connection(None) as connection:
        copied = "select prose from entry where workspace_id = $1 and position = $2"
        assert await connection.fetchval(copied, cast.ada.workspace_id, done.position) is None
    await projector.close()
    await fold_pool.close()


async def test_a_text_is_forgotten_in_read_tables_that_nobody_folds(
    fresh_cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    pool = plain(fresh_cluster, Role.APP, 4)
    ledger = Ledger(pool)
    cast = await assemble(ledger, Deciding(ledger, pool))
    item = await cast.item(narrative="Paula's private number is 555")
    with monkeypatch.context() as patch:
        patch.setattr(schema, "schema_name", lambda: "read_0123456789abcdef")
        await ensure_read_schema(fresh_cluster)
    copied = "select count(*) from read_0123456789abcdef.entry where prose::text like '%555%'"
    assert (await as_superuser(fresh_cluster, copied)) == [{"count": 1}]
    await Erasure(fresh_cluster, ledger, cast.deciding).erase_prose(cast.ada, uuid7(), [item.position], BASIS)
    assert (await as_superuser(fresh_cluster, copied)) == [{"count": 0}]
    await ledger.close()
    await pool.close()


async def test_only_an_administrator_erases_and_only_what_is_there(
    cast: Cast, erasure: Erasure, ledger: Ledger
) -> None:
    item = await cast.item()
    head = await ledger.head(cast.ada.workspace_id)
    with pytest.raises(NotAuthorised):
        await erasure.erase_prose(cast.paula, uuid7(), [item.position], BASIS)
    for positions in ([], [0], [head + 5]):
        with pytest.raises(NothingToErase):
            await erasure.erase_prose(cast.ada, uuid7(), positions, BASIS)
    assert await ledger.head(cast.ada.workspace_id) == head


async def test_an_erasure_sent_twice_is_done_once(cast: Cast, erasure: Erasure) -> None:
    item = await cast.item()
    command_id = uuid4()
    first = await erasure.erase_prose(cast.ada, command_id, [item.position], BASIS)
    assert await erasure.erase_prose(cast.ada, command_id, [item.position], BASIS) == first


async def test_the_entrys_hash_still_verifies(cast: Cast, erasure: Erasure, cluster: Cluster) -> None:
    item = await cast.item()
    connection = await cluster.connect_to_migrate()
    read = "select * from ledger.event where workspace_id = $1 and position = $2"
    before = await connection.fetchrow(read, cast.ada.workspace_id, item.position)
    await erasure.erase_prose(cast.ada, uuid7(), [item.position], BASIS)
    after = await connection.fetchrow(read, cast.ada.workspace_id, item.position)
    await connection.close()
    assert before is not None
    assert after is not None
    assert after["prose"] is None
    assert entry_hash(dict(after)) == before["entry_hash"]
    assert (
        await do(cast.deciding, cast.paula, "rank_item", item.subject_id, below=(await cast.item()).subject_id)
    ).entries
