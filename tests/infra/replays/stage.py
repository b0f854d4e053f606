"""A workspace in which the people of a real record act again, each at the time it names."""

import asyncio
from collections import Counter
from datetime import datetime, timedelta
from functools import reduce
from typing import Any

from domain.entry import Entry
from domain.events.people import Role
from domain.ids import PersonId, stream_id
from domain.policy import Settings
from domain.refusals import Refused
from domain.state import item as items
from domain.state.item import Item
from infra.deciding import Asker, Deciding, Done, Request
from infra.ledger import Ledger
from infra.people.registration import open_workspace, register_person
from infra.uuid7 import uuid7

ADMINISTRATOR = "administrator"
OWNER = "owner"


class Stage:
    """Who is there, and what of their commands the rules refused, by code."""

    def __init__(self, deciding: Deciding, ledger: Ledger, administrator: Asker, since: datetime) -> None:
        self._deciding = deciding
        self._ledger = ledger
        self._askers = {ADMINISTRATOR: administrator}
        self._since = since
        self._team = ""
        self.refused: Counter[str] = Counter()

    @classmethod
    async def opened(cls, deciding: Deciding, ledger: Ledger, name: str, first: datetime) -> "Stage":
        """A workspace that opened a day before the record begins, with one team and its owner."""
        since = first - timedelta(days=1)
        stage = cls(deciding, ledger, await open_workspace(ledger, name, "Ada", since), since)
        stage._team = (await stage.do(since, ADMINISTRATOR, "form_team", name=name)).subject_id
        await stage.join(OWNER, Role.PRODUCT_OWNER)
        return stage

    async def join(self, name: str, role: Role = Role.DEVELOPER) -> None:
        """Somebody of the record becomes one of the team, unless they are already."""
        if name in self._askers:
            return
        administrator, once = self._askers[ADMINISTRATOR], uuid7()
        known = {"name": name, "account": f"replay:{name}"}
        done = await register_person(self._deciding, self._ledger, administrator, once, known, occurred_at=self._since)
        person = PersonId(done.subject_id)
        self._askers[name] = Asker(workspace_id=administrator.workspace_id, person_id=person)
        await self.do(self._since, ADMINISTRATOR, "assign_role", self._team, person=person, role=role)

    def id_of(self, name: str) -> str:
        """The id of somebody who joined."""
        return self._askers[name].person_id

    async def draft(self, at: datetime, who: str, **content: Any) -> str:
        """A new item of the team."""
        return (await self.do(at, who, "draft_item", team=self._team, **content)).subject_id

    async def adopt(self, why: str, **settings: Any) -> None:
        """The owner decides on the team's policy."""
        await self.do(self._since, OWNER, "adopt_policy", self._team, why=why, settings=Settings(**settings))

    async def do(self, at: datetime, who: str, command: str, target: str | None = None, **arguments: Any) -> Done:
        """A command of theirs; raises Refused."""
        request = Request(
            asker=self._askers[who],
            command=command,
            command_id=uuid7(),
            target=target,
            arguments=arguments,
            occurred_at=at,
        )
        return await self._deciding.execute(request)

    async def tries(self, at: datetime, who: str, command: str, target: str, **arguments: Any) -> bool:
        """Whether the rules let it be done; a refusal is counted."""
        try:
            await self.do(at, who, command, target, **arguments)
        except Refused as refusal:
            self.refused[refusal.code] += 1
            return False
        return True

    async def told(self, item: str) -> list[Entry[Any]]:
        """The item's entries."""
        return list(await self._ledger.read_stream(self._askers[ADMINISTRATOR].workspace_id, stream_id(item)))

    async def item(self, item: str) -> Item:
        """The item as the ledger has it now."""
        return reduce(items.evolve, await self.told(item), Item())

    async def everything(self, ids: list[str]) -> list[list[Entry[Any]]]:
        """The entries of each of the items."""
        return list(await asyncio.gather(*map(self.told, ids)))
