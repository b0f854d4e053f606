"""What the library asks for a mapper and recorders; the environment names the database and the workspace.

PUSHBACK_WORKSPACE names the workspace, `wsp_...` or a UUID; PUSHBACK_DATA or DATABASE_URL the database, as everywhere.
"""

from typing import Final, TypeVar, cast

from eventsourcing.domain import TAggregateID
from eventsourcing.persistence import (
    AggregateRecorder,
    ApplicationRecorder,
    InfrastructureFactory,
    InfrastructureFactoryError,
    Mapper,
    ProcessRecorder,
    Transcoder,
)
from eventsourcing.utils import Environment, EnvType, resolve_topic

from infra.eventsourcing_module.line import Line, workspace_of
from infra.eventsourcing_module.mapper import EntryMapper
from infra.eventsourcing_module.recorders import (
    LedgerAggregateRecorder,
    LedgerApplicationRecorder,
    LedgerProcessRecorder,
    LedgerTrackingRecorder,
)
from infra.eventsourcing_module.scratch import is_scratch
from infra.settings import read_settings

WORKSPACE: Final = "PUSHBACK_WORKSPACE"
_SETTINGS: Final = ("PUSHBACK_DATA", "DATABASE_URL")

R = TypeVar("R")


class LedgerFactory(InfrastructureFactory[LedgerTrackingRecorder]):
    """One workspace's recorders, which share a line to its ledger. It is opened when the first is asked for."""

    def __init__(self, env: Environment | EnvType | None) -> None:
        super().__init__(env)
        self._workspace_id = workspace_of(self.env.get(WORKSPACE, ""))
        self._line: Line | None = None

    def mapper(
        self, transcoder: Transcoder | None = None, mapper_class: type[Mapper[TAggregateID]] | None = None
    ) -> Mapper[TAggregateID]:
        """EntryMapper where a workspace is followed, unless another is asked for."""
        if mapper_class is None and not self.env.get(self.MAPPER_TOPIC) and not is_scratch(self._workspace_id):
            mapper_class = cast("type[Mapper[TAggregateID]]", EntryMapper)
        return super().mapper(transcoder, mapper_class)

    def aggregate_recorder(self, purpose: str = "events") -> AggregateRecorder:
        if purpose != "events":
            raise InfrastructureFactoryError(f"The ledger keeps events, no {purpose}: switch them off")
        return LedgerAggregateRecorder(self._open_line())

    def application_recorder(self) -> ApplicationRecorder:
        return self._asked_for(self.APPLICATION_RECORDER_TOPIC, LedgerApplicationRecorder)(self._open_line())

    def tracking_recorder(
        self, tracking_recorder_class: type[LedgerTrackingRecorder] | None = None
    ) -> LedgerTrackingRecorder:
        chosen = tracking_recorder_class or self._asked_for(self.TRACKING_RECORDER_TOPIC, LedgerTrackingRecorder)
        if not issubclass(chosen, LedgerTrackingRecorder):
            raise InfrastructureFactoryError(
                f"{chosen.__name__} is not kept in the ledger: give the projection a PERSISTENCE_MODULE of its own"
            )
        return chosen(self._open_line())

    def process_recorder(self) -> ProcessRecorder:
        return self._asked_for(self.PROCESS_RECORDER_TOPIC, LedgerProcessRecorder)(self._open_line())

    def close(self) -> None:
        if self._line is not None:
            self._line.close()

    def _asked_for(self, variable: str, otherwise: type[R]) -> type[R]:
        """The class that the environment names."""
        topic = self.env.get(variable)
        return resolve_topic(topic) if topic else otherwise

    def _open_line(self) -> Line:
        if self._line is None:
            settings = read_settings({name: self.env.get(name, "") for name in _SETTINGS})
            self._line = Line(settings, self._workspace_id)
        return self._line
