"""Who is away, and until when."""

from datetime import datetime

from domain.entry import Event, Prose


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
