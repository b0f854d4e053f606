"""The ledger as a persistence module of the library `eventsourcing`: PERSISTENCE_MODULE=infra.eventsourcing_module.

It follows a workspace and never writes to it; only a scratch workspace takes the library's own events. `docs/extend.md`
shows a projection that is written with it.
"""

from infra.eventsourcing_module.factory import LedgerFactory
from infra.eventsourcing_module.failures import FollowsOnly
from infra.eventsourcing_module.recorders import (
    LedgerAggregateRecorder,
    LedgerApplicationRecorder,
    LedgerProcessRecorder,
    LedgerTrackingRecorder,
)
from infra.eventsourcing_module.scratch import is_scratch, scratch_workspace_id

__all__ = [
    "FollowsOnly",
    "LedgerAggregateRecorder",
    "LedgerApplicationRecorder",
    "LedgerFactory",
    "LedgerProcessRecorder",
    "LedgerTrackingRecorder",
    "is_scratch",
    "scratch_workspace_id",
]
