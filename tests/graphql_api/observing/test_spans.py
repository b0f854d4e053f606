"""Spans where OpenTelemetry is not there, or where nobody has set it up: nothing."""

import subprocess
import sys
from typing import Final

import pytest

from infra.postgres import spans

ABSENT: Final = """
import sys
sys.modules["opentelemetry"] = None
from infra.postgres import spans
from graphql_api.server import create_app
with spans.operation_span("query", "A"), spans.statement_span("SELECT 1"):
    print(spans.TRACER)
"""


SET_UP_LATE: Final = """
from infra.postgres import spans
print(spans.operation_span("query", "A") is spans.statement_span("SELECT 1"))
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
trace.set_tracer_provider(TracerProvider())
with spans.operation_span("query", "A") as span:
    print(span.is_recording())
"""


def test_without_a_tracer_a_span_is_nothing_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spans, "TRACER", None)
    nothing = spans.operation_span("query", "A")
    assert nothing is spans.statement_span("SELECT 1") is spans.append_span(1) is spans.shared_span("SELECT 1", [None])


def test_a_process_without_the_extra_works() -> None:
    done = subprocess.run([sys.executable, "-c", ABSENT], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "None"


def test_where_nobody_has_set_it_up_a_span_is_nothing_until_somebody_has() -> None:
    pytest.importorskip("opentelemetry.sdk.trace")
    done = subprocess.run([sys.executable, "-c", SET_UP_LATE], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "True"]
