"""Being away, through the API: said by whoever may, seen by all, over by an event, also as of then."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.graphql_api.client import Client

DECLARE = """mutation($input: DeclareAbsenceInput!) { declareAbsence(input: $input) {
  ... on PersonSuccess { position subject { isAbsent absentUntil absenceNote due absence {
    ... on AbsenceDeclared { absence } } } }
  ... on Refusal { code } } }"""
BACK = """mutation($person: ID!) { endAbsence(input: {person: $person}) {
  ... on PersonSuccess { subject { isAbsent absentFrom due } } ... on Refusal { code } } }"""
THEN = "query($id: ID!, $asOf: AsOf) { node(id: $id, asOf: $asOf) { ... on Person { isAbsent absentUntil due } } }"


async def test_who_is_away_is_so_until_they_are_back(client: Client) -> None:
    cast = client.cast
    until = (datetime.now(UTC) + timedelta(days=9)).isoformat()
    said: dict[str, Any] = {"person": cast.tom.person_id, "until": until, "note": "In the hills"}
    assert (await client.ask(cast.dora, DECLARE, input=said))["declareAbsence"]["code"] == "NOT_AUTHORISED"
    away = (await client.ask(cast.tom, DECLARE, input=said))["declareAbsence"]
    assert (away["subject"]["isAbsent"], away["subject"]["absenceNote"]) == (True, "In the hills")
    assert (away["subject"]["due"], away["subject"]["absence"]) == ("end_absence_on_time", {"absence": 1})
    assert (await client.ask(cast.tom, DECLARE, input=said))["declareAbsence"]["code"] == "ABSENCE_STANDS"
    back = (await client.ask(cast.ada, BACK, person=cast.tom.person_id))["endAbsence"]["subject"]
    assert back == {"isAbsent": False, "absentFrom": None, "due": None}
    then = await client.ask(cast.dora, THEN, id=cast.tom.person_id, asOf={"position": away["position"]})
    assert then["node"]["isAbsent"] is True


async def test_one_said_beforehand_waits_for_its_time(client: Client) -> None:
    cast, now = client.cast, datetime.now(UTC)
    term = {"startsAt": (now + timedelta(days=3)).isoformat(), "until": (now + timedelta(days=9)).isoformat()}
    said = {"person": cast.dora.person_id, **term}
    later = (await client.ask(cast.dora, DECLARE, input=said))["declareAbsence"]["subject"]
    assert (later["isAbsent"], later["due"]) == (False, "begin_absence")
