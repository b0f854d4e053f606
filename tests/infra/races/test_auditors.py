"""One administrator makes somebody the workspace's auditor while another gives them a role in a team that decides."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final
from uuid import UUID

import pytest

from domain import ids
from domain.events.people import Role
from domain.policy import Rule
from domain.refusals import PolicyForbids
from infra.deciding import Asker, Done
from infra.people.registration import register_person
from infra.uuid7 import uuid7
from tests.cast import Cast, do
from tests.infra.test_deciding import Process, cast, here, there  # noqa: F401 - fixtures

ROUNDS: Final = 8
AUDITOR: Final[dict[str, Any]] = {"role": Role.AUDITOR}
DEVELOPER: Final[dict[str, Any]] = {"role": Role.DEVELOPER}


@pytest.fixture
async def workspace(cast: Cast) -> str:  # noqa: F811 - a fixture
    """A workspace in which auditors must not decide."""
    workspace = ids.stream_key("wsp", cast.ada.workspace_id)
    strict = {"require": (Rule.AUDITOR_DOES_NOT_DECIDE,), "why": "The bank asks"}
    await cast.do(cast.ada, "adopt_workspace_policy", workspace, **strict)
    return workspace


async def somebody(cast: Cast, process: Process) -> str:  # noqa: F811 - a fixture
    return (await register_person(cast.deciding, process.ledger, cast.ada, uuid7(), {"name": "Olga"})).subject_id


async def test_of_two_who_make_somebody_auditor_and_developer_at_once_one_is_refused(
    cast: Cast,  # noqa: F811 - a fixture
    here: Process,  # noqa: F811 - a fixture
    there: Process,  # noqa: F811 - a fixture
    workspace: str,
) -> None:
    for _ in range(ROUNDS):
        olga = await somebody(cast, here)
        both = await asyncio.gather(
            cast.do(cast.ada, "assign_workspace_role", workspace, person=olga, **AUDITOR),
            do(there.deciding, cast.ada, "assign_role", cast.team, person=olga, **DEVELOPER),
            return_exceptions=True,
        )
        assert {type(each) for each in both} == {Done, PolicyForbids}


async def test_a_team_that_is_formed_meanwhile_is_not_overlooked(
    cast: Cast,  # noqa: F811 - a fixture
    here: Process,  # noqa: F811 - a fixture
    there: Process,  # noqa: F811 - a fixture
    workspace: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It is formed, and she gets a role in it, after the teams were looked up and before anything is appended."""
    olga, looked_up = await somebody(cast, here), here.ledger.teams
    monkeypatch.setattr(here.ledger, "teams", and_then(looked_up, lambda: a_team_with(there, cast.ada, olga)))
    with pytest.raises(PolicyForbids):
        await cast.do(cast.ada, "assign_workspace_role", workspace, person=olga, **AUDITOR)


def and_then(
    look: Callable[[UUID], Awaitable[frozenset[UUID]]], happen: Callable[[], Awaitable[None]]
) -> Callable[[UUID], Awaitable[frozenset[UUID]]]:
    """The same, after which something happens, once."""
    left = [happen]

    async def looked(workspace_id: UUID) -> frozenset[UUID]:
        found = await look(workspace_id)
        while left:
            await left.pop()()
        return found

    return looked


async def a_team_with(process: Process, ada: Asker, person: str) -> None:
    """A new team, in which somebody decides."""
    team = (await do(process.deciding, ada, "form_team", name="Search")).subject_id
    await do(process.deciding, ada, "assign_role", team, person=person, **DEVELOPER)
