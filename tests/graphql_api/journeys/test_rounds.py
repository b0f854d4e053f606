"""Estimating together through the API: a round opened, voted in, revealed, concluded, and what becomes of the item."""

from typing import Any

from domain.events.item import ItemKind
from infra.deciding import Asker
from tests.cast import Cast
from tests.graphql_api.client import Client
from tests.graphql_api.journeys.test_journey import REVISE, draft

ROUND = """... on EstimationRoundSuccess { subject { id number state points electorateIds votedIds missingIds
    turn { name } scale consensus unmet votes { nodes { voter { name } kind points missing rationale } }
    item { points openRound { id } } pushback { id stance statement liftsWhen raiser { name } round { number } }
    estimate { points round { number } } } events { __typename } }
  ... on Refusal { code path unmet suggested }"""
OPEN = f"mutation($item: ID!) {{ openRound(input: {{item: $item}}) {{ {ROUND} }} }}"
VOTE = f"""mutation($round: ID!, $kind: VoteKind! = VALUE, $points: Float, $missing: String) {{
  castVote(input: {{round: $round, kind: $kind, points: $points, missing: $missing}}) {{ {ROUND} }} }}"""
REVEAL = f"mutation($round: ID!) {{ revealVotes(input: {{round: $round}}) {{ {ROUND} }} }}"
EXPLAIN = f"""mutation($round: ID!, $text: String!) {{
  giveRationale(input: {{round: $round, text: $text}}) {{ {ROUND} }} }}"""
CONCLUDE = f"mutation($round: ID!) {{ concludeRound(input: {{round: $round}}) {{ {ROUND} }} }}"
LINK = """mutation($item: ID!, $spike: ID!) { linkSpike(input: {item: $item, spike: $spike}) {
  ... on ItemSuccess { subject { loop { reasons counts waysOut } } } ... on Refusal { code } } }"""
CANNOT: dict[str, Any] = {"kind": "CANNOT_ESTIMATE", "missing": "The volumes"}


async def told(client: Client, who: Asker, mutation: str, **said: Any) -> Any:
    """What a mutation on a round answers: its subject, or the refusal."""
    (answer,) = (await client.ask(who, mutation, **said)).values()
    return answer.get("subject", answer)


async def second_developer(cast: Cast) -> Asker:
    """The architect develops, too."""
    await cast.do(cast.ada, "assign_role", cast.team, person=cast.arno.person_id, role="DEVELOPER")
    return cast.arno


async def test_votes_are_seen_when_all_are_and_what_they_agree_on_is_the_estimate(client: Client) -> None:
    cast, item = client.cast, await draft(client)
    arno = await second_developer(cast)
    opened = await told(client, cast.paula, OPEN, item=item["id"])
    assert opened["item"]["openRound"] == {"id": opened["id"]}
    assert (opened["state"], opened["turn"], opened["unmet"], opened["scale"][:4]) == ("OPEN", None, [], [0, 0.5, 1, 2])
    voted = await told(client, cast.dora, VOTE, round=opened["id"], points=5)
    assert (voted["votedIds"], voted["missingIds"]) == ([cast.dora.person_id], [arno.person_id])
    assert voted["votes"] == {"nodes": []}
    early = await told(client, cast.paula, REVEAL, round=opened["id"])
    assert (early["code"], early["unmet"]) == ("NOT_ALL_VOTED", [arno.person_id])
    assert (await told(client, arno, VOTE, round=opened["id"], points=8))["turn"] == {"name": "Paula"}
    revealed = await told(client, cast.paula, REVEAL, round=opened["id"])
    assert {vote["voter"]["name"]: vote["points"] for vote in revealed["votes"]["nodes"]} == {"Dora": 5, "Arno": 8}
    explained = await told(client, arno, EXPLAIN, round=opened["id"], text="The old index")
    assert [vote["rationale"] for vote in explained["votes"]["nodes"]] == [None, "The old index"]
    ended = await told(client, cast.paula, CONCLUDE, round=opened["id"])
    assert (ended["state"], ended["points"], ended["estimate"]) == ("AGREED", 8, {"points": 8, "round": {"number": 1}})
    assert ended["item"] == {"points": 8, "openRound": None}


async def not_estimable(client: Client, item: str) -> Any:
    opened = await told(client, client.cast.dora, OPEN, item=item)
    await told(client, client.cast.dora, VOTE, round=opened["id"], **CANNOT)
    await told(client, client.cast.dora, REVEAL, round=opened["id"])
    return await told(client, client.cast.paula, CONCLUDE, round=opened["id"])


async def test_who_cannot_estimate_blocks_the_item_and_content_that_failed_is_not_asked_again(client: Client) -> None:
    cast, item = client.cast, await draft(client)
    ended = await not_estimable(client, item["id"])
    assert (ended["state"], ended["points"]) == ("NOT_ESTIMABLE", None)
    raised = {"stance": "BLOCKING", "liftsWhen": "The volumes", "raiser": {"name": "Dora"}, "round": {"number": 1}}
    assert raised.items() <= ended["pushback"].items()
    again = await told(client, cast.paula, OPEN, item=item["id"])
    assert (again["code"], again["suggested"]) == ("ROUND_ON_UNCHANGED_REVISION", ["reviseItem"])


async def test_a_loop_is_said_and_left_by_a_spike(client: Client) -> None:
    cast, item = client.cast, await draft(client)
    for why in ("Law", "A new law"):
        await not_estimable(client, item["id"])
        revised = await client.ask(cast.paula, REVISE, item=item["id"], digest=item["digest"], why=why)
        item["digest"] = revised["reviseItem"]["subject"]["digest"]
    looping = (
        "query($i: ID!) { item(id: $i) { rounds { totalCount } loop { reasons counts waysOut round { number } } } }"
    )
    seen = (await client.ask(cast.dora, looping, i=item["id"]))["item"]
    assert seen["rounds"] == {"totalCount": 2}
    loop = {"reasons": ["MISSING_INFORMATION"], "counts": [2], "waysOut": ["SPIKE", "THREE_AMIGOS", "SPLIT"]}
    assert seen["loop"] == {**loop, "round": {"number": 2}}
    third = await told(client, cast.paula, OPEN, item=item["id"])
    assert third["unmet"] == ["LOOP_IS_LEFT_FIRST"]
    spike = (await cast.do(cast.dora, "draft_item", team=cast.team, title="Count them", kind=ItemKind.SPIKE)).subject_id
    assert await told(client, cast.dora, LINK, item=item["id"], spike=spike) == {"loop": None}


async def test_a_revision_supersedes_a_round(client: Client) -> None:
    cast, item = client.cast, await draft(client)
    opened = await told(client, cast.paula, OPEN, item=item["id"])
    await client.ask(cast.paula, REVISE, item=item["id"], digest=item["digest"], why="Otherwise")
    late = await told(client, cast.dora, VOTE, round=opened["id"], points=3)
    assert late["code"] == "ROUND_ENDED"
    query = """query($r: ID!) { round(id: $r) { state
      ended { __typename ... on RoundSuperseded { byRevision { number } } } } }"""
    ended = {"__typename": "RoundSuperseded", "byRevision": {"number": 2}}
    assert (await client.ask(cast.dora, query, r=opened["id"]))["round"] == {"state": "SUPERSEDED", "ended": ended}


async def test_a_round_waits_for_who_has_not_voted_then_for_who_opened_it(client: Client) -> None:
    cast, item = client.cast, await draft(client)
    arno = await second_developer(cast)
    query = "query($p: ID!) { attention(person: $p, first: 9) { nodes { rule round { number } } } }"

    async def rules() -> list[list[str]]:
        seen = [(await client.ask(who, query, p=who.person_id))["attention"] for who in (cast.dora, arno, cast.paula)]
        return [[turn["rule"] for turn in page["nodes"] if turn["round"]] for page in seen]

    opened = await told(client, cast.paula, OPEN, item=item["id"])
    assert await rules() == [["VOTE"], ["VOTE"], []]
    await told(client, cast.dora, VOTE, round=opened["id"], points=5)
    assert await rules() == [[], ["VOTE"], []]
    await told(client, arno, VOTE, round=opened["id"], points=5)
    assert await rules() == [[], [], ["REVEAL_VOTES"]]
    await told(client, cast.paula, REVEAL, round=opened["id"])
    assert await rules() == [[], [], ["CONCLUDE_ROUND"]]
    await told(client, cast.paula, CONCLUDE, round=opened["id"])
    assert await rules() == [[], [], []]


async def test_what_each_may_do_with_a_round(client: Client) -> None:
    cast, item = client.cast, await draft(client)
    opened = await told(client, cast.paula, OPEN, item=item["id"])
    query = "query($r: ID!) { availableActions(on: $r) { mutation } }"
    offered = {}
    for name in ("arno", "paula", "dora"):
        seen = await client.ask(getattr(cast, name), query, r=opened["id"])
        offered[name] = {action["mutation"] for action in seen["availableActions"]}
    facilitating = {"revealVotes", "cancelRound"}
    assert offered == {"arno": set(), "paula": facilitating, "dora": facilitating | {"castVote"}}
