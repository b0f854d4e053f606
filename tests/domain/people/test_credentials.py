"""Tokens, sessions and invitations: what opens what, until when, and what ends with it."""

from datetime import timedelta
from typing import Final

from domain.commands.people.credentials import (
    accept_with_identity,
    bind_identity,
    invite_person,
    issue_credential,
    open_session,
    revoke_credential,
)
from domain.decision import Decided
from domain.entry import ActorKind
from domain.events import CredentialIssued, CredentialRevoked, PersonRegistered
from domain.events.people import CredentialKind, PersonKind, Role, Scope
from domain.refusals import InvitedHuman, NoScopes, NotAuthorised, UnknownCredential, UnknownPerson
from domain.state.person import Person
from tests.given import NOW, Said, given_person, person_id, refused, who

ANNA: Final = who("anna", Role.ADMINISTRATOR)
PAULA: Final = who("paula", Role.PRODUCT_OWNER)
DAY: Final = timedelta(days=1)
INVITED: Final = CredentialIssued(credential=1, kind=CredentialKind.INVITATION, expires_at=NOW + 7 * DAY)


def paula(*said: CredentialIssued | CredentialRevoked, kind: PersonKind = PersonKind.HUMAN) -> Person:
    """Paula as Anna registered her, and what became of her credentials."""
    lines: list[Said] = [("anna", PersonRegistered(commitment="c", kind=kind)), *(("anna", event) for event in said)]
    return given_person("paula", *lines)


def session(decided: Decided) -> CredentialIssued:
    """What was opened."""
    opened = decided.events[0]
    assert isinstance(opened, CredentialIssued)
    assert opened.kind is CredentialKind.SESSION
    return opened


def test_people_issue_tokens_to_themselves_and_administrators_to_anybody() -> None:
    for somebody in (PAULA, who("paula"), ANNA):
        assert issue_credential(paula(), somebody, label="laptop").events
    with refused(NotAuthorised):
        issue_credential(paula(), who("petra", Role.PRODUCT_OWNER), label="laptop")


def test_a_token_goes_as_far_as_it_says() -> None:
    (issued,) = issue_credential(paula(), PAULA, label="laptop", scopes=(Scope.WRITE, Scope.READ, Scope.READ)).events
    assert isinstance(issued, CredentialIssued)
    assert issued.scopes == (Scope.READ, Scope.WRITE)
    with refused(NoScopes):
        issue_credential(paula(), PAULA, label="laptop", scopes=())


def test_a_session_goes_as_far_and_lasts_as_long_as_its_token() -> None:
    token = CredentialIssued(credential=1, scopes=(Scope.READ,), expires_at=NOW + DAY)
    opened = session(open_session(paula(token), PAULA, 1))
    assert (opened.scopes, opened.expires_at, opened.opened_with) == ((Scope.READ,), NOW + DAY, 1)
    lasting = CredentialIssued(credential=1)
    assert session(open_session(paula(lasting), PAULA, 1)).expires_at == NOW + 30 * DAY


def test_an_invitation_opens_one_session_that_outlives_it() -> None:
    decided = open_session(paula(INVITED), PAULA, 1)
    assert session(decided).expires_at == NOW + 30 * DAY
    assert decided.events[1:] == (CredentialRevoked(credential=1),)
    with refused(UnknownCredential):
        open_session(paula(INVITED, *decided.events), PAULA, 1)  # type: ignore[arg-type]  # of these two classes


def test_what_has_ended_opens_nothing() -> None:
    over = CredentialIssued(credential=1, expires_at=NOW)
    for person in (paula(over), paula(INVITED, CredentialRevoked(credential=1)), paula()):
        with refused(UnknownCredential):
            open_session(person, PAULA, 1)


def test_nobody_signs_in_with_what_is_anothers() -> None:
    with refused(UnknownCredential):
        open_session(paula(INVITED), ANNA, 1)


def test_a_new_invitation_ends_those_before_and_nothing_else() -> None:
    before = (CredentialIssued(credential=1), CredentialIssued(credential=2, kind=CredentialKind.INVITATION))
    invited, *ended = invite_person(paula(*before), ANNA).events
    assert isinstance(invited, CredentialIssued)
    assert (invited.kind, invited.credential, invited.expires_at) == (CredentialKind.INVITATION, 3, NOW + 7 * DAY)
    assert ended == [CredentialRevoked(credential=2)]


def test_administrators_invite_people_who_are_there() -> None:
    with refused(NotAuthorised):
        invite_person(paula(), PAULA)
    with refused(UnknownPerson):
        invite_person(Person(), ANNA)
    with refused(InvitedHuman):
        invite_person(paula(kind=PersonKind.SERVICE), ANNA)


def test_with_a_token_end_the_sessions_it_opened() -> None:
    opened = CredentialIssued(credential=2, kind=CredentialKind.SESSION, opened_with=1)
    held = paula(CredentialIssued(credential=1), opened, CredentialIssued(credential=3))
    assert revoke_credential(held, PAULA, 1).events == (
        CredentialRevoked(credential=1),
        CredentialRevoked(credential=2),
    )
    assert revoke_credential(held, PAULA, 2).events == (CredentialRevoked(credential=2),)


def test_a_program_signs_in_like_anybody() -> None:
    program = who("paula", kind=ActorKind.SERVICE)
    assert open_session(paula(CredentialIssued(credential=1), kind=PersonKind.SERVICE), program, 1).events
    assert program.person_id == person_id("paula")


def test_an_account_is_bound_by_who_administers() -> None:
    for kind in PersonKind:
        (bound,) = bind_identity(paula(kind=kind), ANNA).events
        assert isinstance(bound, CredentialIssued)
        assert (bound.kind, bound.scopes) == (CredentialKind.IDENTITY, (Scope.READ, Scope.WRITE))
    with refused(NotAuthorised):
        bind_identity(paula(), PAULA)
    with refused(UnknownPerson):
        bind_identity(Person(), ANNA)
    with refused(NoScopes):
        bind_identity(paula(), ANNA, scopes=())


def test_an_invitation_is_accepted_by_an_account_once() -> None:
    bound, ended = accept_with_identity(paula(INVITED), PAULA, 1).events
    assert isinstance(bound, CredentialIssued)
    assert (bound.kind, bound.credential, bound.opened_with, bound.expires_at) == (CredentialKind.IDENTITY, 2, 1, None)
    assert ended == CredentialRevoked(credential=1)
    token = CredentialIssued(credential=1)
    for person, somebody in ((paula(INVITED, ended), PAULA), (paula(token), PAULA), (paula(INVITED), ANNA)):
        with refused(UnknownCredential):
            accept_with_identity(person, somebody, 1)
