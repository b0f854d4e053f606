"""Whether answering, signing and voting get slower as an item's history grows: on one with few events, one with many.

A short one and a long one take turns, one command at a time, each to its end: loaded, decided, durable, folded into its
rows. Warm: the process knows the item, as in production. Cold: it meets it for the first time and reads its whole
history. `python -m bench.growth [--json] [--rounds N]`; exits with 1 when a warm command on the longer history costs
more than 1.3 times one on the shorter.
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final, NamedTuple

from bench.measure import as_json, command_line, figure
from domain.events.people import Role
from domain.events.sign_off import Label
from domain.ids import PersonId
from infra.backend import Backend
from infra.deciding import Asker, Deciding, Done, Request
from infra.people.registration import open_workspace, register_person
from infra.settings import Settings
from infra.uuid7 import uuid7

SHORT: Final = 5
LONG: Final = 200
"""How many events an item has before the command that is measured; a long one gets a few more with every round."""

ITEMS: Final = 10
"""How many items of each length a round visits."""

RATIO_MAX: Final = 1.3
KINDS: Final = ("answer a pushback", "grant a sign-off", "cast a vote")
_AT_ONCE: Final = 16
_REACH_SECONDS: Final = 10.0


class Prepared(NamedTuple):
    """An item, its digest, and what a command is to be given on: a pushback, the item itself, or a round."""

    item: str
    digest: str
    target: str


class Cost(NamedTuple):
    """Milliseconds: on the clock on the wall, and of this process's own work, without the database's and the disk's."""

    wall: float
    own: float


class Team:
    """A product owner, an architect and a developer, and the process that decides for them."""

    def __init__(self, backend: Backend, ada: Asker) -> None:
        self._backend = backend
        self._people = {"Ada": ada}
        self._team = ""
        self._workspace_id = ada.workspace_id
        self._deciding = backend.deciding

    async def gather(self) -> None:
        """Form the team."""
        self._team = (await self.do("Ada", "form_team", name="Player")).subject_id
        for name, role in (("Paula", Role.PRODUCT_OWNER), ("Arno", Role.ARCHITECT), ("Dora", Role.DEVELOPER)):
            ada, backend = self._people["Ada"], self._backend
            done = await register_person(backend.deciding, backend.ledger, ada, uuid7(), {"name": name})
            self._people[name] = Asker(workspace_id=self._workspace_id, person_id=PersonId(done.subject_id))
            await self.do("Ada", "assign_role", self._team, person=done.subject_id, role=role)

    async def do(self, who: str, command: str, target: str | None = None, **arguments: Any) -> Done:
        """One command."""
        request = Request(
            asker=self._people[who], command=command, command_id=uuid7(), target=target, arguments=arguments
        )
        return await self._deciding.execute(request)

    async def prepare(self, kind: str, events: int) -> Prepared:
        """An item with a history of so many events, the last of which makes room for a command of this kind."""
        drafted = await self.do("Paula", "draft_item", team=self._team, title="Keep listening data for 90 days")
        item = drafted.subject_id
        digest: str = drafted.entries[0].event.digest  # type: ignore[attr-defined]
        last, pushback = drafted, ""
        for number in range(events - 2):
            match number % 3:
                case 0:
                    last = await self.do("Arno", "raise_pushback", item, statement="How many plays a day do we keep?")
                    pushback = last.subject_id
                case 1:
                    last = await self.do("Paula", "answer_pushback", pushback, text="Ten million at peak")
                case _:
                    last = await self.do("Arno", "settle_pushback", pushback)
        last, target = await self._make_room(kind, item)
        if last.entries[-1].version != events:
            raise RuntimeError(f"an item of {events} events has {last.entries[-1].version}")
        return Prepared(item, digest, target)

    async def _make_room(self, kind: str, item: str) -> tuple[Done, str]:
        if kind == "cast a vote":
            opened = await self.do("Dora", "open_round", item)
            return opened, opened.subject_id
        raised = await self.do("Arno", "raise_pushback", item, statement="For how many listeners?")
        return raised, raised.subject_id if kind == "answer a pushback" else item

    async def prepare_all(self, kind: str, events: int, count: int) -> list[Prepared]:
        """So many of them, some at once."""
        gate = asyncio.Semaphore(_AT_ONCE)

        async def one() -> Prepared:
            async with gate:
                return await self.prepare(kind, events)

        return list(await asyncio.gather(*(one() for _ in range(count))))

    async def time(self, kind: str, on: Prepared) -> Cost:
        """What a command of this kind costs, until its rows are there."""
        start = Cost(time.perf_counter(), time.process_time())
        if kind == "answer a pushback":
            done = await self.do("Paula", "answer_pushback", on.target, text="Two million")
        elif kind == "grant a sign-off":
            done = await self.do("Dora", "grant_sign_off", on.item, label=Label.READY, expected_digest=on.digest)
        else:
            done = await self.do("Dora", "cast_vote", on.target, points=5.0)
        await self._backend.projector.reach(self._workspace_id, done.position, _REACH_SECONDS)
        cost = Cost(1000 * (time.perf_counter() - start.wall), 1000 * (time.process_time() - start.own))
        if kind == "grant a sign-off":
            await self.do("Dora", "revoke_sign_off", done.subject_id, why="To be granted again")
        return cost

    async def forget(self) -> None:
        """Go on as a process that has met the team, but none of its items."""
        self._deciding = Deciding(self._backend.ledger, self._backend.pool)
        await self.prepare(KINDS[0], SHORT)
        await self._backend.projector.catch_up(self._workspace_id)


def in_turn(number: int, short: Prepared, long: Prepared) -> Iterable[tuple[int, Prepared]]:
    """A short one and a long one, each first every other time."""
    pair = ((SHORT, short), (LONG, long))
    return pair if number % 2 else pair[::-1]


async def compare(team: Team, kind: str, rounds: int) -> dict[str, dict[int, list[Cost]]]:
    """What commands cost by the length of the history, warm and cold."""
    long = await team.prepare_all(kind, LONG, ITEMS)
    found: dict[str, dict[int, list[Cost]]] = {state: {SHORT: [], LONG: []} for state in ("warm", "cold")}
    for _ in range(rounds):
        for state, costs in found.items():
            short = await team.prepare_all(kind, SHORT, ITEMS)
            await team.forget()
            if state == "warm":
                for one in (*short, *long):
                    await team.time(kind, one)
            for number, (one, other) in enumerate(zip(short, long, strict=True)):
                for length, item in in_turn(number, one, other):
                    costs[length].append(await team.time(kind, item))
    return found


def told(costs: dict[int, list[Cost]]) -> dict[str, Any]:
    """The figures, and the ratios of their medians."""
    walls, owns = ({length: figure([cost[which] for cost in costs[length]]) for length in costs} for which in (0, 1))
    return {
        "short": walls[SHORT],
        "long": walls[LONG],
        "ratio": round(walls[LONG].median / walls[SHORT].median, 2),
        "own_ratio": round(owns[LONG].median / owns[SHORT].median, 2),
    }


async def measure(rounds: int) -> dict[str, dict[str, Any]]:
    """By kind and state what was found."""
    with tempfile.TemporaryDirectory(prefix="pushback-bench-") as folder:
        backend = await Backend.open(Settings(data=Path(folder) / "data"))
        try:
            team = Team(backend, await open_workspace(backend.ledger, "Radio North", "Ada"))
            await team.gather()
            found = {kind: await compare(team, kind, rounds) for kind in KINDS}
        finally:
            await backend.close()
    return {f"{kind}, {state}": told(costs) for kind, by in found.items() for state, costs in by.items()}


def main() -> None:
    """Measure, print, and say by the exit code whether the promise is kept."""
    arguments = command_line(__doc__, rounds=20)
    found = asyncio.run(measure(arguments.rounds))
    if arguments.json:
        print(as_json({"bench": "growth", "milliseconds": found}))
    else:
        print(f"{'milliseconds a command, medians':<34}{SHORT:>4} events{LONG:>6} events   ratio   ratio of own CPU")
        for name, line in found.items():
            print(f"  {name:<32}{line['short'].median:>11.2f}{line['long'].median:>13.2f}", end="")
            print(f"{line['ratio']:>8.2f}{line['own_ratio']:>19.2f}")
    sys.exit(any(line["ratio"] > RATIO_MAX for name, line in found.items() if name.endswith("warm")))


if __name__ == "__main__":
    main()
