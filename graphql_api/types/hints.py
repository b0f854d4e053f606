"""What a Python annotation of a column or an event's field means: its GraphQL type and its form as JSON."""

from datetime import date, datetime
from types import NoneType, UnionType
from typing import Annotated, Any, Final, NamedTuple, Union, get_args, get_origin
from uuid import UUID

import strawberry

from domain.entry import Choice
from graphql_api.types.fields import sentence
from graphql_api.types.names import NAMES
from graphql_api.types.sources import Form

_PLAIN: Final[dict[type, tuple[str, Form]]] = {
    str: ("str", Form.TEXT),
    int: ("int", Form.NUMBER),
    bool: ("bool", Form.OTHER),
    float: ("float", Form.OTHER),
    datetime: ("datetime", Form.TIME),
    date: ("date", Form.WORD),
    UUID: ("UUID", Form.WORD),
}


class Hint(NamedTuple):
    """An annotation taken apart. `name` is one in NAMES, `marks` are what Annotated holds."""

    name: str
    form: Form
    is_nullable: bool
    marks: tuple[Any, ...] = ()

    @property
    def annotation(self) -> str:
        """As a strawberry annotation, with null where it may be."""
        return f"{self.name} | None" if self.is_nullable else self.name


def read(hint: Any) -> Hint:  # noqa: ANN401 - any annotation
    """Take an annotation apart."""
    marks: tuple[Any, ...] = ()
    is_nullable = False
    while get_origin(hint) in (Annotated, Union, UnionType):
        first, *rest = get_args(hint)
        if get_origin(hint) is Annotated:
            hint, marks = first, marks + tuple(rest)
            continue
        is_nullable = True
        (hint,) = [option for option in (first, *rest) if option is not NoneType]
    return _bare(hint)._replace(is_nullable=is_nullable, marks=marks)


def _bare(hint: Any) -> Hint:  # noqa: ANN401 - any annotation
    if get_origin(hint) is tuple:
        inner = read(get_args(hint)[0])
        return Hint(f"list[{inner.name}]", Form.LIST, is_nullable=False)
    if get_origin(hint) is dict:
        return Hint("dict", Form.LIST, is_nullable=False)
    if hasattr(hint, "__supertype__"):
        return Hint("ID", Form.WORD, is_nullable=False)
    if issubclass(hint, Choice):
        return Hint(choice(hint), Form.WORD, is_nullable=False)
    name, form = _PLAIN[hint]
    return Hint(name, form, is_nullable=False)


def choice(enum: type[Choice]) -> str:
    """The name of the GraphQL enum that this class is."""
    if enum.__name__ not in NAMES:
        NAMES[enum.__name__] = strawberry.enum(enum, description=sentence(enum))
        for told, value in zip(NAMES[enum.__name__].__strawberry_definition__.values, enum, strict=True):
            told.description = value.words
    return enum.__name__
