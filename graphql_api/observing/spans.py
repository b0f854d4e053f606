"""Spans for OpenTelemetry, where `pushback[otel]` is installed and set up by whoever runs the process; else nothing."""

from contextlib import AbstractContextManager, nullcontext
from importlib import import_module
from typing import Any, Final


def _opentelemetry() -> Any:  # noqa: ANN401 - a module which need not be there
    try:
        return import_module("opentelemetry.trace")
    except ImportError:
        return None


_OTEL: Final = _opentelemetry()
TRACER: Any = _OTEL and _OTEL.get_tracer("pushback")
"""None without OpenTelemetry."""

_NOTHING: Final = nullcontext()


def _is_for_nobody() -> bool:
    """Whether no span would be recorded: to make them all the same would cost as much as the rest of a request."""
    if TRACER is None:
        return True
    is_proxy = type(TRACER) is _OTEL.ProxyTracer
    return is_proxy and isinstance(_OTEL.get_tracer_provider(), _OTEL.ProxyTracerProvider)


def operation_span(kind: str, name: str) -> AbstractContextManager[Any]:
    """One for the whole operation."""
    if _is_for_nobody():
        return _NOTHING
    told = {"graphql.operation.type": kind, "graphql.operation.name": name}
    span: AbstractContextManager[Any] = TRACER.start_as_current_span(f"{kind} {name}", attributes=told)
    return span


def statement_span(sql: str) -> AbstractContextManager[Any]:
    """One for a statement: its text holds no values, they are parameters."""
    if _is_for_nobody():
        return _NOTHING
    told = {"db.system.name": "postgresql", "db.query.text": sql}
    span: AbstractContextManager[Any] = TRACER.start_as_current_span("postgresql", attributes=told)
    return span
