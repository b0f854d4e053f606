"""Makes a workspace's history as teams write one: items drafted, argued over, revised, estimated and accepted.

What it says is valid (nothing is answered that was not raised) and comes from the random source alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Final, NamedTuple
from uuid import UUID

from bench.invention import Invention
from domain.entry import Act, ActorKind, Entry, Event
from domain.events import (
    CredentialIssued,
    EstimateRecorded,
    EstimateStaled,
    ItemDrafted,
    ItemRanked,
    ItemRevised,
    PersonRegistered,
    PushbackAnswered,
    PushbackClaimedAddressed,
    PushbackConceded,
    PushbackRaised,
    PushbackReasonSorted,
    PushbackResponded,
    PushbackSettledByRevision,
    PushbackVerificationRejected,
    PushbackWithdrawn,
    RoleAssigned,
    SignOffCarriedForward,
    SignOffGranted,
    SignOffRevoked,
    SignOffVoided,
    TeamFormed,
    WorkspaceOpened,
)
from domain.events.item import ChangeKind, ItemKind, Track
from domain.events.people import Role, TeamKind
from domain.events.pushback import Reason, Stance
from domain.events.sign_off import Label
from domain.ids import PersonId, TeamId, stream_id, stream_key, thing_key

_START: Final = datetime(2025, 1, 6, 9, tzinfo=UTC)
_STEP: Final = timedelta(seconds=20)
_LATEST: Final = 200
"""How many of the newest items people are mostly busy with."""


class Said(NamedTuple):
    """What happens next, and where."""

    stream_id: UUID
    event: Event
    act: Act


@dataclass
class _Item:
    """What has to be known of an item so that the next thing said about it is valid."""

    stream_id: UUID
    team: TeamId
    author: PersonId
    revision: int = 1
    pushbacks: int = 0
    waiting: list[int] = field(default_factory=list)
    answered: list[int] = field(default_factory=list)
    sign_offs: int = 0
    live: list[int] = field(default_factory=list)
    estimates: int = 0
    has_estimate: bool = False


class History:
    """An endless history of one workspace; `said` is each command's events, in order."""

    def __init__(self, random: Random, workspace_id: UUID, teams: int = 4, people: int = 12) -> None:
        self._random = random
        self._invent = Invention(random)
        self._workspace_id = workspace_id
        self._teams = [self._invent.uuid() for _ in range(teams)]
        self._people = [PersonId(stream_key("psn", self._invent.uuid())) for _ in range(people)]
        self._items: list[_Item] = []

    def said(self) -> Iterator[list[Said]]:
        """The opening of the workspace, then what its people do."""
        yield from self._opening()
        while True:
            if not self._items or self._random.random() < 0.08:
                yield self._draft()
            else:
                yield self._move(self._busy_item())

    def entries(self, count: int) -> list[Entry[Event]]:
        """The first entries, as they would be read from the ledger."""
        entries: list[Entry[Event]] = []
        versions: dict[UUID, int] = {}
        for command in self.said():
            for said in command:
                versions[said.stream_id] = version = versions.get(said.stream_id, 0) + 1
                entries.append(entry_of(self._workspace_id, len(entries) + 1, version, said))
                if len(entries) == count:
                    return entries
        return entries

    def _opening(self) -> Iterator[list[Said]]:
        admin = self._people[0]
        yield [self._say(self._workspace_id, WorkspaceOpened(name="Mill"), admin)]
        for number, person in enumerate(self._people):
            stream = stream_id(person)
            yield [self._say(stream, PersonRegistered(commitment=f"{number:064x}", account=f"p{number}"), admin)]
            yield [self._say(stream, CredentialIssued(credential=1, label="laptop"), admin)]
        for number, team in enumerate(self._teams):
            kind = TeamKind.FEATURE if number % 2 else TeamKind.COMPONENT
            yield [self._say(team, TeamFormed(kind=kind, name=f"Team {number}"), admin)]
            for ordinal, person in enumerate(self._people, 1):
                role = list(Role)[(number + ordinal) % len(Role)]
                event = RoleAssigned(assignment=ordinal, person_id=person, role=role, starts_at=_START)
                yield [self._say(team, event, admin)]

    def _draft(self) -> list[Said]:
        team, author = TeamId(stream_key("tem", self._random.choice(self._teams))), self._random.choice(self._people)
        item = _Item(self._invent.uuid(), team, author)
        self._items.append(item)
        event = ItemDrafted(
            team_id=team,
            track=self._random.choice([*Track]),
            kind=self._random.choice([*ItemKind]),
            rank=self._invent.rank(),
            section_digests=self._invent.digests(),
            digest=self._invent.digest(),
            salt=self._invent.digest(),
            title=self._invent.text(8),
            narrative=self._invent.text(30),
            why=self._invent.text(12),
            criteria=(self._invent.text(10), self._invent.text(10)),
        )
        return [self._say(item.stream_id, event, author)]

    def _move(self, item: _Item) -> list[Said]:
        moves = [self._revise, self._rank, self._rank, self._raise, self._raise, self._estimate, self._sign_off]
        if item.waiting:
            moves += [self._respond] * 4 + [self._claim, self._concede, self._withdraw, self._sort]
        if item.answered:
            moves += [self._settle] * 4 + [self._reject]
        if item.live:
            moves.append(self._revoke)
        return self._random.choice(moves)(item)

    def _revise(self, item: _Item) -> list[Said]:
        item.revision += 1
        kind = self._random.choice([*ChangeKind])
        digest = self._invent.digest()
        event = ItemRevised(
            revision=item.revision,
            change_kind=kind,
            changed_sections=("title", "narrative"),
            section_digests=self._invent.digests(),
            digest=digest,
            salt=self._invent.digest(),
            title=self._invent.text(8),
            narrative=self._invent.text(30),
        )
        return [self._say(item.stream_id, event, item.author), *self._consequences(item, kind, digest)]

    def _consequences(self, item: _Item, kind: ChangeKind, digest: str) -> list[Said]:
        said = []
        for live in item.live:
            if kind is ChangeKind.EDITORIAL:
                event: Event = SignOffCarriedForward(
                    sign_off=live, revision=item.revision, digest_covered=digest, rule="editorial"
                )
            else:
                event = SignOffVoided(
                    sign_off=live, by_revision=item.revision, changed_sections=("title",), rule="substantive"
                )
            said.append(self._say(item.stream_id, event, item.author))
        if kind is ChangeKind.SUBSTANTIVE:
            item.live.clear()
            if item.has_estimate:
                item.has_estimate = False
                staled = EstimateStaled(estimate=item.estimates, by_revision=item.revision)
                said.append(self._say(item.stream_id, staled, item.author))
        return said

    def _rank(self, item: _Item) -> list[Said]:
        return [self._say(item.stream_id, ItemRanked(rank=self._invent.rank()), item.author)]

    def _raise(self, item: _Item) -> list[Said]:
        item.pushbacks += 1
        item.waiting.append(item.pushbacks)
        stance = Stance.BLOCKING if self._random.random() < 0.3 else Stance.ADVISORY
        event = PushbackRaised(
            pushback=item.pushbacks,
            revision=item.revision,
            digest=self._invent.digest(),
            stance=stance,
            reason=self._random.choice([*Reason]),
            statement=self._invent.text(20),
            lifts_when=self._invent.text(12) if stance is Stance.BLOCKING else None,
        )
        return [self._by_anybody(item, event)]

    def _respond(self, item: _Item) -> list[Said]:
        ordinal = self._answer(item)
        return [self._say(item.stream_id, PushbackResponded(pushback=ordinal, text=self._invent.text(20)), item.author)]

    def _claim(self, item: _Item) -> list[Said]:
        event = PushbackClaimedAddressed(pushback=self._answer(item), revision=item.revision, text=self._invent.text(8))
        return [self._say(item.stream_id, event, item.author)]

    def _answer(self, item: _Item) -> int:
        ordinal = self._random.choice(item.waiting)
        item.waiting.remove(ordinal)
        item.answered.append(ordinal)
        return ordinal

    def _reject(self, item: _Item) -> list[Said]:
        ordinal = self._random.choice(item.answered)
        item.answered.remove(ordinal)
        item.waiting.append(ordinal)
        return [self._by_anybody(item, PushbackVerificationRejected(pushback=ordinal, why=self._invent.text(12)))]

    def _settle(self, item: _Item) -> list[Said]:
        ordinal = item.answered.pop()
        by_text = PushbackAnswered(pushback=ordinal)
        by_revision = PushbackSettledByRevision(pushback=ordinal, revision=item.revision)
        return [self._by_anybody(item, self._random.choice((by_text, by_revision)))]

    def _concede(self, item: _Item) -> list[Said]:
        event = PushbackConceded(pushback=item.waiting.pop(), consequence=self._invent.text(12))
        return [self._say(item.stream_id, event, item.author)]

    def _withdraw(self, item: _Item) -> list[Said]:
        return [self._by_anybody(item, PushbackWithdrawn(pushback=item.waiting.pop(), why=self._invent.text(8)))]

    def _sort(self, item: _Item) -> list[Said]:
        reason = self._random.choice([*Reason])
        return [self._by_anybody(item, PushbackReasonSorted(pushback=item.waiting[-1], reason=reason))]

    def _estimate(self, item: _Item) -> list[Said]:
        item.estimates += 1
        item.has_estimate = True
        points = float(self._random.choice((1, 2, 3, 5, 8, 13)))
        event = EstimateRecorded(
            estimate=item.estimates, revision=item.revision, digest=self._invent.digest(), points=points
        )
        return [self._by_anybody(item, event)]

    def _sign_off(self, item: _Item) -> list[Said]:
        item.sign_offs += 1
        item.live.append(item.sign_offs)
        event = SignOffGranted(
            sign_off=item.sign_offs,
            label=self._random.choice([*Label]),
            revision=item.revision,
            digest_signed=self._invent.digest(),
            section_digests=self._invent.digests(),
            statement=self._invent.text(6),
        )
        return [self._by_anybody(item, event)]

    def _revoke(self, item: _Item) -> list[Said]:
        return [self._by_anybody(item, SignOffRevoked(sign_off=item.live.pop(), why=self._invent.text(8)))]

    def _busy_item(self) -> _Item:
        latest = self._items[-_LATEST:] if self._random.random() < 0.9 else self._items
        return latest[self._random.randrange(len(latest))]

    def _by_anybody(self, item: _Item, event: Event) -> Said:
        return self._say(item.stream_id, event, self._random.choice(self._people))

    def _say(self, stream_id: UUID, event: Event, actor: PersonId) -> Said:
        act = Act(
            actor=actor,
            actor_kind=ActorKind.HUMAN,
            acting_role=Role.DEVELOPER.value,
            authorised_by=thing_key("asg", stream_key("tem", self._teams[0]), 1),
            credential=thing_key("crd", actor, 1),
        )
        return Said(stream_id, event, act)


def entry_of(workspace_id: UUID, position: int, version: int, said: Said) -> Entry[Event]:
    """A line of the ledger."""
    at = _START + position * _STEP
    return Entry(
        workspace_id=workspace_id,
        position=position,
        stream_id=said.stream_id,
        version=version,
        schema_version=type(said.event).class_version,
        recorded_at=at,
        effective_at=at,
        act=said.act,
        event=said.event,
    )
