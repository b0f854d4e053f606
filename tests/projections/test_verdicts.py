"""What a verdict's row says: whose it is, and what came of it."""

from domain.entry import Event
from domain.events import (
    TrackerMergeRecorded,
    TrackerVerdictDismissed,
    TrackerVerdictOverruled,
    TrackerVerdictRecorded,
    TrackerVerdictReplaced,
)
from domain.events.tracker import MergeKind, VerdictKind
from projections.rows.verdicts import VerdictState
from tests.given import ITEM_ID, TEAM_ID, drafted, person_id
from tests.projections.rows import item, thing

DRAFTED = ("paula", drafted())


def said(number: int, kind: VerdictKind, *, is_latest: bool = True) -> Event:
    return TrackerVerdictRecorded(verdict=number, source_id=f"r{number}", kind=kind, is_latest=is_latest)


NO = ("ada", said(1, VerdictKind.CHANGES_REQUESTED))
REPLACED = ("ada", TrackerVerdictReplaced(verdict=1, by_verdict=2, source_id="r2"))
OVERRULED = ("mia", TrackerVerdictOverruled(verdict=1, source_id="merge"))


def test_a_verdict_begins_as_its_persons_last() -> None:
    row = thing("Verdict", "vrd", DRAFTED, NO)
    assert (row.item_id, row.team_id, row.number, row.recorded) == (ITEM_ID, TEAM_ID, 1, 2)
    assert (row.kind, row.state, row.person_id) == ("CHANGES_REQUESTED", VerdictState.LAST, person_id("ada"))


def test_a_comment_and_a_verdict_known_late_are_nobodys_last() -> None:
    comment = thing("Verdict", "vrd", DRAFTED, ("ada", said(1, VerdictKind.COMMENTED, is_latest=False)))
    late = thing("Verdict", "vrd", DRAFTED, ("ada", said(1, VerdictKind.APPROVED, is_latest=False)))
    assert (comment.state, late.state) == (VerdictState.REMARK, VerdictState.REPLACED)


def test_an_objection_that_was_merged_over_stays_one_whatever_is_said_later() -> None:
    replaced = thing("Verdict", "vrd", DRAFTED, NO, REPLACED)
    overruled = thing("Verdict", "vrd", DRAFTED, NO, OVERRULED, REPLACED)
    assert (replaced.state, replaced.replaced) == (VerdictState.REPLACED, 3)
    assert (overruled.state, overruled.overruled, overruled.replaced) == (VerdictState.OVERRULED, 3, 4)


def test_a_dismissed_verdict_says_so() -> None:
    row = thing("Verdict", "vrd", DRAFTED, NO, ("ada", TrackerVerdictDismissed(verdict=1, source_id="r1:dismissed")))
    assert (row.kind, row.dismissed) == (VerdictKind.DISMISSED, 3)


def test_the_item_says_how_it_came_to_be_merged() -> None:
    merge = ("mia", TrackerMergeRecorded(source_id="merge", merge=MergeKind.OVER_OBJECTION))
    row = item(DRAFTED, NO, merge, OVERRULED)
    assert (row.tracker_verdicts, row.tracker_merge, row.merged) == (1, MergeKind.OVER_OBJECTION, 3)
    assert (row.sign_off_count, row.accepted_by, row.pushback_count) == (0, (), 0)
