"""The workspace, its people, their teams, roles and credentials."""

from datetime import datetime
from enum import StrEnum

from domain.entry import Event, Prose
from domain.ids import PersonId


class TeamKind(StrEnum):
    """Whether a team delivers whole features or one component of many."""

    FEATURE = "FEATURE"
    COMPONENT = "COMPONENT"


class PersonKind(StrEnum):
    """Whether a human being acts, or a program, which may help and never decides."""

    HUMAN = "HUMAN"
    SERVICE = "SERVICE"


class Role(StrEnum):
    """Who somebody is in a team or in the whole workspace; the powers of each are in domain/authority.py."""

    PRODUCT_OWNER = "PRODUCT_OWNER"
    TECHNICAL_PRODUCT_OWNER = "TECHNICAL_PRODUCT_OWNER"
    ARCHITECT = "ARCHITECT"
    DEVELOPER = "DEVELOPER"
    SCRUM_MASTER = "SCRUM_MASTER"
    CHIEF_PRODUCT_OWNER = "CHIEF_PRODUCT_OWNER"
    CHIEF_TECHNICAL_PRODUCT_OWNER = "CHIEF_TECHNICAL_PRODUCT_OWNER"
    STAKEHOLDER = "STAKEHOLDER"
    OBSERVER = "OBSERVER"
    AUDITOR = "AUDITOR"
    ADMINISTRATOR = "ADMINISTRATOR"


class WorkspaceOpened(Event, frozen=True, kw_only=True):
    """A workspace was opened: a company or one of its divisions, with a ledger of its own."""

    name: Prose = None


class PersonRegistered(Event, frozen=True, kw_only=True):
    """A person became known. The commitment binds the name kept outside the ledger, without showing it."""

    commitment: str
    kind: PersonKind = PersonKind.HUMAN
    account: Prose = None


class CredentialIssued(Event, frozen=True, kw_only=True):
    """A person got an access token; only its hash is kept, and not here."""

    credential: int
    expires_at: datetime | None = None
    label: Prose = None


class CredentialRevoked(Event, frozen=True, kw_only=True):
    """An access token of a person stopped being valid."""

    credential: int


class TeamFormed(Event, frozen=True, kw_only=True):
    """A team was formed."""

    kind: TeamKind
    name: Prose = None


class RoleAssigned(Event, frozen=True, kw_only=True):
    """A person holds a role from a time on, in the team or workspace whose stream says so."""

    assignment: int
    person_id: PersonId
    role: Role
    starts_at: datetime
    ends_at: datetime | None = None
    why: Prose = None


class RoleAssignmentEnded(Event, frozen=True, kw_only=True):
    """A person no longer holds a role; what was done in it stays valid."""

    assignment: int
    why: Prose = None


class ProseErased(Event, frozen=True, kw_only=True):
    """What people typed in some entries was erased for a legal reason; what they decided stands."""

    positions: tuple[int, ...]
    legal_basis: Prose = None


class NameErased(Event, frozen=True, kw_only=True):
    """A person's name and account were erased for a legal reason; the commitment stays, and what they did."""

    positions: tuple[int, ...]
    legal_basis: Prose = None


def erased_by(event: Event) -> tuple[int, ...]:
    """The positions whose prose went with this event."""
    return event.positions if isinstance(event, ProseErased | NameErased) else ()
