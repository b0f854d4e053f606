"""Roles through the API: what a mandate reaches, who could instead, one owner at a time, and who was entitled then."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from domain.entry import ActorKind
from domain.events.people import PersonKind
from domain.ids import PersonId
from infra.deciding import Asker
from infra.people.registration import register_person
from infra.uuid7 import uuid7
from tests.graphql_api.client import Client
from tests.graphql_api.journeys.test_attention import assignment
from tests.graphql_api.journeys.test_journey import DRAFT, SIGN

REGISTER = """mutation($name: String!) { registerPerson(input: {name: $name}) {
  ... on PersonSuccess { subject { id } } } }"""
ASSIGN = """mutation($input: AssignRoleInput!) { assignRole(input: $input) {
  ... on RoleAssignmentSuccess { subject { id mode track itemIds powers title person { name } } }
  ... on Refusal { code path suggested } } }"""
HAND_OVER = """mutation($team: ID!, $person: ID!) {
  handOverProductOwner(input: {team: $team, person: $person, why: "A new product"}) {
    ... on RoleAssignmentSuccess { position subject { id role person { name } ended { __typename } }
      events { __typename ... on ProductOwnerHandedOver { why endedAssignment { id person { name } ended { why } } } } }
    ... on Refusal { code message } } }"""
POWERS = "{ viewer { powers { power role team { name } track items } } }"
ACCEPT = """mutation($item: ID!, $digest: String!) {
  grantSignOff(input: {item: $item, expectedDigest: $digest, label: ACCEPTANCE}) {
    ... on SignOffSuccess { subject { authorisedBy granted { effectiveAt } } }
    ... on Refusal { code message whoCould { roles people { name } } } } }"""
ENTITLED = """query($team: ID!, $asOf: AsOf) {
  roleAssignments(team: $team, role: PRODUCT_OWNER, first: 10, asOf: $asOf) {
    nodes { id person { name } ended { position } } } }"""


async def registered(client: Client, name: str) -> Asker:
    """Somebody new, without a role."""
    answer = await client.ask(client.cast.ada, REGISTER, name=name)
    return Asker(workspace_id=client.cast.ada.workspace_id, person_id=answer["registerPerson"]["subject"]["id"])


async def assign(client: Client, who: Asker, **said: Any) -> Any:
    said = {"team": client.cast.team, "person": who.person_id, **said}
    return (await client.ask(client.cast.ada, ASSIGN, input=said))["assignRole"]


async def technical(client: Client, title: str) -> Any:
    variables = {"team": client.cast.team, "title": title, "track": "TECHNICAL"}
    return (await client.ask(client.cast.arno, DRAFT, **variables))["draftItem"]["subject"]


async def test_an_informal_owner_accepts_the_items_named_and_is_told_where_it_ends(client: Client) -> None:
    item, other = await technical(client, "Move the archive"), await technical(client, "Rotate the keys")
    ina = await registered(client, "Ina")
    said = {"role": "TECHNICAL_PRODUCT_OWNER", "mode": "INFORMAL", "title": "Archive lead"}
    assert (await assign(client, ina, **said))["code"] == "ITEMS_MISSING"
    unknown = await assign(client, ina, **said, items=["itm_" + "7" * 26])
    assert (unknown["code"], unknown["path"]) == ("UNKNOWN_ITEM", ["input", "items"])
    held = (await assign(client, ina, **said, items=[item["id"]], track="TECHNICAL"))["subject"]
    assert held == {
        "id": held["id"], "mode": "INFORMAL", "track": "TECHNICAL", "itemIds": [item["id"]], "powers": [],
        "title": "Archive lead", "person": {"name": "Ina"},
    }  # fmt: skip
    accepted = await client.ask(ina, ACCEPT, item=item["id"], digest=item["digest"])
    assert accepted["grantSignOff"]["subject"]["authorisedBy"] == held["id"]
    refused = (await client.ask(ina, ACCEPT, item=other["id"], digest=other["digest"]))["grantSignOff"]
    assert refused["code"] == "MANDATE_EXCEEDED"
    people = sorted(person["name"] for person in refused["whoCould"]["people"])
    assert people == ["Paula", "Tom"]
    power = {"power": "OWN_TECHNICAL_ITEMS", "role": "TECHNICAL_PRODUCT_OWNER", "team": {"name": "Player"}}
    assert {**power, "track": "TECHNICAL", "items": [item["id"]]} in (await client.ask(ina, POWERS))["viewer"]["powers"]


async def test_an_adviser_is_shown_and_given_nothing_that_decides(client: Client) -> None:
    item, ira = await technical(client, "Move the archive"), await registered(client, "Ira")
    await assign(client, ira, role="TECHNICAL_PRODUCT_OWNER", mode="ADVISER")
    refused = (await client.ask(ira, ACCEPT, item=item["id"], digest=item["digest"]))["grantSignOff"]
    assert refused["code"] == "MANDATE_EXCEEDED"
    assert "Ira" not in [person["name"] for person in refused["whoCould"]["people"]]
    powers = {held["power"] for held in (await client.ask(ira, POWERS))["viewer"]["powers"]}
    assert powers == {"ASK", "DRAFT_ITEM", "RAISE_PUSHBACK"}


async def test_a_mandate_is_a_part_of_the_role_s_powers(client: Client) -> None:
    item, ida = await technical(client, "Move the archive"), await registered(client, "Ida")
    held = (await assign(client, ida, role="DEVELOPER", powers=["DRAFT_ITEM", "ASK"]))["subject"]
    assert held["powers"] == ["ASK", "DRAFT_ITEM"]
    signed = await client.ask(ida, SIGN, item=item["id"], digest=item["digest"], label="READY")
    assert signed["grantSignOff"]["code"] == "MANDATE_EXCEEDED"
    assert (await assign(client, ida, role="ARCHITECT", powers=["ESTIMATE"]))["code"] == "NOT_OF_THIS_ROLE"


async def test_the_primary_ownership_goes_over_in_one_step_and_who_accepted_before_was_entitled(client: Client) -> None:
    cast, petra = client.cast, await registered(client, "Petra")
    drafted = await client.ask(cast.dora, DRAFT, team=cast.team, title="Keep data")
    item = drafted["draftItem"]["subject"]
    by_paula = (await client.ask(cast.paula, ACCEPT, item=item["id"], digest=item["digest"]))["grantSignOff"]["subject"]
    done = (await client.ask(cast.paula, HAND_OVER, team=cast.team, person=petra.person_id))["handOverProductOwner"]
    assert (done["subject"]["role"], done["subject"]["person"]["name"]) == ("PRODUCT_OWNER", "Petra")
    handed, ended = done["events"]
    assert (handed["__typename"], handed["why"]) == ("ProductOwnerHandedOver", "A new product")
    assert handed["endedAssignment"]["person"] == {"name": "Paula"}
    assert handed["endedAssignment"]["ended"] == {"why": "A new product"}
    assert ended["__typename"] == "RoleAssignmentEnded"
    refused = (await client.ask(cast.paula, ACCEPT, item=item["id"], digest=item["digest"]))["grantSignOff"]
    assert (refused["code"], refused["whoCould"]["people"]) == ("NOT_AUTHORISED", [{"name": "Petra"}])
    then = {"time": by_paula["granted"]["effectiveAt"]}
    was = (await client.ask(cast.dora, ENTITLED, team=cast.team, asOf=then))["roleAssignments"]["nodes"]
    assert was == [{"id": by_paula["authorisedBy"], "person": {"name": "Paula"}, "ended": None}]
    now = (await client.ask(cast.dora, ENTITLED, team=cast.team))["roleAssignments"]["nodes"]
    assert [held["person"]["name"] for held in now if held["ended"] is None] == ["Petra"]


async def test_of_two_hand_overs_at_once_one_wins_and_the_team_has_one_owner(client: Client) -> None:
    cast = client.cast
    heirs = [await registered(client, f"Heir {number}") for number in range(4)]
    for heir in heirs:
        await client.token(heir)
    await client.token(cast.paula)
    asked = [client.ask(cast.paula, HAND_OVER, team=cast.team, person=heir.person_id) for heir in heirs]
    answers = [answer["handOverProductOwner"] for answer in await asyncio.gather(*asked)]
    assert sorted(answer.get("code", "done") for answer in answers) == ["NOT_AUTHORISED"] * 3 + ["done"]
    held = (await client.ask(cast.dora, ENTITLED, team=cast.team))["roleAssignments"]["nodes"]
    assert len([one for one in held if one["ended"] is None]) == 1


async def test_a_program_is_registered_as_one(client: Client) -> None:
    register = """mutation { registerPerson(input: {name: "Build robot", kind: SERVICE}) {
      ... on PersonSuccess { subject { kind } } } }"""
    subject = (await client.ask(client.cast.ada, register))["registerPerson"]["subject"]
    assert subject == {"kind": "SERVICE"}


DELEGATE = """mutation($input: GrantDelegationInput!) { grantDelegation(input: $input) {
  ... on DelegationSuccess { subject { id powers why fromPerson { name } person { name } due } }
  ... on Refusal { code } } }"""
REVOKE = """mutation($delegation: ID!) { revokeDelegation(input: {delegation: $delegation}) {
  ... on DelegationSuccess { subject { due ended { __typename } } } ... on Refusal { code } } }"""
SIGNED = """mutation($item: ID!, $digest: String!) {
  grantSignOff(input: {item: $item, expectedDigest: $digest, label: ACCEPTANCE}) {
    ... on SignOffSuccess { subject { authorisedBy actingRole signer { name } } }
    ... on Refusal { code whoCould { people { name } } } } }"""


async def standing_in(client: Client, who: Asker) -> list[Any]:
    """The powers that they may use for somebody else."""
    query = "{ viewer { powers { power role team { name } standsInFor { name } } } }"
    return [one for one in (await client.ask(who, query))["viewer"]["powers"] if one["standsInFor"]]


async def test_a_service_is_shown_no_power_to_decide(client: Client) -> None:
    said = {"name": "Linter", "kind": PersonKind.SERVICE}
    cast = client.cast
    key = (await register_person(cast.deciding, client.backend.ledger, cast.ada, uuid7(), said)).subject_id
    bot = Asker(workspace_id=cast.ada.workspace_id, person_id=PersonId(key), kind=ActorKind.SERVICE)
    await assign(client, bot, role="DEVELOPER")
    shown = {one["power"] for one in (await client.ask(bot, POWERS))["viewer"]["powers"]}
    assert shown == {"ASK", "DRAFT_ITEM", "RAISE_PUSHBACK"}


async def test_a_power_is_lent_no_longer_than_it_is_held(client: Client) -> None:
    cast, dan = client.cast, await registered(client, "Dan")
    until = (datetime.now(UTC) + timedelta(days=9)).isoformat()
    lent = {"team": cast.team, "person": dan.person_id, "endsAt": until, "powers": ["SIGN_ARCHITECTURE"], "why": "Away"}
    await client.ask(cast.arno, DELEGATE, input=lent)
    (shown,) = await standing_in(client, dan)
    assert (shown["power"], shown["role"], shown["standsInFor"]) == ("SIGN_ARCHITECTURE", "ARCHITECT", {"name": "Arno"})
    await cast.do(cast.ada, "end_role", await assignment(client, cast.arno))
    assert await standing_in(client, dan) == []


async def test_who_stands_in_accepts_in_the_owner_s_role_until_it_is_revoked(client: Client) -> None:
    cast, dan = client.cast, await registered(client, "Dan")
    await assign(client, dan, role="DEVELOPER")
    drafted = await client.ask(cast.arno, DRAFT, team=cast.team, title="Keep data")
    item = drafted["draftItem"]["subject"]
    said: dict[str, Any] = {
        "team": cast.team,
        "person": dan.person_id,
        "endsAt": "2999-01-01T00:00:00Z",
        "why": "On leave",
    }
    assert (await client.ask(cast.paula, DELEGATE, input=said))["grantDelegation"]["code"] == "DELEGATION_TOO_LONG"
    until = (datetime.now(UTC) + timedelta(days=9)).isoformat()
    said |= {"endsAt": until, "powers": ["OWN_FUNCTIONAL_ITEMS"]}
    given = (await client.ask(cast.paula, DELEGATE, input=said))["grantDelegation"]["subject"]
    assert given == {
        "id": given["id"], "powers": ["OWN_FUNCTIONAL_ITEMS"], "why": "On leave", "due": "expire_delegation",
        "fromPerson": {"name": "Paula"}, "person": {"name": "Dan"},
    }  # fmt: skip
    lent = {"power": "OWN_FUNCTIONAL_ITEMS", "role": "PRODUCT_OWNER", "team": {"name": "Player"}}
    assert await standing_in(client, dan) == [lent | {"standsInFor": {"name": "Paula"}}]
    assert await standing_in(client, cast.paula) == []
    denied = (await client.ask(cast.dora, SIGNED, item=item["id"], digest=item["digest"]))["grantSignOff"]
    assert sorted(one["name"] for one in denied["whoCould"]["people"]) == ["Dan", "Paula"]
    signed = (await client.ask(dan, SIGNED, item=item["id"], digest=item["digest"]))["grantSignOff"]["subject"]
    assert signed == {"authorisedBy": given["id"], "actingRole": "PRODUCT_OWNER", "signer": {"name": "Dan"}}
    ended = (await client.ask(cast.paula, REVOKE, delegation=given["id"]))["revokeDelegation"]["subject"]
    assert ended == {"due": None, "ended": {"__typename": "DelegationRevoked"}}
    assert await standing_in(client, dan) == []
    again = (await client.ask(dan, SIGNED, item=item["id"], digest=item["digest"]))["grantSignOff"]
    assert again["code"] == "NOT_AUTHORISED"
