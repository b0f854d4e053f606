"""The whole graph of derived types, made once when it is imported."""

from typing import Any

from domain.entry import EVENTS
from graphql_api.types.connections import declare_connection, declare_page_info, targets
from graphql_api.types.envelope import declare_event
from graphql_api.types.events import declare_events
from graphql_api.types.names import NAMES
from graphql_api.types.rows import declare_rows
from projections.declare import ROWS
from projections.roots import ROOTS, All


def _declare() -> None:
    declare_page_info()
    declare_event()
    declare_events()
    declare_rows()
    for target in sorted(targets() | {root.target for root in ROOTS.values() if isinstance(root, All)}):
        declare_connection(target)


_declare()

TYPES: dict[str, Any] = NAMES
"""Every derived type by its GraphQL name; a mutation's payload names them in its annotations."""


def implementations() -> list[type]:
    """The types that clients meet only through an interface: a schema must be told of them."""
    return [NAMES[event.__name__] for event in EVENTS.values()] + [NAMES[name] for name in ROWS]
