"""A name is kept with the entry that commits to it, or not at all."""

from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from domain.refusals import NotAuthorised
from infra.cluster import Cluster
from infra.deciding import Asker
from infra.ledger import Ledger
from infra.people.registration import commitment, register_person
from infra.uuid7 import uuid7
from tests.cast import Cast
from tests.infra.saying import append, as_superuser, said

PERSON = "select name, email, salt from ledger.person where workspace_id = $1 and person_id = $2"


async def register(cast: Cast, ledger: Ledger, who: Asker, command_id: UUID, name: str) -> Any:
    return await register_person(cast.deciding, ledger, who, command_id, {"name": name})


async def names(cluster: Cluster, cast: Cast) -> set[str]:
    rows = await as_superuser(cluster, "select name from ledger.person where workspace_id = $1", cast.ada.workspace_id)
    return {row["name"] for row in rows}


async def test_a_refused_registration_keeps_no_name(cast: Cast, ledger: Ledger, cluster: Cluster) -> None:
    with pytest.raises(NotAuthorised):
        await register(cast, ledger, cast.paula, uuid7(), "Mallory")
    assert "Mallory" not in await names(cluster, cast)


async def test_a_name_corrected_after_a_refusal_is_the_one_that_is_committed_to(
    cast: Cast, ledger: Ledger, cluster: Cluster
) -> None:
    command_id = uuid7()
    with pytest.raises(NotAuthorised):
        await register(cast, ledger, cast.paula, command_id, "Eriac")
    done = await register(cast, ledger, cast.ada, command_id, "Erica")
    (row,) = await as_superuser(cluster, PERSON, cast.ada.workspace_id, done.subject_id)
    assert row["name"] == "Erica"
    assert done.entries[0].event.commitment == commitment(row["salt"], done.subject_id, row["name"], row["email"])


async def test_a_registration_sent_twice_is_answered_as_the_first_time(
    cast: Cast, ledger: Ledger, cluster: Cluster
) -> None:
    command_id = uuid7()
    first = await register(cast, ledger, cast.ada, command_id, "Erica")
    assert await register(cast, ledger, cast.ada, command_id, "Erica") == first
    assert "Erica" in await names(cluster, cast)


async def test_what_cannot_be_written_beside_an_entry_leaves_no_entry(ledger: Ledger, workspace_id: UUID) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await ledger.append_with(append(workspace_id, said(uuid4(), 1)), ("delete from ledger.person",))
    assert await ledger.head(workspace_id) == 0
