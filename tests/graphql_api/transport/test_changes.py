"""Following a pushback, a round, or what waits for a person, over a socket: once, in order, on from where one was."""

from typing import Any, Final

from infra.deciding import Asker
from tests.graphql_api.client import Client
from tests.graphql_api.journeys.test_attention import assignment
from tests.graphql_api.journeys.test_journey import draft, raised
from tests.graphql_api.journeys.test_rounds import OPEN, second_developer
from tests.graphql_api.journeys.test_rounds import told as round_told
from tests.graphql_api.socket import Socket

PUSHBACK: Final = """subscription($p: ID, $i: ID, $t: ID, $after: Position) {
  pushbackChanged(pushback: $p, item: $i, team: $t, after: $after) {
    position event { kind actor { name } } pushback { id state turn { name } } } }"""
PROGRESS: Final = """subscription($r: ID, $i: ID, $after: Position) {
  roundProgress(round: $r, item: $i, after: $after) { position
    event { kind actor { name } ... on VoteCast { round { number } } }
    round { id state votedIds missingIds points votes { nodes { points } } } } }"""
ATTENTION: Final = """subscription($who: ID, $after: Position) { attentionChanged(person: $who, after: $after) {
  position event { kind } person { name attention { totalCount nodes { rule } } } } }"""


async def told(client: Client, asker: Asker, query: str, count: int, /, **variables: Any) -> list[Any]:
    """So many changes, each on a connection of its own that is dropped and resumed after the last position."""
    found: list[Any] = []
    for _ in range(count):
        async with Socket.open(client.port) as socket:
            await socket.enter(await client.token(asker))
            await socket.ask("a", query, **variables)
            (change,) = (await socket.next()).values()
            await socket.drop()
        found.append(change)
        variables["after"] = change["position"]
    return found


async def opened(client: Client, item: str) -> str:
    """The id of a round that Paula opens."""
    return str((await round_told(client, client.cast.paula, OPEN, item=item))["id"])


async def test_a_pushback_is_followed_from_its_raising_to_its_end_across_connections(client: Client) -> None:
    cast, item = client.cast, (await draft(client))["id"]
    pushback = (await raised(client, item))["id"]
    await raised(client, item, "Another concern")
    await cast.do(cast.paula, "answer_pushback", pushback, text="Ten million a day")
    await cast.do(cast.arno, "settle_pushback", pushback)
    changes = await told(client, cast.dora, PUSHBACK, 3, p=pushback, after=0)
    assert [change["event"]["kind"] for change in changes] == [
        "PushbackRaised",
        "PushbackResponded",
        "PushbackAnswered",
    ]
    assert {change["pushback"]["id"] for change in changes} == {pushback}
    assert (changes[2]["pushback"]["state"], changes[2]["event"]["actor"]) == ("CLOSED", {"name": "Arno"})


async def test_an_item_s_and_a_team_s_pushbacks_are_followed_without_those_of_others(client: Client) -> None:
    cast, item, other = client.cast, (await draft(client))["id"], (await draft(client, "Other"))["id"]
    keys = [(await raised(client, each, f"Concern {n}"))["id"] for n, each in enumerate((other, item, other, item))]
    on_item = await told(client, cast.dora, PUSHBACK, 2, i=item, after=0)
    assert [change["pushback"]["id"] for change in on_item] == [keys[1], keys[3]]
    in_team = await told(client, cast.dora, PUSHBACK, 4, t=cast.team, after=0)
    assert [change["pushback"]["id"] for change in in_team] == keys
    empty = (await cast.do(cast.ada, "form_team", name="Empty")).subject_id
    async with Socket.open(client.port) as socket:
        await socket.enter(await client.token(cast.dora))
        await socket.ask("a", PUSHBACK, t=empty, after=0)
        await socket.ask("b", PUSHBACK, i=item, after=on_item[-1]["position"])
        last = (await raised(client, item, "A last one"))["id"]
        message = await socket.hear()
    assert (message["id"], message["payload"]["data"]["pushbackChanged"]["pushback"]["id"]) == ("b", last)


async def test_a_round_is_followed_across_connections_and_says_who_voted_and_never_what(client: Client) -> None:
    cast, item, other = client.cast, (await draft(client))["id"], (await draft(client, "Other"))["id"]
    arno = await second_developer(cast)
    first, key = [await opened(client, each) for each in (other, item)]
    await cast.do(cast.dora, "cast_vote", first, points=1.0)
    await cast.do(cast.dora, "cast_vote", key, points=5.0)
    before = await told(client, cast.paula, PROGRESS, 2, r=key, after=0)
    assert [change["event"] for change in before] == [
        {"kind": "EstimationRoundOpened", "actor": {"name": "Paula"}},
        {"kind": "VoteCast", "actor": {"name": "Dora"}, "round": {"number": 1}},
    ]
    hidden: dict[str, Any] = {"state": "OPEN", "points": None, "votes": {"nodes": []}}
    voted = {"id": key, "votedIds": [cast.dora.person_id], "missingIds": [arno.person_id]}
    assert [change["round"] for change in before] == [hidden | voted] * 2
    await raised(client, item)
    await cast.do(arno, "cast_vote", key, points=8.0)
    await cast.do(cast.paula, "reveal_votes", key)
    await cast.do(cast.paula, "conclude_round", key)
    after = await told(client, cast.paula, PROGRESS, 3, i=item, after=before[-1]["position"])
    assert [change["event"]["kind"] for change in after] == ["VoteCast", "VotesRevealed", "RoundConcluded"]
    assert {change["round"]["id"] for change in after} == {key}
    assert (after[-1]["round"]["state"], after[-1]["round"]["missingIds"]) == ("AGREED", [])


async def test_who_follows_their_attention_hears_of_what_comes_and_goes_and_of_nothing_else(client: Client) -> None:
    cast, item = client.cast, (await draft(client))["id"]
    start = await client.backend.ledger.head(cast.ada.workspace_id)
    pushback = (await raised(client, item))["id"]
    await cast.do(cast.arno, "sort_pushback", pushback, reason="TOO_LARGE")
    await cast.do(cast.paula, "answer_pushback", pushback, text="Ten million a day")
    await cast.do(cast.arno, "reject_answer", pushback, why="For how long?")
    own = await told(client, cast.paula, ATTENTION, 3, after=start)
    kinds = ["PushbackRaised", "PushbackResponded", "PushbackVerificationRejected"]
    assert [change["event"]["kind"] for change in own] == kinds
    waiting = {"totalCount": 1, "nodes": [{"rule": "ANSWER_PUSHBACK"}]}
    assert own[2]["person"] == {"name": "Paula", "attention": waiting}
    theirs = await told(client, cast.dora, ATTENTION, 2, who=cast.arno.person_id, after=start)
    assert [change["event"]["kind"] for change in theirs] == kinds[1:]


async def test_a_role_that_ends_brings_its_turns_to_the_next_and_both_hear_of_it(client: Client) -> None:
    cast, item = client.cast, (await draft(client))["id"]
    await cast.do(cast.paula, "answer_pushback", (await raised(client, item))["id"], text="Ten million a day")
    role = await assignment(client, cast.arno)
    start = await client.backend.ledger.head(cast.ada.workspace_id)
    await cast.do(cast.ada, "end_role", role)
    for who, count in ((cast.arno, 0), (cast.paula, 1)):
        (change,) = await told(client, cast.paula, ATTENTION, 1, who=who.person_id, after=start)
        assert (change["event"]["kind"], change["position"]) == ("RoleAssignmentEnded", start + 1)
        assert change["person"]["attention"]["totalCount"] == count
