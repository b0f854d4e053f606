"""What a command's argument is as an input: choices, lists, and structs as input objects of their own."""

from dataclasses import MISSING
from functools import cache
from types import NoneType, UnionType, new_class
from typing import Annotated, Any, Final, Union, get_args, get_origin, get_type_hints

import msgspec
import strawberry

from domain.commands.words import ARGUMENTS
from graphql_api.types.fields import sentence
from graphql_api.types.hints import read
from graphql_api.types.names import NAMES

_STRUCT: Final = "__struct__"


def annotation(hint: Any) -> Any:  # noqa: ANN401 - any annotation of an argument
    """The strawberry annotation of an argument that is no reference to another aggregate."""
    origin, options = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return annotation(options[0])
    if origin in (Union, UnionType):
        (inner,) = [option for option in options if option is not NoneType]
        return annotation(inner) | None if len(options) > 1 else annotation(inner)
    if origin is tuple:
        return list[annotation(options[0])]  # type: ignore[misc]  # made at run time
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        return input_of(hint)
    return NAMES[read(hint).name]


def taken(value: Any) -> Any:  # noqa: ANN401 - what a client sent
    """A value as the command's function takes it: lists as tuples, input objects as their structs."""
    if isinstance(value, list):
        return tuple(map(taken, value))
    struct = getattr(type(value), _STRUCT, None)
    if struct is None:
        return value
    return struct(**{name: taken(getattr(value, name)) for name in struct.__struct_fields__})


@cache
def input_of(struct: type[msgspec.Struct]) -> type:
    """The input object that a struct is; what a field means stands in its annotation or in the commands' words."""
    hints = get_type_hints(struct, include_extras=True)
    fields = {field.name: field for field in msgspec.structs.fields(struct)}
    members = {
        name: strawberry.field(
            default=MISSING if field.required else field.default, description=_words(struct, name, hints[name])
        )
        for name, field in fields.items()
    }
    body = {**members, "__annotations__": {name: annotation(hints[name]) for name in fields}, _STRUCT: struct}
    made = new_class(f"{struct.__name__}Input", (), {}, lambda namespace: namespace.update(body))
    return strawberry.input(made, description=sentence(struct))


def _words(struct: type, name: str, hint: Any) -> str:  # noqa: ANN401 - any annotation
    described = [mark.description for mark in read(hint).marks if isinstance(mark, msgspec.Meta) and mark.description]
    return described[0] if described else ARGUMENTS.get(f"{struct.__name__}.{name}") or ARGUMENTS[name]
