"""What policy says for a team and a track: decided by the very rules, on the ledger as of any moment."""

from typing import Annotated
from uuid import UUID

import strawberry
from strawberry.types import Info

from domain import ids
from domain.events.item import Track
from domain.ids import thing_key
from domain.policy import Level, Rule
from domain.standing import kept_rules, kept_settings
from domain.state.policy import NO_POLICIES, Adopted, scopes
from graphql_api.islands import Finished, position, row
from graphql_api.types.fields import camel
from graphql_api.types.hints import choice
from graphql_api.types.names import NAMES
from graphql_api.types.scalars import AsOf
from infra.past import Past

RuleType, LevelType, TrackType = NAMES[choice(Rule)], NAMES[choice(Level)], NAMES[choice(Track)]

_Team = Annotated[strawberry.ID | None, strawberry.argument(description="Whose; what all teams share when left out.")]
_Track = Annotated[TrackType | None, strawberry.argument(description="The track; what both share when left out.")]  # type: ignore[valid-type]
_AsOf = Annotated[AsOf | None, strawberry.argument(description="The moment that is asked about; now when left out.")]


async def _set_by(root: "PolicyRule | PolicySetting", info: Info) -> Finished | None:
    return await row(info, "PolicyVersion", root.version_id) if root.version_id else None


_set_by.__annotations__["return"] = NAMES["PolicyVersion"] | None
_SET_BY = "The version that says so, with its team and track; null for what holds where nobody decided."


@strawberry.type(description="How a rule is kept.")
class PolicyRule:
    """A rule as it is kept."""

    version_id: strawberry.Private[str | None]
    rule: RuleType = strawberry.field(description="Which rule.")  # type: ignore[valid-type]
    sentence: str = strawberry.field(description="What it asks for.")
    level: LevelType = strawberry.field(description="How it is kept.")  # type: ignore[valid-type]
    is_locked: bool = strawberry.field(description="Whether a narrower scope may not loosen it.")
    set_by = strawberry.field(resolver=_set_by, description=_SET_BY)


@strawberry.type(description="A number or a choice that policy makes.")
class PolicySetting:
    """A setting as it is."""

    version_id: strawberry.Private[str | None]
    name: str = strawberry.field(description="Its name among the settings of adoptPolicy.")
    value: str = strawberry.field(description="What it is, as text; several with a space between them.")
    description: str = strawberry.field(description="What it means.")
    is_locked: bool = strawberry.field(description="Whether a narrower scope may not change it.")
    set_by = strawberry.field(resolver=_set_by, description=_SET_BY)


@strawberry.type(description="What policy says somewhere.")
class PolicyInForce:
    """Every rule and every setting."""

    rules: list[PolicyRule] = strawberry.field(description="Every rule that policy may change.")
    settings: list[PolicySetting] = strawberry.field(description="Every number and choice.")


async def policy(info: Info, team: _Team = None, track: _Track = None, as_of: _AsOf = None) -> PolicyInForce | None:
    """What holds there then; null for a team that is unknown, malformed or not formed yet."""
    past = Past(info.context["backend"].ledger, info.context["workspace_id"], await position(info, as_of))
    policies = NO_POLICIES
    if team is not None:
        stream_id = _stream_of(team)
        formed = await past.team(stream_id) if stream_id else None
        if formed is None or not formed.id:
            return None
        policies = formed.policies
    return _in_force(scopes((await past.workspace()).policies, policies, track))


def _stream_of(team: str) -> UUID | None:
    try:
        reference = ids.parse(team)
    except ids.MalformedId:
        return None
    return reference.stream_id if reference.prefix == "tem" else None


def _in_force(adopted: tuple[Adopted, ...]) -> PolicyInForce:
    rules = [
        PolicyRule(
            version_id=_version(one.by),
            rule=one.rule,
            sentence=one.sentence,
            level=one.level,
            is_locked=one.is_locked,
        )
        for one in kept_rules(adopted)
    ]
    settings = [
        PolicySetting(
            version_id=_version(one.by),
            name=camel(one.name),
            value=one.value,
            description=one.description,
            is_locked=one.is_locked,
        )
        for one in kept_settings(adopted)
    ]
    return PolicyInForce(rules=rules, settings=settings)


def _version(by: Adopted | None) -> str | None:
    return None if by is None else thing_key("pol", by.owner, by.policy)
