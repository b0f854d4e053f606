"""A notification's state is its entry as JSON: what a projection gets is the entry, with the event in today's form."""

from functools import lru_cache
from typing import Any, cast
from uuid import UUID

import msgspec
from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import Mapper, MapperDeserialisationError, StoredEvent

import domain.events  # noqa: F401 - registers every event
from domain.entry import EVENTS, Entry, Event, disclosed
from infra.eventsourcing_module.failures import FollowsOnly


def state_of(entry: Entry[Event]) -> bytes:
    """A JSON object with the entry's fields, prose included unless it was erased, null for what the event hides."""
    return msgspec.json.encode(disclosed(entry))


class EntryMapper(Mapper[UUID]):
    """Gives entries. Whoever prefers dicts reads the JSON of `state`."""

    def to_stored_event(self, domain_event: DomainEventProtocol[UUID]) -> StoredEvent:
        """Refused, whatever it is."""
        raise FollowsOnly(domain_event)

    def to_domain_event(self, stored_event: StoredEvent) -> DomainEventProtocol[UUID]:
        """The entry, typed as the library has it: `stream_id` and `version` are its originator's id and version."""
        try:
            entry = _decoder(stored_event.topic).decode(stored_event.state)
        except (LookupError, msgspec.MsgspecError) as error:
            raise MapperDeserialisationError(f"{stored_event.topic}: {error}") from error
        return cast("DomainEventProtocol[UUID]", entry)


@lru_cache(maxsize=1024)
def _decoder(topic: str) -> msgspec.json.Decoder[Any]:
    form: Any = Entry
    return msgspec.json.Decoder(form[EVENTS[topic]])
