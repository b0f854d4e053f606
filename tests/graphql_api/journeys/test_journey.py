"""The main job through the API: what people say about an item, and what they see of it."""

from typing import Any
from uuid import uuid4

from tests.graphql_api.client import Client

DRAFT = """mutation($team: ID!, $title: String!, $track: Track! = FUNCTIONAL) {
  draftItem(input: {team: $team, title: $title, track: $track, criteria: ["Kept for 90 days"]}) {
    ... on ItemSuccess { subject { id digest title criteria rank revision status author { name } team { name } }
                         events { __typename position actor { name } actingRole } position projected }
    ... on Refusal { code message }
  }
}"""
RAISE = """mutation($item: ID!, $statement: String!, $stance: Stance! = ADVISORY, $liftsWhen: String, $id: UUID) {
  raisePushback(input: {item: $item, statement: $statement, stance: $stance, liftsWhen: $liftsWhen, commandId: $id}) {
    ... on PushbackSuccess { position subject { id state stance reason statement turn { name } item { isBlocked } } }
    ... on Refusal { code message path unmet }
  }
}"""
ANSWER = """mutation($pushback: ID!, $text: String!, $fixedIn: ID) {
  answerPushback(input: {pushback: $pushback, text: $text, fixedIn: $fixedIn}) {
    ... on PushbackSuccess { subject { state turn { name } response { __typename } } }
    ... on Refusal { code whoCould { roles people { name } } }
  }
}"""
SETTLE = """mutation($pushback: ID!) { settlePushback(input: {pushback: $pushback}) {
  ... on PushbackSuccess { subject { state outcome turn { name } closed { __typename } } } ... on Refusal { code }
} }"""
REVISE = """mutation($item: ID!, $digest: String!, $why: String, $narrative: String, $editorial: Boolean! = false) {
  reviseItem(input: {item: $item, expectedDigest: $digest, why: $why, narrative: $narrative, editorial: $editorial}) {
    ... on ItemSuccess { subject { digest revision currentRevision { id changeKind changedSections } }
                         events { __typename } }
    ... on Refusal { code current eventsSince { __typename } }
  }
}"""
SIGN = """mutation($item: ID!, $digest: String!, $label: Label!) {
  grantSignOff(input: {item: $item, expectedDigest: $digest, label: $label}) {
    ... on SignOffSuccess { subject { id label state digestSigned actingRole signer { name } item { status } } }
    ... on Refusal { code message unmet current eventsSince { __typename } }
  }
}"""


async def draft(client: Client, title: str = "Keep listening data") -> Any:
    answer = await client.ask(client.cast.paula, DRAFT, team=client.cast.team, title=title)
    return answer["draftItem"]["subject"]


async def raised(client: Client, item: str, statement: str = "No volumes are given") -> Any:
    answer = await client.ask(client.cast.arno, RAISE, item=item, statement=statement)
    return answer["raisePushback"]["subject"]


async def test_a_draft_is_answered_with_what_was_recorded_and_how_it_looks_now(client: Client) -> None:
    cast = client.cast
    answer = (await client.ask(cast.paula, DRAFT, team=cast.team, title="Keep listening data"))["draftItem"]
    assert answer["projected"] is True
    assert answer["subject"]["author"] == {"name": "Paula"}
    assert answer["subject"]["criteria"] == ["Kept for 90 days"]
    assert answer["events"] == [
        {
            "__typename": "ItemDrafted",
            "position": answer["position"],
            "actor": {"name": "Paula"},
            "actingRole": "PRODUCT_OWNER",
        }
    ]


async def test_an_item_and_one_sentence_raise_a_pushback_and_it_is_the_authors_turn(client: Client) -> None:
    item = await draft(client)
    pushback = await raised(client, item["id"])
    assert pushback.pop("id").startswith("pbk_")
    assert pushback == {
        "state": "OPEN",
        "stance": "ADVISORY",
        "reason": "UNSORTED",
        "statement": "No volumes are given",
        "turn": {"name": "Paula"},
        "item": {"isBlocked": False},
    }


async def test_a_block_says_what_would_lift_it(client: Client) -> None:
    item = await draft(client)
    said = {"item": item["id"], "statement": "No volumes are given", "stance": "BLOCKING"}
    refused = (await client.ask(client.cast.arno, RAISE, **said))["raisePushback"]
    assert refused["code"] == "LIFTS_WHEN_REQUIRED"
    assert refused["path"] == ["input", "liftsWhen"]
    blocked = (await client.ask(client.cast.arno, RAISE, **said, liftsWhen="Volumes"))["raisePushback"]["subject"]
    assert blocked["item"] == {"isBlocked": True}


async def test_answered_rejected_claimed_and_settled_by_a_revision(client: Client) -> None:
    cast = client.cast
    item = await draft(client)
    pushback = (await raised(client, item["id"]))["id"]
    answered = (await client.ask(cast.paula, ANSWER, pushback=pushback, text="Ten million"))["answerPushback"][
        "subject"
    ]
    assert (answered["state"], answered["turn"]) == ("RESPONDED", {"name": "Arno"})
    reject = """mutation($p: ID!) { rejectAnswer(input: {pushback: $p, why: "Per day or per year?"}) {
      ... on PushbackSuccess { subject { state turn { name } rejection { why } } } } }"""
    rejected = (await client.ask(cast.arno, reject, p=pushback))["rejectAnswer"]["subject"]
    assert rejected == {"state": "OPEN", "turn": {"name": "Paula"}, "rejection": {"why": "Per day or per year?"}}
    revised = (await client.ask(cast.paula, REVISE, item=item["id"], digest=item["digest"], why="10M a day"))[
        "reviseItem"
    ]
    fixed_in = revised["subject"]["currentRevision"]["id"]
    claimed = await client.ask(cast.paula, ANSWER, pushback=pushback, text="In the text now", fixedIn=fixed_in)
    assert claimed["answerPushback"]["subject"]["state"] == "AWAITING_VERIFICATION"
    settled = (await client.ask(cast.arno, SETTLE, pushback=pushback))["settlePushback"]["subject"]
    closed = {"__typename": "PushbackSettledByRevision"}
    assert settled == {"state": "CLOSED", "outcome": "REVISED", "turn": None, "closed": closed}
    again = (await client.ask(cast.arno, SETTLE, pushback=pushback))["settlePushback"]
    assert again == {"code": "ALREADY_TERMINAL"}


async def test_conceded_and_withdrawn_are_outcomes_too(client: Client) -> None:
    cast = client.cast
    item = (await draft(client))["id"]
    one, two = (await raised(client, item))["id"], (await raised(client, item))["id"]
    concede = """mutation($p: ID!) { concedePushback(input: {pushback: $p, consequence: "We drop the API"}) {
      ... on PushbackSuccess { subject { outcome closed { ... on PushbackConceded { consequence } } } } } }"""
    withdraw = """mutation($p: ID!) { withdrawPushback(input: {pushback: $p}) {
      ... on PushbackSuccess { subject { outcome } } } }"""
    conceded = (await client.ask(cast.paula, concede, p=one))["concedePushback"]["subject"]
    assert conceded == {"outcome": "CONCEDED", "closed": {"consequence": "We drop the API"}}
    assert (await client.ask(cast.arno, withdraw, p=two))["withdrawPushback"] == {"subject": {"outcome": "WITHDRAWN"}}


async def test_who_may_not_is_told_who_could(client: Client) -> None:
    item = await draft(client)
    pushback = (await raised(client, item["id"]))["id"]
    refused = (await client.ask(client.cast.dora, ANSWER, pushback=pushback, text="Me?"))["answerPushback"]
    assert refused["code"] == "ITEM_SIDE_ONLY"
    assert refused["whoCould"] == {"roles": ["PRODUCT_OWNER"], "people": [{"name": "Paula"}]}


async def test_a_sign_off_of_the_exact_content_is_voided_by_a_substantive_revision(client: Client) -> None:
    cast = client.cast
    item = await draft(client)
    signed = (await client.ask(cast.paula, SIGN, item=item["id"], digest=item["digest"], label="ACCEPTANCE"))[
        "grantSignOff"
    ]
    assert signed["subject"]["item"] == {"status": "ACCEPTED"}
    assert signed["subject"]["digestSigned"] == item["digest"]
    revised = (await client.ask(cast.paula, REVISE, item=item["id"], digest=item["digest"], why="The law"))[
        "reviseItem"
    ]
    assert [event["__typename"] for event in revised["events"]] == ["ItemRevised", "SignOffVoided"]
    query = """query($item: ID!, $person: ID!) {
      item(id: $item) { status signOffs { nodes { state ended { __typename } } } }
      signOffs(first: 5, signer: $person) { totalCount nodes { digestSigned digestCovered actingRole } } }"""
    seen = await client.ask(cast.paula, query, item=item["id"], person=cast.paula.person_id)
    assert seen["item"] == {
        "status": "OPEN",
        "signOffs": {"nodes": [{"state": "VOIDED", "ended": {"__typename": "SignOffVoided"}}]},
    }
    assert seen["signOffs"]["nodes"] == [
        {"digestSigned": item["digest"], "digestCovered": item["digest"], "actingRole": "PRODUCT_OWNER"}
    ]


async def test_an_editorial_revision_carries_a_sign_off_and_keeps_signed_and_covered_apart(client: Client) -> None:
    cast = client.cast
    item = await draft(client)
    await client.ask(cast.paula, SIGN, item=item["id"], digest=item["digest"], label="ACCEPTANCE")
    said = {"item": item["id"], "digest": item["digest"], "narrative": "Better words", "editorial": True}
    revised = (await client.ask(cast.paula, REVISE, **said))["reviseItem"]
    query = "query($i: ID!) { item(id: $i) { status signOffs { nodes { state digestSigned digestCovered } } } }"
    seen = (await client.ask(cast.arno, query, i=item["id"]))["item"]
    carried = {"state": "LIVE", "digestSigned": item["digest"], "digestCovered": revised["subject"]["digest"]}
    assert seen == {"status": "ACCEPTED", "signOffs": {"nodes": [carried]}}


async def test_signing_what_has_changed_is_refused_with_what_happened_since(client: Client) -> None:
    cast = client.cast
    item = await draft(client)
    revised = (await client.ask(cast.paula, REVISE, item=item["id"], digest=item["digest"], why="The law"))[
        "reviseItem"
    ]
    refused = (await client.ask(cast.paula, SIGN, item=item["id"], digest=item["digest"], label="ACCEPTANCE"))[
        "grantSignOff"
    ]
    assert refused["code"] == "STALE_DIGEST"
    assert refused["current"] == revised["subject"]["digest"]
    assert refused["eventsSince"] == [{"__typename": "ItemRevised"}]


async def test_an_open_block_keeps_an_item_from_being_signed(client: Client) -> None:
    cast = client.cast
    item = await draft(client)
    said = {"item": item["id"], "statement": "No", "stance": "BLOCKING", "liftsWhen": "Volumes"}
    block = (await client.ask(cast.arno, RAISE, **said))["raisePushback"]
    refused = (await client.ask(cast.paula, SIGN, item=item["id"], digest=item["digest"], label="ACCEPTANCE"))[
        "grantSignOff"
    ]
    assert (refused["code"], refused["unmet"]) == ("OPEN_BLOCKING_PUSHBACK", [block["subject"]["id"]])


async def test_an_estimate_is_the_developers_and_goes_stale_with_the_content(client: Client) -> None:
    cast = client.cast
    item = await draft(client)
    estimate = """mutation($i: ID!, $d: String!) { recordEstimate(input: {item: $i, points: 5, expectedDigest: $d}) {
      ... on ItemSuccess { subject { points estimate { recorder { name } isStale } } } ... on Refusal { code } } }"""
    assert (await client.ask(cast.arno, estimate, i=item["id"], d=item["digest"]))["recordEstimate"][
        "code"
    ] == "NOT_AUTHORISED"
    recorded = (await client.ask(cast.dora, estimate, i=item["id"], d=item["digest"]))["recordEstimate"]["subject"]
    assert recorded == {"points": 5, "estimate": {"recorder": {"name": "Dora"}, "isStale": False}}
    await client.ask(cast.paula, REVISE, item=item["id"], digest=item["digest"], why="The law")
    query = "query($i: ID!) { item(id: $i) { points estimate { id } estimates { nodes { points isStale } } } }"
    seen = (await client.ask(cast.dora, query, i=item["id"]))["item"]
    assert seen == {"points": None, "estimate": None, "estimates": {"nodes": [{"points": 5, "isStale": True}]}}


async def test_a_backlog_has_one_order_that_its_owner_makes(client: Client) -> None:
    cast = client.cast
    first, second, third = [(await draft(client, title))["id"] for title in ("One", "Two", "Three")]
    rank = """mutation($i: ID!, $above: ID, $below: ID) { rankItem(input: {item: $i, above: $above, below: $below}) {
      ... on ItemSuccess { subject { id } } ... on Refusal { code } } }"""
    backlog = "query($t: ID!) { backlog(team: $t, first: 10) { totalCount nodes { title } } }"
    seen = (await client.ask(cast.arno, backlog, t=cast.team))["backlog"]
    assert seen == {"totalCount": 3, "nodes": [{"title": "One"}, {"title": "Two"}, {"title": "Three"}]}
    await client.ask(cast.paula, rank, i=third, above=first, below=second)
    seen = (await client.ask(cast.arno, backlog, t=cast.team))["backlog"]
    assert [item["title"] for item in seen["nodes"]] == ["One", "Three", "Two"]
    refused = await client.ask(cast.arno, rank, i=third, above=second)
    assert refused["rankItem"]["code"] == "NOT_AUTHORISED"


async def test_every_query_can_be_asked_as_of_then(client: Client) -> None:
    cast = client.cast
    item = await draft(client)
    drafted = await client.ask(
        cast.arno, "query($i: ID!) { item(id: $i) { changed { position recordedAt } } }", i=item["id"]
    )
    then = drafted["item"]["changed"]
    await raised(client, item["id"])
    await client.ask(cast.paula, REVISE, item=item["id"], digest=item["digest"], why="The law")
    query = """query($i: ID!, $asOf: AsOf) { item(id: $i, asOf: $asOf) { revision why pushbacks { totalCount } } }"""
    now = (await client.ask(cast.arno, query, i=item["id"]))["item"]
    assert now == {"revision": 2, "why": "The law", "pushbacks": {"totalCount": 1}}
    for as_of in ({"position": then["position"]}, {"time": then["recordedAt"]}):
        past = (await client.ask(cast.arno, query, i=item["id"], asOf=as_of))["item"]
        assert past == {"revision": 1, "why": None, "pushbacks": {"totalCount": 0}}


async def test_the_viewer_and_what_they_may_do(client: Client) -> None:
    cast = client.cast
    item = await draft(client)
    pushback = (await raised(client, item["id"]))["id"]
    query = """query($p: ID!) { viewer { person { name } workspace { name } powers { power role team { name } } }
      availableActions(on: $p) { mutation } }"""
    seen = await client.ask(cast.arno, query, p=pushback)
    assert seen["viewer"]["person"] == {"name": "Arno"}
    assert seen["viewer"]["workspace"] == {"name": "Radio North"}
    assert {"power": "SIGN_ARCHITECTURE", "role": "ARCHITECT", "team": {"name": "Player"}} in seen["viewer"]["powers"]
    mine = {"sortPushback", "amendPushback", "changeStance", "reassignPushback", "withdrawPushback", "escalatePushback"}
    mine |= {"noteConversation"}
    assert {action["mutation"] for action in seen["availableActions"]} == mine


async def test_the_same_command_id_acts_once_over_http(client: Client) -> None:
    item = await draft(client)
    said = {"item": item["id"], "statement": "No volumes are given", "id": str(uuid4())}
    answers = [(await client.ask(client.cast.arno, RAISE, **said))["raisePushback"] for _ in range(3)]
    assert answers[0] == answers[1] == answers[2]


async def test_a_new_workspace_is_filled_through_the_api(client: Client) -> None:
    ada = client.cast.ada
    register = """mutation { registerPerson(input: {name: "Bo"}) { ... on PersonSuccess { subject { id name } } } }"""
    bo = (await client.ask(ada, register))["registerPerson"]["subject"]
    form = 'mutation { formTeam(input: {name: "Search"}) { ... on TeamSuccess { subject { id name } } } }'
    team = (await client.ask(ada, form))["formTeam"]["subject"]
    assign = """mutation($t: ID!, $p: ID!) { assignRole(input: {team: $t, person: $p, role: PRODUCT_OWNER}) {
      ... on RoleAssignmentSuccess { subject { role person { name } team { name } } } ... on Refusal { code } } }"""
    assigned = (await client.ask(ada, assign, t=team["id"], p=bo["id"]))["assignRole"]
    assert assigned == {"subject": {"role": "PRODUCT_OWNER", "person": {"name": "Bo"}, "team": {"name": "Search"}}}
    second = await client.ask(ada, assign, t=team["id"], p=client.cast.dora.person_id)
    assert second["assignRole"] == {"code": "SECOND_PRODUCT_OWNER"}


async def test_a_time_without_a_zone_is_asked_for_its_zone(client: Client) -> None:
    assign = """mutation($t: ID!, $p: ID!) {
      assignRole(input: {team: $t, person: $p, role: DEVELOPER, endsAt: "2099-01-01T00:00:00"}) { __typename } }"""
    said = {"t": client.cast.team, "p": client.cast.arno.person_id}
    assert await client.code(client.cast.ada, assign, **said) == "BAD_TIME"
