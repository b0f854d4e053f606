"""Every team of a workspace, for the few commands that are decided on what somebody holds in any of them."""

from typing import NamedTuple
from uuid import UUID

from domain.authority import Delegation, Grant
from domain.state.team import Team
from infra.ledger import Ledger
from infra.states import States


class Everywhere(NamedTuple):
    """The teams there were when it was decided: their versions, and what anybody holds or may use in them."""

    versions: dict[UUID, int]
    held: tuple[Grant | Delegation, ...]


async def everywhere(ledger: Ledger, states: States, workspace_id: UUID) -> Everywhere:
    """What this process knows of every team."""
    known = {team: await states.load(workspace_id, team, Team) for team in await ledger.teams(workspace_id)}
    places = [each.state for each in known.values()]
    held = [one for place in places for one in (*place.grants.values(), *place.delegations.values())]
    return Everywhere({team: each.version for team, each in known.items()}, tuple(held))
