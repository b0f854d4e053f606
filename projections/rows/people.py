"""The workspace, its people, and the credentials they hold."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any

import msgspec

from domain.entry import Entry
from domain.events import (
    AbsenceBegan,
    AbsenceDeclared,
    AbsenceEnded,
    CredentialIssued,
    CredentialRevoked,
    PersonRegistered,
    WorkspaceOpened,
)
from domain.events.people import CredentialKind, PersonKind, Scope
from domain.ids import CredentialId, PersonId, WorkspaceId, stream_key, thing_key
from projections.declare import Points, Projection, Row, expr, many, one, said
from projections.turns import falls_to, teams_of


class Workspace(Row, frozen=True, kw_only=True):
    """A company or one of its divisions: the unit of isolation, with a ledger of its own."""

    id: WorkspaceId
    opened: Annotated[int, Points(WorkspaceOpened)]

    name = said("opened", "name", doc="What its people call it.")


class Person(Row, frozen=True, kw_only=True):
    """A person. The name is kept outside the ledger and can be erased."""

    id: PersonId
    kind: PersonKind
    registered: Annotated[int, Points(PersonRegistered)]
    is_absent: bool = False
    absent_from: datetime | None = None
    absent_until: datetime | None = None
    absence: Annotated[int, Points(AbsenceDeclared)] | None = None
    due_at: datetime | None = None
    due: str | None = None

    name = expr(
        "(SELECT p.name FROM ledger.person p WHERE p.workspace_id = {t}.workspace_id AND p.person_id = {t}.id)",
        str | None,
        doc="The name as it is today, null once erased; names have no history.",
    )
    account = said("registered", "account", doc="Their account in another tool, if any; null once erased.")
    absence_note = said("absence", "note", doc="Why they are or will be away; null once erased, or when not said.")
    assignments = many(
        "RoleAssignment", "person_id", order="id", by=("role", "team_id"), doc="The roles they hold or held."
    )
    sign_offs = many("SignOff", "signer_id", order="granted DESC", by=("label", "state"), doc="What they accepted.")
    pushbacks = many(
        "Pushback", "raiser_id", order="raised DESC", by=("state", "stance", "reason"), doc="What they raised."
    )
    attention = many(
        "Turn",
        "",
        order="given, id",
        by=("team_id", "item_id", "rule"),
        doc="What waits for them, longest first: their own turns, and those of people who are not there.",
        where=falls_to("{row}", "{id}"),
        among=("team_id", teams_of("{id}")),
    )
    verdicts = many(
        "Verdict", "person_id", order="recorded DESC", by=("kind", "state"), doc="What they said in another tool."
    )
    credentials = many(
        "Credential", "person_id", order="issued DESC", by=("kind",), doc="Their tokens, sessions and invitations."
    )
    questions = many("Question", "asker_id", order="asked DESC", by=("state",), doc="What they asked.")
    questions_to_answer = many(
        "Question", "routed_to_id", order="asked DESC", by=("state",), doc="What was put to them."
    )


class Credential(Row, frozen=True, kw_only=True):
    """A token, a session or an invitation, without its secret."""

    id: CredentialId
    person_id: PersonId
    expires_at: datetime | None
    issued: Annotated[int, Points(CredentialIssued)]
    kind: CredentialKind = CredentialKind.TOKEN
    scopes: tuple[Scope, ...] = ()
    opened_with_id: CredentialId | None = None
    revoked: Annotated[int, Points(CredentialRevoked)] | None = None

    person = one("Person", "person_id", doc="Whose it is.")
    opened_with = one("Credential", "opened_with_id", doc="What the session was opened with; null for what was issued.")
    label = said("issued", "label", doc="What its holder calls it.")


def _workspace_keys(entry: Entry[Any]) -> Iterable[str]:
    return (stream_key("wsp", entry.stream_id),)


def _workspace(row: Workspace | None, entry: Entry[Any], _item: object) -> Workspace | None:
    match entry.event:
        case WorkspaceOpened():
            return Workspace(id=WorkspaceId(stream_key("wsp", entry.stream_id)), opened=entry.position)
        case _:
            return row


def _person_keys(entry: Entry[Any]) -> Iterable[str]:
    return (stream_key("psn", entry.stream_id),)


def _person(row: Person | None, entry: Entry[Any], _item: object) -> Person | None:
    match entry.event:
        case PersonRegistered(kind=kind):
            key = PersonId(stream_key("psn", entry.stream_id))
            return Person(id=key, kind=kind, registered=entry.position)
        case AbsenceDeclared() | AbsenceBegan() | AbsenceEnded() if row:
            return _away(row, entry)
        case _:
            return row


def _away(row: Person, entry: Entry[Any]) -> Person:
    match entry.event:
        case AbsenceDeclared(starts_at=starts_at, ends_at=ends_at):
            term = msgspec.structs.replace(row, absent_from=starts_at, absent_until=ends_at, absence=entry.position)
            return msgspec.structs.replace(term, due_at=starts_at, due="begin_absence")
        case AbsenceBegan():
            until = row.absent_until
            due = "end_absence_on_time" if until else None
            return msgspec.structs.replace(row, is_absent=True, due_at=until, due=due)
        case _:
            there = msgspec.structs.replace(row, is_absent=False, absent_from=None, absent_until=None, absence=None)
            return msgspec.structs.replace(there, due_at=None, due=None)


def _credential_keys(entry: Entry[Any]) -> Iterable[str]:
    return (thing_key("crd", stream_key("psn", entry.stream_id), entry.event.credential),)


def _credential(row: Credential | None, entry: Entry[Any], _item: object) -> Credential | None:
    match entry.event:
        case CredentialIssued(credential=ordinal, opened_with=opened_with) as said:
            person = PersonId(stream_key("psn", entry.stream_id))
            return Credential(
                id=CredentialId(thing_key("crd", person, ordinal)),
                person_id=person,
                expires_at=said.expires_at,
                issued=entry.position,
                kind=said.kind,
                scopes=said.scopes,
                opened_with_id=None if opened_with is None else CredentialId(thing_key("crd", person, opened_with)),
            )
        case CredentialRevoked() if row:
            return msgspec.structs.replace(row, revoked=entry.position)
        case _:
            return row


WORKSPACES = Projection(Workspace, frozenset({WorkspaceOpened}), _workspace_keys, _workspace)
PEOPLE = Projection(
    Person, frozenset({PersonRegistered, AbsenceDeclared, AbsenceBegan, AbsenceEnded}), _person_keys, _person
)
CREDENTIALS = Projection(Credential, frozenset({CredentialIssued, CredentialRevoked}), _credential_keys, _credential)
