"""What the ledger holds: an event, and the entry that says who said it, when, and by what authority."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Generic, Self, TypeVar
from uuid import UUID

import msgspec
from msgspec.structs import replace

T = TypeVar("T")
_PROSE = msgspec.Meta(extra={"prose": True})

Prose = Annotated[str | None, _PROSE]
"""Text that people type. It is stored apart and can be erased, so it may be None whenever it is read."""

ProseLines = Annotated[tuple[str, ...] | None, _PROSE]
"""Several texts that people type, erased together."""

Hidden = Annotated[T | None, msgspec.Meta(extra={"hidden": True})]
"""What rules read and nobody is shown, like a vote before the reveal: it leaves the ledger to no reader, ever.

An event that comes later says it in the open. A hidden field may be left out, so that its absence says nothing.
"""

HiddenProse = Annotated[str | None, msgspec.Meta(extra={"prose": True, "hidden": True})]
"""The same of text that people type."""

EVENTS: dict[str, type["Event"]] = {}
"""Every kind of event by its topic."""


class Choice(StrEnum):
    """One of a few values that people and events name, each written as `NAME = "NAME", "what it means"`."""

    _value_: str
    words: str

    def __new__(cls, value: str, words: str = "") -> Self:
        """One of them; by its value alone, one that is there."""
        member = str.__new__(cls, value)
        member._value_, member.words = value, words
        return member


class ActorKind(Choice):
    """What stands behind an entry."""

    HUMAN = "HUMAN", "A human being; decisions are theirs alone."
    SERVICE = "SERVICE", "A program with an account of its own, which never decides."
    SYSTEM = "SYSTEM", "Pushback itself, when something happens at its time."
    IMPORT = "IMPORT", "Another tool, whose history was brought in."


class Event(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """Something that happened. A subclass is a promise: what was written in its form must load for ever.

    TOPIC is the name under which it is stored (the class name at birth; a renamed class keeps the old TOPIC),
    class_version its current form. An older form is lifted by static methods `upcast_v1_v2(state) -> None` that
    change the decoded fields in place, which is the convention of the library `eventsourcing`.
    """

    TOPIC: ClassVar[str]
    PROSE: ClassVar[frozenset[str]]
    HIDDEN: ClassVar[frozenset[str]]
    class_version: ClassVar[int] = 1

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.TOPIC = cls.__dict__.get("TOPIC", cls.__name__)
        if cls.TOPIC in EVENTS:
            message = f"two events are called {cls.TOPIC}"
            raise TypeError(message)
        cls.PROSE, cls.HIDDEN = _marked(cls, "prose"), _marked(cls, "hidden")
        EVENTS[cls.TOPIC] = cls


def _marked(event: type[Event], mark: str) -> frozenset[str]:
    """The fields whose annotation carries this mark."""
    marks = {name: getattr(hint, "__metadata__", ()) for name, hint in event.__annotations__.items()}
    return frozenset(name for name, metas in marks.items() if any(mark in (meta.extra or {}) for meta in metas))


E_co = TypeVar("E_co", bound=Event, covariant=True)


class Act(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """Who does something, and by what authority: the part of the envelope that the deciding side supplies.

    `actor`, `on_behalf_of` and `credential` are ids as clients see them; `authorised_by` is a role assignment
    (`asg_...`) or the name of a rule. `occurred_at` is claimed, never in the future, None for now.
    """

    actor: str
    actor_kind: ActorKind
    acting_role: str
    authorised_by: str
    on_behalf_of: str | None = None
    credential: str | None = None
    occurred_at: datetime | None = None
    correlation_id: UUID | None = None
    causation_id: UUID | None = None


class Entry(msgspec.Struct, Generic[E_co], frozen=True, gc=False, kw_only=True):
    """One line of the ledger. `position` is contiguous from 1 in its workspace and the only global order there.

    `recorded_at` is the server's clock, `occurred_at` a claim, `effective_at` what `asOf: {time}` means.
    `command_id` stands on the first entry of each command only. All times are UTC.
    """

    workspace_id: UUID
    position: int
    stream_id: UUID
    version: int
    schema_version: int
    recorded_at: datetime
    effective_at: datetime
    act: Act
    event: E_co
    command_id: UUID | None = None
    is_erased: bool = False


def disclosed(entry: Entry[Event]) -> Entry[Event]:
    """The entry as everybody may read it: without what its event hides."""
    hidden = type(entry.event).HIDDEN
    return replace(entry, event=replace(entry.event, **dict.fromkeys(hidden))) if hidden else entry
