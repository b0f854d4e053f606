"""Tokens, sessions and invitations: issued, used once or often, and revoked."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from domain.authority import Authority, Power, Who
from domain.decision import Decided, decided
from domain.events import CredentialIssued, CredentialRevoked
from domain.events.people import CredentialKind, PersonKind, Scope
from domain.refusals import EndsBeforeItStarts, InvitedHuman, NoScopes, UnknownCredential, UnknownPerson
from domain.state.person import Credential, Person
from domain.text import line

SESSION_LASTS: Final = timedelta(days=30)
INVITATION_LASTS: Final = timedelta(days=7)
EVERYTHING: Final = tuple(Scope)
ACTING: Final = (Scope.READ, Scope.WRITE)
"""How far an account with a sign-in provider goes, unless more is said."""

_BROWSER: Final = "browser"
_ACCOUNT: Final = "sign-in provider"


def issue_credential(
    person: Person,
    who: Who,
    *,
    label: str,
    scopes: tuple[Scope, ...] = EVERYTHING,
    expires_at: datetime | None = None,
) -> Decided:
    """Record that a person got an access token; people may have one issued to themselves."""
    authority = _over(person, who)
    if not scopes:
        raise NoScopes(path="scopes")
    if expires_at is not None and expires_at <= who.now:
        raise EndsBeforeItStarts(path="expiresAt")
    ordinal = person.credentials + 1
    reach = tuple(scope for scope in Scope if scope in scopes)
    issued = CredentialIssued(credential=ordinal, expires_at=expires_at, scopes=reach, label=line("label", label))
    return decided(authority, issued)


def invite_person(person: Person, who: Who) -> Decided:
    """Record that a person got a link that signs them in once, within a week; links they did not use end."""
    authority = who.by_role(Power.ADMINISTER)
    if not person.id:
        raise UnknownPerson(path="person")
    if person.kind is PersonKind.SERVICE:
        raise InvitedHuman(path="person")
    invited = CredentialIssued(
        credential=person.credentials + 1,
        kind=CredentialKind.INVITATION,
        expires_at=who.now + INVITATION_LASTS,
        label="invitation",
    )
    unused = _live(person, lambda held: held.kind is CredentialKind.INVITATION)
    return decided(authority, invited, *unused)


def open_session(person: Person, who: Who, credential: int) -> Decided:
    """Record that a person signed in in a browser, with a token or, once, with an invitation."""
    used = person.live_credentials.get(credential)
    if person.id != who.person_id or used is None or not used.holds(who.now):
        raise UnknownCredential(path="credential")
    session = CredentialIssued(
        credential=person.credentials + 1,
        kind=CredentialKind.SESSION,
        expires_at=_end(used, who.now + SESSION_LASTS),
        scopes=used.scopes,
        opened_with=credential,
        label=_BROWSER,
    )
    is_used_up = used.kind is CredentialKind.INVITATION
    ended = (CredentialRevoked(credential=credential),) if is_used_up else ()
    return decided(who.as_oneself("sign-in/1"), session, *ended)


def bind_identity(person: Person, who: Who, *, scopes: tuple[Scope, ...] = ACTING) -> Decided:
    """Record that an account with the sign-in provider is a person's, or a program's."""
    authority = who.by_role(Power.ADMINISTER)
    if not person.id:
        raise UnknownPerson(path="person")
    if not scopes:
        raise NoScopes(path="scopes")
    return decided(authority, _identity(person, tuple(scope for scope in Scope if scope in scopes)))


def accept_with_identity(person: Person, who: Who, credential: int) -> Decided:
    """Record that a person accepted an invitation by an account with the sign-in provider, which is theirs now."""
    used = person.live_credentials.get(credential)
    is_invited = used is not None and used.kind is CredentialKind.INVITATION and used.holds(who.now)
    if person.id != who.person_id or not is_invited:
        raise UnknownCredential(path="credential")
    bound = _identity(person, ACTING, opened_with=credential)
    return decided(who.as_oneself("sign-in/1"), bound, CredentialRevoked(credential=credential))


def revoke_credential(person: Person, who: Who, credential: int) -> Decided:
    """Record that a credential is no longer valid, nor the sessions it opened; people may revoke their own."""
    if credential not in person.live_credentials:
        raise UnknownCredential(path="credential")
    authority = _over(person, who)
    opened = _live(person, lambda held: held.opened_with == credential)
    return decided(authority, CredentialRevoked(credential=credential), *opened)


def _identity(person: Person, scopes: tuple[Scope, ...], opened_with: int | None = None) -> CredentialIssued:
    ordinal = person.credentials + 1
    kind = CredentialKind.IDENTITY
    return CredentialIssued(credential=ordinal, kind=kind, scopes=scopes, opened_with=opened_with, label=_ACCOUNT)


def _over(person: Person, who: Who) -> Authority:
    """What lets somebody give or take a credential: it is their own, or they administer."""
    is_own = bool(person.id) and person.id == who.person_id
    authority = who.as_oneself("own-token/1") if is_own else who.by_role(Power.ADMINISTER)
    if not person.id:
        raise UnknownPerson(path="person")
    return authority


def _live(person: Person, is_meant: Callable[[Credential], bool]) -> tuple[CredentialRevoked, ...]:
    """The end of those that are meant."""
    return tuple(CredentialRevoked(credential=key) for key, held in person.live_credentials.items() if is_meant(held))


def _end(used: Credential, latest: datetime) -> datetime:
    """A session ends with the token it was opened with; an invitation's own end is not the session's."""
    if used.kind is CredentialKind.INVITATION or used.expires_at is None:
        return latest
    return min(latest, used.expires_at)
