"""A token that the ledger calls revoked is not honoured, whatever happened on the way."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from domain.entry import ActorKind
from domain.events.people import PersonKind
from domain.events.people import Role as Held
from domain.refusals import ServiceCannotDecide, UnknownCredential
from infra.cluster import Cluster, Role
from infra.deciding import Deciding
from infra.ledger import Ledger
from infra.people.credentials import Credentials, UnknownToken
from infra.people.registration import register_person
from infra.pool import Pool, plain
from infra.uuid7 import uuid7
from tests.cast import Cast, assemble
from tests.infra.saying import as_superuser


@pytest.fixture
def credentials(deciding: Deciding, ledger: Ledger, app_pool: Pool) -> Credentials:
    return Credentials(deciding, ledger, app_pool)


@pytest.fixture
async def fresh_pool(fresh_cluster: Cluster) -> AsyncIterator[Pool]:
    pool = plain(fresh_cluster, Role.APP, 4)
    yield pool
    await pool.close()


async def test_a_revoked_token_is_unknown(cast: Cast, credentials: Credentials) -> None:
    token = await credentials.issue(cast.ada, uuid7(), cast.dora.person_id, "laptop")
    asker = await credentials.asker(token)
    assert asker.person_id == cast.dora.person_id
    await credentials.revoke(cast.ada, uuid7(), str(asker.credential_id))
    with pytest.raises(UnknownToken):
        await credentials.asker(token)


async def test_another_process_honours_a_revoked_token_for_two_more_seconds(
    cast: Cast, credentials: Credentials, deciding: Deciding, ledger: Ledger, app_pool: Pool
) -> None:
    now = 1000.0
    another = Credentials(deciding, ledger, app_pool, lambda: now)
    token = await credentials.issue(cast.ada, uuid7(), cast.dora.person_id, "laptop")
    asker = await another.asker(token)
    await credentials.revoke(cast.ada, uuid7(), str(asker.credential_id))
    now += 2
    assert await another.asker(token) == asker
    now += 0.1
    with pytest.raises(UnknownToken):
        await another.asker(token)


async def test_a_service_helps_and_never_decides(cast: Cast, credentials: Credentials, ledger: Ledger) -> None:
    said = {"name": "Linter", "kind": PersonKind.SERVICE}
    linter = (await register_person(cast.deciding, ledger, cast.ada, uuid7(), said)).subject_id
    await cast.do(cast.ada, "assign_role", cast.team, person=linter, role=Held.DEVELOPER)
    asker = await credentials.asker(await credentials.issue(cast.ada, uuid7(), linter, "pipeline"))
    item = await cast.item()
    raised = await cast.do(asker, "raise_pushback", item.subject_id, statement="No volumes are given")
    assert raised.entries[0].act.actor_kind is ActorKind.SERVICE
    shown = getattr(item.entries[0].event, "digest", "")
    with pytest.raises(ServiceCannotDecide):
        await cast.do(asker, "record_estimate", item.subject_id, points=3, expected_digest=shown)


async def test_a_token_that_cannot_be_ended_is_not_called_revoked(fresh_cluster: Cluster, fresh_pool: Pool) -> None:
    ledger = Ledger(fresh_pool)
    deciding = Deciding(ledger, fresh_pool)
    cast = await assemble(ledger, deciding)
    credentials = Credentials(deciding, ledger, fresh_pool)
    asker = await credentials.asker(await credentials.issue(cast.ada, uuid7(), cast.dora.person_id, "laptop"))
    await as_superuser(fresh_cluster, "revoke update (revoked_at) on ledger.credential from pushback_app")
    before = await ledger.head(cast.ada.workspace_id)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await credentials.revoke(cast.ada, uuid7(), str(asker.credential_id))
    assert await ledger.head(cast.ada.workspace_id) == before
    await ledger.close()


async def test_revoking_again_ends_a_token_that_only_the_ledger_called_revoked(
    cast: Cast, credentials: Credentials
) -> None:
    token = await credentials.issue(cast.ada, uuid7(), cast.dora.person_id, "laptop")
    credential_id = str((await credentials.asker(token)).credential_id)
    await cast.do(cast.ada, "revoke_credential", credential_id)
    assert (await credentials.asker(token)).credential_id == credential_id
    with pytest.raises(UnknownCredential):
        await credentials.revoke(cast.ada, uuid7(), credential_id)
    with pytest.raises(UnknownToken):
        await credentials.asker(token)
