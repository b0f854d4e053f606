"""What time does to pushbacks, on a real database: overrides take effect, the silent are reminded, then it lapses."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import uuid4

import pytest

from domain.entry import ActorKind
from domain.events.endings import OUTCOMES
from domain.events.people import Role
from domain.events.pushback import Stance
from domain.ids import SYSTEM, PersonId
from domain.refusals import AlreadyTerminal, NoOverridePending
from infra.backend import Backend
from infra.deciding import Asker, Done, Request
from infra.people.registration import open_workspace, register_person
from infra.scheduling.due import Due, read_due
from tests.infra.scheduling.conftest import STARTED
from tests.infra.scheduling.test_scheduler import HOUR, Clock, scheduler

DAY: Final = timedelta(days=1)
ROUNDS: Final = 6


class Argument:
    """Paula's item on which Arno pushed back, when all began."""

    def __init__(self, backend: Backend, ada: Asker) -> None:
        self.backend = backend
        self.ada = ada
        self.people: dict[str, Asker] = {}
        self.team = ""

    async def do(self, who: Asker, command: str, target: str | None = None, **arguments: Any) -> Done:
        """Somebody does something then."""
        request = Request(
            asker=who,
            command=command,
            command_id=uuid4(),
            target=target,
            arguments=arguments,
            occurred_at=STARTED,
        )
        return await self.backend.deciding.execute(request)

    async def join(self, name: str, role: Role) -> None:
        """Somebody gets a role."""
        ledger, deciding = self.backend.ledger, self.backend.deciding
        person = await register_person(deciding, ledger, self.ada, uuid4(), {"name": name}, occurred_at=STARTED)
        await self.do(self.ada, "assign_role", self.team, person=person.subject_id, role=role)
        self.people[name] = Asker(workspace_id=self.ada.workspace_id, person_id=PersonId(person.subject_id))

    async def block(self) -> str:
        """The id of a block of Arno's on an item of Paula's."""
        item = (await self.do(self.people["Paula"], "draft_item", team=self.team, title="Pay by card")).subject_id
        said = {"statement": "Slow", "stance": Stance.BLOCKING, "lifts_when": "A load test"}
        return (await self.do(self.people["Arno"], "raise_pushback", item, **said)).subject_id

    async def override(self, pushback: str) -> datetime:
        """When Paula's override takes effect."""
        said = {"concern_restated": "Slow", "rationale": "The law"}
        done = await self.do(self.people["Paula"], "propose_override", pushback, **said)
        event: Any = done.entries[0].event
        due_at: datetime = event.due_at
        return due_at

    async def said(self) -> list[Any]:
        """What was said since, of pushbacks."""
        entries = await self.backend.ledger.read_after(self.ada.workspace_id, 0, 1000)
        return [entry for entry in entries if getattr(entry.event, "pushback", None)]


ROLES: Final = {
    "Paula": Role.PRODUCT_OWNER,
    "Arno": Role.ARCHITECT,
    "Sam": Role.SCRUM_MASTER,
    "Tess": Role.TECHNICAL_PRODUCT_OWNER,
}
"""One who may rule among them."""


@pytest.fixture
async def argument(backend: Backend) -> Argument:
    argument = Argument(backend, await open_workspace(backend.ledger, "Radio North", "Ada", STARTED))
    argument.team = (await argument.do(argument.ada, "form_team", name="Player")).subject_id
    for name, role in ROLES.items():
        await argument.join(name, role)
    return argument


async def test_an_override_takes_effect_in_its_time(backend: Backend, argument: Argument) -> None:
    due_at = await argument.override(await argument.block())
    await backend.projector.catch_up(argument.ada.workspace_id)
    clock = Clock(due_at - HOUR)
    time = scheduler(backend, clock)
    assert await time.look() == due_at
    assert type((await argument.said())[-1].event).__name__ == "OverrideProposed"
    clock.now = due_at
    assert await time.look() is None
    entry = (await argument.said())[-1]
    assert (type(entry.event).__name__, entry.act.actor) == ("PushbackOverridden", SYSTEM)
    assert entry.act.authorised_by == "override-takes-effect/1"


async def test_who_is_silent_is_reminded_and_then_the_pushback_lapses_each_in_its_time(
    backend: Backend, argument: Argument
) -> None:
    pushback, workspace_id = await argument.block(), argument.ada.workspace_id
    await argument.do(argument.people["Paula"], "answer_pushback", pushback, text="Fast enough")
    given = [await backend.scheduler.run_until(workspace_id, STARTED + days * DAY) for days in (6, 7, 13, 14, 100)]
    assert given == [0, 1, 0, 1, 0]
    reminded, lapsed = (await argument.said())[-2:]
    assert (type(reminded.event).__name__, reminded.effective_at) == ("PushbackHolderReminded", STARTED + 7 * DAY)
    assert (type(lapsed.event).__name__, lapsed.effective_at) == ("PushbackLapsed", STARTED + 14 * DAY)
    assert (lapsed.event.reminders, lapsed.event.silent_since) == (1, STARTED)
    assert (lapsed.act.actor_kind, lapsed.act.authorised_by) == (ActorKind.SYSTEM, "silence-lapses/1")


async def test_a_hold_is_over_once_whoever_looks_and_lifts_its_block(
    backends: Callable[[], Backend], backend: Backend, argument: Argument
) -> None:
    item = (await argument.do(argument.people["Paula"], "draft_item", team=argument.team, title="Abroad")).subject_id
    await argument.do(argument.people["Arno"], "place_hold", item, statement="May we?")
    await backend.projector.catch_up(argument.ada.workspace_id)
    clock = Clock(STARTED + 2 * DAY)
    both = [scheduler(one, clock) for one in (backend, backends())]
    await asyncio.gather(*(time.look() for time in both))
    entries = await argument.said()
    assert [type(entry.event).__name__ for entry in entries] == ["PushbackRaised", "HoldExpired"]
    assert (entries[1].act.actor, entries[1].act.authorised_by) == (SYSTEM, "hold-expires/1")


async def test_nothing_is_due_on_a_withdrawn_item(backend: Backend, argument: Argument) -> None:
    pushback = await argument.block()
    await argument.override(pushback)
    item = "itm_" + pushback[4:].partition("_")[0]
    await argument.do(argument.people["Paula"], "withdraw_item", item, why="Bought instead")
    await backend.projector.catch_up(argument.ada.workspace_id)
    async with backend._folds.connection(None) as connection:
        assert await read_due(connection) == []


async def test_of_an_escalation_and_an_override_that_takes_effect_only_the_first_counts(
    backends: Callable[[], Backend], argument: Argument
) -> None:
    there, firsts = backends(), set()
    for _ in range(ROUNDS):
        pushback = await argument.block()
        due = Due(argument.ada.workspace_id, pushback, "take_override_effect", await argument.override(pushback))
        system = Asker(workspace_id=due.workspace_id, person_id=SYSTEM, kind=ActorKind.SYSTEM)
        effect = Request(asker=system, command=due.command, command_id=due.command_id, target=due.id)
        both = await asyncio.gather(
            argument.do(argument.people["Arno"], "escalate_pushback", pushback, why="In circles"),
            there.deciding.execute(effect),
            return_exceptions=True,
        )
        (done,) = [one for one in both if isinstance(one, Done)]
        (refusal,) = [one for one in both if not isinstance(one, Done)]
        last = done.entries[-1].event
        assert isinstance(refusal, AlreadyTerminal if type(last) in OUTCOMES else NoOverridePending)
        assert (await argument.said())[-1].event == last
        firsts.add(type(last).__name__)
    assert firsts <= {"PushbackEscalated", "PushbackOverridden"}
