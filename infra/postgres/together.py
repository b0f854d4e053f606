"""What many ask for at the same time is done once: those who come while it is under way share what comes of it."""

import asyncio
from collections.abc import Callable, Coroutine, Hashable
from typing import Any, Final, Protocol, TypeVar, cast
from uuid import UUID

T = TypeVar("T")


class _UnderWay:
    """Something that is being done, and for how many."""

    def __init__(self, task: "asyncio.Task[Any]") -> None:
        self.task: Final = task
        self.waiting = 0


class Together:
    """What is under way in one process, each by a key that says all that it depends on."""

    def __init__(self) -> None:
        self._under_way: dict[Hashable, _UnderWay] = {}

    async def once(self, key: Hashable, act: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """What `act` gives or raises, or the one under way with this key; given up when nobody waits for it."""
        shared = self._under_way.get(key)
        if shared is None or shared.task.done():  # a task that is done is forgotten only when the loop turns
            shared = self._begin(key, act)
        shared.waiting += 1
        try:
            return cast("T", await asyncio.shield(shared.task))
        finally:
            shared.waiting -= 1
            if not shared.waiting and not shared.task.done():
                self._forget(key, shared)
                shared.task.cancel()

    def _begin(self, key: Hashable, act: Callable[[], Coroutine[Any, Any, Any]]) -> _UnderWay:
        shared = self._under_way[key] = _UnderWay(asyncio.get_running_loop().create_task(act()))
        shared.task.add_done_callback(lambda _: self._forget(key, shared))
        return shared

    def _forget(self, key: Hashable, shared: _UnderWay) -> None:
        if self._under_way.get(key) is shared:
            del self._under_way[key]


class _Reads(Protocol):
    async def fetchval(self, workspace_id: UUID | None, sql: str, /, *arguments: Any) -> Any: ...  # noqa: ANN401 - SQL decides


class SharedReads:
    """Connections that read, where the same statement for the same workspace is asked of PostgreSQL once at a time.

    `moment` says how far a workspace is folded here. It is part of the key, so that nobody is given what was read
    before something that was folded when they asked.
    """

    def __init__(self, reads: _Reads, moment: Callable[[UUID | None], int]) -> None:
        self._reads = reads
        self._moment = moment
        self._together = Together()

    async def fetchval(self, workspace_id: UUID | None, sql: str, *arguments: Any) -> Any:  # noqa: ANN401 - SQL decides
        """The first value of the first row."""
        key = (workspace_id, self._moment(workspace_id), sql, *(_hashable(one) for one in arguments))
        return await self._together.once(key, lambda: self._reads.fetchval(workspace_id, sql, *arguments))


def _hashable(argument: Any) -> Hashable:  # noqa: ANN401 - whatever a parameter is bound to
    told = tuple(argument) if isinstance(argument, list) else argument
    return type(argument), told
