"""Spans for OpenTelemetry, where `pushback[otel]` is installed and set up by whoever runs the process; else nothing."""

from contextlib import AbstractContextManager, nullcontext
from importlib import import_module
from typing import Any, Final


def _tracer() -> Any:  # noqa: ANN401 - OpenTelemetry's, which need not be there
    try:
        return import_module("opentelemetry.trace").get_tracer("pushback")
    except ImportError:
        return None


TRACER: Any = _tracer()
"""None without OpenTelemetry."""

_NOTHING: Final = nullcontext()


def operation_span(kind: str, name: str) -> AbstractContextManager[Any]:
    """One for the whole operation."""
    if TRACER is None:
        return _NOTHING
    told = {"graphql.operation.type": kind, "graphql.operation.name": name}
    span: AbstractContextManager[Any] = TRACER.start_as_current_span(f"{kind} {name}", attributes=told)
    return span


def statement_span(sql: str) -> AbstractContextManager[Any]:
    """One for a statement: its text holds no values, they are parameters."""
    if TRACER is None:
        return _NOTHING
    told = {"db.system.name": "postgresql", "db.query.text": sql}
    span: AbstractContextManager[Any] = TRACER.start_as_current_span("postgresql", attributes=told)
    return span
