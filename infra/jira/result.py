"""What an import has to say at its end, as text for a person and as JSON for a program."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

import msgspec

from infra.jira.refusal import Note
from infra.jira.story import Line, Story

LINES_MAX: Final = 10
"""So many lines of each list stand in the text; the JSON has all."""


class Read(msgspec.Struct, frozen=True):
    """What was in the files."""

    files: int
    issues: int
    histories: int


class Added(msgspec.Struct, frozen=True):
    """What the ledger did not have before."""

    issues: int
    histories: int
    people: int
    teams: int
    events: int


class Skipped(msgspec.Struct, frozen=True):
    """What was in the files and was not imported, and why."""

    what: str
    count: int
    why: str


class SnapshotCheck(msgspec.Struct, frozen=True):
    """Whether status, size, priority and summary, folded from the ledger, are those that the files show."""

    checked: int
    equal: int
    different: tuple[str, ...]


class Imported(msgspec.Struct, frozen=True, kw_only=True):
    """The result of an import. `figures` are counted from the ledger afterwards, over the issues in the files."""

    figures: dict[str, Any]
    read: Read
    added: Added
    skipped: tuple[Skipped, ...]
    snapshot: SnapshotCheck
    notes: tuple[Note, ...]
    story: Story

    def json(self) -> bytes:
        """The figures as one object, with what else there is to say under `import` and `story`."""
        said = {"read": self.read, "added": self.added, "skipped": self.skipped, "notes": self.notes}
        return msgspec.json.encode({**self.figures, "import": {**said, "snapshot": self.snapshot}, "story": self.story})

    def text(self) -> str:
        """The same for a person."""
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        read, added, check = self.read, self.added, self.snapshot
        entries = _count(read.histories, "history entry")
        yield f"Read {_count(read.issues, 'issue')} with {entries} from {_count(read.files, 'file')}."
        if added.events:
            yield (
                f"Added {_count(added.issues, 'item')}, {_count(added.histories, 'history entry')}, "
                f"{_count(added.people, 'person')}, {_count(added.teams, 'team')}: {_count(added.events, 'event')}."
            )
        else:
            yield "Nothing was new: the ledger has it all."
        yield f"Of {_count(check.checked, 'issue')}, {check.equal} stand in the ledger as the files show them."
        yield from (f"  different: {different}" for different in check.different)
        yield from self._remarks()
        yield from self._stories()

    def _remarks(self) -> Iterator[str]:
        if self.skipped:
            yield "\nNot imported:"
            yield from (f"  {skipped.count} {skipped.what}: {skipped.why}" for skipped in self.skipped)
        if self.notes:
            yield "\nWorth knowing:"
        for note in self.notes:
            more = ", ..." if note.count > len(note.places) else ""
            yield f"  {note.message} [{note.code}], {_count(note.count, 'time')}: {'; '.join(note.places)}{more}"

    def _stories(self) -> Iterator[str]:
        story = self.story
        yield from _listed("Reopened by somebody other than the closer", story.reopened_by_others)
        yield from _listed("Sizes changed in or after the closing edit", story.sizes_changed_after_closing)
        first = len(story.sizes_first_recorded_after_closing)
        if first:
            yield f"\nSizes recorded for the first time in or after the closing edit: {first}; none is an estimate."
        yield from _listed("Values put back by another person", story.put_back)
        if story.most_contested:
            yield "\nMost contested:"
        for item in story.most_contested:
            yield f"  {item.key}  {item.title}\n      {item.said}  ({item.item_id})"


def _listed(heading: str, lines: Sequence[Line]) -> Iterator[str]:
    if not lines:
        return
    yield f"\n{heading} ({len(lines)}):"
    yield from (f"  {line.day}  {line.key}  {line.said}  ({line.item_id})" for line in lines[:LINES_MAX])
    if len(lines) > LINES_MAX:
        yield f"  and {len(lines) - LINES_MAX} more, all in --json"


_PLURALS: Final = {"history entry": "history entries", "person": "people"}


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun if number == 1 else _PLURALS.get(noun, noun + 's')}"
