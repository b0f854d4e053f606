"""Importing: files are checked whole, what is new is appended in the order of time, then the ledger is read back.

A killed import leaves whole history entries behind and no half one; the next run of it finds them by their ids.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any, Final, NamedTuple, Protocol
from uuid import UUID, uuid5

import msgspec
from msgspec import UNSET

from domain.entry import Entry
from domain.events import IssueImported, PersonRegistered, TeamFormed
from domain.ids import MalformedId, stream_id
from infra.importing.issue import Issue
from infra.importing.known import IssueState, Known, Names, entries, history_id
from infra.importing.names import keep_names
from infra.importing.plan import Options, Plan, is_older
from infra.importing.reading import Reading
from infra.importing.refusal import PLACES_MAX, ImportRefused, Note
from infra.importing.result import Added, Imported, Read, Skipped, SnapshotCheck, Story
from infra.ledger import Append, Conflict, DuplicateCommand, Ledger, NewEvent
from infra.pool import Pool

EVENTS_MAX: Final = 200
"""So many events are appended at once, and a moment's more."""

ATTEMPTS_MAX: Final = 10

Progress = Callable[[int, int], None]
"""Is told how many moments of how many are in the ledger."""


def unseen(_done: int, _of: int) -> None:
    """The progress that nobody watches."""


class Figures(Protocol):
    """Counts over the issues of an import, folded entry by entry."""

    def evolve(self, entry: Entry[Any]) -> None:
        """Takes in the next entry of the workspace."""

    def counts(self) -> dict[str, Any]:
        """The figures by their names."""


class Telling(NamedTuple):
    """What is counted from the ledger afterwards, and told: `figures` of the issues, `story` of them and the people."""

    figures: Callable[[Mapping[UUID, IssueState]], Figures]
    story: Callable[[Any, Mapping[UUID, IssueState], Mapping[str, str]], Story]


async def bring_in(
    ledger: Ledger,
    pool: Pool,
    workspace_id: UUID,
    reading: Reading,
    *,
    options: Options,
    telling: Telling,
    progress: Progress = unseen,
) -> Imported:
    """Tell the ledger what it does not know yet; raises ImportRefused, and then nothing was imported."""
    run = _Run(ledger, pool, Names(workspace_id, options.source), reading, options=options, telling=telling)
    for attempt in range(ATTEMPTS_MAX):
        try:
            await run.append(progress)
            break
        except (Conflict, DuplicateCommand):
            # Somebody else wrote to one of the streams, or imports the same: look again at what is there.
            if attempt == ATTEMPTS_MAX - 1:
                raise
    return await run.result()


class _Run:
    def __init__(
        self, ledger: Ledger, pool: Pool, names: Names, reading: Reading, *, options: Options, telling: Telling
    ) -> None:
        self._ledger = ledger
        self._pool = pool
        self._names = names
        self._reading = reading
        self._options = options
        self._telling = telling
        self._added: Counter[type] = Counter()
        self._histories: set[tuple[UUID, str]] = set()
        self._late = 0

    async def append(self, progress: Progress) -> None:
        """Tells the ledger what it does not know yet."""
        plan = await self._plan()
        pending: list[NewEvent] = []
        for done, moment in enumerate(plan.moments, start=1):
            pending += plan.events(moment)
            if len(pending) >= EVENTS_MAX or (pending and done == len(plan.moments)):
                await self._ledger.append(_command(self._names.workspace_id, pending))
                self._count(pending)
                pending.clear()
            if not pending:
                progress(done, len(plan.moments))

    async def result(self) -> Imported:
        """What the ledger holds now, read back from it."""
        known = self._known()
        figures = self._telling.figures(known.issues)
        async for entry in entries(self._ledger, self._names.workspace_id):
            known.evolve(entry)
            figures.evolve(entry)
        accounts = self._reading.accounts.items()
        people = {known.person(self._names.account(key), self._names.person(key)) or "": name for key, name in accounts}
        return Imported(
            figures=figures.counts(),
            read=_read(self._reading),
            added=self._told(),
            skipped=tuple(_skipped(self._reading)),
            snapshot=compare(self._reading.issues, known, self._names),
            notes=(*self._reading.notes, *self._notes_on_age(known)),
            story=self._telling.story(figures, known.issues, people),
        )

    async def _plan(self) -> Plan:
        known = self._known()
        async for entry in entries(self._ledger, self._names.workspace_id):
            known.evolve(entry)
        self._refuse_another_site(known)
        self._refuse_unknown_team(known)
        plan = Plan(self._reading, known, self._names, self._options)
        accounts = {key: self._reading.accounts[key] for key in plan.new_accounts()}
        plan.commitments = await keep_names(self._pool, accounts, self._names)
        self._late = plan.late
        return plan

    def _known(self) -> Known:
        return Known([self._names.issue(issue.source_id) for issue in self._reading.issues])

    def _refuse_another_site(self, known: Known) -> None:
        for issue in self._reading.issues:
            created = known.issues[self._names.issue(issue.source_id)].created
            if created is not None and created != issue.created:
                message = (
                    f"the ledger has issue {issue.source_id} of {self._names.source!r} with another time of creation; "
                    "give another site another name with --source."
                )
                raise issue.where.refused("TWO_ISSUES_WITH_ONE_ID", message)

    def _refuse_unknown_team(self, known: Known) -> None:
        team_id = self._options.team_id
        try:
            is_known = team_id is None or stream_id(team_id) in known.teams
        except MalformedId:
            is_known = False
        if not is_known:
            raise ImportRefused("UNKNOWN_TEAM", f"there is no team {team_id} in this workspace.")

    def _count(self, told: Iterable[NewEvent]) -> None:
        for new in told:
            self._added[type(new.event)] += 1
            source_id = history_id(new.event)
            if source_id is not None:
                self._histories.add((new.stream_id, source_id))

    def _told(self) -> Added:
        return Added(
            issues=self._added[IssueImported],
            histories=len(self._histories),
            people=self._added[PersonRegistered],
            teams=self._added[TeamFormed],
            events=self._added.total(),
        )

    def _notes_on_age(self, known: Known) -> Iterator[Note]:
        older = [issue for issue in self._reading.issues if is_older(_state(known, self._names, issue), issue)]
        if older:
            message = "the ledger has had a newer export of an issue; its current values were not taken from this one"
            places = tuple(str(issue.where) for issue in older[:PLACES_MAX])
            yield Note("EXPORT_IS_OLDER", message, len(older), places)
        if self._late:
            message = "a history entry is older than what the ledger held; it was recorded and changes nothing"
            yield Note("HISTORY_CAME_LATE", message, self._late, ())


def compare(issues: Iterable[Issue], known: Known, names: Names) -> SnapshotCheck:
    """The current values in the files beside those that the ledger's entries come to."""
    checked, different = 0, []
    for issue in issues:
        state = _state(known, names, issue)
        if not is_older(state, issue):
            checked += 1
            different += [f"{issue.key}: {name}" for name in _differences(state, issue)]
    unequal = {text.partition(":")[0] for text in different}
    return SnapshotCheck(checked, checked - len(unequal), tuple(different))


def _differences(state: IssueState, issue: Issue) -> Iterator[str]:
    tracked = state.tracked
    if tracked.status != issue.status:
        yield f"status is {tracked.status}, not {issue.status}"
    if issue.size is not UNSET and tracked.size != issue.size:
        yield f"size is {tracked.size}, not {issue.size}"
    if issue.priority is not UNSET and tracked.priority != issue.priority:
        yield f"priority is {tracked.priority}, not {issue.priority}"
    if issue.title not in (tracked.title, state.item.content.title):
        yield "the summary is another" if tracked.title else "the summary was erased here"


def _state(known: Known, names: Names, issue: Issue) -> IssueState:
    return known.issues[names.issue(issue.source_id)]


def _command(workspace_id: UUID, told: Sequence[NewEvent]) -> Append:
    """One command, whose id follows from what it tells: the same import run twice at once makes it once."""
    said = [(new.stream_id, new.version, new.event.TOPIC, getattr(new.event, "source_id", "")) for new in told]
    fingerprint = sha256(msgspec.json.encode(said)).digest()
    return Append(workspace_id, uuid5(workspace_id, f"import/{fingerprint.hex()}"), fingerprint, tuple(told))


def _read(reading: Reading) -> Read:
    return Read(reading.files, len(reading.issues), sum(len(issue.histories) for issue in reading.issues))


def _skipped(reading: Reading) -> Iterator[Skipped]:
    if reading.read_twice:
        yield Skipped("issues met again", reading.read_twice, "the newest form of each was read, with all its history")
    if reading.comments:
        yield Skipped("comments", reading.comments, "what people said elsewhere is no pushback here")
