"""Two server processes, 10,000 random commands by random people on 20 shared items, and readers who follow along."""

import asyncio
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Final, NamedTuple
from uuid import UUID

import pytest
from websockets.exceptions import ConnectionClosed

from domain.entry import Entry, Event
from domain.events import CommandRefused
from infra.deciding import Request
from tests.graphql_api.socket import Socket
from tests.processes.commands import Situation, Told, mutation, told
from tests.processes.fresh_fold import assert_read_tables_are_a_fresh_fold
from tests.processes.history import History, recorded
from tests.processes.site import Caller, Server, Site

COMMANDS: Final = 10_000
ITEMS: Final = 20
CALLERS: Final = 24
READERS: Final = 3
EVENTS: Final = "subscription($after: Position) { events(after: $after) { position } }"


class Spoken(NamedTuple):
    """A command, what it was answered, and where the ledger ended before it was sent and after it was answered."""

    request: Request
    told: Told
    before: int
    after: int


class Crowd:
    """Callers who give commands to any of the servers until enough were given."""

    def __init__(self, site: Site, situation: Situation, servers: Sequence[Server], commands: int) -> None:
        self.spoken: list[Spoken] = []
        self._site, self._situation, self._servers = site, situation, servers
        self._workspace_id = situation.cast.ada.workspace_id
        self._numbers: Iterator[int] = iter(range(commands))

    async def speak(self) -> None:
        """Until all commands were given."""
        everybody = (*self._situation.people, self._situation.cast.ada)
        for who in everybody:
            await self._site.token(self._situation.cast, who)
        await asyncio.gather(*(self._one(number) for number in range(CALLERS)))

    async def _one(self, number: int) -> None:
        async with Caller(self._servers[number % len(self._servers)]) as caller:
            for _ in self._numbers:
                await self._give(caller, self._situation.next())

    async def _give(self, caller: Caller, request: Request) -> None:
        text, variables = mutation(request)
        token = await self._site.token(self._situation.cast, request.asker)
        before = await self._head()
        answer = await caller.ask(token, text, **variables)
        self.spoken.append(Spoken(request, told(answer), before, await self._head()))
        (said,) = answer.values()
        if said.get("subject"):
            self._situation.learn(request, said["subject"])

    async def _head(self) -> int:
        return await self._site.backend.ledger.head(self._workspace_id)


class Reader:
    """Follows from the first event on, now at one server and now at another, from the last position they had."""

    def __init__(self, servers: Sequence[Server], token: str, seed: int) -> None:
        self.positions: list[int] = []
        self._servers, self._token, self._dice = servers, token, random.Random(seed)

    async def read(self, until: "asyncio.Future[int]") -> None:
        """Until the position that is known once all was said."""
        while not (until.done() and self.positions and self.positions[-1] >= until.result()):
            async with Socket.open(self._dice.choice(self._servers).port) as socket:
                await socket.enter(self._token)
                await socket.ask("a", EVENTS, after=self.positions[-1] if self.positions else 0)
                with suppress(TimeoutError, ConnectionClosed):
                    async with asyncio.timeout(self._dice.random() * 2):
                        while True:
                            self.positions.append((await socket.next())["events"]["position"])
                await socket.drop()


@pytest.mark.slow
async def test_two_processes_keep_one_history(site: Site) -> None:
    cast = await site.assemble()
    workspace_id = cast.ada.workspace_id
    situation = await Situation.make(site, cast, ITEMS, seed=20)
    servers = [await site.start(), await site.start()]
    token, end = await site.token(cast, cast.dora), asyncio.get_running_loop().create_future()
    readers = [Reader(servers, token, seed) for seed in range(READERS)]
    reading = [asyncio.create_task(reader.read(end)) for reader in readers]
    crowd = Crowd(site, situation, servers, COMMANDS)
    await crowd.speak()
    head = await site.backend.ledger.head(workspace_id)
    end.set_result(head)
    await asyncio.gather(*reading)
    assert len(crowd.spoken) == COMMANDS
    assert len([each for each in crowd.spoken if each.told.refusal]) > COMMANDS / 10
    assert [reader.positions for reader in readers] == [[*range(1, head + 1)]] * READERS
    entries = await read_ledger(site, workspace_id)
    assert await wrong(entries, crowd.spoken) == []
    assert_acts_are_in_the_ledger(entries, crowd.spoken)
    await assert_read_tables_are_a_fresh_fold(site.backend.cluster, workspace_id)


async def test_a_refusal_from_a_stale_cache_would_be_noticed(site: Site) -> None:
    cast = await site.assemble()
    situation = await Situation.make(site, cast, items=2, seed=7)
    servers = [await site.start("hasty refusals"), await site.start("hasty refusals")]
    crowd = Crowd(site, situation, servers, commands=600)
    await crowd.speak()
    entries = await read_ledger(site, cast.ada.workspace_id)
    found = await wrong(entries, crowd.spoken)
    assert found
    assert all(each.told.refusal for each in found)


async def read_ledger(site: Site, workspace_id: UUID) -> list[Entry[Event]]:
    """All of a workspace's entries."""
    entries: list[Entry[Event]] = []
    while page := await site.backend.ledger.read_after(workspace_id, len(entries), 5000):
        entries += page
    assert [entry.position for entry in entries] == [*range(1, len(entries) + 1)]
    return entries


async def wrong(entries: Sequence[Entry[Event]], spoken: Sequence[Spoken]) -> list[Spoken]:
    """The answers that no state of the ledger between the question and the answer accounts for.

    What was done must follow from the ledger just before it; a refusal from some position since it was asked.
    """
    history = History(entries[0].workspace_id, entries)
    return [each for each in spoken if not await is_right(history, each)]


async def is_right(history: History, spoken: Spoken) -> bool:
    """Whether the ledger accounts for an answer."""
    if spoken.told.position is not None:
        return await history.is_whole(spoken.request)
    at = spoken.told.recorded_at
    moments = range(spoken.before, spoken.after + 1) if at is None else [at - 1]
    return any([(await history.decide(spoken.request, at)).refusal == spoken.told.refusal for at in moments])


def assert_acts_are_in_the_ledger(entries: Sequence[Entry[Event]], spoken: Sequence[Spoken]) -> None:
    """Each command that was done stands there once, as it was answered, and none that was refused.

    Refusals that say so, and no others, stand there as facts.
    """
    commands = recorded(entries)
    answered: Counter[str] = Counter()
    facts = {entry.position: entry.event.code for entry in entries if isinstance(entry.event, CommandRefused)}
    assert facts
    assert facts == {each.told.recorded_at: each.told.refusal[0] for each in spoken if each.told.recorded_at}
    for each in spoken:
        there = commands.get(each.request.command_id)
        assert each.told.position == (there[-1] if there else None)
        assert each.told.positions in ((), there)
        answered["done" if there else each.told.refusal[0]] += 1
    assert len(answered) > 10, answered
