"""What policy says somewhere, and what is missing for an item to be ready: decided by rules, also as of then."""

from typing import Any, Final

import pytest

from domain.policy import SETTINGS, Level, Rule, Settings
from graphql_api.types.fields import camel
from tests.graphql_api.client import Client

HELD: Final = """query($team: ID, $track: Track, $asOf: AsOf) { policy(team: $team, track: $track, asOf: $asOf) {
  rules { rule sentence level isLocked setBy { number track why team { name } } }
  settings { name value description setBy { number why } } } }"""
READY: Final = "query($item: ID!, $asOf: AsOf) { readiness(item: $item, asOf: $asOf) { name status } }"
SIGNED, DONE_BY = Rule.AUTHOR_DOES_NOT_SIGN, Rule.IMPLEMENTER_DOES_NOT_SIGN


async def held(client: Client, **asked: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """The rules and the settings by name, once what was done is folded."""
    await client.backend.projector.catch_up(client.cast.ada.workspace_id, 10)
    found = (await client.ask(client.cast.dora, HELD, **asked))["policy"]
    return {told["rule"]: told for told in found["rules"]}, {told["name"]: told for told in found["settings"]}


def settings(**values: Any) -> Settings:
    return Settings(**values)


async def head(client: Client) -> int:
    return await client.backend.ledger.head(client.cast.ada.workspace_id)


async def test_where_nobody_decided_everything_is_as_it_comes(client: Client) -> None:
    rules, chosen = await held(client, team=client.cast.team)
    assert set(rules) == set(Rule)
    assert list(chosen) == [camel(name) for name in SETTINGS]
    assert all(told["setBy"] is None for told in (*rules.values(), *chosen.values()))
    assert (rules[DONE_BY]["level"], rules[DONE_BY]["sentence"][:6]) == (Level.REQUIRE, "Nobody")
    assert chosen["recordedRefusalsMax"]["value"] == "20"


async def test_each_rule_and_setting_says_who_decided_it(client: Client) -> None:
    cast = client.cast
    said: dict[str, Any] = {"why": "Audit", "require": (SIGNED,), "lock": (SIGNED,)}
    await cast.do(cast.ada, "adopt_workspace_policy", cast.ada.workspace_key, **said)
    await cast.do(cast.paula, "adopt_policy", cast.team, why="We are three", off=(DONE_BY,))
    adopted: dict[str, Any] = {"track": "TECHNICAL", "settings": settings(ready_quorum=2)}
    await cast.do(cast.paula, "adopt_policy", cast.team, why="Risky", **adopted)
    before = await head(client)
    rules, chosen = await held(client, team=cast.team, track="TECHNICAL")
    assert (rules[SIGNED]["level"], rules[SIGNED]["isLocked"]) == (Level.REQUIRE, True)
    assert rules[SIGNED]["setBy"] == {"number": 1, "track": None, "why": "Audit", "team": None}
    assert rules[DONE_BY]["setBy"] == {"number": 1, "track": None, "why": "We are three", "team": {"name": "Player"}}
    assert (chosen["readyQuorum"]["value"], chosen["readyQuorum"]["setBy"]) == ("2", {"number": 1, "why": "Risky"})
    assert (await held(client, team=cast.team))[1]["readyQuorum"]["value"] == "1"
    everybody, _ = await held(client)
    assert (everybody[SIGNED]["level"], everybody[DONE_BY]["level"]) == (Level.REQUIRE, Level.REQUIRE)
    await cast.do(
        cast.paula, "adopt_policy", cast.team, why="Enough", **{**adopted, "settings": settings(ready_quorum=3)}
    )
    assert (await held(client, team=cast.team, track="TECHNICAL"))[1]["readyQuorum"]["value"] == "3"
    assert await held(client, team=cast.team, track="TECHNICAL", asOf={"position": before}) == (rules, chosen)


async def test_readiness_as_of_then_is_what_it_was(client: Client) -> None:
    cast, drafted = client.cast, await client.cast.item()
    item, before = drafted.subject_id, await head(client)
    digest = drafted.entries[0].event.digest  # type: ignore[attr-defined]
    await cast.do(cast.dora, "record_estimate", item, points=3.0, expected_digest=digest)
    await client.backend.projector.catch_up(cast.ada.workspace_id, 10)
    now = {told["name"]: told["status"] for told in (await client.ask(cast.dora, READY, item=item))["readiness"]}
    then = await client.ask(cast.dora, READY, item=item, asOf={"position": before})
    assert (now["ESTIMATE"], {"name": "ESTIMATE", "status": "UNSATISFIED"} in then["readiness"]) == ("SATISFIED", True)
    assert (await client.ask(cast.dora, READY, item=item, asOf={"position": 1}))["readiness"] == []


async def test_before_a_team_was_formed_nothing_holds_there(client: Client) -> None:
    asked: dict[str, Any] = {"team": client.cast.team, "asOf": {"position": 1}}
    assert (await client.ask(client.cast.dora, HELD, **asked))["policy"] is None


@pytest.mark.parametrize("team", ["", "tem_x", "tem_" + "0" * 26])
async def test_a_team_that_is_nowhere_has_none(client: Client, team: str) -> None:
    assert (await client.ask(client.cast.dora, HELD, team=team))["policy"] is None


async def test_beyond_the_last_position_nothing_is_known_yet(client: Client) -> None:
    beyond = {"position": await head(client) + 1}
    item = (await client.cast.item()).subject_id
    assert await client.code(client.cast.dora, HELD, asOf={"position": beyond["position"] + 5}) == "NOT_YET_KNOWN"
    asked: dict[str, Any] = {"item": item, "asOf": {"position": beyond["position"] + 5}}
    assert await client.code(client.cast.dora, READY, **asked) == "NOT_YET_KNOWN"
