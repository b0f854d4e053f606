"""Spans where OpenTelemetry is there, one for an operation and one for each statement; nothing where it is not."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Final

import pytest

from graphql_api.observing import spans
from tests.graphql_api.client import Client

TEAMS = "query Spanned($first: Int!) { teams(first: $first) { nodes { name } } }"


ABSENT: Final = """
import sys
sys.modules["opentelemetry"] = None
from graphql_api.observing import spans
from graphql_api.server import create_app
with spans.operation_span("query", "A"), spans.statement_span("SELECT 1"):
    print(spans.TRACER)
"""


SET_UP_LATE: Final = """
from graphql_api.observing import spans
print(spans.operation_span("query", "A") is spans.statement_span("SELECT 1"))
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
trace.set_tracer_provider(TracerProvider())
with spans.operation_span("query", "A") as span:
    print(span.is_recording())
"""


class Tracer:
    """A tracer as OpenTelemetry's API has it, that remembers which spans lay in which."""

    def __init__(self) -> None:
        self.spans: list[tuple[int, str, dict[str, Any]]] = []
        self._depth = 0

    def start_as_current_span(self, name: str, attributes: dict[str, Any]) -> AbstractContextManager[None]:
        return self._span(name, attributes)

    @contextmanager
    def _span(self, name: str, attributes: dict[str, Any]) -> Iterator[None]:
        self.spans.append((self._depth, name, attributes))
        self._depth += 1
        yield
        self._depth -= 1


async def test_an_operation_is_a_span_and_each_of_its_statements_is_one_in_it(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    token_first = await client.token(client.cast.paula)
    assert token_first
    tracer = Tracer()
    monkeypatch.setattr(spans, "TRACER", tracer)
    await client.ask(client.cast.paula, TEAMS, first=7)
    (outer, name, told), (inner, _, statement) = tracer.spans
    assert (outer, name, told["graphql.operation.name"]) == (0, "query Spanned", "Spanned")
    assert inner == 1
    assert statement["db.query.text"].startswith("SELECT")


def test_without_a_tracer_a_span_is_nothing_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spans, "TRACER", None)
    assert spans.operation_span("query", "A") is spans.statement_span("SELECT 1")


def test_a_process_without_the_extra_works() -> None:
    done = subprocess.run([sys.executable, "-c", ABSENT], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "None"


def test_where_nobody_has_set_it_up_a_span_is_nothing_until_somebody_has() -> None:
    pytest.importorskip("opentelemetry.sdk.trace")
    done = subprocess.run([sys.executable, "-c", SET_UP_LATE], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "True"]
