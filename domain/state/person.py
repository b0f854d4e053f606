"""The state of one person, as rules read it: that they exist, and which tokens they hold."""

from typing import Any, ClassVar

import msgspec
from msgspec.structs import replace

from domain.entry import Entry
from domain.events import CredentialIssued, CredentialRevoked, PersonRegistered
from domain.events.people import PersonKind
from domain.ids import PersonId, stream_key


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """A person; an empty id is one that does not exist. `registered` is the position at which they became known."""

    PREFIX: ClassVar[str] = "psn"

    id: PersonId = PersonId("")
    registered: int = 0
    kind: PersonKind = PersonKind.HUMAN
    credentials: int = 0
    live_credentials: frozenset[int] = frozenset()


def evolve(person: Person, entry: Entry[Any]) -> Person:
    """The person after an entry; total."""
    match entry.event:
        case PersonRegistered(kind=kind):
            known_as = PersonId(stream_key("psn", entry.stream_id))
            return replace(person, id=known_as, registered=entry.position, kind=kind)
        case CredentialIssued(credential=ordinal):
            live = person.live_credentials | {ordinal}
            return replace(person, credentials=max(person.credentials, ordinal), live_credentials=live)
        case CredentialRevoked(credential=ordinal):
            return replace(person, live_credentials=person.live_credentials - {ordinal})
        case _:
            return person
