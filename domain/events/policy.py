"""What a workspace or a team decided about its own rules."""

from typing import Any, ClassVar

from domain.entry import Event, Prose
from domain.events.item import Track
from domain.events.pushback import ReasonCategory
from domain.policy import Rule


class PolicyAdopted(Event, frozen=True, kw_only=True):
    """A workspace or a team decided how its rules are kept, on one track or on both. It says all that it decides.

    `policy` counts the adoptions in the stream, `number` those for the same track; `settings` are like
    `recorded_refusals_max=20`, `locked_settings` only their names.
    """

    class_version: ClassVar[int] = 2

    policy: int
    number: int
    track: Track | None = None
    replaces: int | None = None
    off: tuple[Rule, ...] = ()
    advised: tuple[Rule, ...] = ()
    required: tuple[Rule, ...] = ()
    locked: tuple[Rule, ...] = ()
    settings: tuple[str, ...] = ()
    locked_settings: tuple[str, ...] = ()
    why: Prose = None

    @staticmethod
    def upcast_v1_v2(state: dict[str, Any]) -> None:
        """At first only rules were locked."""
        state.update(locked_settings=())


class ReasonAdded(Event, frozen=True, kw_only=True):
    """A workspace added a reason for pushing back to those that everybody has."""

    added_reason: int
    code: str
    category: ReasonCategory
    description: Prose = None
    why: Prose = None


class ReasonRetired(Event, frozen=True, kw_only=True):
    """Nobody pushes back with an added reason any more; what was said with it stays."""

    added_reason: int
    why: Prose = None
