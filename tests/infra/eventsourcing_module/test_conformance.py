"""The library's own conformance cases, each recorder on a scratch workspace of its own."""

from pathlib import Path
from typing import Any

import pytest
from eventsourcing.persistence import InfrastructureFactory
from eventsourcing.tests import persistence as conformance

from infra.eventsourcing_module import (
    LedgerAggregateRecorder,
    LedgerApplicationRecorder,
    LedgerFactory,
    LedgerProcessRecorder,
    LedgerTrackingRecorder,
)
from tests.infra.eventsourcing_module.workspaces import scratch_environment


class OnScratch:
    """A scratch workspace for each recorder that a conformance case asks for."""

    @pytest.fixture(autouse=True)
    def give_data(self, pushback_data: Path) -> None:
        self.data = pushback_data

    def construct(self) -> InfrastructureFactory[Any]:
        factory = InfrastructureFactory.construct(scratch_environment(self.data))
        self.addCleanup(factory.close)  # type: ignore[attr-defined]
        return factory


class TestAggregateRecorder(OnScratch, conformance.AggregateRecorderTestCase):
    def create_recorder(self) -> Any:
        return self.construct().aggregate_recorder()


class TestApplicationRecorder(OnScratch, conformance.ApplicationRecorderTestCase[LedgerApplicationRecorder]):
    def create_recorder(self) -> Any:
        return self.construct().application_recorder()

    def test_insert_subscribe(self) -> None:
        self.optional_test_insert_subscribe()


class TestNonInterleavingNotificationIDs(OnScratch, conformance.NonInterleavingNotificationIDsBaseCase):
    def create_recorder(self) -> Any:
        return self.construct().application_recorder()


class TestTrackingRecorder(OnScratch, conformance.TrackingRecorderTestCase):
    def create_recorder(self) -> Any:
        return self.construct().tracking_recorder()


class TestProcessRecorder(OnScratch, conformance.ProcessRecorderTestCase):
    def create_recorder(self) -> Any:
        return self.construct().process_recorder()


class CountingRecorder(LedgerTrackingRecorder):
    """A tracking recorder of somebody's own."""


class TestFactory(OnScratch, conformance.InfrastructureFactoryTestCase[LedgerFactory]):
    @pytest.fixture(autouse=True)
    def give_environment(self, pushback_data: Path) -> None:
        self.env = scratch_environment(pushback_data)

    def expected_factory_class(self) -> type[LedgerFactory]:
        return LedgerFactory

    def expected_aggregate_recorder_class(self) -> type[LedgerAggregateRecorder]:
        return LedgerAggregateRecorder

    def expected_application_recorder_class(self) -> type[LedgerApplicationRecorder]:
        return LedgerApplicationRecorder

    def expected_tracking_recorder_class(self) -> type[LedgerTrackingRecorder]:
        return LedgerTrackingRecorder

    def tracking_recorder_subclass(self) -> type[LedgerTrackingRecorder]:
        return CountingRecorder

    def expected_process_recorder_class(self) -> type[LedgerProcessRecorder]:
        return LedgerProcessRecorder
