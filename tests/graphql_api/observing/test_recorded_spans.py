"""Spans as OpenTelemetry's own packages record them."""

import subprocess
import sys
from typing import Any, Final

import pytest

from graphql_api.observing import spans
from tests.graphql_api.client import Client
from tests.graphql_api.socket import Socket

sdk: Any = pytest.importorskip("opentelemetry.sdk.trace")
export: Any = pytest.importorskip("opentelemetry.sdk.trace.export")
memory: Any = pytest.importorskip("opentelemetry.sdk.trace.export.in_memory_span_exporter")

TEAMS: Final = "query Traced($first: Int!) { teams(first: $first) { nodes { name } } }"
WHO: Final = "query TracedWho { viewer { person { name } workspace { name } } }"
FORM: Final = (
    "mutation TracedForm($name: String!) { formTeam(input: {name: $name}) { ... on TeamSuccess { position } } }"
)
SECRET: Final = "Operation Overlord"


@pytest.fixture
def recorded(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Where spans go when they end."""
    exporter, provider = memory.InMemorySpanExporter(), sdk.TracerProvider()
    provider.add_span_processor(export.SimpleSpanProcessor(exporter))
    monkeypatch.setattr(spans, "TRACER", provider.get_tracer("pushback"))
    return exporter


def tree(exporter: Any) -> list[tuple[str, list[Any]]]:
    """Each operation's span by its name, with those of its statements."""
    found = exporter.get_finished_spans()
    roots = [one for one in found if one.parent is None]
    return [(root.name, [one for one in found if one.parent == root.context]) for root in roots]


async def test_one_span_for_an_operation_and_one_in_it_for_each_statement(client: Client, recorded: Any) -> None:
    await client.token(client.cast.paula)
    recorded.clear()
    await client.ask(client.cast.paula, TEAMS, first=7)
    await client.ask(client.cast.paula, WHO)
    (traced, once), (who, several) = tree(recorded)
    assert (traced, len(once)) == ("query Traced", 1)
    assert who == "query TracedWho"
    assert len(several) == 3, "the position they are all read as of, the person, the workspace"
    for one in (*once, *several):
        assert one.name == "postgresql"
        assert one.attributes["db.system.name"] == "postgresql"
        assert one.attributes["db.query.text"].startswith("SELECT")


async def test_no_span_holds_what_was_asked_or_said(client: Client, recorded: Any) -> None:
    await client.ask(client.cast.ada, FORM, name=SECRET)
    (form,) = (one for one in recorded.get_finished_spans() if one.name == "mutation TracedForm")
    assert dict(form.attributes) == {"graphql.operation.type": "mutation", "graphql.operation.name": "TracedForm"}
    assert SECRET not in " ".join(one.to_json() for one in recorded.get_finished_spans())


async def test_operations_of_one_socket_at_the_same_time_are_told_apart(client: Client, recorded: Any) -> None:
    token = await client.token(client.cast.paula)
    async with Socket.open(client.port) as socket:
        await socket.enter(token)
        recorded.clear()
        for key in ("a", "b", "c"):
            await socket.ask(key, WHO)
        ended = [await socket.hear() for _ in range(6)]
    assert sum(one["type"] == "complete" for one in ended) == 3
    assert [(name, len(statements)) for name, statements in tree(recorded)] == [("query TracedWho", 3)] * 3


async def test_a_query_that_fails_has_a_span_that_says_so(
    client: Client, recorded: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> None:
        raise TimeoutError

    await client.token(client.cast.paula)
    monkeypatch.setattr(client.backend.reads, "fetchval", broken)
    recorded.clear()
    await client.post(client.cast.paula, TEAMS, first=7)
    assert {one.name: one.status.status_code.name for one in recorded.get_finished_spans()} == {
        "postgresql": "ERROR",
        "query Traced": "ERROR",
    }


SET_UP: Final = """
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from graphql_api.observing.spans import operation_span
exporter, provider = InMemorySpanExporter(), TracerProvider()
provider.add_span_processor(SimpleSpanProcessor(exporter))
trace.set_tracer_provider(provider)
with operation_span("query", "A"):
    pass
print(*(one.name for one in exporter.get_finished_spans()))
"""


def test_whoever_starts_the_process_sets_up_where_spans_go() -> None:
    done = subprocess.run([sys.executable, "-c", SET_UP], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "query A"
