"""What is worth reading after an import from GitHub: what was merged over whom, and who came round."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

import msgspec

from domain.entry import Entry
from domain.events import TrackerMergeRecorded
from domain.ids import SYSTEM, stream_key
from infra.github.figures import Figures, Pull, is_merged_over_objection
from infra.github.file import PULL
from infra.importing.known import IssueState
from infra.importing.result import Line, counted, listed

_SITE: Final = "https://github.com"


class Merger(msgspec.Struct, frozen=True):
    """Who merged over standing objections, how often, and how often over those to their own change."""

    name: str
    times: int
    own: int


class Story(msgspec.Struct, frozen=True, kw_only=True):
    """What an import tells about who objected, who came round, and who was not heard."""

    merged_over_objections: tuple[Line, ...]
    who_merged_over_objections: tuple[Merger, ...]
    objectors_who_approved_later: tuple[Line, ...]
    merged_without_verdict: tuple[Line, ...]

    def told(self) -> Iterator[str]:
        """The story in lines, for a person."""
        yield "\nNone of these verdicts is a sign-off here: nobody signed the digest of what they saw."
        yield from listed("Merged over a standing objection", self.merged_over_objections)
        for merger in self.who_merged_over_objections:
            yield f"  by {merger.name}: {counted(merger.times, 'time')}, {merger.own} of them a change of their own"
        yield from listed("Objected, and approved later", self.objectors_who_approved_later)
        yield from listed("Merged with no verdict by anybody", self.merged_without_verdict)


def story_of(figures: Figures, _issues: Mapping[UUID, IssueState], people: Mapping[str, str]) -> Story:
    """The story; `people` gives names for person ids."""
    teller = _Teller(figures.pulls(), people)
    return Story(
        merged_over_objections=tuple(teller.merged_over()),
        who_merged_over_objections=tuple(teller.mergers()),
        objectors_who_approved_later=tuple(teller.turned()),
        merged_without_verdict=tuple(teller.unjudged()),
    )


class _Teller:
    def __init__(self, pulls: list[Pull], people: Mapping[str, str]) -> None:
        self._pulls = pulls
        self._people = people
        self._over = [(pull, pull.merge) for pull in pulls if pull.merge and is_merged_over_objection(pull)]

    def merged_over(self) -> Iterator[Line]:
        for pull, merge in self._over:
            by = ", ".join(map(self._who, pull.overruled))
            own = ", the author," if merge.act.actor == pull.author else ""
            yield self._line(pull, _at(merge), f"{self._who(merge.act.actor)}{own} merged over the objection of {by}")

    def mergers(self) -> Iterator[Merger]:
        times = Counter(merge.act.actor for _, merge in self._over)
        own = Counter(merge.act.actor for pull, merge in self._over if merge.act.actor == pull.author != SYSTEM)
        for person, count in sorted(times.items(), key=lambda each: (-each[1], self._who(each[0]))):
            yield Merger(self._who(person), count, own[person])

    def turned(self) -> Iterator[Line]:
        for pull in self._pulls:
            for before, after in pull.turned():
                said = f"{self._who(after.by)}, who had asked for changes on {_day(before.at)}, approved"
                yield self._line(pull, after.at, said)

    def unjudged(self) -> Iterator[Line]:
        for pull in self._pulls:
            if pull.merge and not pull.verdicts:
                yield self._line(pull, _at(pull.merge), f"{self._who(pull.merge.act.actor)} merged")

    def _line(self, pull: Pull, at: datetime, said: str) -> Line:
        link = f"{_SITE}/{pull.imported.key.replace('#', f'/{PULL.path}/')}"
        return Line(pull.imported.key, stream_key("itm", pull.stream_id), _day(at), said, link)

    def _who(self, person_id: str) -> str:
        return self._people.get(person_id, "somebody unknown")


def _at(entry: Entry[TrackerMergeRecorded]) -> datetime:
    return entry.act.occurred_at or entry.recorded_at


def _day(at: datetime) -> str:
    return at.astimezone(UTC).date().isoformat()
