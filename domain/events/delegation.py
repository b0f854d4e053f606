"""Standing in: what one person may do in a team for another, until when; and who is away."""

from datetime import datetime
from typing import Any, ClassVar

from domain.entry import Event, Prose
from domain.events.people import Power
from domain.ids import PersonId
from domain.policy import Rule


class DelegationGranted(Event, frozen=True, kw_only=True):
    """A person lets another use some of their powers in a team for a time."""

    class_version: ClassVar[int] = 2

    delegation: int
    from_id: PersonId
    person_id: PersonId
    powers: tuple[Power, ...]
    starts_at: datetime
    ends_at: datetime
    unmet: tuple[Rule, ...] = ()
    why: Prose = None

    @staticmethod
    def upcast_v1_v2(state: dict[str, Any]) -> None:
        """At first nobody asked whether an auditor gets them."""
        state.update(unmet=())


class DelegationRevoked(Event, frozen=True, kw_only=True):
    """A delegation was ended before its time; what was done by it stays valid."""

    delegation: int
    why: Prose = None


class DelegationExpired(Event, frozen=True, kw_only=True):
    """The time of a delegation was over."""

    delegation: int


class AbsenceDeclared(Event, frozen=True, kw_only=True):
    """A person will be away for a time, or is from now on: AbsenceBegan says when it has begun."""

    absence: int
    starts_at: datetime
    ends_at: datetime
    note: Prose = None


class AbsenceBegan(Event, frozen=True, kw_only=True):
    """A person is away from now on: what waits for them falls to others."""

    absence: int


class AbsenceEnded(Event, frozen=True, kw_only=True):
    """A person is there again, or will not be away after all."""

    absence: int
