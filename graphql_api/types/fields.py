"""Fields that SQL fills, and the names that types and fields get."""

import inspect
import re
from collections.abc import Sequence
from types import new_class
from typing import Any, Final

import strawberry
from strawberry.annotation import StrawberryAnnotation
from strawberry.types.arguments import StrawberryArgument
from strawberry.types.field import StrawberryField

from graphql_api.types import names
from graphql_api.types.names import NAMES
from graphql_api.types.sources import Source

_SOURCE: Final = "source"
_ANNOTATION: Final = "annotation"


def camel(name: str) -> str:
    """`lifts_when` -> `liftsWhen`."""
    return re.sub(r"_(\w)", lambda match: match[1].upper(), name)


def sentence(cls: type) -> str:
    """The docstring of a class as a description."""
    return inspect.cleandoc(cls.__doc__ or "")


__all__ = ["NAMES", "Backed", "argument", "backed", "camel", "declare", "sentence", "source_of"]


class Backed(StrawberryField):
    """A field whose value SQL gives."""


def backed(  # noqa: PLR0917 - what a field says, in the order of the SDL
    name: str, annotation: str, source: Source, doc: str, arguments: Sequence[StrawberryArgument] = (),
    made: type[Backed] = Backed,
) -> Backed:  # fmt: skip
    """A field of this name (`made` as a column is named), GraphQL type, source and description."""
    field = made(
        python_name=name,
        graphql_name=camel(name),
        description=doc,
        metadata={_SOURCE: source, _ANNOTATION: annotation},
    )
    field.arguments = list(arguments)
    return field


def source_of(field: Any) -> Source | None:  # noqa: ANN401 - what strawberry left in the schema
    """Where the field's value comes from; None for one that Python resolves."""
    source: Source | None = field.metadata.get(_SOURCE) if isinstance(field, StrawberryField) else None
    return source


def argument(name: str, annotation: str, doc: str) -> StrawberryArgument:
    """An argument that may be left out, unless the annotation does not allow null."""
    default = None if annotation.endswith("None") else inspect.Parameter.empty
    return StrawberryArgument(
        python_name=name,
        graphql_name=camel(name),
        type_annotation=StrawberryAnnotation(annotation, namespace=NAMES),
        description=doc,
        default=strawberry.UNSET if default is None else default,
    )


def declare(
    name: str, fields: Sequence[Backed], doc: str, bases: tuple[type, ...] = (), *, is_interface: bool = False
) -> type:
    """Make the type, or interface, of this name known to the schema."""
    members = {field.python_name: field for field in fields}
    annotations = {field.python_name: field.metadata[_ANNOTATION] for field in fields}
    namespace = {**members, "__annotations__": annotations, "__doc__": doc, "__module__": names.__name__}
    made = new_class(name, bases, {}, lambda body: body.update(namespace))
    NAMES[name] = strawberry.type(made, name=name, description=doc, is_interface=is_interface)
    declared: type = NAMES[name]
    return declared
