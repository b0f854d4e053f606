"""Plays careers in the order of their simulated times: each step is a real command, carried out once however often."""

import heapq
from collections.abc import Callable, Generator, Mapping
from datetime import datetime
from typing import Any, NamedTuple, TypeAlias
from uuid import UUID, uuid5

from msgspec.structs import astuple

from domain.events import ItemDrafted, ItemRanked
from domain.ids import PersonId
from domain.refusals import Refused
from infra.deciding import Asker, Deciding, Done, Request
from infra.demo.clock import Period
from infra.ledger import Ledger
from infra.people.registration import register_person
from infra.scheduling.scheduler import Scheduler


class Step(NamedTuple):
    """What somebody does at a time. Arguments that depend on others' steps are asked for when the time has come."""

    at: datetime
    who: str
    command: str
    target: str | None
    arguments: Mapping[str, Any] | Callable[[], Mapping[str, Any]]


Career: TypeAlias = Generator[Step, Done, None]
"""The life of one thing: it yields steps in the order of time, and is told what came of each."""


def command_id(workspace_id: UUID, key: str) -> UUID:
    """The id of the demo's command of this name, the same in every run."""
    return uuid5(workspace_id, key)


class DemoRefused(Exception):
    """A step of the demo is against the rules: the demo is wrong, or a rule is."""


class Stage:
    """What is known while the demo is played: the ids of people and teams by name, and the order of each backlog."""

    def __init__(
        self, deciding: Deciding, ledger: Ledger, scheduler: Scheduler, administrator: Asker, period: Period
    ) -> None:
        self._deciding = deciding
        self._ledger = ledger
        self._scheduler = scheduler
        self._administrator = administrator
        self._moments: list[datetime] = []
        self.period = period
        self.workspace = administrator.workspace_key
        self.people: dict[str, str] = {}
        self.teams: dict[str, str] = {}
        self.ranks: dict[str, dict[str, str]] = {}

    async def play(self, careers: Mapping[str, Career], tell: Callable[[datetime], None]) -> None:
        """Every step until the period ends; `tell` hears the time of each. Raises DemoRefused."""
        waiting = [(step.at, name, 1, step) for name, career in careers.items() if (step := next(career, None))]
        heapq.heapify(waiting)
        while waiting:
            at, name, number, step = heapq.heappop(waiting)
            if at > self.period.end:
                return
            await self._let_pass(at)
            done = await self._carry_out(f"{name}/{number}", step)
            tell(at)
            try:
                following = careers[name].send(done)
            except StopIteration:
                continue
            heapq.heappush(waiting, (following.at, name, number + 1, following))

    async def _let_pass(self, until: datetime) -> None:
        """What falls due by then happens in its time. Only moments that an event named can be such a time."""
        if self._moments and self._moments[0] <= until:
            await self._scheduler.run_until(self._administrator.workspace_id, until)
        while self._moments and self._moments[0] <= until:
            heapq.heappop(self._moments)

    async def _carry_out(self, key: str, step: Step) -> Done:
        arguments = step.arguments if isinstance(step.arguments, Mapping) else step.arguments()
        try:
            done = await self._execute(key, step, arguments)
        except Refused as refusal:
            raise DemoRefused(f"{key}: {step.who} may not {step.command}: {refusal.code}, {refusal}") from refusal
        self._remember(step, arguments, done)
        return done

    async def _execute(self, key: str, step: Step, arguments: Mapping[str, Any]) -> Done:
        asker = self._asker(step.who)
        once = command_id(asker.workspace_id, key)
        if step.command == "register_person":
            return await register_person(self._deciding, self._ledger, asker, once, arguments, occurred_at=step.at)
        request = Request(
            asker=asker,
            command=step.command,
            command_id=once,
            target=step.target,
            arguments=arguments,
            occurred_at=step.at,
        )
        return await self._deciding.execute(request)

    def _asker(self, name: str) -> Asker:
        if name not in self.people:
            return self._administrator
        return Asker(workspace_id=self._administrator.workspace_id, person_id=PersonId(self.people[name]))

    def _remember(self, step: Step, arguments: Mapping[str, Any], done: Done) -> None:
        if step.command == "register_person":
            self.people[arguments["name"]] = done.subject_id
        if step.command == "form_team":
            self.teams[arguments["name"]] = done.subject_id
        for entry in done.entries:
            for moment in astuple(entry.event):
                if isinstance(moment, datetime) and moment > step.at:
                    heapq.heappush(self._moments, moment)
        event = done.entries[0].event
        if isinstance(event, ItemDrafted):
            self.ranks.setdefault(event.team_id, {})[done.subject_id] = event.rank
        if isinstance(event, ItemRanked):
            backlog = next(ranks for ranks in self.ranks.values() if done.subject_id in ranks)
            backlog[done.subject_id] = event.rank
