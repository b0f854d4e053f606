"""Spans for OpenTelemetry, where `pushback[otel]` is installed and set up by whoever runs the process; else nothing.

They have the names and attributes of OpenTelemetry's conventions for GraphQL servers and for clients of databases, and
of an error its class and PostgreSQL's code: never its text, which may hold what somebody wrote.
"""

from collections.abc import AsyncGenerator, Iterable, Iterator
from contextlib import AbstractContextManager, aclosing, contextmanager, nullcontext
from importlib import import_module
from typing import Any, Final, TypeVar

T = TypeVar("T")


def _opentelemetry() -> Any:  # noqa: ANN401 - a module which need not be there
    try:
        return import_module("opentelemetry.trace")
    except ImportError:
        return None


_OTEL: Final[Any] = _opentelemetry()
TRACER: Any = _OTEL and _OTEL.get_tracer("pushback")
"""None without OpenTelemetry."""

_NOTHING: Final = nullcontext()


class _Over:
    """Instead of a result where there is none any more."""


_OVER: Final = _Over()


def _is_for_nobody() -> bool:
    """Whether no span would be recorded: to make them all the same would cost as much as the rest of a request."""
    if TRACER is None:
        return True
    is_proxy = type(TRACER) is _OTEL.ProxyTracer
    return is_proxy and isinstance(_OTEL.get_tracer_provider(), _OTEL.ProxyTracerProvider)


def operation_span(kind: str, name: str | None) -> AbstractContextManager[Any]:
    """One for a whole query or mutation."""
    return _NOTHING if _is_for_nobody() else _current(*_operation(kind, name))


def append_span(events: int) -> AbstractContextManager[Any]:
    """One for what a command of an operation appends, from standing in line until it is durable."""
    return _NOTHING if here() is None else _current("append", "INTERNAL", {"pushback.events": events})


def statement_span(sql: str) -> AbstractContextManager[Any]:
    """One for a statement of an operation: its text holds no values, they are parameters."""
    return _NOTHING if here() is None else _current("postgresql", "CLIENT", _statement(sql))


def shared_span(sql: str, asked_in: Iterable[Any]) -> AbstractContextManager[Any]:
    """The same for a statement that several operations asked for: in the span of the first, linked to the others'."""
    known = [span for span in asked_in if span is not None]
    if not known:
        return _NOTHING
    context, links = _OTEL.set_span_in_context(known[0]), [_OTEL.Link(one.get_span_context()) for one in known[1:]]
    return _current("postgresql", "CLIENT", _statement(sql), context=context, links=links)


def here() -> Any:  # noqa: ANN401 - OpenTelemetry's
    """The span that this is done in, where there is one that anybody will see."""
    if _is_for_nobody():
        return None
    span = _OTEL.get_current_span()
    return span if span.is_recording() else None


def followed(name: str | None, results: AsyncGenerator[T, None]) -> AsyncGenerator[T, None]:
    """A subscription's results, with one span as long as it is followed, in which each of them is made."""
    return results if _is_for_nobody() else _followed(name, results)


async def _followed(name: str | None, results: AsyncGenerator[T, None]) -> AsyncGenerator[T, None]:
    with _begun(*_operation("subscription", name)) as span:
        async with aclosing(results):
            while True:
                with _in(span):  # anew: another task may ask for the next
                    result = await anext(results, _OVER)
                if isinstance(result, _Over):
                    return
                yield result


def _operation(kind: str, name: str | None) -> tuple[str, str, dict[str, str]]:
    """What its span is called, its kind and attributes; without a name it is called by what it is."""
    told = {"graphql.operation.type": kind}
    if name is None:
        return kind, "SERVER", told
    return f"{kind} {name}", "SERVER", {**told, "graphql.operation.name": name}


def _statement(sql: str) -> dict[str, str]:
    return {"db.system.name": "postgresql", "db.query.text": sql}


@contextmanager
def _begun(name: str, kind: str, attributes: dict[str, Any], **more: Any) -> Iterator[Any]:
    span = TRACER.start_span(name, kind=_OTEL.SpanKind[kind], attributes=attributes, **more)
    try:
        yield span
    finally:
        span.end()


@contextmanager
def _current(name: str, kind: str, attributes: dict[str, Any], **more: Any) -> Iterator[Any]:
    with _begun(name, kind, attributes, **more) as span, _in(span):
        yield span


@contextmanager
def _in(span: Any) -> Iterator[None]:  # noqa: ANN401 - OpenTelemetry's
    with _OTEL.use_span(span, record_exception=False, set_status_on_exception=False):
        try:
            yield
        except Exception as error:
            code = getattr(error, "sqlstate", None)
            span.set_attribute("error.type", code or type(error).__qualname__)
            if code:
                span.set_attribute("db.response.status_code", code)
            span.set_status(_OTEL.StatusCode.ERROR)
            raise
