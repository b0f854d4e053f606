"""The state of one person, as rules read it: that they exist, and which tokens they hold."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, ClassVar, Final

import msgspec
from msgspec.structs import replace

from domain.entry import Entry
from domain.events import (
    AbsenceBegan,
    AbsenceDeclared,
    AbsenceEnded,
    CredentialIssued,
    CredentialRevoked,
    PersonRegistered,
)
from domain.events.people import CredentialKind, PersonKind, Scope
from domain.ids import PersonId, stream_key


class Credential(msgspec.Struct, frozen=True):
    """A credential that was not revoked, though it may have expired; `opened_with` is the one it was got by."""

    kind: CredentialKind
    scopes: tuple[Scope, ...]
    expires_at: datetime | None
    opened_with: int | None

    def holds(self, now: datetime) -> bool:
        """Whether it may be used at this time."""
        return self.expires_at is None or now < self.expires_at


class Absence(msgspec.Struct, frozen=True, kw_only=True):
    """An absence that was declared and has not ended."""

    starts_at: datetime
    ends_at: datetime
    is_begun: bool = False


_NONE: Final[Mapping[int, Credential]] = MappingProxyType({})


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """A person; an empty id is one that does not exist. `registered` is the position at which they became known."""

    PREFIX: ClassVar[str] = "psn"

    id: PersonId = PersonId("")
    registered: int = 0
    kind: PersonKind = PersonKind.HUMAN
    credentials: int = 0
    live_credentials: Mapping[int, Credential] = _NONE
    absences: int = 0
    absence: Absence | None = None


def evolve(person: Person, entry: Entry[Any]) -> Person:
    """The person after an entry; total."""
    match entry.event:
        case PersonRegistered(kind=kind):
            known_as = PersonId(stream_key("psn", entry.stream_id))
            return replace(person, id=known_as, registered=entry.position, kind=kind)
        case CredentialIssued(credential=ordinal) as said:
            issued = Credential(said.kind, said.scopes, said.expires_at, said.opened_with)
            live = {**person.live_credentials, ordinal: issued}
            return replace(person, credentials=max(person.credentials, ordinal), live_credentials=live)
        case CredentialRevoked(credential=ordinal):
            live = {key: issued for key, issued in person.live_credentials.items() if key != ordinal}
            return replace(person, live_credentials=live)
        case AbsenceDeclared(absence=ordinal, starts_at=starts_at, ends_at=ends_at):
            return replace(person, absences=ordinal, absence=Absence(starts_at=starts_at, ends_at=ends_at))
        case AbsenceBegan() if person.absence:
            return replace(person, absence=replace(person.absence, is_begun=True))
        case AbsenceEnded():
            return replace(person, absence=None)
        case _:
            return person
