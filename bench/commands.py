"""Whole commands per second, durably: load, decide, append. Ours against the library's `Application`, without HTTP.

32 clients take items of their own through the same life: drafted, then six times pushed back on, answered, settled.
Ours asks every rule and writes the whole envelope; the library's aggregate checks only that what is answered is open.
`python -m bench.commands [--json] [--seconds S] [--rounds N]`.
"""

import argparse
import asyncio
import shutil
import tempfile
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import count
from pathlib import Path
from typing import Final
from uuid import UUID, uuid4

import uvloop
from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event

from bench.measure import Figure, Side, as_json, command_line, keep_busy, ratio, table, take_turns
from domain.events.people import Role as Held
from domain.events.pushback import Reason
from infra.cluster import Cluster, Role
from infra.deciding import Asker, Deciding, Request
from infra.ledger import Ledger
from infra.migrate import migrate
from infra.people.registration import open_workspace, register_person
from infra.pool import plain
from infra.postgres.embedded import PORT, SUPERUSER, EmbeddedServer
from infra.uuid7 import uuid7

CLIENTS: Final = 32
ITEMS_EACH: Final = 6
ROUNDS_EACH: Final = 6
"""An item is pushed back on so often before another takes its place."""

OURS, LIBRARY, CACHING = "load, decide, append", "Application", "Application with its cache"

_DATABASE: Final = "bench"
_COMMAND_IDS: Final = count(uuid4().int)
"""Made by those who send commands: not part of what is measured."""

_TITLE: Final = "Keep listening data for 90 days"
_STATEMENT: Final = "No volumes are given: how many plays a day do we keep, and for how many listeners?"
_ANSWER: Final = "Ten million a day at peak, from two million listeners; the table in the attachment has the growth."


class Client:
    """One who works on items in turn, each a generator that gives a command for each `next`."""

    def __init__(self, live: Callable[[], Iterator[Callable[[], Awaitable[object]]]]) -> None:
        self._live = live
        self._items = [live() for _ in range(ITEMS_EACH)]
        self._turn = 0

    async def __call__(self) -> None:
        """One command."""
        self._turn = (self._turn + 1) % ITEMS_EACH
        command = next(self._items[self._turn], None)
        if command is None:
            self._items[self._turn] = self._live()
            command = next(self._items[self._turn])
        await command()


class Team:
    """Our side: a product owner and an architect, and the process that decides for them."""

    def __init__(self, deciding: Deciding, team: str, product_owner: Asker, architect: Asker) -> None:
        self._deciding = deciding
        self._team = team
        self._product_owner = product_owner
        self._architect = architect

    async def do(self, who: Asker, command: str, target: str | None, **arguments: object) -> str:
        """Carry out one command; gives the id of what it is about."""
        command_id = UUID(int=next(_COMMAND_IDS))
        request = Request(asker=who, command=command, command_id=command_id, target=target, arguments=arguments)
        return (await self._deciding.execute(request)).subject_id

    def live(self) -> Iterator[Callable[[], Awaitable[object]]]:
        """An item's life."""
        ids: dict[str, str] = {}

        async def draft() -> None:
            ids["item"] = await self.do(self._product_owner, "draft_item", None, team=self._team, title=_TITLE)

        async def push_back() -> None:
            said = {"statement": _STATEMENT, "reason": Reason.MISSING_INFORMATION}
            ids["pushback"] = await self.do(self._architect, "raise_pushback", ids["item"], **said)

        yield draft
        for _ in range(ROUNDS_EACH):
            yield push_back
            yield lambda: self.do(self._product_owner, "answer_pushback", ids["pushback"], text=_ANSWER)
            yield lambda: self.do(self._architect, "settle_pushback", ids["pushback"])


async def assemble(cluster: Cluster) -> Team:
    """A workspace with a team of two who disagree."""
    pool = plain(cluster, Role.APP, 4)
    ledger = Ledger(pool)
    deciding = Deciding(ledger, pool)
    administrator = await open_workspace(ledger, "Radio North", "Ada")
    team = Team(deciding, "", administrator, administrator)
    formed = await team.do(administrator, "form_team", None, name="Player")
    askers = []
    for name, role in (("Paula", Held.PRODUCT_OWNER), ("Arno", Held.ARCHITECT)):
        person = (await register_person(deciding, ledger, administrator, uuid7(), {"name": name})).subject_id
        await team.do(administrator, "assign_role", formed, person=person, role=role)
        askers.append(Asker(workspace_id=administrator.workspace_id, person_id=person))  # type: ignore[arg-type]
    return Team(deciding, formed, *askers)


class Item(Aggregate):
    """The library's way to write it."""

    @event("Drafted")
    def __init__(self, team: str, title: str) -> None:
        self.team = team
        self.title = title
        self.open: dict[str, str] = {}
        self.count = 0

    def raise_pushback(self, reason: str, statement: str) -> int:
        """Gives the pushback's number."""
        self._raised(self.count + 1, reason, statement)
        return self.count

    def answer(self, pushback: int, text: str) -> None:
        """Only what is open."""
        if self.open.get(str(pushback)) != "THEIRS":
            raise ValueError(pushback)
        self._answered(pushback, text)

    def settle(self, pushback: int) -> None:
        """Only what was answered."""
        if self.open.get(str(pushback)) != "MINE":
            raise ValueError(pushback)
        self._settled(pushback)

    @event("PushbackRaised")
    def _raised(self, pushback: int, reason: str, statement: str) -> None:  # noqa: ARG002 - recorded
        self.count = pushback
        self.open[str(pushback)] = "THEIRS"

    @event("PushbackResponded")
    def _answered(self, pushback: int, text: str) -> None:  # noqa: ARG002 - recorded
        self.open[str(pushback)] = "MINE"

    @event("PushbackAnswered")
    def _settled(self, pushback: int) -> None:
        del self.open[str(pushback)]


class Backlog(Application[UUID]):
    """The library's application."""

    def draft(self, team: str, title: str) -> UUID:
        """Gives the item's id."""
        item = Item(team=team, title=title)
        self.save(item)
        return item.id

    def raise_pushback(self, item_id: UUID, reason: str, statement: str) -> int:
        """Gives the pushback's number."""
        item: Item = self.repository.get(item_id)
        pushback = item.raise_pushback(reason, statement)
        self.save(item)
        return pushback

    def answer(self, item_id: UUID, pushback: int, text: str) -> None:
        """The item's side."""
        item: Item = self.repository.get(item_id)
        item.answer(pushback, text)
        self.save(item)

    def settle(self, item_id: UUID, pushback: int) -> None:
        """The raiser's side."""
        item: Item = self.repository.get(item_id)
        item.settle(pushback)
        self.save(item)

    def live(self) -> Iterator[None]:
        """An item's life, a command for each `next`."""
        item_id = self.draft("Player", _TITLE)
        yield
        for _ in range(ROUNDS_EACH):
            pushback = self.raise_pushback(item_id, "MISSING_INFORMATION", _STATEMENT)
            yield
            self.answer(item_id, pushback, _ANSWER)
            yield
            self.settle(item_id, pushback)
            yield


class LibrarySide:
    """The library is synchronous: one thread and one connection for each client."""

    def __init__(self, host: Path, **settings: str) -> None:
        self._application = Backlog(
            {
                "PERSISTENCE_MODULE": "eventsourcing.postgres",
                "POSTGRES_DBNAME": _DATABASE,
                "POSTGRES_HOST": str(host),
                "POSTGRES_PORT": str(PORT),
                "POSTGRES_USER": SUPERUSER,
                "POSTGRES_PASSWORD": "",
                "POSTGRES_POOL_SIZE": str(CLIENTS),
                **settings,
            }
        )
        self._threads = ThreadPoolExecutor(CLIENTS)
        self._clients = [[self._application.live() for _ in range(ITEMS_EACH)] for _ in range(CLIENTS)]

    async def __call__(self, seconds: float) -> float:
        """Commands per second."""
        loop, start, barrier = asyncio.get_running_loop(), time.perf_counter(), threading.Barrier(CLIENTS)
        work = partial(self._work, barrier, start + seconds)
        counts = await asyncio.gather(*(loop.run_in_executor(self._threads, work, items) for items in self._clients))
        return sum(counts) / (time.perf_counter() - start)

    def _work(self, barrier: threading.Barrier, end: float, items: list[Iterator[None]]) -> int:
        barrier.wait()
        count = 0
        while time.perf_counter() < end:
            turn = count % ITEMS_EACH
            try:
                next(items[turn])
            except StopIteration:
                items[turn] = self._application.live()
                next(items[turn])
            count += 1
        return count

    def close(self) -> None:
        """Close its connections and threads."""
        self._threads.shutdown()
        self._application.close()


async def measure(cluster: Cluster, socket: Path, rounds: int, seconds: float) -> dict[str, Figure]:
    """The figures of all sides."""
    team = await assemble(cluster)
    clients = [Client(team.live) for _ in range(CLIENTS)]
    plainly, caching = LibrarySide(socket), LibrarySide(socket, AGGREGATE_CACHE_MAXSIZE="1000")
    sides = [Side(OURS, partial(keep_busy, clients)), Side(LIBRARY, plainly), Side(CACHING, caching)]
    try:
        return await take_turns(sides, rounds, seconds)
    finally:
        plainly.close()
        caching.close()


async def main(arguments: argparse.Namespace) -> None:
    """Measure on a server of its own."""
    folder = Path(tempfile.mkdtemp(prefix="pushback-bench-"))
    cluster = await Cluster.embedded(folder / "data", _DATABASE)
    server = EmbeddedServer(folder / "data")
    try:
        await migrate(cluster)
        found = await measure(cluster, server.enter(), arguments.rounds, arguments.seconds)
    finally:
        server.leave()
        await cluster.stop()
        shutil.rmtree(folder)
    ratios = {"library_at_32": ratio(found, OURS, LIBRARY), "caching_library_at_32": ratio(found, OURS, CACHING)}
    if arguments.json:
        print(as_json({"bench": "commands", "commands_per_second": found, "ratios": ratios}))
        return
    print(table(f"commands per second, {CLIENTS} clients", found))
    for name, times in ratios.items():
        print(f"{name:<44}{times:>10.2f}")


if __name__ == "__main__":
    uvloop.run(main(command_line(__doc__, rounds=5, seconds=2.0)))
