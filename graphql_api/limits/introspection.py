"""How much of the schema one operation may ask for: what any tool asks, once, and not the schema times itself."""

from collections.abc import Iterable
from typing import Any, Final

from graphql import ASTValidationRule, FieldNode, OperationDefinitionNode

from graphql_api.compiler.refusals import refusal
from graphql_api.limits.places import Selected

TYPES_MAX: Final = 5
"""Of `__type` in one operation."""

DEPTH_MAX: Final = 20
TOO_MUCH_INTROSPECTION: Final = "TOO_MUCH_INTROSPECTION"
INTROSPECTION_OFF: Final = "INTROSPECTION_OFF"

_SCHEMA: Final = "__schema"
_TYPE: Final = "__type"
_MEMBERS: Final = frozenset({"fields", "inputFields", "interfaces", "possibleTypes", "enumValues"})
"""Lists of a type that lead to types again."""

_MEMBERS_MAX: Final = {_SCHEMA: 1, _TYPE: 2}
"""How many of these lists may lie in one another."""


def refuse_long_introspection(fields: Iterable[Selected], node: OperationDefinitionNode) -> None:
    """Raise a GraphQLError when the operation asks for the schema more than once, in effect or in words."""
    paths: dict[tuple[str, ...], tuple[str, ...]] = {}
    for path, names, _, _ in fields:
        if names[0] not in _MEMBERS_MAX:
            continue
        if len(names) > DEPTH_MAX:
            raise _refusal(f"goes {len(names)} fields deep into the schema, at most {DEPTH_MAX}", node)
        if sum(name in _MEMBERS for name in names) > _MEMBERS_MAX[names[0]]:
            raise _refusal("follows the lists of a type from type to type", node)
        if paths.setdefault((path[0], *names), path) != path:
            raise _refusal(f"selects {names[-1]} of the schema under several names", node)
    asked = [key[1] for key in paths if len(key) == 2]  # noqa: PLR2004 - a root field: its response key and its name
    if asked.count(_SCHEMA) > 1 or asked.count(_TYPE) > TYPES_MAX:
        raise _refusal(f"asks for more than one {_SCHEMA} or {TYPES_MAX} of {_TYPE}", node)


def _refusal(what: str, node: OperationDefinitionNode) -> Exception:
    return refusal(TOO_MUCH_INTROSPECTION, f"This {what}; ask for the schema once, as tools do.", node)


class SchemaIsHidden(ASTValidationRule):
    """Refuses a document that asks for the schema, where the operator does not show it."""

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        if node.name.value in _MEMBERS_MAX:
            message = "This server does not tell its schema; read schema.graphql of its release."
            self.report_error(refusal(INTROSPECTION_OFF, message, node))
