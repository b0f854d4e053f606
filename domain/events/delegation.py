"""Standing in: what one person may do in a team for another, until when."""

from datetime import datetime

from domain.entry import Event, Prose
from domain.events.people import Power
from domain.ids import PersonId


class DelegationGranted(Event, frozen=True, kw_only=True):
    """A person lets another use some of their powers in a team for a time."""

    delegation: int
    from_id: PersonId
    person_id: PersonId
    powers: tuple[Power, ...]
    starts_at: datetime
    ends_at: datetime
    why: Prose = None


class DelegationRevoked(Event, frozen=True, kw_only=True):
    """A delegation was ended before its time; what was done by it stays valid."""

    delegation: int
    why: Prose = None


class DelegationExpired(Event, frozen=True, kw_only=True):
    """The time of a delegation was over."""

    delegation: int
