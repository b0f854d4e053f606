"""The parameters of a compiled statement: what each is bound to, read again from the variables of every request."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from graphql.execution.values import VariableValues

WORKSPACE: Final = "$1"
"""Every statement's first parameter."""


@dataclass(frozen=True)
class Request:
    """What the parameters of one request are bound from."""

    values: VariableValues
    workspace_id: UUID
    moment: int | None = None
    """The position that the whole request is pinned to, where it is."""
    members: Mapping[str, Any] = field(default_factory=dict)
    """What a resolver hands over: ids and positions by name."""


Binder = Callable[[Request], Any]


@dataclass
class Parameters:
    """Parameters in the making: `add` gives each its place."""

    binders: list[Binder] = field(default_factory=lambda: [lambda request: request.workspace_id])
    moments: list[int] = field(default_factory=list)
    """Which parameters are moments: bound to a position, or to a time that has to be looked up."""
    _known: dict[Any, str] = field(default_factory=dict)

    def add(self, binder: Binder, key: object = None) -> str:
        """`$n`; the same key gives the same parameter."""
        if key is not None and key in self._known:
            return self._known[key]
        self.binders.append(binder)
        place = f"${len(self.binders)}"
        if key is not None:
            self._known[key] = place
        return place

    def add_moment(self, binder: Binder, key: object) -> str:
        """A parameter for a moment, as a position."""
        place = self.add(binder, key)
        index = int(place[1:]) - 1
        if index not in self.moments:
            self.moments.append(index)
        return f"{place}::bigint"
