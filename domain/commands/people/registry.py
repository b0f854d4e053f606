"""Registering people, issuing them credentials, forming teams."""

from datetime import datetime

from domain.authority import Authority, Power, Who
from domain.decision import Decided, decided
from domain.events import CredentialIssued, CredentialRevoked, PersonRegistered, TeamFormed
from domain.events.people import PersonKind, TeamKind
from domain.refusals import EndsBeforeItStarts, UnknownCredential, UnknownPerson
from domain.state.person import Person
from domain.state.team import Team, Workspace
from domain.text import line


def may_administer(_state: Team | Workspace | Person, who: Who, *_ordinal: int) -> Authority:
    """An administrator of the workspace."""
    return who.by(Power.ADMINISTER)


def register_person(
    person: Person, who: Who, *, commitment: str, kind: PersonKind = PersonKind.HUMAN, account: str | None = None
) -> Decided:
    """Make a person or a program known; the commitment binds the name, which is kept outside the ledger."""
    authority = may_administer(person, who)
    known_as = None if account is None else line("account", account)
    return decided(authority, PersonRegistered(commitment=line("commitment", commitment), kind=kind, account=known_as))


def issue_credential(person: Person, who: Who, *, label: str, expires_at: datetime | None = None) -> Decided:
    """Record that a person got an access token."""
    authority = who.by(Power.ADMINISTER)
    if not person.id:
        raise UnknownPerson(path="person")
    if expires_at is not None and expires_at <= who.now:
        raise EndsBeforeItStarts(path="expiresAt")
    ordinal = person.credentials + 1
    return decided(authority, CredentialIssued(credential=ordinal, label=line("label", label), expires_at=expires_at))


def revoke_credential(person: Person, who: Who, credential: int) -> Decided:
    """Record that an access token is no longer valid; people may revoke their own."""
    if credential not in person.live_credentials:
        raise UnknownCredential(path="credential")
    is_own = person.id == who.person_id
    authority = who.as_oneself("own-token/1") if is_own else who.by(Power.ADMINISTER)
    return decided(authority, CredentialRevoked(credential=credential))


def form_team(team: Team, who: Who, *, name: str, kind: TeamKind = TeamKind.FEATURE) -> Decided:
    """Form a team with an empty backlog."""
    return decided(may_administer(team, who), TeamFormed(kind=kind, name=line("name", name)))
