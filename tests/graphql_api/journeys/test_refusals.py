"""A refusal at a gate is a fact: recorded once, read by everybody, and its command id is still to be used."""

import asyncio
from typing import Any, Final
from uuid import UUID

import pytest

from domain.events.escalation import Ruling
from domain.events.people import Role
from domain.events.pushback import Stance
from domain.events.sign_off import Label
from domain.ids import stream_key
from domain.policy import Rule, Settings
from domain.refusals import NotAuthorised, OpenBlockingPushback, Refused
from infra.deciding import Asker
from infra.uuid7 import uuid7
from tests.cast import Cast, do
from tests.graphql_api.client import Client

SIGN: Final = """mutation($item: ID!, $digest: String!, $id: UUID) {
  grantSignOff(input: {item: $item, label: READY, expectedDigest: $digest, commandId: $id}) {
    ... on SignOffSuccess { subject { label } } ... on Refusal { code unmet recordedPosition } } }"""
READ: Final = """query($item: ID!, $before: AsOf) { refusals(item: $item, first: 10, asOf: $before) { totalCount nodes {
  command code label unmet number person { name } item { id } team { name }
  recorded { position actor { name } refusal { number } } } } }"""


async def blocked(cast: Cast) -> tuple[str, str, str]:
    """An item that Arno's pushback stops: its id, its digest, the pushback's id."""
    drafted = await cast.item()
    digest: str = drafted.entries[0].event.digest  # type: ignore[attr-defined]
    said = {"statement": "No volumes", "stance": Stance.BLOCKING, "lifts_when": "we know them"}
    raised = await cast.do(cast.arno, "raise_pushback", drafted.subject_id, **said)
    return drafted.subject_id, digest, raised.subject_id


async def head(client: Client) -> int:
    return await client.backend.ledger.head(client.cast.ada.workspace_id)


async def test_who_signs_what_is_blocked_is_refused_and_everybody_can_read_so(client: Client) -> None:
    item, digest, pushback = await blocked(client.cast)
    said: dict[str, Any] = {"item": item, "digest": digest, "id": str(uuid7())}
    first = (await client.ask(client.cast.dora, SIGN, **said))["grantSignOff"]
    again = (await client.ask(client.cast.dora, SIGN, **said))["grantSignOff"]
    position = first["recordedPosition"]
    assert first == again == {"code": "OPEN_BLOCKING_PUSHBACK", "unmet": [pushback], "recordedPosition": position}
    seen = (await client.ask(client.cast.arno, READ, item=item))["refusals"]
    (node,) = seen["nodes"]
    assert (node["command"], node["code"], node["label"]) == ("grant_sign_off", "OPEN_BLOCKING_PUSHBACK", "READY")
    assert (node["unmet"], node["person"], node["item"]) == ([pushback], {"name": "Dora"}, {"id": item})
    assert node["recorded"] == {
        "position": position,
        "actor": {"name": "Dora"},
        "refusal": {"number": 1},
    }
    earlier = {"position": position - 1}
    assert (await client.ask(client.cast.arno, READ, item=item, before=earlier))["refusals"]["totalCount"] == 0


async def test_once_nothing_stops_it_the_same_command_is_carried_out(client: Client) -> None:
    cast, (item, digest, pushback) = client.cast, await blocked(client.cast)
    said: dict[str, Any] = {"item": item, "digest": digest, "id": str(uuid7())}
    await client.ask(cast.dora, SIGN, **said)
    await cast.do(cast.arno, "withdraw_pushback", pushback, why="They told me")
    signed = await client.ask(cast.dora, SIGN, **said)
    assert signed["grantSignOff"] == {"subject": {"label": Label.READY}}


async def refuse(cast: Cast, item: str, digest: str, command_id: UUID) -> int | None:
    """Where the refusal of Dora's sign-off is recorded."""
    said = {"expected_digest": digest, "label": Label.READY}
    with pytest.raises(OpenBlockingPushback) as raised:
        await do(cast.deciding, cast.dora, "grant_sign_off", item, command_id=command_id, **said)
    return raised.value.position


async def test_ten_clients_that_send_one_command_leave_one_fact(client: Client) -> None:
    item, digest, _ = await blocked(client.cast)
    before, command_id = await head(client), uuid7()
    positions = await asyncio.gather(*(refuse(client.cast, item, digest, command_id) for _ in range(10)))
    assert positions == [before + 1] * 10
    assert await head(client) == before + 1


def settings(maximum: int) -> Settings:
    values: dict[str, Any] = {"recorded_refusals_max": maximum}
    return Settings(**values)


async def test_no_more_are_kept_of_a_person_on_an_item_than_policy_says(client: Client) -> None:
    cast, (item, digest, _) = client.cast, await blocked(client.cast)
    await cast.do(cast.paula, "adopt_policy", cast.team, why="Enough", settings=settings(2))
    kept = [await refuse(cast, item, digest, uuid7()) for _ in range(4)]
    assert [position is not None for position in kept] == [True, True, False, False]


async def test_a_team_that_wants_none_keeps_none(client: Client) -> None:
    cast, (item, digest, _) = client.cast, await blocked(client.cast)
    await cast.do(cast.paula, "adopt_policy", cast.team, why="We talk", off=(Rule.RECORD_REFUSALS,))
    before = await head(client)
    assert await refuse(cast, item, digest, uuid7()) is None
    assert await head(client) == before


async def test_a_stranger_and_what_is_no_gate_leave_nothing(client: Client) -> None:
    cast, (item, digest, pushback) = client.cast, await blocked(client.cast)
    register = """mutation { registerPerson(input: {name: "Bo"}) { ... on PersonSuccess { subject { id } } } }"""
    key = (await client.ask(cast.ada, register))["registerPerson"]["subject"]["id"]
    await client.token(cast.dora)
    bo = cast.dora.__class__(workspace_id=cast.ada.workspace_id, person_id=key)
    before = await head(client)
    with pytest.raises(NotAuthorised) as raised:
        await cast.do(bo, "grant_sign_off", item, expected_digest=digest, label=Label.READY)
    assert raised.value.position is None
    with pytest.raises(NotAuthorised):
        await cast.do(cast.dora, "withdraw_item", item, why="No")
    assert (await head(client), pushback[:3]) == (before, "pbk")


OVERRIDE: Final = """mutation($pushback: ID!, $why: String!) { proposeOverride(input: {pushback: $pushback,
  concernRestated: "You fear the volumes", rationale: $why}) { ... on PushbackSuccess { subject { id } }
  ... on Refusal { code recordedPosition } } }"""


async def test_who_goes_ahead_without_the_power_to_is_told_and_it_is_recorded(client: Client) -> None:
    cast, (item, _, pushback) = client.cast, await blocked(client.cast)
    said = {"pushback": pushback, "why": "The fair is on Monday"}
    refused = (await client.ask(cast.dora, OVERRIDE, **said))["proposeOverride"]
    assert refused == {"code": "NOT_AUTHORISED", "recordedPosition": refused["recordedPosition"]}
    (node,) = (await client.ask(cast.arno, READ, item=item))["refusals"]["nodes"]
    assert (node["command"], node["code"], node["label"]) == ("propose_override", "NOT_AUTHORISED", None)
    slip = (await client.ask(cast.paula, OVERRIDE, pushback=pushback, why=" "))["proposeOverride"]
    assert slip == {"code": "WHY_REQUIRED", "recordedPosition": None}


GATES: Final = """query($item: ID!) { refusals(item: $item, first: 10) { nodes {
  command code thing overriddenSince { nodes { id } } } } }"""


async def refused_at(client: Client, who: Asker, name: str, on: str, **said: Any) -> tuple[str, str]:
    """With what somebody is refused at a gate, which is recorded."""
    with pytest.raises(Refused) as raised:
        await client.cast.do(who, name, on, **said)
    assert raised.value.position == await head(client)
    await client.backend.projector.catch_up(who.workspace_id)
    return name, raised.value.code


async def test_an_override_is_a_gate_at_each_step_and_what_was_overridden_later_is_shown(client: Client) -> None:
    cast, (item, digest, pushback) = client.cast, await blocked(client.cast)
    away = {"concern_restated": "No volumes", "rationale": "The fair is tomorrow", "emergency": True}
    met = [
        await refused_at(client, cast.dora, "grant_sign_off", item, expected_digest=digest, label=Label.READY),
        await refused_at(client, cast.dora, "propose_override", pushback, **away),
    ]
    await cast.do(cast.paula, "propose_override", pushback, **away)
    met.append(await refused_at(client, cast.paula, "second_emergency_override", pushback))
    await cast.do(cast.tom, "second_emergency_override", pushback)
    met.append(await refused_at(client, cast.tom, "ratify_override", pushback))
    seen = (await client.ask(cast.arno, GATES, item=item))["refusals"]["nodes"][::-1]
    assert [(one["command"], one["code"]) for one in seen] == met
    assert [code for _, code in met] == ["OPEN_BLOCKING_PUSHBACK", "NOT_AUTHORISED", "OWN_OVERRIDE", "OWN_OVERRIDE"]
    assert [one["thing"] for one in seen] == [None, pushback, pushback, pushback]
    later = [[each["id"] for each in one["overriddenSince"]["nodes"]] for one in seen]
    assert later == [[pushback], [pushback], [pushback], []]


async def test_ruling_is_a_gate(client: Client) -> None:
    cast, (item, _, pushback) = client.cast, await blocked(client.cast)
    workspace, chief = stream_key("wsp", cast.ada.workspace_id), Role.CHIEF_PRODUCT_OWNER
    await cast.do(cast.ada, "assign_workspace_role", workspace, person=cast.tom.person_id, role=chief)
    await cast.do(cast.arno, "escalate_pushback", pushback, why="We do not agree")
    ruling = {"ruling": Ruling.UPHELD, "rationale": "Because"}
    met = await refused_at(client, cast.arno, "rule_on_escalation", pushback, **ruling)
    (seen,) = (await client.ask(cast.paula, GATES, item=item))["refusals"]["nodes"]
    assert (seen["command"], seen["code"], seen["thing"]) == (*met, pushback)
