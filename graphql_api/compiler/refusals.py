"""What a request may ask and the compiler says no to: errors with codes, given before anything runs."""

from typing import Final

from graphql import GraphQLError, Node

BAD_PAGE_SIZE: Final = "BAD_PAGE_SIZE"
BAD_CURSOR: Final = "BAD_CURSOR"
BAD_TEXT: Final = "BAD_TEXT"
BAD_TIME: Final = "BAD_TIME"
NOT_YET_KNOWN: Final = "NOT_YET_KNOWN"
TOO_COMPLEX: Final = "TOO_COMPLEX"


class NotCompilable(Exception):
    """This operation needs graphql-core: introspection, fields that Python resolves, directives of one's own."""


class StrangeDirective(NotCompilable):
    """Something selected bears a directive that PostgreSQL does not know."""


def refusal(code: str, message: str, node: Node | None = None) -> GraphQLError:
    """An error that says what is wrong and, with a stable code, which sort it is."""
    return GraphQLError(message, nodes=node, extensions={"code": code})
