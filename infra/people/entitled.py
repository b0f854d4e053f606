"""What an act is about, and who could do it instead."""

from typing import Any

from domain.authority import About, Power, Who
from domain.events.item import Track
from domain.ids import PersonId
from domain.refusals import Refused
from domain.state.item import Item
from infra.decisions.places import track_of


def about(state: Any, arguments: dict[str, Any]) -> About | None:  # noqa: ANN401 - any aggregate's state
    """The item that a command is on; one that it begins has the track that it is given."""
    if not isinstance(state, Item):
        return None
    return About(state.id, track_of(state, arguments) or Track.FUNCTIONAL)


def able(refused: Refused, who: Who) -> tuple[PersonId, ...]:
    """Who could do now what was refused: by a role, as far as the assignment gives it and covers this."""
    powers = [Power(power) for power in refused.powers]
    roles = [grant for grant in who.present if grant.role in refused.who_could and grant.covers(who.about)]
    able = {grant.person_id for grant in roles if not powers or any(map(grant.gives, powers))}
    let = {
        each.person_id
        for each in who.delegations
        if each.holds(who.now) and each.from_id in able and each.powers & {*powers}
    }
    return tuple(sorted(able | let))
