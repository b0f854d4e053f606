"""What the ledger already says of the issues of an import, and of the people and teams of their source."""

from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid5

from domain.entry import Entry, Event
from domain.events import IssueImported, PersonRegistered, TeamFormed, TrackerSnapshotRecorded
from domain.ids import PersonId, stream_key
from domain.state import item as items
from domain.state.item import Item
from domain.tracker import Tracked, evolve
from infra.importing.issue import order_of
from infra.ledger import Ledger

_PAGE: Final = 5000


@dataclass(frozen=True)
class Names:
    """The ids that the things of a source have here: always the same, so that a second import finds them."""

    workspace_id: UUID
    source: str
    _issues: dict[str, UUID] = field(default_factory=dict, compare=False, repr=False)

    def issue(self, source_id: str) -> UUID:
        """The stream of an issue."""
        if source_id not in self._issues:
            self._issues[source_id] = uuid5(self.workspace_id, f"{self.source}/issue/{source_id}")
        return self._issues[source_id]

    def person(self, account: str) -> UUID:
        """The stream of a person whose account nobody here has yet."""
        return uuid5(self.workspace_id, f"{self.source}/account/{account}")

    def team(self, project: str) -> UUID:
        """The stream of the team that a project becomes."""
        return uuid5(self.workspace_id, f"{self.source}/project/{project}")

    def account(self, account: str) -> str:
        """The account's name here."""
        return f"{self.source}:{account}"


@dataclass
class IssueState:
    """An imported issue: as an item, as its source describes it, and how much of its history is here."""

    item: Item = field(default_factory=Item)
    tracked: Tracked = field(default_factory=Tracked)
    version: int = 0
    created: datetime | None = None
    as_of: datetime | None = None
    latest: tuple[datetime, int, str] | None = None
    source_ids: set[str] = field(default_factory=set)

    def evolve(self, entry: Entry[Any]) -> None:
        """Takes in the next entry of the stream."""
        event, occurred_at = entry.event, entry.act.occurred_at
        self.item = items.evolve(self.item, entry)
        self.tracked = evolve(self.tracked, event, entry.act)
        self.version = entry.version
        if occurred_at is None:
            return
        if isinstance(event, IssueImported):
            self.created = occurred_at
            return
        source_id = history_id(event)
        if source_id is not None or isinstance(event, TrackerSnapshotRecorded):
            self.as_of = max(self.as_of or occurred_at, occurred_at)
        if source_id is not None:
            self.source_ids.add(source_id)
            order = order_of(occurred_at, source_id)
            self.latest = max(self.latest or order, order)


def history_id(event: Event) -> str | None:
    """The source's id of the history entry that an event tells of; None when it tells of none."""
    if isinstance(event, IssueImported | TrackerSnapshotRecorded):
        return None
    source_id: str | None = getattr(event, "source_id", None)
    return source_id


class Known:
    """What is known of some streams, folded entry by entry."""

    def __init__(self, issues: Collection[UUID]) -> None:
        self.issues = {stream_id: IssueState() for stream_id in issues}
        self._accounts: dict[str, PersonId] = {}
        self._people: set[UUID] = set()
        self.teams: set[UUID] = set()

    def person(self, account: str, stream_id: UUID) -> PersonId | None:
        """Who has this account; whose account was erased is known by the stream that an import gave them."""
        erased = PersonId(stream_key("psn", stream_id)) if stream_id in self._people else None
        return self._accounts.get(account, erased)

    def register(self, stream_id: UUID, account: str | None) -> None:
        """Takes note of a person."""
        self._people.add(stream_id)
        if account is not None:
            self._accounts.setdefault(account, PersonId(stream_key("psn", stream_id)))

    def evolve(self, entry: Entry[Any]) -> None:
        """Takes in the next entry of the workspace."""
        match entry.event:
            case PersonRegistered(account=account):
                self.register(entry.stream_id, account)
            case TeamFormed():
                self.teams.add(entry.stream_id)
            case _:
                state = self.issues.get(entry.stream_id)
                if state is not None:
                    state.evolve(entry)


async def entries(ledger: Ledger, workspace_id: UUID) -> AsyncIterator[Entry[Any]]:
    """The workspace's ledger from its first entry to the one that is last now."""
    position, head = 0, await ledger.head(workspace_id)
    while position < head:
        for entry in await ledger.read_after(workspace_id, position, _PAGE):
            position = entry.position
            yield entry
