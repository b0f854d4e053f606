"""The counts of one process, in Prometheus' form. What clients name is bounded: nobody fills the memory with names."""

from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector

NAMES_MAX: Final = 200
"""So many names of operations are counted apart: trusted ones, and the first others."""

NAME_CHARACTERS_MAX: Final = 100
ANONYMOUS: Final = "(anonymous)"
OTHER: Final = "(other)"
_SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60)

REGISTRY: Final = CollectorRegistry()
OPERATIONS: Final = Counter(
    "pushback_operations", "Operations carried out, by name and kind.", ("operation", "kind"), registry=REGISTRY
)
SECONDS: Final = Histogram(
    "pushback_operation_seconds",
    "How long queries and mutations took.",
    ("operation", "kind"),
    buckets=_SECONDS,
    registry=REGISTRY,
)
ERRORS: Final = Counter("pushback_errors", "Errors told to clients, by code.", ("code",), registry=REGISTRY)
COMMANDS: Final = Counter(
    "pushback_commands",
    "Commands by name, and DONE or the code of the refusal.",
    ("command", "outcome"),
    registry=REGISTRY,
)
SLOW: Final = Counter("pushback_slow_operations", "Operations that were logged as slow.", registry=REGISTRY)
SUBSCRIPTIONS: Final = Gauge("pushback_subscriptions_open", "Subscriptions that are followed now.", registry=REGISTRY)
IN_USE: Final = Gauge(
    "pushback_connections_in_use", "Connections to PostgreSQL that are lent now.", ("pool",), registry=REGISTRY
)
LAG: Final = Gauge("pushback_projection_lag_entries", "Entries that are not folded yet.", registry=REGISTRY)
LATE: Final = Gauge("pushback_due_late", "What should have happened by itself and has not.", registry=REGISTRY)

ProcessCollector(registry=REGISTRY)
PlatformCollector(registry=REGISTRY)


class Names:
    """The names of operations that are counted apart."""

    def __init__(self, size_max: int = NAMES_MAX) -> None:
        self._size_max = size_max
        self._known: set[str] = set()

    def of(self, name: str | None) -> str:
        """The name as it is counted."""
        if name is None:
            return ANONYMOUS
        if name in self._known:
            return name
        if len(self._known) >= self._size_max or len(name) > NAME_CHARACTERS_MAX:
            return OTHER
        self._known.add(name)
        return name


def text() -> bytes:
    """All of it, as it is now."""
    return generate_latest(REGISTRY)
