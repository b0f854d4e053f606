"""Verdicts from another tool: whose was the last, what a merge was made over, and that nobody unknown is anybody."""

from datetime import UTC, datetime
from functools import reduce
from typing import TypeVar

import pytest

from domain.entry import Act, ActorKind, Event
from domain.events import (
    TrackerChangeRecorded,
    TrackerMergeRecorded,
    TrackerVerdictDismissed,
    TrackerVerdictOverruled,
    TrackerVerdictRecorded,
    TrackerVerdictReplaced,
)
from domain.events.tracker import MergeKind, VerdictKind
from domain.ids import SYSTEM
from domain.state.item import Item
from domain.tracker import Tracked, evolve
from domain.tracker_history import Step, follow
from domain.tracker_verdicts import Review, latest

YES, NO, HM, OFF = (
    VerdictKind.APPROVED,
    VerdictKind.CHANGES_REQUESTED,
    VerdictKind.COMMENTED,
    VerdictKind.DISMISSED,
)


E = TypeVar("E", bound=Event)


class Pull:
    """A change under review, told step by step; the hour is when it happened."""

    def __init__(self) -> None:
        self.tracked = Tracked()
        self.events: list[Event] = []

    def say(self, hour: int, by: str, kind: VerdictKind) -> None:
        self._tell(hour, by, Step(f"r{hour}", (), review=Review(kind)))

    def dismiss(self, hour: int, of: int) -> None:
        self._tell(hour, SYSTEM, Step(f"d{hour}", (), dismissed=f"r{of}"))

    def merge(self, hour: int) -> MergeKind:
        self._tell(hour, "mia", Step("merge", (), is_merge=True))
        (merged,) = self.of(TrackerMergeRecorded)
        return merged.merge

    def of(self, kind: type[E]) -> list[E]:
        return [event for event in self.events if isinstance(event, kind)]

    @property
    def overruled(self) -> list[int]:
        return [event.verdict for event in self.of(TrackerVerdictOverruled)]

    def _tell(self, hour: int, by: str, step: Step) -> None:
        at = datetime(2020, 5, 1, hour, tzinfo=UTC)
        act = Act(actor=by, actor_kind=ActorKind.IMPORT, acting_role="IMPORT", authorised_by="import", occurred_at=at)
        told = follow(self.tracked, Item(), step, act, salt="s")
        self.tracked = reduce(lambda tracked, event: evolve(tracked, event, act), told, self.tracked)
        self.events += told


@pytest.fixture
def pull() -> Pull:
    return Pull()


def test_a_later_verdict_takes_the_place_of_the_same_persons_only(pull: Pull) -> None:
    pull.say(1, "ann", NO)
    pull.say(2, "bob", YES)
    pull.say(3, "ann", YES)
    assert pull.of(TrackerVerdictReplaced) == [TrackerVerdictReplaced(verdict=1, by_verdict=3, source_id="r3")]
    assert [(verdict.by, verdict.kind) for verdict in latest(pull.tracked.verdicts)] == [("ann", YES), ("bob", YES)]


def test_a_comment_changes_nobodys_verdict(pull: Pull) -> None:
    pull.say(1, "ann", NO)
    pull.say(2, "ann", HM)
    assert [(event.kind, event.is_latest) for event in pull.of(TrackerVerdictRecorded)] == [(NO, True), (HM, False)]
    assert (pull.merge(3), pull.overruled) == (MergeKind.OVER_OBJECTION, [1])


def test_what_is_known_late_does_not_replace_what_was_said_after_it(pull: Pull) -> None:
    pull.say(3, "ann", YES)
    pull.say(1, "ann", NO)
    assert [event.is_latest for event in pull.of(TrackerVerdictRecorded)] == [True, False]
    assert pull.of(TrackerVerdictReplaced) == []
    assert (pull.merge(4), pull.overruled) == (MergeKind.AGREED, [])


def test_people_nobody_knows_are_never_one_person(pull: Pull) -> None:
    pull.say(1, SYSTEM, NO)
    pull.say(2, SYSTEM, YES)
    assert pull.of(TrackerVerdictReplaced) == []
    assert (pull.merge(3), pull.overruled) == (MergeKind.OVER_OBJECTION, [1])


def test_a_dismissed_objection_stands_in_no_merges_way(pull: Pull) -> None:
    pull.say(1, "ann", NO)
    pull.dismiss(2, of=1)
    assert pull.of(TrackerVerdictDismissed) == [TrackerVerdictDismissed(verdict=1, source_id="d2")]
    assert (pull.merge(3), pull.overruled) == (MergeKind.AGREED, [])


def test_a_dismissal_of_what_is_not_here_is_kept_as_an_entry(pull: Pull) -> None:
    pull.dismiss(2, of=1)
    assert [type(event) for event in pull.events] == [TrackerChangeRecorded]


@pytest.mark.parametrize("said", [[], [("ann", HM)]])
def test_a_merge_that_nobody_judged(pull: Pull, said: list[tuple[str, VerdictKind]]) -> None:
    for hour, (by, kind) in enumerate(said, 1):
        pull.say(hour, by, kind)
    assert (pull.merge(9), pull.overruled) == (MergeKind.NO_VERDICT, [])


def test_what_was_said_after_the_merge_was_not_merged_over(pull: Pull) -> None:
    pull.say(5, "ann", NO)
    assert (pull.merge(4), pull.overruled) == (MergeKind.NO_VERDICT, [])
