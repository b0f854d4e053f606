"""The namespace in which strawberry looks up the names in annotations: every derived type stands here."""

from datetime import datetime  # noqa: F401 - a name in annotations
from typing import Any, Final
from uuid import UUID  # noqa: F401 - a name in annotations

from strawberry import ID  # noqa: F401 - a name in annotations

from graphql_api.types.scalars import AsOf, Position  # noqa: F401 - names in annotations

NAMES: Final[dict[str, Any]] = globals()
NAMES.update({plain.__name__: plain for plain in (str, int, float, bool, list)})
