"""What the ledger is to be told: everything that is new in the files, in the order in which it happened."""

import os
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from enum import IntEnum
from operator import itemgetter
from typing import Final, NamedTuple
from uuid import UUID

import msgspec
from msgspec.structs import replace

from domain.content import Content, revision_digest, section_digests
from domain.entry import Act, ActorKind, Entry, Event
from domain.events import IssueImported, PersonRegistered, TeamFormed
from domain.events.people import TeamKind
from domain.ids import SYSTEM, PersonId, TeamId, stream_key
from domain.rank import at_end
from domain.tracker import Aspect, kind_of, track_of
from domain.tracker_history import Step, follow, reconcile
from infra.append import NewEvent
from infra.importing.issue import History, Issue, order_of
from infra.importing.known import IssueState, Known, Names
from infra.importing.reading import Reading

IMPORT_ROLE: Final = "IMPORT"


class Importer(msgspec.Struct, frozen=True):
    """Who runs the import, and by which role assignment."""

    person_id: PersonId = SYSTEM
    authorised_by: str = "import:jira"
    credential: str | None = None

    def act(self, at: datetime, actor: str | None = None) -> Act:
        """The envelope of what somebody did in the source, or, without an actor, of what the import itself says."""
        return Act(
            actor=actor or self.person_id,
            actor_kind=ActorKind.IMPORT,
            acting_role=IMPORT_ROLE,
            authorised_by=self.authorised_by,
            credential=self.credential,
            occurred_at=at,
        )


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """How to import: `source` names the site, `team_id` takes all items in, else each project becomes a team."""

    importer: Importer = Importer()
    source: str = "jira"
    team_id: TeamId | None = None


class _Rank(IntEnum):
    """At one moment: first what begins, then what changes, then what is seen."""

    BEGINNING = 0
    CHANGE = 1
    SNAPSHOT = 2


class Moment(NamedTuple):
    """Something of an issue that may have to be told; the first four order it among all others."""

    at: datetime
    rank: _Rank
    number: int
    source_id: str
    issue: Issue
    history: History | None = None


class Plan:
    """The events of an import, moment by moment; what belongs to one moment is never parted."""

    def __init__(self, reading: Reading, known: Known, names: Names, options: Options) -> None:
        self._reading = reading
        self._known = known
        self._names = names
        self._options = options
        self.commitments: Mapping[str, str] = {}
        self.moments = sorted(self._find_moments(), key=itemgetter(0, 1, 2, 3))

    @property
    def late(self) -> int:
        """How many history entries come too late to change anything."""
        return sum(m.history is not None and is_late(self._state(m.issue), m.history) for m in self.moments)

    def new_accounts(self) -> set[str]:
        """The accounts nobody here has yet; `commitments` must hold one for each before events are asked for."""
        accounts = {account for moment in self.moments for account in _accounts(moment)}
        return {account for account in accounts if self._person(account) is None}

    def events(self, moment: Moment) -> list[NewEvent]:
        """What is to be told of a moment, in order.

        Each moment is asked for once and in order: what is told of one rests on those before it.
        """
        told: list[NewEvent] = []
        for account in _accounts(moment):
            self._register(account, moment.at, told)
        if moment.rank is _Rank.BEGINNING:
            self._begin(moment, told)
        elif moment.history is not None:
            self._follow(moment.issue, moment.history, told)
        else:
            self._reconcile(moment, told)
        return told

    def _find_moments(self) -> Iterator[Moment]:
        for issue in self._reading.issues:
            state = self._state(issue)
            first = min([issue.created, *(history.at for history in issue.histories[:1])])
            if not state.version:
                yield _moment(first, _Rank.BEGINNING, issue.source_id, issue)
            for history in issue.histories:
                if history.step.source_id not in state.source_ids:
                    yield _moment(history.at, _Rank.CHANGE, history.step.source_id, issue, history)
            if not is_older(state, issue):
                yield _moment(issue.as_of, _Rank.SNAPSHOT, issue.source_id, issue)

    def _state(self, issue: Issue) -> IssueState:
        return self._known.issues[self._names.issue(issue.source_id)]

    def _begin(self, moment: Moment, told: list[NewEvent]) -> None:
        issue = moment.issue
        team_id = self._options.team_id or self._form_team(moment, told)
        event = self._imported(issue, team_id)
        self._tell(self._names.issue(issue.source_id), event, self._act(issue.created, issue.by), told)

    def _form_team(self, moment: Moment, told: list[NewEvent]) -> TeamId:
        stream_id = self._names.team(moment.issue.project)
        if stream_id not in self._known.teams:
            self._known.teams.add(stream_id)
            formed = TeamFormed(kind=TeamKind.FEATURE, name=moment.issue.project_name)
            told.append(NewEvent(stream_id, 1, formed, self._options.importer.act(moment.at)))
        return TeamId(stream_key("tem", stream_id))

    def _person(self, account: str) -> PersonId | None:
        return self._known.person(self._names.account(account), self._names.person(account))

    def _register(self, account: str, at: datetime, told: list[NewEvent]) -> None:
        if self._person(account) is not None:
            return
        stream_id, name = self._names.person(account), self._names.account(account)
        self._known.register(stream_id, name)
        registered = PersonRegistered(commitment=self.commitments[account], account=name)
        told.append(NewEvent(stream_id, 1, registered, self._options.importer.act(at)))

    def _imported(self, issue: Issue, team_id: TeamId) -> IssueImported:
        beginning, salt = self._reading.beginnings[issue.source_id], os.urandom(32).hex()
        digests = section_digests(salt, Content(title=beginning.title, narrative=beginning.narrative))
        kind = kind_of(beginning.source_kind)
        return IssueImported(
            source=self._names.source,
            source_id=issue.source_id,
            key=issue.key,
            team_id=team_id,
            track=track_of(kind),
            kind=kind,
            source_kind=beginning.source_kind,
            rank=at_end(issue.created, self._names.issue(issue.source_id)),
            status=beginning.status,
            is_closed=beginning.status.lower() in self._reading.closed,
            priority=beginning.priority,
            size=beginning.size,
            size_field=issue.size_field,
            section_digests=digests,
            digest=revision_digest(digests),
            salt=salt,
            title=beginning.title,
            narrative=beginning.narrative,
        )

    def _follow(self, issue: Issue, history: History, told: list[NewEvent]) -> None:
        state, act = self._state(issue), self._act(history.at, history.by)
        step = history.step if not is_late(state, history) else _without_effect(history.step)
        salt = os.urandom(32).hex()
        events = follow(state.tracked, state.item, step, act, salt=salt, closed=self._reading.closed)
        for event in events:
            self._tell(self._names.issue(issue.source_id), event, act, told)

    def _reconcile(self, moment: Moment, told: list[NewEvent]) -> None:
        state, act = self._state(moment.issue), self._options.importer.act(moment.at)
        snapshot, salt = moment.issue.snapshot(), os.urandom(32).hex()
        for event in reconcile(state.tracked, state.item, snapshot, salt=salt, closed=self._reading.closed):
            self._tell(self._names.issue(moment.issue.source_id), event, act, told)

    def _act(self, at: datetime, account: str | None) -> Act:
        """Somebody unknown is nobody, not the one who imports."""
        return self._options.importer.act(at, self._person(account) if account else SYSTEM)

    def _tell(self, stream_id: UUID, event: Event, act: Act, told: list[NewEvent]) -> None:
        state = self._known.issues[stream_id]
        new = NewEvent(stream_id, state.version + 1, event, act)
        told.append(new)
        state.evolve(self._as_entry(new))

    def _as_entry(self, new: NewEvent) -> Entry[Event]:
        """As it will stand in the ledger; nothing that is folded here reads the position or the server's times."""
        at = new.act.occurred_at or datetime.now(UTC)
        return Entry(
            workspace_id=self._names.workspace_id,
            position=0,
            stream_id=new.stream_id,
            version=new.version,
            schema_version=type(new.event).class_version,
            recorded_at=at,
            effective_at=at,
            act=new.act,
            event=new.event,
        )


def _accounts(moment: Moment) -> tuple[str, ...]:
    """Whom a moment speaks of."""
    issue, history = moment.issue, moment.history
    accounts = (issue.by, *issue.mentioned) if history is None else (history.by,)
    return tuple(account for account in dict.fromkeys(accounts) if account)


def is_older(state: IssueState, issue: Issue) -> bool:
    """Whether the ledger has had a newer export of the issue than this one."""
    return state.as_of is not None and state.as_of > issue.as_of


def is_late(state: IssueState, history: History) -> bool:
    """Whether the ledger holds later entries of the history already, so that this one can change nothing any more."""
    return state.latest is not None and order_of(history.at, history.step.source_id) < state.latest


def _moment(at: datetime, rank: _Rank, source_id: str, issue: Issue, history: History | None = None) -> Moment:
    _, number, text = order_of(at, source_id)
    return Moment(at, rank, number, text, issue, history)


def _without_effect(step: Step) -> Step:
    return replace(step, changes=tuple(replace(change, aspect=Aspect.OTHER) for change in step.changes))
