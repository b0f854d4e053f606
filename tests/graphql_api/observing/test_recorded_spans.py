"""Spans as OpenTelemetry's own packages record them."""

import asyncio
import subprocess
import sys
from typing import Any, Final
from uuid import UUID

import asyncpg
import pytest

from infra.backend import Backend
from infra.postgres import spans
from infra.uuid7 import uuid7
from tests.graphql_api.client import Client
from tests.graphql_api.socket import Socket
from tests.infra.saying import append, said

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


async def test_a_mutation_shows_what_it_appended_and_how_long_it_stood_in_line(client: Client, recorded: Any) -> None:
    await client.token(client.cast.ada)
    recorded.clear()
    await client.ask(client.cast.ada, FORM, name=SECRET)
    found = {one.name: one for one in recorded.get_finished_spans()}
    append, form = found["append"], found["mutation TracedForm"]
    assert append.parent == form.context
    assert dict(append.attributes) == {"pushback.events": 1}
    (statement,) = (one for one in recorded.get_finished_spans() if one.parent == append.context)
    assert "ledger.append" in statement.attributes["db.query.text"]
    kinds = {one.name: one.kind.name for one in (form, append, statement)}
    assert kinds == {"mutation TracedForm": "SERVER", "append": "INTERNAL", "postgresql": "CLIENT"}


async def test_what_several_appended_together_lies_with_the_first_and_is_linked_to_the_others(
    backend: Backend, workspace_id: UUID, recorded: Any
) -> None:
    async def write(name: str) -> None:
        with spans.operation_span("mutation", name):
            await backend.ledger.append(append(workspace_id, said(uuid7(), 1)))

    await backend.ledger.open_workspace(workspace_id, "Testing")
    recorded.clear()
    await asyncio.gather(write("A"), write("B"))
    first, second = (one for one in recorded.get_finished_spans() if one.name == "append")
    (statement,) = (one for one in recorded.get_finished_spans() if one.name == "postgresql")
    assert statement.parent == first.context
    assert [link.context for link in statement.links] == [second.context]


def test_what_fails_has_a_code_and_no_text(recorded: Any) -> None:
    error = asyncpg.UniqueViolationError(SECRET)
    with pytest.raises(type(error)), spans.operation_span("mutation", "A"), spans.statement_span("B"):
        raise error
    statement, _ = recorded.get_finished_spans()
    assert dict(statement.attributes)["db.response.status_code"] == "23505"
    assert dict(statement.attributes)["error.type"] == "23505"
    assert SECRET not in statement.to_json()


FOLLOW: Final = "subscription Traced($after: Position) { pushbackChanged(after: $after) { position } }"


@pytest.mark.parametrize("stops", [True, False])
async def test_a_subscription_is_one_span_with_its_statements(client: Client, recorded: Any, stops: bool) -> None:  # noqa: FBT001 - a case
    token = await client.token(client.cast.paula)
    await client.cast.do(client.cast.arno, "raise_pushback", (await client.cast.item()).subject_id, statement=SECRET)
    recorded.clear()
    async with Socket.open(client.port) as socket:
        await socket.enter(token)
        await socket.ask("a", FOLLOW, after=0)
        await socket.next()
        assert not [one for one in recorded.get_finished_spans() if one.parent is None], "it goes on"
        if stops:
            await socket.say({"type": "complete", "id": "a"})
        else:
            await socket.drop()
        async with asyncio.timeout(20):
            while not (ended := tree(recorded)):  # noqa: ASYNC110 - an exporter tells nobody
                await asyncio.sleep(0.01)
    ((name, statements),) = ended
    assert name == "subscription Traced"
    assert len(statements) == 2, "which positions, and what is told of the one"
    assert {one.name for one in statements} == {"postgresql"}
    assert SECRET not in " ".join(one.to_json() for one in recorded.get_finished_spans())


async def test_what_has_no_name_is_called_by_what_it_is(client: Client, recorded: Any) -> None:
    token = await client.token(client.cast.paula)
    recorded.clear()
    await client.ask(client.cast.paula, "{ teams(first: 1) { nodes { name } } }")
    async with Socket.open(client.port) as socket:
        await socket.enter(token)
        await socket.ask("a", "subscription { events(after: 0) { position } }")
        await socket.next()
    async with asyncio.timeout(20):
        while len(found := tree(recorded)) < 2:  # noqa: ASYNC110 - an exporter tells nobody
            await asyncio.sleep(0.01)
    assert [name for name, _ in found] == ["query", "subscription"]
    assert not any("graphql.operation.name" in one.attributes for one in recorded.get_finished_spans())


async def test_what_nobody_asked_for_has_no_span(client: Client, recorded: Any) -> None:
    await client.cast.item()
    assert recorded.get_finished_spans() == ()


SET_UP: Final = """
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from infra.postgres.spans import operation_span
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
