"""Verdicts of people in another tool, as it gave them: who objected last, and what was merged over whom.

A person's verdict is the last by its time that was no mere comment. Nobody who is not known is ever taken for another.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

import msgspec

from domain.entry import Act, Event
from domain.events import (
    TrackerMergeRecorded,
    TrackerVerdictDismissed,
    TrackerVerdictOverruled,
    TrackerVerdictRecorded,
    TrackerVerdictReplaced,
)
from domain.events.tracker import MergeKind, VerdictKind
from domain.ids import SYSTEM
from domain.tracker import Verdict


class Review(msgspec.Struct, frozen=True):
    """What somebody said in a review, and what it came to."""

    kind: VerdictKind
    text: str | None = None


def recorded(verdicts: tuple[Verdict, ...], review: Review, source_id: str, act: Act) -> Iterator[Event]:
    """The review as a verdict, and the end of the one it replaces as its person's last."""
    number, is_verdict = len(verdicts) + 1, review.kind is not VerdictKind.COMMENTED
    own = [verdict for verdict in latest(verdicts) if verdict.by == act.actor != SYSTEM]
    is_latest = is_verdict and all(act.occurred_at is None or before.at <= act.occurred_at for before in own)
    yield TrackerVerdictRecorded(
        verdict=number, source_id=source_id, kind=review.kind, is_latest=is_latest, text=review.text
    )
    for before in own if is_latest else ():
        yield TrackerVerdictReplaced(verdict=before.number, by_verdict=number, source_id=source_id)


def dismissed(verdicts: Iterable[Verdict], review: str, source_id: str) -> Iterator[TrackerVerdictDismissed]:
    """The end of the verdict that the review was, if it is here."""
    for verdict in verdicts:
        if verdict.source_id == review:
            yield TrackerVerdictDismissed(verdict=verdict.number, source_id=source_id)


def merged(verdicts: tuple[Verdict, ...], source_id: str, act: Act) -> Iterator[Event]:
    """The merge, and the objections it was made over: those that were their reviewers' last word by then."""
    by_then = [verdict for verdict in _counted(verdicts) if act.occurred_at is None or verdict.at <= act.occurred_at]
    over = [verdict for verdict in latest(by_then) if verdict.kind is VerdictKind.CHANGES_REQUESTED]
    kind = MergeKind.OVER_OBJECTION if over else MergeKind.AGREED if by_then else MergeKind.NO_VERDICT
    yield TrackerMergeRecorded(source_id=source_id, merge=kind)
    for verdict in over:
        yield TrackerVerdictOverruled(verdict=verdict.number, source_id=source_id)


def latest(verdicts: Iterable[Verdict]) -> Iterator[Verdict]:
    """Each person's last verdict; whoever is not known spoke once each time."""
    last: dict[str, Verdict] = {}
    for verdict in sorted(_counted(verdicts), key=_order):
        last[verdict.by if verdict.by != SYSTEM else verdict.source_id] = verdict
    yield from last.values()


def _counted(verdicts: Iterable[Verdict]) -> list[Verdict]:
    return [verdict for verdict in verdicts if verdict.kind is not VerdictKind.COMMENTED]


def _order(verdict: Verdict) -> tuple[datetime, int]:
    return verdict.at, verdict.number
