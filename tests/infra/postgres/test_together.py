"""What many ask for at the same time is done once; whoever leaves takes nothing from the others."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import pytest

from infra.postgres.together import SharedReads, Together

MINE, OTHERS = uuid4(), uuid4()


class Slow:
    """Something that is done when it is told to be, and counts how often it was begun and given up."""

    def __init__(self) -> None:
        self.begun: list[Any] = []
        self.given_up = 0
        self.gate = asyncio.Event()

    async def act(self, told: object = "done") -> object:
        """Wait for the gate; an exception is raised."""
        self.begun.append(told)
        try:
            await self.gate.wait()
        except asyncio.CancelledError:
            self.given_up += 1
            raise
        if isinstance(told, Exception):
            raise told
        return told

    async def fetchval(self, workspace_id: UUID | None, sql: str, /, *arguments: Any) -> Any:
        """The same as a pool's; gives what was asked."""
        return await self.act((workspace_id, sql, *arguments))


@pytest.fixture
def slow() -> Slow:
    return Slow()


async def begun(*waiting: Any) -> list[asyncio.Task[Any]]:
    """Each as a task that waits already."""
    tasks = [asyncio.ensure_future(one) for one in waiting]
    for _ in range(3):
        await asyncio.sleep(0)
    return tasks


async def test_it_is_done_once_for_all_who_come_while_it_is_under_way(slow: Slow) -> None:
    together = Together()
    tasks = await begun(*(together.once("a", slow.act) for _ in range(9)), together.once("b", slow.act))
    slow.gate.set()
    assert await asyncio.gather(*tasks) == ["done"] * 10
    assert len(slow.begun) == 2
    await together.once("a", slow.act)
    assert len(slow.begun) == 3, "what is over is not told again"


async def test_what_is_over_is_not_told_again_before_the_loop_has_turned(slow: Slow) -> None:
    together = Together()
    (first,) = await begun(together.once("a", slow.act))
    slow.gate.set()
    second = asyncio.ensure_future(together.once("a", slow.act))  # its turn is right after that of the act
    assert [await first, await second] == ["done"] * 2
    assert len(slow.begun) == 2


async def test_who_leaves_takes_nothing_from_those_who_stay(slow: Slow) -> None:
    together = Together()
    first, second, third = await begun(*(together.once("a", slow.act) for _ in range(3)))
    first.cancel()
    third.cancel()
    await asyncio.wait((first, third))
    slow.gate.set()
    assert await second == "done"
    assert first.cancelled()
    assert third.cancelled()
    assert (len(slow.begun), slow.given_up) == (1, 0)


async def test_it_is_given_up_when_nobody_waits_and_begun_anew_for_who_comes_then(slow: Slow) -> None:
    together = Together()
    left = await begun(*(together.once("a", slow.act) for _ in range(2)))
    for task in left:
        task.cancel()
    await asyncio.wait(left)
    (late,) = await begun(together.once("a", slow.act))
    assert (len(slow.begun), slow.given_up) == (2, 1)
    slow.gate.set()
    assert await late == "done"


async def test_an_error_reaches_all(slow: Slow) -> None:
    together, error = Together(), ValueError("no")
    tasks = await begun(*(together.once("a", lambda: slow.act(error)) for _ in range(3)))
    slow.gate.set()
    assert await asyncio.gather(*tasks, return_exceptions=True) == [error] * 3
    assert len(slow.begun) == 1


async def test_a_statement_is_shared_with_whoever_asks_exactly_the_same(slow: Slow) -> None:
    reads = SharedReads(slow, lambda _: 7)
    asked: list[tuple[Any, ...]] = [
        (MINE, "select a", 1, ["x"]),
        (OTHERS, "select a", 1, ["x"]),
        (MINE, "select b", 1, ["x"]),
        (MINE, "select a", 2, ["x"]),
        (MINE, "select a", True, ["x"]),
        (MINE, "select a", 1, ["x", "y"]),
        (None, "select a", 1, ["x"]),
    ]
    tasks = await begun(*(reads.fetchval(*one) for one in asked * 3))
    slow.gate.set()
    assert await asyncio.gather(*tasks) == asked * 3
    assert slow.begun == asked


async def test_a_statement_is_not_shared_with_who_asks_after_something_was_folded(slow: Slow) -> None:
    folded = {MINE: 7, OTHERS: 7}
    reads = SharedReads(slow, lambda workspace_id: folded[workspace_id or MINE])
    before = await begun(reads.fetchval(MINE, "select a"), reads.fetchval(OTHERS, "select a"))
    folded[MINE] = 8
    after = await begun(reads.fetchval(MINE, "select a"), reads.fetchval(OTHERS, "select a"))
    assert [told[0] for told in slow.begun] == [MINE, OTHERS, MINE]
    slow.gate.set()
    await asyncio.gather(*before, *after)
