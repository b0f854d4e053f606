"""The workspace, its people, their teams, roles and credentials."""

from datetime import datetime
from typing import Any, ClassVar

from domain.entry import Choice, Event, Prose
from domain.events.item import Track
from domain.ids import ItemId, PersonId
from domain.policy import Rule


class TeamKind(Choice):
    """What a team delivers."""

    FEATURE = "FEATURE", "It delivers whole features by itself."
    COMPONENT = "COMPONENT", "It delivers one component, which the features of several teams need."


class PersonKind(Choice):
    """What stands behind an account."""

    HUMAN = "HUMAN", "A human being, who may be invited to a browser."
    SERVICE = "SERVICE", "A program, which is never invited to a browser; it may help and never decides."


class Role(Choice):
    """Who somebody is in a team or in the whole workspace; docs/people.md has the powers of each."""

    PRODUCT_OWNER = "PRODUCT_OWNER", "Owns a team's functional items; a team has exactly one."
    TECHNICAL_PRODUCT_OWNER = "TECHNICAL_PRODUCT_OWNER", "Owns a team's technical items."
    ARCHITECT = "ARCHITECT", "Pushes back on what does not fit, and signs for the architecture."
    DEVELOPER = "DEVELOPER", "Builds the items: estimates them, and says when they are ready."
    SCRUM_MASTER = "SCRUM_MASTER", "Keeps the work going: facilitates rounds, escalates, sets calendar and policy."
    CHIEF_PRODUCT_OWNER = "CHIEF_PRODUCT_OWNER", "Heads the Product Owners, and rules on what is escalated."
    CHIEF_TECHNICAL_PRODUCT_OWNER = (
        "CHIEF_TECHNICAL_PRODUCT_OWNER",
        "Heads the Technical Product Owners, and rules on what is escalated.",
    )
    STAKEHOLDER = "STAKEHOLDER", "Asks questions and pushes back, and decides nothing."
    OBSERVER = "OBSERVER", "Reads and never acts: takes no turn, and counts nowhere."
    AUDITOR = "AUDITOR", "Reads to examine and never acts; AUDITOR_DOES_NOT_DECIDE says what they may be besides."
    ADMINISTRATOR = "ADMINISTRATOR", "Looks after people, teams, roles and access."


class Power(Choice):
    """Something that not everybody may do."""

    ASK = "ASK", "To ask questions about items."
    DRAFT_ITEM = "DRAFT_ITEM", "To draft items, to say who implements them, and to link spikes, talks and parts."
    OWN_FUNCTIONAL_ITEMS = "OWN_FUNCTIONAL_ITEMS", "To order, revise and accept functional items and answer for them."
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
    RULE_ON_ESCALATION = "RULE_ON_ESCALATION", "To rule on escalated pushbacks to which one is no party."
    STAND_IN_FOR_CHIEFS = "STAND_IN_FOR_CHIEFS", "To rule on escalated pushbacks where fewer than two chiefs could."
    ESTIMATE = "ESTIMATE", "To vote in rounds and to record estimates."
    FACILITATE_ROUNDS = "FACILITATE_ROUNDS", "To open rounds, reveal their votes, conclude and cancel them."
    SIGN_READY = "SIGN_READY", "To sign that items are ready, and to confirm criteria for it."
    SIGN_ARCHITECTURE = "SIGN_ARCHITECTURE", "To sign that an item fits the architecture."
    ASSIGN_ROLES = "ASSIGN_ROLES", "To give people roles, and to end them."
    SET_CALENDAR = "SET_CALENDAR", "To say when a team works, and who of it is away."
    ADOPT_POLICY = "ADOPT_POLICY", "To decide how rules are kept, and what ready and done mean."
    ADMINISTER = "ADMINISTER", "To look after people, teams, access, webhooks and what has to be erased."


class Scope(Choice):
    """What a credential opens."""

    READ = "READ", "To read: queries and subscriptions."
    WRITE = "WRITE", "To act: mutations, but for those that administer."
    ADMIN = "ADMIN", "To administer people, credentials, teams, roles, webhooks and erasure."


class CredentialKind(Choice):
    """By what somebody is known."""

    TOKEN = "TOKEN", "What a program or a terminal sends as bearer."
    SESSION = "SESSION", "The cookie of a browser that somebody signed in with."
    INVITATION = "INVITATION", "A link that signs one person in, once."
    IDENTITY = "IDENTITY", "An account with a sign-in provider."


class Mode(Choice):
    """How somebody holds a role."""

    FORMAL = "FORMAL", "By oneself, for whatever the assignment covers."
    INFORMAL = "INFORMAL", "For the items that the assignment names only."
    PARTNER = "PARTNER", "As an equal partner, with the same powers as FORMAL."
    ADVISER = "ADVISER", "To ask, draft and push back, and to decide nothing."


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
