"""What has to be true for an item to be ready, as of any position: the rules, on streams folded up to there."""

from datetime import UTC, datetime
from uuid import UUID

from domain import ids
from domain.authority import Who
from domain.entry import ActorKind
from domain.requirements import Requirement, requirements
from domain.state.policy import policy, scopes
from infra.past import Past


async def item_requirements(past: Past, stream_id: UUID) -> tuple[Requirement, ...]:
    """Each requirement of an item; none of one that does not exist then."""
    item = await past.item(stream_id)
    if item.team_id is None:
        return ()
    team, workspace = await past.team(ids.stream_id(item.team_id)), await past.workspace()
    who = Who(
        person_id=ids.SYSTEM,
        kind=ActorKind.SYSTEM,
        now=datetime.now(UTC),
        salt="",
        policy=policy(scopes(workspace.policies, team.policies, item.track)),
        definitions=(team.definitions, workspace.definitions),
    )
    return requirements(item, who)
