"""What is counted, who may see it, and that nobody's names fill the memory."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import Counter, Gauge, Histogram
from prometheus_client.parser import text_string_to_metric_families
from structlog.testing import capture_logs

from graphql_api.observing import metrics
from infra.backend import Backend
from infra.settings import Settings
from tests.cast import Cast
from tests.graphql_api.client import Client, serving
from tests.graphql_api.socket import Socket

OPERATIONS = Path(__file__).parents[3] / "docs" / "operations.md"
WHO = "query CountedWho { viewer { person { name } } }"
FORM = 'mutation CountedForm { formTeam(input: {name: "North"}) { ... on Refusal { code } } }'
FOLLOW = "subscription CountedFollow { events(after: 0) { kind } }"
TEAMS = "query SlowTeams($first: Int!) { teams(first: $first) { nodes { name } } }"

SLOW_FIELDS = {"event", "log_level", "operation", "kind", "request_id", "seconds", "statement_seconds"}


async def counted(client: Client, name: str, **labels: str) -> float:
    """The sample of this name with these labels; 0 when there is none."""
    page = (await client.http.get("/metrics")).text
    samples = [one for family in text_string_to_metric_families(page) for one in family.samples]
    found = [one.value for one in samples if one.name == name and labels.items() <= one.labels.items()]
    return sum(found)


async def test_operations_are_counted_and_timed_by_name(client: Client) -> None:
    before = await counted(client, "pushback_operations_total", operation="CountedWho", kind="query")
    for _ in range(3):
        await client.ask(client.cast.paula, WHO)
    assert await counted(client, "pushback_operations_total", operation="CountedWho", kind="query") == before + 3
    assert await counted(client, "pushback_operation_seconds_count", operation="CountedWho") >= 3


async def test_commands_are_counted_by_what_became_of_them(client: Client) -> None:
    done = {"command": "form_team", "outcome": "DONE"}
    refused = {"command": "form_team", "outcome": "NOT_AUTHORISED"}
    before = [await counted(client, "pushback_commands_total", **labels) for labels in (done, refused)]
    await client.ask(client.cast.ada, FORM)
    await client.ask(client.cast.paula, FORM)
    after = [await counted(client, "pushback_commands_total", **labels) for labels in (done, refused)]
    assert [now - then for now, then in zip(after, before, strict=True)] == [1, 1]


@pytest.mark.parametrize(
    ("query", "code"), [("{ nobody }", "GRAPHQL_VALIDATION_FAILED"), ("{", "GRAPHQL_PARSE_FAILED")]
)
async def test_errors_are_counted_by_code(client: Client, query: str, code: str) -> None:
    before = await counted(client, "pushback_errors_total", code=code)
    assert await client.code(client.cast.paula, query) == code
    assert await counted(client, "pushback_errors_total", code=code) == before + 1


async def test_who_is_not_known_is_counted_as_an_error(client: Client) -> None:
    before = await counted(client, "pushback_errors_total", code="UNAUTHENTICATED")
    await client.http.post("/graphql", json={"query": WHO}, headers={"authorization": "Bearer nobody"})
    await client.http.post("/graphql", json={"query": WHO})
    assert await counted(client, "pushback_errors_total", code="UNAUTHENTICATED") == before + 2


async def test_open_subscriptions_are_seen_and_gone_when_they_end(client: Client) -> None:
    async with Socket.open(client.port) as socket:
        await socket.enter(await client.token(client.cast.paula))
        await socket.ask("1", FOLLOW)
        await socket.next()
        assert await counted(client, "pushback_subscriptions_open") == 1
        assert await counted(client, "pushback_operations_total", operation="CountedFollow") >= 1
        await socket.say({"type": "complete", "id": "1"})
        await socket.ask("2", WHO)
        while (await socket.hear())["id"] != "2":
            pass
    assert await counted(client, "pushback_subscriptions_open") == 0


async def test_what_the_process_is_doing_is_there(client: Client) -> None:
    page = (await client.http.get("/metrics")).text
    for name in ("projection_lag_entries", "due_late", 'connections_in_use{pool="read"}', "subscriptions_open"):
        assert f"pushback_{name}" in page


def test_the_page_for_operators_has_every_metric_with_its_labels() -> None:
    rows = re.findall(r"^\| `(pushback_\w+)` \| (.*?) \|", OPERATIONS.read_text(), re.MULTILINE)
    told = {name: set(re.findall(r"`(\w+)`", labels)) for name, labels in rows}
    kept = [one for one in vars(metrics).values() if isinstance(one, Counter | Gauge | Histogram)]
    assert told == {f"{one._name}{'_total' * isinstance(one, Counter)}": set(one._labelnames) for one in kept}


def test_nobody_fills_the_memory_with_names() -> None:
    names = metrics.Names(size_max=2)
    assert [names.of(name) for name in ("A", "B", "C", None, "A", "x" * 101)] == [
        "A",
        "B",
        metrics.OTHER,
        metrics.ANONYMOUS,
        "A",
        metrics.OTHER,
    ]


@pytest.fixture
async def guarded(backend: Backend, cast: Cast) -> AsyncIterator[Client]:
    async with serving(backend, cast, Settings(cost_per_second=0, metrics="scrape")) as client:
        yield client


async def test_with_a_token_only_who_brings_it_sees_the_metrics(guarded: Client) -> None:
    for said, status in ({}, 404), ({"authorization": "Bearer wrong"}, 404), ({"authorization": "Bearer scrape"}, 200):
        assert (await guarded.http.get("/metrics", headers=said)).status_code == status


async def test_without_a_token_what_a_proxy_passes_on_is_nobodys_business(client: Client) -> None:
    assert (await client.http.get("/metrics")).status_code == 200
    for name in ("x-forwarded-for", "forwarded"):
        assert (await client.http.get("/metrics", headers={name: "10.0.0.1"})).status_code == 404


async def test_a_slow_operation_is_logged_with_its_plan_and_without_what_was_asked(
    backend: Backend, cast: Cast
) -> None:
    async with serving(backend, cast, Settings(cost_per_second=0, slow_seconds=0.000001)) as client:
        with capture_logs() as logged:
            for first in (77, 78):
                await client.ask(client.cast.paula, TEAMS, first=first)
            await asyncio.sleep(1)
    slow = told(logged, "slow operation")
    assert [one["operation"] for one in slow[:2]] == ["SlowTeams", "SlowTeams"]
    assert all(one["request_id"] and one["seconds"] >= one["statement_seconds"] >= 0 for one in slow)
    (plan,) = [one for one in told(logged, "plan of a slow statement") if one["operation"] == "SlowTeams"]
    assert any("team" in line for line in plan["plan"]), plan
    assert all(set(one) <= SLOW_FIELDS for one in slow)


def told(logged: list[Any], event: str) -> list[Any]:
    return [one for one in logged if one["event"] == event]
