"""SIGKILL of a server and of PostgreSQL in the middle of batches: what was acknowledged stays, nothing is half done."""

import asyncio
from typing import Any, Final
from uuid import UUID

import pytest

from infra.deciding import Request
from tests.processes.commands import Situation, Told, mutation, told
from tests.processes.fresh_fold import assert_read_tables_are_a_fresh_fold
from tests.processes.history import History
from tests.processes.site import Caller, Server, Site
from tests.processes.test_random_commands import read_ledger

CALLERS: Final = 24
ITEMS: Final = 8
ROUNDS: Final = 4
ANSWERS_PER_ROUND: Final = 300
SETTLED_SECONDS_MAX: Final = 60


class Volley:
    """Commands that are given until the server is gone, and what was acknowledged of them."""

    def __init__(self, site: Site, situation: Situation) -> None:
        self.asked: dict[UUID, Request] = {}
        self.acknowledged: dict[UUID, Told] = {}
        self._site, self._situation = site, situation
        self._is_over = False

    @property
    def lost(self) -> set[UUID]:
        """Commands whose answer never came."""
        return self.asked.keys() - self.acknowledged.keys()

    async def prepare(self) -> None:
        """Everybody's token."""
        for who in (*self._situation.people, self._situation.cast.ada):
            await self._site.token(self._situation.cast, who)

    def fire(self, server: Server) -> "list[asyncio.Task[None]]":
        """Callers of this server, who give up when it is gone."""
        self._is_over = False
        return [asyncio.create_task(self._one(server)) for _ in range(CALLERS)]

    def cease(self) -> None:
        """No new commands."""
        self._is_over = True

    async def reach(self, count: int) -> None:
        """Until so many more were acknowledged."""
        wanted = len(self.acknowledged) + count
        async with asyncio.timeout(SETTLED_SECONDS_MAX):
            while len(self.acknowledged) < wanted:  # noqa: ASYNC110 - what other tasks do
                await asyncio.sleep(0.001)

    async def repeat(self, server: Server) -> dict[UUID, Told]:
        """Send all of them again, with the same command ids."""
        waiting, answers = [*self.asked.values()], {}

        async def one() -> None:
            async with Caller(server) as caller:
                while waiting:
                    request = waiting.pop()
                    answers[request.command_id] = told(await self._ask(caller, request))

        await asyncio.gather(*(one() for _ in range(CALLERS)))
        return answers

    async def _one(self, server: Server) -> None:
        async with Caller(server) as caller:
            while not self._is_over:
                request = self._situation.next()
                self.asked[request.command_id] = request
                try:
                    answer = await self._ask(caller, request)
                except ConnectionError:
                    return
                except Unavailable:
                    continue
                self.acknowledged[request.command_id] = told(answer)
                (said,) = answer.values()
                if said.get("subject"):
                    self._situation.learn(request, said["subject"])

    async def _ask(self, caller: Caller, request: Request) -> dict[str, dict[str, Any]]:
        text, variables = mutation(request)
        token = await self._site.token(self._situation.cast, request.asker)
        answer = await caller.exchange("POST", "/graphql", token, {"query": text, "variables": variables})
        if "errors" in answer.told:
            assert {error["extensions"]["code"] for error in answer.told["errors"]} == {"UNAVAILABLE"}, answer
            raise Unavailable
        data: dict[str, dict[str, Any]] = answer.told["data"]
        return data


class Unavailable(Exception):
    """The database did not answer; whether it was done is not known."""


@pytest.fixture
async def volley(site: Site) -> Volley:
    cast = await site.assemble()
    made = Volley(site, await Situation.make(site, cast, ITEMS, seed=11))
    await made.prepare()
    return made


@pytest.mark.slow
async def test_a_killed_server_loses_nothing_that_it_acknowledged(site: Site, volley: Volley) -> None:
    for _ in range(ROUNDS):
        server = await site.start()
        firing = volley.fire(server)
        await volley.reach(ANSWERS_PER_ROUND)
        await server.kill()
        await asyncio.gather(*firing)
    assert len(volley.lost) > ROUNDS
    await assert_nothing_is_lost_or_half_done(site, volley)


@pytest.mark.slow
async def test_a_killed_postgres_loses_nothing_that_was_acknowledged(site: Site, volley: Volley) -> None:
    server = await site.start()
    firing = volley.fire(server)
    for _ in range(ROUNDS):
        await volley.reach(ANSWERS_PER_ROUND)
        site.kill_postgres()
    await volley.reach(ANSWERS_PER_ROUND)
    volley.cease()
    await asyncio.gather(*firing)
    await assert_nothing_is_lost_or_half_done(site, volley)


async def assert_nothing_is_lost_or_half_done(site: Site, volley: Volley) -> None:
    """Retries are answered as the first time, and each command of the ledger has all that follows from it."""
    answers = await volley.repeat(await site.start())
    workspace_id = next(iter(volley.asked.values())).asker.workspace_id
    entries = await read_ledger(site, workspace_id)
    history = History(workspace_id, entries)
    for key, first in volley.acknowledged.items():
        if first.position is not None:
            assert answers[key].position == first.position
            assert first.positions in ((), answers[key].positions)  # none are shown before they are projected
    there = {key: positions for key, positions in history.recorded.items() if key in volley.asked}
    assert there == {key: answer.positions for key, answer in answers.items() if answer.position is not None}
    assert [key for key in there if not await history.is_whole(volley.asked[key])] == []
    assert len([positions for positions in there.values() if len(positions) > 1]) > ROUNDS
    async with asyncio.timeout(SETTLED_SECONDS_MAX):
        assert await site.backend.projector.catch_up(workspace_id) == len(entries)
    await assert_read_tables_are_a_fresh_fold(site.backend.cluster, workspace_id)
