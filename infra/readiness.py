"""What has to be true for an item to be ready, as of any moment: the rules, on streams folded up to then."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import reduce
from typing import Any
from uuid import UUID

from domain import ids
from domain.authority import Who
from domain.entry import ActorKind, Entry
from domain.requirements import Requirement, requirements
from domain.state.item import Item
from domain.state.item import evolve as evolve_item
from domain.state.policy import policy, scopes
from domain.state.team import Team, Workspace, evolve_team, evolve_workspace
from infra.ledger import Ledger

Moment = int | datetime | None
"""A position, a time, or None for now."""


async def item_requirements(
    ledger: Ledger, workspace_id: UUID, stream_id: UUID, then: Moment
) -> tuple[Requirement, ...]:
    """Each requirement of an item; none of one that does not exist then."""

    async def folded(stream_id: UUID, evolve: Callable[[Any, Entry[Any]], Any], state: Any) -> Any:  # noqa: ANN401
        entries = await ledger.read_stream(workspace_id, stream_id)
        return reduce(evolve, [entry for entry in entries if _is_by(entry, then)], state)

    item: Item = await folded(stream_id, evolve_item, Item())
    if item.team_id is None:
        return ()
    team: Team = await folded(ids.stream_id(item.team_id), evolve_team, Team())
    workspace: Workspace = await folded(workspace_id, evolve_workspace, Workspace())
    who = Who(
        person_id=ids.SYSTEM,
        kind=ActorKind.SYSTEM,
        now=datetime.now(UTC),
        salt="",
        policy=policy(scopes(workspace.policies, team.policies, item.track)),
        definitions=(team.definitions, workspace.definitions),
    )
    return requirements(item, who)


def _is_by(entry: Entry[Any], then: Moment) -> bool:
    if then is None:
        return True
    return entry.position <= then if isinstance(then, int) else entry.effective_at <= then
