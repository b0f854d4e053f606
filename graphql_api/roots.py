"""The root fields that SQL answers: `make_query_type()` gives the class that the schema's query type extends."""

from collections.abc import Awaitable
from typing import Any

from strawberry.types import Info

import graphql_api.types.graph  # noqa: F401
from graphql_api.islands import root
from graphql_api.types.connections import AS_OF, connection
from graphql_api.types.fields import Backed, argument, backed, declare
from graphql_api.types.sources import NODE, ById, Rows
from projections.roots import ROOTS, All
from projections.roots import ById as RowById

_NODE_DOC = "Anything by its id; null for one that is unknown, malformed or of another workspace."


class Root(Backed):
    """A field of the query type: where graphql-core executes, it asks SQL for all that lies below."""

    @property
    def is_basic_field(self) -> bool:
        """It needs to know what was selected."""
        return False

    @property
    def is_async(self) -> bool:
        """It waits for SQL."""
        return True

    def get_result(self, source: Any, info: Info | None, args: list[Any], kwargs: Any) -> Awaitable[Any]:  # noqa: ANN401, ARG002 - strawberry's signature
        """The finished value."""
        return root(info)


def make_query_type() -> type:
    """A strawberry type with every field of ROOTS and `node`; a subclass adds what Python answers."""
    fields = [_field(name, told) for name, told in ROOTS.items()]
    fields.append(_by_id("node", NODE, _NODE_DOC))
    return declare("Reads", fields, "Everything that is read.")


def _field(name: str, told: RowById | All) -> Backed:
    if isinstance(told, RowById):
        return _by_id(name, told.target, told.doc)
    return connection(name, Rows(told, told.required, is_root=True, given=told.given), told.doc, Root)


def _by_id(name: str, target: str, doc: str) -> Backed:
    arguments = (argument("id", "ID", "Which one."), AS_OF)
    return backed(name, f"{target} | None", ById(target), doc, arguments, Root)
