"""Documents that were read before: each is parsed, validated and compiled once, and the newest are remembered."""

import re
from collections import OrderedDict
from collections.abc import Collection, Sequence
from typing import Any, Final, Generic, TypeVar

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    parse,
    specified_rules,
    validate,
)
from graphql.execution.values import VariableValues, get_variable_values
from strawberry import Schema
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

from graphql_api.compiler.compiler import Compiler
from graphql_api.compiler.plan import Plan, finish
from graphql_api.compiler.refusals import NotCompilable, refusal
from graphql_api.compiler.selection import Selection
from graphql_api.compiler.text import braced, members
from graphql_api.limits.cost import MUTATION_POINTS, ROOT_POINTS
from graphql_api.limits.document import STEPS_MAX, TOKENS_MAX, TOO_DEEP, refuse_excess
from graphql_api.limits.introspection import SchemaIsHidden
from graphql_api.limits.places import Places
from graphql_api.limits.rows import RowsAsked
from graphql_api.types.soundness import check

DOCUMENTS_MAX: Final = 1000
ERRORS_MAX: Final = 50
"""Of what is wrong with the variables of one request."""

TEXT_CHARACTERS_MAX: Final = 16_384
"""Of a document that is remembered; a longer one is read again each time."""

PLANS_MAX: Final = 32
"""For one operation: one for each combination of conditions true, and arguments absent."""
OPERATION_NOT_NAMED: Final = "OPERATION_NOT_NAMED"
UNKNOWN_OPERATION: Final = "UNKNOWN_OPERATION"
RULES: Final = (*specified_rules, OneOfInputValidationRule)

K = TypeVar("K")
V = TypeVar("V")


class Newest(Generic[K, V]):
    """A dictionary that forgets what was not asked for the longest."""

    def __init__(self, size_max: int) -> None:
        self._size_max = size_max
        self._kept: OrderedDict[K, V] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: K) -> V | None:
        """What was kept under the key."""
        value = self._kept.get(key)
        if value is not None:
            self._kept.move_to_end(key)
        return value

    def keep(self, key: K, value: V) -> V:
        """Keep it, and forget the oldest if there are too many."""
        self._kept[key] = value
        if len(self._kept) > self._size_max:
            self._kept.popitem(last=False)
        return value


class Invalid(Exception):
    """This request cannot be executed; `errors` say why."""

    def __init__(self, errors: Sequence[GraphQLError]) -> None:
        super().__init__(errors)
        self.errors = list(errors)


_PLACE: Final = re.compile(r"Variable '\$(\w+)' has invalid value(?: at ([\w.\[\]]+))?: ")
_STEP: Final = re.compile(r"\w+")


def placed(error: GraphQLError) -> GraphQLError:
    """A fault of a variable with its place in `extensions.path`, like `variables.input.title`.

    graphql-core tells it in the message only, before anything that a client sent.
    """
    found = _PLACE.match(error.message)
    if found:
        steps = ("variables", found[1], *_STEP.findall(found[2] or ""))
        error.extensions = {**(error.extensions or {}), "path": ".".join(steps)}
    return error


class Operation:
    """One operation of a valid document, and its plans. Made only of one that does not ask for too many rows."""

    def __init__(
        self,
        schema: GraphQLSchema,
        node: OperationDefinitionNode,
        document: DocumentNode,
        *,
        hides_schema: bool,
    ) -> None:
        self.schema = schema
        self.node = node
        self._hides_schema = hides_schema
        self.kind: OperationType = node.operation
        self.name = node.name.value if node.name else None
        self.fragments = {
            one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)
        }
        self.plans: Newest[tuple[Any, ...], Plan] = Newest(PLANS_MAX)
        self._is_compilable = node.operation is OperationType.QUERY and not node.directives
        places = [*Places(schema, self.fragments).of(node, STEPS_MAX)]
        self._rows = RowsAsked(places)
        self._rows.refuse_excess()
        writes = node.operation is OperationType.MUTATION
        roots = len({one.path for one in places if len(one.path) == 1})
        self._points = roots * (MUTATION_POINTS if writes else ROOT_POINTS)

    def variables(self, inputs: dict[str, Any] | None) -> VariableValues:
        """The variables' values, defaults included; raises Invalid, and GraphQLError when they ask for too much."""
        given = self.node.variable_definitions or ()
        values = get_variable_values(self.schema, given, inputs or {}, ERRORS_MAX, self._hides_schema)
        if isinstance(values, list):
            raise Invalid([placed(error) for error in values])
        if self._rows.depends:
            self._rows.refuse_excess(values)
        return values

    def cost(self, values: VariableValues) -> int:
        """What it costs with these variables, in points."""
        return self._points + self._rows.count(values)

    def plan(self, values: VariableValues) -> Plan | None:
        """The statement for these variables, None if graphql-core has to execute; raises GraphQLError."""
        if not self._is_compilable:
            return None
        shape = shape_of(values)
        known = self.plans.get(shape)
        if known is not None:
            return known
        try:
            return self.plans.keep(shape, self._compile(values))
        except NotCompilable:
            self._is_compilable = False
            return None

    def _compile(self, values: VariableValues) -> Plan:
        compiler = Compiler(Selection(self.schema, self.fragments, values))
        root = self.schema.query_type
        if root is None:
            raise NotCompilable
        fields = compiler.selection.of(root, [self.node.selection_set])
        return finish(compiler, braced(members([("data", compiler.root(root, fields))])))


def shape_of(values: VariableValues) -> tuple[Any, ...]:
    """What of the variables decides the form of the statement: conditions, and whether a value is given at all."""
    return tuple(
        (name, value if value is None or isinstance(value, bool) else _GIVEN) for name, value in values.coerced.items()
    )


_GIVEN: Final = "given"


class Document:
    """A valid document: its operations by name."""

    def __init__(self, schema: GraphQLSchema, node: DocumentNode, *, hides_schema: bool) -> None:
        self.node = node
        found = [one for one in node.definitions if isinstance(one, OperationDefinitionNode)]
        self._operations = {
            one.name.value if one.name else None: Operation(schema, one, node, hides_schema=hides_schema)
            for one in found
        }

    @property
    def operations(self) -> Collection[Operation]:
        """All of them."""
        return self._operations.values()

    def operation(self, name: str | None) -> Operation:
        """The operation of this name, or the only one; raises GraphQLError."""
        if name:
            if name not in self._operations:
                raise refusal(UNKNOWN_OPERATION, f"This document has no operation called {name!r}.")
            return self._operations[name]
        if len(self._operations) != 1:
            raise refusal(OPERATION_NOT_NAMED, "Say by `operationName` which of the document's operations to run.")
        return next(iter(self._operations.values()))


class Documents:
    """The newest documents of a schema, which must be sound. What is wrong with one is remembered as well.

    A very long one is read and forgotten. With `hides_schema` none may ask for the schema, and no error tells of it
    what was not named in the document.
    """

    def __init__(
        self,
        schema: Schema,
        size_max: int = DOCUMENTS_MAX,
        *,
        hides_schema: bool = False,
    ) -> None:
        self.schema: GraphQLSchema = schema._schema  # noqa: SLF001 - strawberry has no other door to it
        check(self.schema)
        self._rules = (*RULES, SchemaIsHidden) if hides_schema else RULES
        self._hides_schema = hides_schema
        self._trusted: dict[str, Document] = {}
        self._known: Newest[str, Document | Invalid] = Newest(size_max)

    def read(self, text: str) -> Document:
        """The document, parsed and valid; raises Invalid."""
        known = self._trusted.get(text) or self._known.get(text) or self._kept(text, self._read(text))
        if isinstance(known, Invalid):
            raise Invalid(known.errors)
        return known

    def keep(self, text: str) -> None:
        """Remember a document for good, however many others come; raises Invalid."""
        self._trusted[text] = self.read(text)

    def _kept(self, text: str, found: Document | Invalid) -> Document | Invalid:
        return self._known.keep(text, found) if len(text) <= TEXT_CHARACTERS_MAX else found

    def _read(self, text: str) -> Document | Invalid:
        try:
            node = parse(text, max_tokens=TOKENS_MAX)
            refuse_excess(self.schema, node)
        except GraphQLError as error:
            return Invalid([error])
        except RecursionError:
            return Invalid([refusal(TOO_DEEP, "This is nested too deeply to be read.")])
        errors = validate(self.schema, node, self._rules, hide_suggestions=self._hides_schema)
        try:
            return Invalid(errors) if errors else Document(self.schema, node, hides_schema=self._hides_schema)
        except GraphQLError as error:
            return Invalid([error])
