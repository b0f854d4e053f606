"""What an operation costs is known before it runs, told with the answer, and limited for each token."""

from typing import Any

import httpx
import pytest
from graphql import GraphQLError

from graphql_api.limits.cost import SAVED_SECONDS, Budget
from tests.graphql_api.client import Client

PAGES = """query($n: Int!) {
  teams(first: $n) { nodes { id backlog(first: 10) { nodes { id } } } }
  more: teams(first: 5) { totalCount }
}"""


async def cost(client: Client, query: str, **variables: Any) -> Any:
    """What the answer says it cost."""
    return (await client.post(client.cast.paula, query, **variables)).json()["extensions"]


async def test_a_row_costs_one_point_and_so_does_a_root_field(client: Client) -> None:
    assert await cost(client, "{ viewer { credentialId } }") == {"cost": 1}
    assert await cost(client, PAGES, n=3) == {"cost": 2 + 3 + 3 * 10}
    assert await cost(client, PAGES, n=4) == {"cost": 2 + 4 + 4 * 10}
    said = 'mutation { formTeam(input: {name: "New"}) { __typename } }'
    assert await cost(client, said) == {"cost": 10}


def test_points_come_back_with_time_and_each_token_has_its_own() -> None:
    now = [1000.0]
    budget = Budget(2, lambda: now[0])
    assert budget.spend("a", 100) == 20
    assert budget.spend("a", 20) == 0
    with pytest.raises(GraphQLError) as refused:
        budget.spend("a", 10)
    assert refused.value.extensions == {"code": "RATE_LIMITED", "cost": 10, "retryAfterSeconds": 5}
    assert budget.spend("b", 120) == 0
    now[0] += 5
    assert budget.spend("a", 10) == 0
    now[0] += 2 * SAVED_SECONDS
    assert budget.spend("a", 0) == 2 * SAVED_SECONDS


def test_what_costs_more_than_can_be_saved_runs_on_a_full_purse() -> None:
    now = [0.0]
    budget = Budget(2, lambda: now[0])
    assert budget.spend("a", 1000) == 0
    with pytest.raises(GraphQLError):
        budget.spend("a", 1)


def test_without_a_limit_nobody_is_refused() -> None:
    assert Budget().spend("a", 10**9) is None


@pytest.fixture
def poor(monkeypatch: pytest.MonkeyPatch) -> None:
    """To be asked for before the client: its server gives each token a point a second."""
    monkeypatch.setattr("graphql_api.server.Budget", lambda _limit: Budget(1))


@pytest.mark.usefixtures("poor", "client")
async def test_who_asks_for_too_much_is_told_when_to_try_again(client: Client) -> None:
    answer: httpx.Response | None = None
    for _ in range(8):
        answer = await client.post(client.cast.dora, PAGES, n=2)
        if answer.status_code != 200:
            break
    assert answer is not None
    assert answer.status_code == 429
    (error,) = answer.json()["errors"]
    assert error["extensions"]["code"] == "RATE_LIMITED"
    assert int(answer.headers["retry-after"]) == error["extensions"]["retryAfterSeconds"] > 0
    assert (await client.post(client.cast.arno, "{ viewer { credentialId } }")).status_code == 200
