"""The arguments of a field: which are given decides the shape of the statement, what they are is bound later."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from graphql import FieldNode, GraphQLField, ValueNode, VariableNode, get_named_type
from graphql.execution.values import VariableValues, get_argument_values

from graphql_api.compiler.parameters import Parameters, Request
from graphql_api.compiler.refusals import BAD_TEXT, BAD_TIME, refusal
from graphql_api.types.scalars import AsOf


@dataclass(frozen=True)
class Arguments:
    """The arguments of one field node."""

    field: GraphQLField
    node: FieldNode
    given: dict[str, Any]

    @classmethod
    def read(cls, field: GraphQLField, node: FieldNode, values: VariableValues) -> "Arguments":
        """The arguments with these variables."""
        return cls(field, node, get_argument_values(field, node, values))

    def has(self, name: str) -> bool:
        """Whether the argument says anything: null means the same as absent."""
        return self.given.get(name) is not None

    def literal(self, name: str) -> ValueNode | None:
        """What the document says: a variable, or a literal that may hold variables."""
        return next((told.value for told in self.node.arguments or () if told.name.value == name), None)

    def value(self, name: str, values: VariableValues) -> Any:  # noqa: ANN401 - the argument's type decides
        """What the argument is with these variables."""
        told = self.literal(name)
        if isinstance(told, VariableNode):
            return values.coerced[told.name.value]
        return get_argument_values(self.field, self.node, values)[name]

    def is_variable(self, name: str) -> bool:
        """Whether the argument is one variable."""
        return isinstance(self.literal(name), VariableNode)

    def key(self, name: str, purpose: str) -> object:
        """The same for the same variable used for the same purpose."""
        told = self.literal(name)
        return (purpose, told.name.value) if isinstance(told, VariableNode) else None

    def text(self, name: str, parameters: Parameters) -> str:
        """A parameter for an argument that is compared with a column of text, or of true and false."""

        def binder(request: Request) -> str:
            return clean(plain(self.value(name, request.values)), self.node)

        is_boolean = get_named_type(self.field.args[name].type).name == "Boolean"
        return parameters.add(binder, self.key(name, "text")) + "::text" + "::boolean" * is_boolean

    def time(self, name: str, parameters: Parameters) -> str:
        """A parameter for a time."""

        def binder(request: Request) -> datetime:
            return zoned(self.value(name, request.values), self.node)

        return parameters.add(binder, self.key(name, "time")) + "::timestamptz"

    def moment(self, name: str, parameters: Parameters) -> str:
        """A parameter for a moment: bound to a position or a time."""

        def binder(request: Request) -> int | datetime:
            return moment(self.value(name, request.values), self.node)

        return parameters.add_moment(binder, self.key(name, "moment") or ("moment", id(self.node)))


def plain(value: Any) -> Any:  # noqa: ANN401 - any argument
    """The value as it is stored."""
    return value.value if isinstance(value, Enum) else value


def clean(value: object, node: FieldNode) -> str:
    """Text that PostgreSQL takes; raises the refusal BAD_TEXT."""
    text = str(value)
    if "\0" in text or _has_half_a_pair(text):
        raise refusal(BAD_TEXT, "Text cannot hold the character NUL or half of a surrogate pair.", node)
    return text


def _has_half_a_pair(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


def moment(value: Any, node: FieldNode | None = None) -> int | datetime:  # noqa: ANN401 - as strawberry or graphql-core give it
    """The position or time that an AsOf names; raises the refusal BAD_TIME."""
    told: dict[str, Any] = vars(value) if isinstance(value, AsOf) else value
    said: int | datetime = next(part for part in told.values() if isinstance(part, int | datetime))
    return zoned(said, node) if isinstance(said, datetime) else said


def zoned(time: datetime, node: FieldNode | None) -> datetime:
    """The time, which says its zone; raises the refusal BAD_TIME."""
    if time.tzinfo is None:
        raise refusal(BAD_TIME, "Say the time zone: a time ends with Z or an offset like +02:00.", node)
    return time
