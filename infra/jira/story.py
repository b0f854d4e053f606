"""What is worth reading after an import: who did not accept what, told from the ledger's entries."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import Final
from uuid import UUID

import msgspec

from domain.events import (
    TrackerClosureRecorded,
    TrackerPriorityChanged,
    TrackerReopeningRecorded,
    TrackerSizeChanged,
)
from domain.ids import stream_key
from infra.importing.known import IssueState
from infra.importing.result import Line, listed
from infra.jira.figures import Fact, Figures

CONTESTED_MAX: Final = 5


class Contested(msgspec.Struct, frozen=True):
    """An item that people did not agree on, and by what that shows."""

    key: str
    item_id: str
    title: str
    disputes: int
    said: str


class Story(msgspec.Struct, frozen=True, kw_only=True):
    """What an import tells about how a team agreed."""

    reopened_by_others: tuple[Line, ...]
    sizes_changed_after_closing: tuple[Line, ...]
    sizes_first_recorded_after_closing: tuple[Line, ...]
    put_back: tuple[Line, ...]
    most_contested: tuple[Contested, ...]

    def told(self) -> Iterator[str]:
        """The story in lines, for a person."""
        yield from listed("Reopened by somebody other than the closer", self.reopened_by_others)
        yield from listed("Sizes changed in or after the closing edit", self.sizes_changed_after_closing)
        first = len(self.sizes_first_recorded_after_closing)
        if first:
            yield f"\nSizes recorded for the first time in or after the closing edit: {first}; none is an estimate."
        yield from listed("Values put back by another person", self.put_back)
        if self.most_contested:
            yield "\nMost contested:"
        for item in self.most_contested:
            yield f"  {item.key}  {item.title}\n      {item.said}  ({item.item_id})"


def story_of(figures: Figures, issues: Mapping[UUID, IssueState], people: Mapping[str, str]) -> Story:
    """The story; `people` gives names for person ids."""
    teller = _Teller(figures, issues, people)
    return Story(
        reopened_by_others=teller.reopenings(),
        sizes_changed_after_closing=teller.corrections(),
        sizes_first_recorded_after_closing=teller.late_sizes(),
        put_back=teller.put_back(),
        most_contested=teller.contested(),
    )


class _Teller:
    def __init__(self, figures: Figures, issues: Mapping[UUID, IssueState], people: Mapping[str, str]) -> None:
        self._figures = figures
        self._issues = issues
        self._people = people
        facts = figures.facts
        self._reopenings = [fact for fact in facts[TrackerReopeningRecorded] if fact.event.by_another]
        late = [fact for fact in facts[TrackerSizeChanged] if fact.event.at_or_after_closing]
        self._late_sizes = [fact for fact in late if fact.event.size_before is None]
        self._corrections = [fact for fact in late if fact.event.size_before is not None]
        changes = [*facts[TrackerPriorityChanged], *facts[TrackerSizeChanged]]
        self._put_back = sorted((fact for fact in changes if fact.event.put_back), key=lambda fact: fact.at)

    def reopenings(self) -> tuple[Line, ...]:
        closings = {
            (fact.stream_id, fact.event.source_id): fact for fact in self._figures.facts[TrackerClosureRecorded]
        }
        lines = []
        for fact in self._reopenings:
            closing = closings.get((fact.stream_id, fact.event.closing_source_id))
            on = f" on {closing.day}" if closing else ""
            lines.append(
                self._line(fact, f"{self._who(fact.by)} reopened what {self._who(fact.event.closed_by)} closed{on}")
            )
        return tuple(lines)

    def corrections(self) -> tuple[Line, ...]:
        """The largest first."""
        ordered = sorted(self._corrections, key=lambda fact: (-_distance(fact), fact.at))
        return tuple(self._line(fact, f"{self._who(fact.by)} changed the size {_sizes(fact)}") for fact in ordered)

    def late_sizes(self) -> tuple[Line, ...]:
        return tuple(
            self._line(fact, f"{self._who(fact.by)} recorded the size {_size(fact.event.size_after)}")
            for fact in self._late_sizes
        )

    def put_back(self) -> tuple[Line, ...]:
        lines = []
        for fact in self._put_back:
            if isinstance(fact.event, TrackerSizeChanged):
                said = f"the size {_sizes(fact)}"
            else:
                said = f"the priority from {fact.event.priority_before} to {fact.event.priority_after}"
            lines.append(self._line(fact, f"{self._who(fact.by)} put back {said}"))
        return tuple(lines)

    def contested(self) -> tuple[Contested, ...]:
        """By disputes (reopened by another person, a value put back), then by sizes changed after closing."""
        reasons: dict[UUID, Counter[str]] = defaultdict(Counter)
        for said, facts in (("reopened by others", self._reopenings), ("put back", self._put_back)):
            for fact in facts:
                reasons[fact.stream_id][said] += 1
        disputes = {stream_id: counts.total() for stream_id, counts in reasons.items()}
        for fact in self._corrections:
            reasons[fact.stream_id]["size changed after closing"] += 1
        ranked = sorted(disputes, key=lambda stream: (-disputes[stream], -reasons[stream].total(), self._key(stream)))
        return tuple(self._contested(stream, disputes[stream], reasons[stream]) for stream in ranked[:CONTESTED_MAX])

    def _contested(self, stream_id: UUID, disputes: int, reasons: Counter[str]) -> Contested:
        said = ", ".join(f"{reason} {count} time{'s' * (count > 1)}" for reason, count in reasons.items())
        title = self._issues[stream_id].item.content.title or "(erased)"
        return Contested(self._key(stream_id), stream_key("itm", stream_id), title, disputes, said)

    def _line(self, fact: Fact, said: str) -> Line:
        return Line(self._key(fact.stream_id), stream_key("itm", fact.stream_id), fact.day, said)

    def _key(self, stream_id: UUID) -> str:
        return self._figures.key(stream_id)

    def _who(self, person_id: str | None) -> str:
        return self._people.get(person_id or "", "somebody unknown")


def _distance(fact: Fact) -> float:
    event: TrackerSizeChanged = fact.event
    return abs((event.size_after or 0) - (event.size_before or 0))


def _sizes(fact: Fact) -> str:
    before, after = fact.event.size_before, fact.event.size_after
    return f"from {_size(before)} to {_size(after)}"


def _size(size: float | None) -> str:
    return "none" if size is None else f"{size:g}"
