"""Attention through the API: what waits for whom, since when and by which rule, and to whom it falls in absence."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from domain.entry import ActorKind
from domain.events.people import Mode, PersonKind, Power, Role
from domain.ids import PersonId
from infra.deciding import Asker
from infra.people.registration import register_person
from infra.uuid7 import uuid7
from tests.cast import Cast
from tests.graphql_api.client import Client
from tests.graphql_api.journeys.test_journey import draft, raised
from tests.graphql_api.journeys.test_questions import asked

ATTENTION: Final = """query($me: ID!, $then: AsOf) { attention(person: $me, first: 10, asOf: $then) { totalCount nodes {
  rule since given { kind } roles person { name } people { nodes { name } }
  pushback { statement } question { text } item { title } team { name } } } }"""


async def waiting(client: Client, who: Asker, then: Any = None) -> Any:
    """What waits for a person, longest first."""
    await client.backend.projector.catch_up(who.workspace_id)
    return (await client.ask(who, ATTENTION, me=who.person_id, then=then))["attention"]["nodes"]


async def rules(client: Client, who: Asker) -> list[str]:
    """What a person is asked to do."""
    return [turn["rule"] for turn in await waiting(client, who)]


async def assignment(client: Client, who: Asker) -> str:
    """The id of the role that somebody holds."""
    query = "query($p: ID!) { person(id: $p) { assignments { nodes { id } } } }"
    seen = await client.ask(client.cast.ada, query, p=who.person_id)
    return str(seen["person"]["assignments"]["nodes"][0]["id"])


async def test_what_is_raised_or_asked_waits_for_the_items_side_and_comes_back_with_the_answer(client: Client) -> None:
    cast, item = client.cast, (await draft(client))["id"]
    pushback = (await raised(client, item))["id"]
    await asked(client, item)
    first, second = await waiting(client, cast.paula)
    assert (first["rule"], first["pushback"]) == ("ANSWER_PUSHBACK", {"statement": "No volumes are given"})
    assert (second["rule"], second["question"]) == ("ANSWER_QUESTION", {"text": "How many a day?"})
    assert (first["item"], first["team"]) == ({"title": "Keep listening data"}, {"name": "Player"})
    assert (first["given"], first["roles"]) == ({"kind": "PushbackRaised"}, ["PRODUCT_OWNER"])
    assert (first["person"], first["people"]) == ({"name": "Paula"}, {"nodes": [{"name": "Paula"}]})
    assert await waiting(client, cast.arno) == []
    await cast.do(cast.paula, "answer_pushback", pushback, text="Ten million a day")
    assert await rules(client, cast.paula) == ["ANSWER_QUESTION"]
    assert await rules(client, cast.arno) == ["SETTLE_PUSHBACK"]
    await cast.do(cast.arno, "settle_pushback", pushback)
    assert await rules(client, cast.arno) == []


async def test_the_turn_of_who_has_left_falls_to_the_next_who_is_there_and_as_of_then_it_was_theirs(
    client: Client,
) -> None:
    cast, item = client.cast, (await draft(client))["id"]
    said = {"concern_restated": "Too much to keep", "rationale": "The law"}
    await cast.do(cast.paula, "propose_override", (await raised(client, item))["id"], **said)
    (turn,) = await waiting(client, cast.arno)
    then = {"position": await client.backend.ledger.head(cast.ada.workspace_id)}
    await cast.do(cast.ada, "end_role", await assignment(client, cast.arno))
    assert await waiting(client, cast.arno) == []
    (fallen,) = await waiting(client, cast.ada)
    assert (fallen["person"], fallen["people"]) == ({"name": "Arno"}, {"nodes": [{"name": "Ada"}]})
    assert (fallen["since"], fallen["rule"]) == (turn["since"], turn["rule"])
    await cast.do(cast.ada, "assign_role", cast.team, person=cast.dora.person_id, role=Role.SCRUM_MASTER)
    assert await rules(client, cast.ada) == []
    assert await rules(client, cast.dora) == ["REPLY_TO_OVERRIDE"]
    await cast.do(cast.ada, "assign_role", cast.team, person=cast.tom.person_id, role=Role.ARCHITECT)
    assert await rules(client, cast.dora) == ["REPLY_TO_OVERRIDE"], "a peer of the raiser cannot reply"
    assert await rules(client, cast.tom) == []
    assert await waiting(client, cast.arno, then) == [turn]
    assert await waiting(client, cast.dora, then) == []


async def test_where_the_raiser_has_left_the_item_s_side_is_asked_who_may_concede(client: Client) -> None:
    cast, item = client.cast, (await draft(client))["id"]
    pushback = (await raised(client, item))["id"]
    await cast.do(cast.paula, "answer_pushback", pushback, text="Ten million a day")
    await cast.do(cast.ada, "assign_role", cast.team, person=cast.tom.person_id, role=Role.ARCHITECT)
    await cast.do(cast.ada, "end_role", await assignment(client, cast.arno))
    assert await rules(client, cast.tom) == []
    assert await rules(client, cast.paula) == ["SETTLE_PUSHBACK"]
    await cast.do(cast.paula, "concede_pushback", pushback, consequence="We keep a week of it")
    assert await rules(client, cast.paula) == []


async def test_a_turn_falls_to_nobody_whose_mandate_does_not_cover_the_item(client: Client) -> None:
    cast, item, other = client.cast, (await draft(client))["id"], (await draft(client))["id"]
    mandate = {"mode": Mode.INFORMAL, "items": (other,)}
    await cast.do(cast.ada, "assign_role", cast.team, person=cast.dora.person_id, role=Role.SCRUM_MASTER, **mandate)
    for on in (item, other):
        await raised(client, on)
    away = {"until": datetime.now(UTC) + timedelta(days=3)}
    await cast.do(cast.paula, "declare_absence", cast.paula.person_id, **away)
    assert await rules(client, cast.ada) == ["ANSWER_PUSHBACK"]
    assert await rules(client, cast.dora) == ["ANSWER_PUSHBACK"]
    (turn,) = await waiting(client, cast.dora)
    assert turn["people"] == {"nodes": [{"name": "Dora"}]}


async def test_a_turn_stands_at_its_thing_its_item_its_team_and_its_person(client: Client) -> None:
    cast, item = client.cast, (await draft(client))["id"]
    pushback = (await raised(client, item))["id"]
    query = """query($p: ID!, $i: ID!, $t: ID!) { pushback(id: $p) { waitsFor { id rule } }
      item(id: $i) { turns { nodes { id } } } team(id: $t) { turns(rule: ANSWER_PUSHBACK) { nodes { id } } }
      turns(team: $t, first: 5) { nodes { id } } viewer { person { attention { nodes { id } } } } }"""
    seen = await client.ask(cast.paula, query, p=pushback, i=item, t=cast.team)
    turn = seen["pushback"]["waitsFor"]
    assert turn["rule"] == "ANSWER_PUSHBACK"
    found = [seen["item"]["turns"], seen["team"]["turns"], seen["turns"], seen["viewer"]["person"]["attention"]]
    assert found == [{"nodes": [{"id": turn["id"]}]}] * 4
    assert (await client.ask(cast.paula, "query($t: ID!) { node(id: $t) { __typename } }", t=turn["id"])) == {
        "node": {"__typename": "Turn"}
    }
    await cast.do(cast.arno, "withdraw_pushback", pushback)
    await client.backend.projector.catch_up(cast.ada.workspace_id)
    seen = await client.ask(cast.paula, query, p=pushback, i=item, t=cast.team)
    assert (seen["pushback"]["waitsFor"], seen["turns"]) == (None, {"nodes": []})


async def test_a_service_is_never_waited_for(client: Client) -> None:
    cast, item = client.cast, (await draft(client))["id"]
    said = {"name": "Linter", "kind": PersonKind.SERVICE}
    bot = await register_person(client.backend.deciding, client.backend.ledger, cast.ada, uuid7(), said)
    await cast.do(cast.ada, "assign_role", cast.team, person=bot.subject_id, role=Role.DEVELOPER)
    acting = Asker(workspace_id=cast.ada.workspace_id, person_id=PersonId(bot.subject_id), kind=ActorKind.SERVICE)
    done = await cast.do(acting, "raise_pushback", item, statement="Twelve links are dead")
    await cast.do(cast.paula, "answer_pushback", done.subject_id, text="Mended")
    assert await waiting(client, acting) == []
    assert await rules(client, cast.dora) == []
    assert await rules(client, cast.paula) == ["SETTLE_PUSHBACK"]


async def test_a_withdrawn_item_leaves_the_backlog_and_is_found_by_its_status(client: Client) -> None:
    cast, item = client.cast, (await draft(client))["id"]
    kept = (await draft(client, "Keep it"))["id"]
    await cast.do(cast.paula, "withdraw_item", item, why="Nobody wants it")
    await client.backend.projector.catch_up(cast.ada.workspace_id)
    query = """query($t: ID!, $s: ItemStatus) { backlog(team: $t, status: $s, first: 5) { totalCount nodes { id } }
      team(id: $t) { backlog(status: $s) { nodes { id } } } items(first: 5) { totalCount } }"""
    shown = await client.ask(cast.dora, query, t=cast.team)
    assert (shown["backlog"]["nodes"], shown["team"]["backlog"]["nodes"]) == ([{"id": kept}], [{"id": kept}])
    assert (shown["backlog"]["totalCount"], shown["items"]["totalCount"]) == (1, 2)
    gone = await client.ask(cast.dora, query, t=cast.team, s="WITHDRAWN")
    assert (gone["backlog"]["nodes"], gone["team"]["backlog"]["nodes"]) == ([{"id": item}], [{"id": item}])


async def test_what_two_people_disagree_on_whoever_of_them_raised_it_and_in_which_roles(client: Client) -> None:
    cast = client.cast
    theirs = (await raised(client, (await draft(client))["id"]))["id"]
    own = (await cast.do(cast.arno, "draft_item", team=cast.team, title="Split the player")).subject_id
    mine = (await cast.do(cast.paula, "raise_pushback", own, statement="Nobody asked for it")).subject_id
    await cast.do(cast.dora, "raise_pushback", own, statement="Too large")
    await client.backend.projector.catch_up(cast.ada.workspace_id)
    query = """query($a: ID!, $b: ID!, $role: String) {
      disagreements(person: $a, other: $b, raiserRole: $role, first: 5) {
        totalCount nodes { id raiserRole authorRole } } }"""
    both = (cast.paula.person_id, cast.arno.person_id)
    for one, other in (both, both[::-1]):
        seen = (await client.ask(cast.dora, query, a=one, b=other))["disagreements"]
        assert [told["id"] for told in seen["nodes"]] == [mine, theirs]
        assert seen["nodes"][0] == {"id": mine, "raiserRole": "PRODUCT_OWNER", "authorRole": "ARCHITECT"}
    as_architect = (await client.ask(cast.dora, query, a=both[0], b=both[1], role="ARCHITECT"))["disagreements"]
    assert [told["id"] for told in as_architect["nodes"]] == [theirs]
    pair = {"a": cast.dora.person_id, "b": cast.paula.person_id}
    before = (await client.ask(cast.dora, query, **pair))["disagreements"]
    await cast.do(cast.dora, "join_pushback", theirs)
    await client.backend.projector.catch_up(cast.ada.workspace_id)
    joined = (await client.ask(cast.dora, query, **pair))["disagreements"]
    assert joined["totalCount"] == before["totalCount"] + 1
    assert theirs in [told["id"] for told in joined["nodes"]], "it is the concern of who joined too"
    nobody = (await client.ask(cast.dora, query, a=cast.dora.person_id, b=cast.tom.person_id))["disagreements"]
    assert nobody["totalCount"] == 0


async def test_the_turn_of_who_is_away_is_that_of_who_stands_in_and_theirs_again_when_they_are_back(
    client: Client,
) -> None:
    cast, item = client.cast, (await draft(client))["id"]
    await raised(client, item)
    until = datetime.now(UTC) + timedelta(days=9)
    lent = {"person": cast.tom.person_id, "powers": (Power.OWN_FUNCTIONAL_ITEMS,), "ends_at": until, "why": "Leave"}
    await cast.do(cast.paula, "grant_delegation", cast.team, **lent)
    assert await waiting(client, cast.tom) == []
    await cast.do(cast.paula, "declare_absence", cast.paula.person_id, until=until)
    assert await waiting(client, cast.paula) == []
    (turn,) = await waiting(client, cast.tom)
    assert (turn["person"], turn["people"]) == ({"name": "Paula"}, {"nodes": [{"name": "Tom"}]})
    await cast.do(cast.tom, "declare_absence", cast.tom.person_id, until=until)
    await cast.do(cast.ada, "declare_absence", cast.ada.person_id, until=until)
    assert await rules(client, cast.ada) == ["ANSWER_PUSHBACK"], "never nobody, though everybody is away"
    await cast.do(cast.paula, "end_absence", cast.paula.person_id)
    assert await rules(client, cast.paula) == ["ANSWER_PUSHBACK"]


async def lends(cast: Cast, lender: Asker, to: Asker, *powers: Power) -> None:
    """Somebody lets another use these powers while they are away."""
    until = datetime.now(UTC) + timedelta(days=3)
    term = {"ends_at": until, "why": "I am in the hills"}
    await cast.do(lender, "grant_delegation", cast.team, person=to.person_id, powers=powers, **term)
    await cast.do(lender, "declare_absence", lender.person_id, until=until)


async def test_a_round_waits_for_who_stands_in_for_its_opener_and_they_can_go_on_with_it(client: Client) -> None:
    cast, item = client.cast, (await draft(client))["id"]
    opened = (await cast.do(cast.paula, "open_round", item)).subject_id
    await cast.do(cast.dora, "cast_vote", opened, points=5.0)
    assert await rules(client, cast.paula) == ["REVEAL_VOTES"]
    await lends(cast, cast.paula, cast.arno, Power.FACILITATE_ROUNDS)
    assert await rules(client, cast.arno) == ["REVEAL_VOTES"]
    assert (await rules(client, cast.paula), await rules(client, cast.tom)) == ([], [])
    await cast.do(cast.arno, "reveal_votes", opened)
    assert await rules(client, cast.arno) == ["CONCLUDE_ROUND"]
    done = await cast.do(cast.arno, "conclude_round", opened)
    assert done.entries[0].act.on_behalf_of == cast.paula.person_id
    assert await rules(client, cast.arno) == []


async def test_a_vote_is_not_waited_for_from_who_may_no_longer_estimate(client: Client) -> None:
    cast, item = client.cast, (await draft(client))["id"]
    opened = (await cast.do(cast.paula, "open_round", item)).subject_id
    await cast.do(cast.ada, "assign_role", cast.team, person=cast.dora.person_id, role=Role.STAKEHOLDER)
    assert await rules(client, cast.dora) == ["VOTE"]
    await cast.do(cast.ada, "end_role", await assignment(client, cast.dora))
    assert (await rules(client, cast.dora), await rules(client, cast.paula)) == ([], ["VOTE"])
    await cast.do(cast.paula, "reveal_votes", opened, without_missing=True)
    assert await rules(client, cast.paula) == ["CONCLUDE_ROUND"]


async def test_where_both_sides_are_away_who_stands_in_for_the_items_side_is_asked_and_may_concede(
    client: Client,
) -> None:
    cast, item = client.cast, (await draft(client))["id"]
    pushback = (await raised(client, item))["id"]
    await cast.do(cast.paula, "answer_pushback", pushback, text="Ten million a day")
    await lends(cast, cast.paula, cast.dora, Power.OWN_FUNCTIONAL_ITEMS)
    await cast.do(cast.arno, "declare_absence", cast.arno.person_id, until=datetime.now(UTC) + timedelta(days=3))
    assert await rules(client, cast.dora) == ["SETTLE_PUSHBACK"]
    await cast.do(cast.dora, "concede_pushback", pushback, consequence="We keep a week of it")
    assert await rules(client, cast.dora) == []
