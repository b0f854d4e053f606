"""Sign-offs: who accepted exactly what, what became of it, and who was asked to."""

from datetime import datetime
from typing import Any, ClassVar

from domain.entry import Choice, Event, Prose, ProseLines
from domain.ids import DefinitionId, PersonId
from domain.policy import Rule


class Label(Choice):
    """What a sign-off says of an item."""

    READY = "READY", "It may be taken on."
    ACCEPTANCE = "ACCEPTANCE", "It is done as agreed."
    ARCHITECTURE = "ARCHITECTURE", "It fits the architecture, as an architect sees it."


class RequestOutcome(Choice):
    """How a request for a sign-off ended."""

    GRANTED = "GRANTED", "The sign-off was given."
    DECLINED = "DECLINED", "Who was asked pushed back instead."
    WITHDRAWN = "WITHDRAWN", "It is not asked for any more."
    STALE = "STALE", "What should have been signed changed."


class SignOffGranted(Event, frozen=True, kw_only=True):
    """A person accepted the exact content they were shown: `digest_signed` never changes.

    `told` says of each criterion whether what was said of it counts: met with what shows it, or waived with a reason.
    """

    class_version: ClassVar[int] = 3

    sign_off: int
    label: Label
    revision: int
    digest_signed: str
    section_digests: dict[str, str]
    needed: int | None = None
    definition_id: DefinitionId | None = None
    definition_version: int | None = None
    criteria: tuple[str, ...] = ()
    met: tuple[bool, ...] = ()
    told: tuple[bool, ...] = ()
    unmet: tuple[Rule, ...] = ()
    due_at: datetime | None = None
    statement: Prose = None
    evidence: ProseLines = None
    waived_why: ProseLines = None

    @staticmethod
    def upcast_v1_v2(state: dict[str, Any]) -> None:
        """At first one was always enough, and there were no definitions."""
        state.update(needed=None)

    @staticmethod
    def upcast_v2_v3(state: dict[str, Any]) -> None:
        """At first whatever was said of a criterion counted."""
        state.update(told=[True] * len(state.get("met", ())))


class QuorumReached(Event, frozen=True, kw_only=True):
    """With this sign-off there are as many under a label as policy asks for."""

    label: Label
    revision: int
    digest: str
    sign_offs: tuple[int, ...]
    needed: int


class QuorumLost(Event, frozen=True, kw_only=True):
    """A sign-off ended, and those that are left under its label are not enough any more."""

    label: Label
    sign_offs: tuple[int, ...]
    needed: int


class SignOffRequested(Event, frozen=True, kw_only=True):
    """Somebody was asked to sign an item off; it is their turn."""

    sign_off_request: int
    label: Label
    revision: int
    digest: str
    person_id: PersonId
    answer_by: datetime | None = None
    text: Prose = None


class SignOffRequestEnded(Event, frozen=True, kw_only=True):
    """A request for a sign-off was met or declined, or nobody needs to answer it any more."""

    sign_off_request: int
    outcome: RequestOutcome


class SignOffDeclined(Event, frozen=True, kw_only=True):
    """A person who could have signed did not, and pushed back instead."""

    label: Label
    revision: int
    digest: str
    pushback: int


class SignOffCarriedForward(Event, frozen=True, kw_only=True):
    """A rule carried a sign-off to a later revision that its signer did not sign."""

    sign_off: int
    revision: int
    digest_covered: str
    rule: str


class SignOffVoided(Event, frozen=True, kw_only=True):
    """A rule ended a sign-off because what was signed changed; it never revives."""

    sign_off: int
    by_revision: int
    changed_sections: tuple[str, ...]
    rule: str


class SignOffRevoked(Event, frozen=True, kw_only=True):
    """The signer took a sign-off back."""

    sign_off: int
    why: Prose = None


class SignOffExpired(Event, frozen=True, kw_only=True):
    """A sign-off was older than policy lets one become."""

    sign_off: int
    rule: str


class SignOffSuperseded(Event, frozen=True, kw_only=True):
    """A newer sign-off of the same person under the same label took the place of this one."""

    sign_off: int
    by_sign_off: int


class ImplementerNamed(Event, frozen=True, kw_only=True):
    """A person implements the item; policy may say that they do not accept it."""

    person_id: PersonId


class ImplementerReleased(Event, frozen=True, kw_only=True):
    """A person does not implement the item after all."""

    person_id: PersonId
    why: Prose = None
