"""The namespace in which strawberry looks up the names in annotations: every derived type stands here."""

from datetime import date, datetime  # noqa: F401 - names in annotations
from types import GenericAlias
from typing import Any, Final
from uuid import UUID  # noqa: F401 - a name in annotations

from strawberry import ID  # noqa: F401 - a name in annotations

from graphql_api.types.scalars import AsOf, Position  # noqa: F401 - names in annotations

NAMES: Final[dict[str, Any]] = globals()
NAMES.update({plain.__name__: plain for plain in (str, int, float, bool, list)})


def list_of(name: str) -> Any:  # noqa: ANN401 - an annotation
    """The annotation of a list of a derived type."""
    return GenericAlias(list, NAMES[name])
