"""Streams as they were at a position: what rules would have read then."""

from collections.abc import Callable
from functools import reduce
from typing import Any, NamedTuple
from uuid import UUID

from domain.entry import Entry
from domain.state.item import Item
from domain.state.item import evolve as evolve_item
from domain.state.team import Team, Workspace, evolve_team, evolve_workspace
from infra.ledger import Ledger


class Past(NamedTuple):
    """A workspace's streams up to and with a position. What did not exist by then is empty."""

    ledger: Ledger
    workspace_id: UUID
    position: int

    async def item(self, stream_id: UUID) -> Item:
        """The item as it was."""
        item: Item = await self._folded(stream_id, evolve_item, Item())
        return item

    async def team(self, stream_id: UUID) -> Team:
        """The team as it was."""
        team: Team = await self._folded(stream_id, evolve_team, Team())
        return team

    async def workspace(self) -> Workspace:
        """The workspace as it was."""
        workspace: Workspace = await self._folded(self.workspace_id, evolve_workspace, Workspace())
        return workspace

    async def _folded(self, stream_id: UUID, evolve: Callable[[Any, Entry[Any]], Any], state: Any) -> Any:  # noqa: ANN401 - any state
        entries = await self.ledger.read_stream(self.workspace_id, stream_id)
        return reduce(evolve, [entry for entry in entries if entry.position <= self.position], state)
