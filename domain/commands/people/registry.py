"""Registering people, forming teams."""

from domain.authority import Authority, Power, Who
from domain.decision import Decided, decided
from domain.events import PersonRegistered, TeamFormed
from domain.events.people import PersonKind, TeamKind
from domain.state.person import Person
from domain.state.team import Team, Workspace
from domain.text import line


def may_administer(_state: Team | Workspace | Person, who: Who, *_ordinal: int) -> Authority:
    """An administrator of the workspace."""
    return who.by_role(Power.ADMINISTER)


def register_person(
    person: Person, who: Who, *, commitment: str, kind: PersonKind = PersonKind.HUMAN, account: str | None = None
) -> Decided:
    """Make a person or a program known; the commitment binds the name, which is kept outside the ledger."""
    authority = may_administer(person, who)
    known_as = None if account is None else line("account", account)
    return decided(authority, PersonRegistered(commitment=line("commitment", commitment), kind=kind, account=known_as))


def form_team(team: Team, who: Who, *, name: str, kind: TeamKind = TeamKind.FEATURE) -> Decided:
    """Form a team with an empty backlog."""
    return decided(may_administer(team, who), TeamFormed(kind=kind, name=line("name", name)))
