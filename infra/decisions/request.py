"""Who asks for which command, and what came of it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

import msgspec

from domain import ids
from domain.entry import ActorKind, Entry, Event
from domain.events.people import Scope
from domain.ids import PersonId

EVERYTHING: Final = frozenset(Scope)
"""The scopes of who acts by no credential: this process itself."""


class Asker(msgspec.Struct, frozen=True, kw_only=True):
    """Who asks, and how far they may go, as their credential says."""

    workspace_id: UUID
    person_id: PersonId
    kind: ActorKind = ActorKind.HUMAN
    credential_id: str | None = None
    scopes: frozenset[Scope] = EVERYTHING

    @property
    def workspace_key(self) -> str:
        """The workspace's id as clients see it."""
        return ids.stream_key("wsp", self.workspace_id)


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """A command to be carried out once, however often it is sent.

    `target` is the id of what it acts on (None when it opens a stream), `arguments` the keyword arguments of the
    command's function, with ids where that takes another aggregate's state. `occurred_at` is given by those who
    bring the past in: the act is judged as of then. `opens` is the id of the stream to open, when the caller needs to
    know it before.
    """

    asker: Asker
    command: str
    command_id: UUID
    target: str | None = None
    arguments: Mapping[str, Any] = msgspec.field(default_factory=dict)
    occurred_at: datetime | None = None
    opens: UUID | None = None


class Done(NamedTuple):
    """What a command recorded, and the id of the read model it is about."""

    entries: tuple[Entry[Event], ...]
    subject_id: str

    @property
    def position(self) -> int:
        """The position of its last entry."""
        return self.entries[-1].position
