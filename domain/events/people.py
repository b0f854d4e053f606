"""The workspace, its people, their teams, roles and credentials."""

from datetime import datetime
from typing import Any, ClassVar

from domain.entry import Choice, Event, Prose
from domain.events.item import Track
from domain.ids import ItemId, PersonId
from domain.policy import Rule


class TeamKind(Choice):
    """Whether a team delivers whole features or one component of many."""

    FEATURE = "FEATURE", "It delivers whole features."
    COMPONENT = "COMPONENT", "It delivers one component of many."


class PersonKind(Choice):
    """Whether a human being acts, or a program, which may help and never decides."""

    HUMAN = "HUMAN", "A human being."
    SERVICE = "SERVICE", "A program, which may help and never decides."


class Role(Choice):
    """Who somebody is in a team or in the whole workspace; the powers of each are in domain/authority.py."""

    PRODUCT_OWNER = "PRODUCT_OWNER", "Owns a team's functional items; a team has exactly one."
    TECHNICAL_PRODUCT_OWNER = "TECHNICAL_PRODUCT_OWNER", "Owns a team's technical items."
    ARCHITECT = "ARCHITECT", "Pushes back on what does not fit, and signs for the architecture."
    DEVELOPER = "DEVELOPER", "Builds the items: estimates them, and says when they are ready."
    SCRUM_MASTER = "SCRUM_MASTER", "Keeps the work going: facilitates rounds, escalates, sets calendar and policy."
    CHIEF_PRODUCT_OWNER = (
        "CHIEF_PRODUCT_OWNER",
        "Heads the Product Owners, and rules on what is escalated.",
    )
    CHIEF_TECHNICAL_PRODUCT_OWNER = (
        "CHIEF_TECHNICAL_PRODUCT_OWNER",
        "Heads the Technical Product Owners, and rules on what is escalated.",
    )
    STAKEHOLDER = "STAKEHOLDER", "Asks questions and pushes back, and decides nothing."
    OBSERVER = "OBSERVER", "Reads, and never acts."
    AUDITOR = "AUDITOR", "Reads to examine, and never acts."
    ADMINISTRATOR = "ADMINISTRATOR", "Looks after people, teams, roles and access."


class Power(Choice):
    """Something that not everybody may do."""

    ASK = "ASK", "To ask questions."
    DRAFT_ITEM = "DRAFT_ITEM", "To draft items."
    OWN_FUNCTIONAL_ITEMS = (
        "OWN_FUNCTIONAL_ITEMS",
        "To order, revise and accept functional items and answer for them.",
    )
    OWN_TECHNICAL_ITEMS = "OWN_TECHNICAL_ITEMS", "To order, revise and accept technical items and answer for them."
    RAISE_PUSHBACK = "RAISE_PUSHBACK", "To push back without stopping anything."
    BLOCK_FUNCTIONAL_ITEMS = "BLOCK_FUNCTIONAL_ITEMS", "To raise pushbacks that stop functional items."
    BLOCK_TECHNICAL_ITEMS = "BLOCK_TECHNICAL_ITEMS", "To raise pushbacks that stop technical items."
    OVERRIDE = "OVERRIDE", "To propose that an item goes ahead over a pushback."
    SECOND_OVERRIDE = (
        "SECOND_OVERRIDE",
        "To let somebody else's emergency override take effect at once, and to ratify one.",
    )
    ESCALATE = "ESCALATE", "To put the pushbacks of others before those who rule."
    RULE_ON_ESCALATION = "RULE_ON_ESCALATION", "To rule on escalated pushbacks."
    STAND_IN_FOR_CHIEFS = "STAND_IN_FOR_CHIEFS", "To rule on escalated pushbacks where fewer than two chiefs could."
    ESTIMATE = "ESTIMATE", "To vote in rounds and to record estimates."
    FACILITATE_ROUNDS = "FACILITATE_ROUNDS", "To open rounds, reveal their votes, conclude and cancel them."
    SIGN_READY = "SIGN_READY", "To sign that items are ready, and to confirm criteria for it."
    SIGN_ARCHITECTURE = "SIGN_ARCHITECTURE", "To sign for the architecture."
    ASSIGN_ROLES = "ASSIGN_ROLES", "To give people roles, and to end them."
    SET_CALENDAR = "SET_CALENDAR", "To say when a team works, and who of it is away."
    ADOPT_POLICY = "ADOPT_POLICY", "To decide how rules are kept, and what ready and done mean."
    ADMINISTER = "ADMINISTER", "To look after people, teams, access, webhooks and what has to be erased."


class Scope(Choice):
    """How far a credential goes: to read, to act as well, or also to administer people, tokens, teams and roles."""

    READ = "READ", "To read."
    WRITE = "WRITE", "To act as well."
    ADMIN = "ADMIN", "Also to administer people, tokens, teams and roles."


class CredentialKind(Choice):
    """A token for programs, a browser's session, an invitation to open one, or an account with a sign-in provider."""

    TOKEN = "TOKEN", "A token for a program."
    SESSION = "SESSION", "A browser that somebody signed in with."
    INVITATION = "INVITATION", "A link that signs one person in, once."
    IDENTITY = "IDENTITY", "An account with a sign-in provider."


class Mode(Choice):
    """How somebody holds a role: whole, for named items only, as an equal partner, or to advise without deciding."""

    FORMAL = "FORMAL", "The whole role."
    INFORMAL = "INFORMAL", "For the items named only."
    PARTNER = "PARTNER", "As an equal partner."
    ADVISER = "ADVISER", "To speak, and to decide nothing."


class WorkspaceOpened(Event, frozen=True, kw_only=True):
    """A workspace was opened: a company or one of its divisions, with a ledger of its own."""

    name: Prose = None


class PersonRegistered(Event, frozen=True, kw_only=True):
    """A person became known. The commitment binds the name kept outside the ledger, without showing it."""

    commitment: str
    kind: PersonKind = PersonKind.HUMAN
    account: Prose = None


class CredentialIssued(Event, frozen=True, kw_only=True):
    """A person got a credential: a token, a session or an invitation. Only a hash of its secret is kept, not here."""

    class_version: ClassVar[int] = 2

    credential: int
    expires_at: datetime | None = None
    kind: CredentialKind = CredentialKind.TOKEN
    scopes: tuple[Scope, ...] = tuple(Scope)
    opened_with: int | None = None
    label: Prose = None

    @staticmethod
    def upcast_v1_v2(state: dict[str, Any]) -> None:
        """At first there were only tokens, which could do everything."""
        state.update(kind=CredentialKind.TOKEN, scopes=tuple(Scope), opened_with=None)


class CredentialRevoked(Event, frozen=True, kw_only=True):
    """A credential of a person stopped being valid; an invitation also by being accepted."""

    credential: int


class TeamFormed(Event, frozen=True, kw_only=True):
    """A team was formed."""

    kind: TeamKind
    name: Prose = None


class RoleAssigned(Event, frozen=True, kw_only=True):
    """A person holds a role from a time on, in the team or workspace whose stream says so.

    `track` and `items` narrow what it holds for, `powers` what it gives; the title is for people, no rule reads it.
    """

    class_version: ClassVar[int] = 3

    assignment: int
    person_id: PersonId
    role: Role
    starts_at: datetime
    ends_at: datetime | None = None
    mode: Mode = Mode.FORMAL
    track: Track | None = None
    items: tuple[ItemId, ...] = ()
    powers: tuple[Power, ...] = ()
    unmet: tuple[Rule, ...] = ()
    is_service: bool = False
    title: Prose = None
    why: Prose = None

    @staticmethod
    def upcast_v1_v2(state: dict[str, Any]) -> None:
        """At first everybody held a role whole."""
        state.update(mode=Mode.FORMAL, track=None, items=(), powers=(), unmet=())

    @staticmethod
    def upcast_v2_v3(state: dict[str, Any]) -> None:
        """Until then it did not say whether a person or a service account holds it."""
        state.update(is_service=False)


class RoleAssignmentEnded(Event, frozen=True, kw_only=True):
    """A person no longer holds a role; what was done in it stays valid."""

    assignment: int
    why: Prose = None


class ProductOwnerHandedOver(Event, frozen=True, kw_only=True):
    """Another person became the one Product Owner of a team; the assignment of the one before ends with it."""

    assignment: int
    ended_assignment: int
    person_id: PersonId
    starts_at: datetime
    unmet: tuple[Rule, ...] = ()
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
