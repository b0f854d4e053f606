"""What an import has to say at its end, as text for a person and as JSON for a program."""

from collections.abc import Iterator, Sequence
from typing import Any, Final, Protocol

import msgspec

from infra.importing.refusal import Note

LINES_MAX: Final = 10
"""So many lines of each list stand in the text; the JSON has all."""


class Line(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing that happened: to which item (by its key in the source and its id here), when, what, and a link."""

    key: str
    item_id: str
    day: str
    said: str
    link: str | None = None


class Story(Protocol):
    """What an import tells about how people agreed; a Struct, so that it can be written as JSON."""

    def told(self) -> Iterator[str]:
        """The story in lines, for a person."""


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
        entries = counted(read.histories, "history entry")
        yield f"Read {counted(read.issues, 'issue')} with {entries} from {counted(read.files, 'file')}."
        if added.events:
            yield (
                f"Added {counted(added.issues, 'item')}, {counted(added.histories, 'history entry')}, "
                f"{counted(added.people, 'person')}, {counted(added.teams, 'team')}: {counted(added.events, 'event')}."
            )
        else:
            yield "Nothing was new: the ledger has it all."
        yield f"Of {counted(check.checked, 'issue')}, {check.equal} stand in the ledger as the files show them."
        yield from (f"  different: {different}" for different in check.different)
        yield from self._remarks()
        yield from self.story.told()

    def _remarks(self) -> Iterator[str]:
        if self.skipped:
            yield "\nNot imported:"
            yield from (f"  {skipped.count} {skipped.what}: {skipped.why}" for skipped in self.skipped)
        if self.notes:
            yield "\nWorth knowing:"
        for note in self.notes:
            more = ", ..." if note.count > len(note.places) else ""
            yield f"  {note.message} [{note.code}], {counted(note.count, 'time')}: {'; '.join(note.places)}{more}"


def listed(heading: str, lines: Sequence[Line]) -> Iterator[str]:
    """A list of the story under its heading, cut where it gets long; nothing when it is empty."""
    if not lines:
        return
    yield f"\n{heading} ({len(lines)}):"
    for line in lines[:LINES_MAX]:
        yield f"  {line.day}  {line.key}  {line.said}  ({line.item_id})"
        if line.link:
            yield f"      {line.link}"
    if len(lines) > LINES_MAX:
        yield f"  and {len(lines) - LINES_MAX} more, all in --json"


_PLURALS: Final = {"history entry": "history entries", "person": "people"}


def counted(number: int, noun: str) -> str:
    """`2 issues`."""
    return f"{number:,} {noun if number == 1 else _PLURALS.get(noun, noun + 's')}"
