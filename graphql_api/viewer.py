"""Who asks, with which powers, and what they may do to a thing now."""

from datetime import UTC, datetime
from typing import Annotated, Final

import strawberry
from strawberry.types import Info

from domain import ids
from domain.authority import DECISIONS, Grant, Power
from domain.commands import COMMANDS
from domain.entry import ActorKind
from domain.events.item import Track
from domain.events.people import Role
from graphql_api.islands import Finished, row
from graphql_api.types.fields import camel
from graphql_api.types.hints import choice
from graphql_api.types.names import NAMES
from infra.people.roles import held_roles, lent_roles

FOLD_SECONDS: Final = 2.0
"""How long who asks is waited for, when the read tables are behind."""

PowerType, TrackType = NAMES[choice(Power)], NAMES[choice(Track)]


async def _team(root: "HeldPower", info: Info) -> Finished | None:
    return await row(info, "Team", root.team_id) if root.team_id else None


async def _stands_in_for(root: "HeldPower", info: Info) -> Finished | None:
    return await row(info, "Person", root.from_id) if root.from_id else None


async def _person(info: Info) -> Finished:
    return await row(info, "Person", info.context["asker"].person_id)


async def _workspace(info: Info) -> Finished:
    return await row(info, "Workspace", info.context["asker"].workspace_key)


_team.__annotations__["return"] = NAMES["Team"] | None
_stands_in_for.__annotations__["return"] = NAMES["Person"] | None
_person.__annotations__["return"] = NAMES["Person"]
_workspace.__annotations__["return"] = NAMES["Workspace"]


@strawberry.type(description="A power, and where it holds.")
class HeldPower:
    """A power that the asker holds, or may use for somebody who does."""

    team_id: strawberry.Private[str | None]
    from_id: strawberry.Private[str | None]
    power: PowerType = strawberry.field(description="What it allows.")  # type: ignore[valid-type]
    role: Role = strawberry.field(description="The role that gives it.")
    track: TrackType | None = strawberry.field(description="The track it holds for; null for both.")  # type: ignore[valid-type]
    items: list[strawberry.ID] = strawberry.field(description="The items it holds for; empty for all.")
    team = strawberry.field(resolver=_team, description="Where; null for the whole workspace.")
    stands_in_for = strawberry.field(
        resolver=_stands_in_for, description="Whose it is, by a delegation; null where it is the asker's own."
    )


async def _powers(info: Info) -> list[HeldPower]:
    asker, reads = info.context["asker"], info.context["backend"].reads
    held = await held_roles(reads, asker.workspace_id, asker.person_id)
    lent = await lent_roles(reads, asker.workspace_id, asker.person_id)
    usable = [power for power in Power if asker.kind is not ActorKind.SERVICE or power not in DECISIONS]
    own = [_power(team_id, power, grant) for team_id, grant in held for power in usable if grant.gives(power)]
    return own + [
        _power(one.team_id, power, one.grant, one.grant.person_id)
        for one in lent
        for power in usable
        if power in one.powers and one.grant.gives(power)
    ]


def _power(team_id: str | None, power: Power, grant: Grant, from_id: str | None = None) -> HeldPower:
    return HeldPower(
        team_id=team_id,
        from_id=from_id,
        power=power,
        role=grant.role,
        track=grant.track,
        items=[strawberry.ID(item) for item in sorted(grant.items)],
    )


@strawberry.type(description="Who asks.")
class Viewer:
    """The person behind the token."""

    credential_id: strawberry.ID | None = strawberry.field(description="The id of the token that was sent.")
    person = strawberry.field(resolver=_person, description="The person it belongs to.")
    workspace = strawberry.field(resolver=_workspace, description="The workspace it opens.")

    powers: list[HeldPower] = strawberry.field(
        resolver=_powers, description="What they may do, where and for whom; as of now."
    )


_On = Annotated[strawberry.ID, strawberry.argument(description="The id of an item, a pushback, a sign-off ...")]


@strawberry.type(description="Something the asker may do now.")
class Action:
    """A command that would not be refused for who asks or for the state of things."""

    mutation: str = strawberry.field(description="The name of the mutation.")
    description: str = strawberry.field(description="What it does.")


async def viewer(info: Info) -> Viewer:
    """Who asks. Somebody whom another process has just registered is folded first, so that they have a name."""
    asker = info.context["asker"]
    await info.context["backend"].projector.catch_up(asker.workspace_id, FOLD_SECONDS)
    return Viewer(credential_id=asker.credential_id)


async def available_actions(info: Info, on: _On) -> list[Action]:
    """What the asker may do to a thing now, decided by the very rules; empty for an unknown id."""
    try:
        ids.parse(on)
    except ids.MalformedId:
        return []
    allowed = await info.context["backend"].deciding.allowed(info.context["asker"], on, datetime.now(UTC))
    return [Action(mutation=camel(name), description=COMMANDS[name].doc) for name in allowed]
