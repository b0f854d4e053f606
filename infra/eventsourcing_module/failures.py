"""What went wrong in the ledger, in the library's words."""

import asyncpg
from eventsourcing.persistence import (
    DatabaseError,
    DataError,
    IntegrityError,
    OperationalError,
    PersistenceError,
    ProgrammingError,
)

from infra.cluster import is_passing

_STALE = "PB001"


class FollowsOnly(ProgrammingError):
    """Nothing but Pushback's own commands writes to a workspace: what follows it keeps its records elsewhere.

    Give the projection a persistence module of its own, or write to a scratch workspace.
    """

    def __init__(self, refused: object) -> None:
        super().__init__(f"{' '.join((type(self).__doc__ or '').split())} Refused: {str(refused)[:200]}")


def in_library_words(error: Exception) -> PersistenceError:
    """The error to raise instead."""
    if isinstance(error, PersistenceError):
        return error
    if is_passing(error):
        return OperationalError(str(error))
    if isinstance(error, asyncpg.UniqueViolationError) or getattr(error, "sqlstate", "") == _STALE:
        return IntegrityError(str(error))
    if isinstance(error, asyncpg.IntegrityConstraintViolationError | asyncpg.DataError):
        return DataError(str(error))
    if isinstance(error, asyncpg.SyntaxOrAccessError):
        return ProgrammingError(str(error))
    return DatabaseError(f"{type(error).__name__}: {error}")
