"""Sign-offs: who accepted exactly what, and what became of it."""

from enum import StrEnum

from domain.entry import Event, Prose


class Label(StrEnum):
    """What a sign-off says of an item."""

    READY = "READY"
    ACCEPTANCE = "ACCEPTANCE"
    ARCHITECTURE = "ARCHITECTURE"


class SignOffGranted(Event, frozen=True, kw_only=True):
    """A person accepted the exact content they were shown: `digest_signed` never changes."""

    sign_off: int
    label: Label
    revision: int
    digest_signed: str
    section_digests: dict[str, str]
    statement: Prose = None


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


class SignOffSuperseded(Event, frozen=True, kw_only=True):
    """A newer sign-off of the same person under the same label took the place of this one."""

    sign_off: int
    by_sign_off: int
