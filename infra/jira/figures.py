"""The figures of an import, counted from what the ledger holds of it."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

from domain.entry import Entry, Event
from domain.events import (
    IssueImported,
    TrackerChangeRecorded,
    TrackerClosureRecorded,
    TrackerKindChanged,
    TrackerPriorityChanged,
    TrackerReopeningRecorded,
    TrackerSizeChanged,
    TrackerStatusChanged,
)
from domain.ids import SYSTEM
from infra.importing.known import IssueState

Told = (
    TrackerStatusChanged
    | TrackerClosureRecorded
    | TrackerReopeningRecorded
    | TrackerSizeChanged
    | TrackerPriorityChanged
    | TrackerKindChanged
    | TrackerChangeRecorded
)
"""What comes of an entry of the source's history."""


class Fact(NamedTuple):
    """Something that was told of an issue, with when and by whom."""

    stream_id: UUID
    at: datetime
    by: str
    event: Any

    @property
    def day(self) -> str:
        """The day, as it was in UTC."""
        return self.at.astimezone(UTC).date().isoformat()


class Figures:
    """Counts over the issues of an import, folded entry by entry."""

    def __init__(self, issues: Mapping[UUID, IssueState]) -> None:
        self._issues = issues
        self.imported: dict[UUID, IssueImported] = {}
        self.facts: dict[type[Event], list[Fact]] = defaultdict(list)
        self._histories: set[tuple[UUID, str]] = set()
        self._authors: set[str] = set()
        self._fields: Counter[str] = Counter()

    def evolve(self, entry: Entry[Any]) -> None:
        """Takes in the next entry of the workspace."""
        if entry.stream_id not in self._issues:
            return
        match entry.event:
            case IssueImported() as event:
                self.imported[entry.stream_id] = event
            case (
                TrackerStatusChanged()
                | TrackerClosureRecorded()
                | TrackerReopeningRecorded()
                | TrackerSizeChanged()
                | TrackerPriorityChanged()
                | TrackerKindChanged()
                | TrackerChangeRecorded()
            ) as event:
                self._take(entry, event)
            case _:
                pass

    def _take(self, entry: Entry[Any], event: Told) -> None:
        at = entry.act.occurred_at or entry.recorded_at
        self.facts[type(event)].append(Fact(entry.stream_id, at, entry.act.actor, event))
        self._histories.add((entry.stream_id, event.source_id))
        self._authors.add(entry.act.actor)
        self._fields.update(_fields(event))

    def key(self, stream_id: UUID) -> str:
        """The issue's key in the source."""
        return self.imported[stream_id].key

    def counts(self) -> dict[str, object]:
        """The figures by their names, as `pushback import jira --json` prints them."""
        states = [self._issues[stream_id] for stream_id in self.imported]
        moves = Counter(f"{fact.event.before} -> {fact.event.after}" for fact in self.facts[TrackerStatusChanged])
        return {
            "issues": len(self.imported),
            "histories": len(self._histories),
            "items": self._fields.total(),
            "items_by_field": dict(self._fields.most_common()),
            "by_type": dict(Counter(state.tracked.source_kind for state in states).most_common()),
            "status_transitions": dict(moves.most_common()),
            "final_status": dict(Counter(state.tracked.status for state in states).most_common()),
            "issues_ever_reopened": len({fact.stream_id for fact in self.facts[TrackerReopeningRecorded]}),
            "distinct_changelog_authors": len(self._authors - {SYSTEM}),
            "story_points": self._sizes(),
            "disputes": self._disputes(),
        }

    def _sizes(self) -> dict[str, object]:
        """A size that is set once is no history of it; one that is set and cleared is."""
        changes = [fact.event for fact in self.facts[TrackerSizeChanged]]
        sized = [stream for stream in self.imported if self._issues[stream].tracked.size is not None]
        with_history = {fact.stream_id for fact in self.facts[TrackerSizeChanged]}
        fields = Counter(event.size_field for event in self.imported.values() if event.size_field)
        return {
            "field": next(iter(field for field, _ in fields.most_common(1)), None),
            "set_first_time": sum(change.size_before is None and change.size_after is not None for change in changes),
            "re_estimated": sum(None not in (change.size_before, change.size_after) for change in changes),
            "cleared": sum(change.size_after is None for change in changes),
            "issues_with_final_value": len(sized),
            "final_value_but_no_history": sum(stream not in with_history for stream in sized),
            "sum_final": float(sum(self._issues[stream].tracked.size or 0 for stream in sized)),
        }

    def _disputes(self) -> dict[str, list[str]]:
        sizes, priorities = self.facts[TrackerSizeChanged], self.facts[TrackerPriorityChanged]
        reopenings = self.facts[TrackerReopeningRecorded]
        return {
            "Story Points put back by another person": self._named([fact for fact in sizes if fact.event.put_back]),
            "priority put back by another person": self._named([fact for fact in priorities if fact.event.put_back]),
            "reopened by another person": self._named([fact for fact in reopenings if fact.event.by_another]),
            "reopened by closer": self._named([fact for fact in reopenings if fact.event.closed_by == fact.by]),
        }

    def _named(self, facts: list[Fact]) -> list[str]:
        """`KEY@day`, issue by issue in the order of their keys."""
        ordered = sorted(facts, key=lambda fact: (*key_order(self.key(fact.stream_id)), fact.at))
        return [f"{self.key(fact.stream_id)}@{fact.day}" for fact in ordered]


def key_order(key: str) -> tuple[str, int, str]:
    """Orders keys as people count: DC-9 before DC-10."""
    project, _, number = key.rpartition("-")
    return project, int(number) if number.isdecimal() else 0, key


def _fields(event: Told) -> tuple[str, ...]:
    match event:
        case TrackerStatusChanged():
            return ("status",)
        case TrackerSizeChanged():
            return ("Story Points",)
        case TrackerPriorityChanged():
            return ("priority",)
        case TrackerKindChanged():
            return ("issuetype",)
        case TrackerChangeRecorded(fields=fields):
            return fields
        case _:
            return ()
