"""A team's calendar through the API: set, shown, and as it was before."""

from tests.graphql_api.client import Client

SET = """mutation($team: ID!, $zone: String!, $days: [Weekday!], $holidays: [Date!]) {
  setCalendar(input: {team: $team, timeZone: $zone, workingDays: $days, holidays: $holidays}) {
    ... on TeamSuccess { position subject { ...when calendar { actor { name } ...said } } }
    ... on Refusal { code path } } }
  fragment said on TeamCalendarSet { timeZone workingDays holidays }
  fragment when on Team { timeZone workingDays holidays }"""
SHOWN = """query($team: ID!, $position: Position!) {
  team(id: $team, asOf: {position: $position}) { timeZone workingDays holidays calendar { __typename } } }"""


async def test_a_team_says_when_it_works(client: Client) -> None:
    cast = client.cast
    said = {"zone": "Asia/Riyadh", "days": ["THURSDAY", "SUNDAY"], "holidays": ["2026-09-23"]}
    done = (await client.ask(cast.ada, SET, team=cast.team, **said))["setCalendar"]
    when = {"timeZone": "Asia/Riyadh", "workingDays": ["THURSDAY", "SUNDAY"], "holidays": ["2026-09-23"]}
    assert done["subject"] == {**when, "calendar": {"actor": {"name": "Ada"}, **when}}
    week = ["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY"]
    team = (await client.ask(cast.ada, SHOWN, team=cast.team, position=done["position"] - 1))["team"]
    assert team == {"timeZone": "UTC", "workingDays": week, "holidays": [], "calendar": None}


async def test_a_zone_that_does_not_exist_is_refused(client: Client) -> None:
    cast = client.cast
    refused = (await client.ask(cast.ada, SET, team=cast.team, zone="Mars"))["setCalendar"]
    assert refused == {"code": "UNKNOWN_TIME_ZONE", "path": ["input", "timeZone"]}
