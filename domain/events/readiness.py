"""What was confirmed of an item, criterion by criterion of the definition of ready."""

from domain.entry import Event, Prose
from domain.ids import DefinitionId


class ReadinessConfirmed(Event, frozen=True, kw_only=True):
    """Somebody said that a criterion of the definition of ready is met by the current revision."""

    criterion: str
    definition_id: DefinitionId
    definition_version: int
    revision: int
    digest: str
    section: str | None = None
    evidence: Prose = None


class ReadinessRevoked(Event, frozen=True, kw_only=True):
    """Somebody said that a criterion of the definition of ready is not met after all."""

    criterion: str
    why: Prose = None
