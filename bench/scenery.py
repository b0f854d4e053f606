"""A large workspace to read from: items, pushbacks, estimates and sign-offs in the numbers asked, written in bulk."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from random import Random
from typing import Final, NamedTuple
from uuid import UUID

from domain import rank
from domain.content import Content, revision_digest, section_digests
from domain.entry import Act, ActorKind, Event
from domain.events import (
    EstimateRecorded,
    ItemDrafted,
    PersonRegistered,
    PushbackAnswered,
    PushbackRaised,
    PushbackResponded,
    PushbackVerificationRejected,
    RoleAssigned,
    SignOffGranted,
    SignOffSuperseded,
    TeamFormed,
    WorkspaceOpened,
)
from domain.events.item import ItemKind, Track
from domain.events.people import Role, TeamKind
from domain.events.pushback import Reason, Stance
from domain.events.sign_off import Label
from domain.ids import PersonId, TeamId, stream_id, stream_key
from infra.backend import Backend
from infra.cluster import Cluster
from infra.deciding import Asker
from infra.folding.rebuild import rebuild_all
from infra.ledger import Append, Ledger, NewEvent
from infra.uuid7 import uuid7

TEAMS: Final = 10
PEOPLE: Final = 200
_BATCH_EVENTS: Final = 800
_START: Final = datetime(2025, 1, 6, tzinfo=UTC)
_TEXT: Final = (
    "nobody says how long listening data is kept when a listener leaves and the new database does not answer "
    "within the budget so the team cannot estimate it before the volumes are known and agreed with operations"
)
_WORDS: Final = _TEXT.split()


class Scale(NamedTuple):
    """How much there is of everything."""

    items: int
    pushbacks: int
    estimates: int
    sign_offs: int

    def times(self, factor: float) -> "Scale":
        """The same proportions, larger or smaller."""
        return Scale(*(max(1, int(count * factor)) for count in self))


FULL: Final = Scale(items=100_000, pushbacks=60_000, estimates=150_000, sign_offs=80_000)
"""The figures' size: about 600,000 events."""


class Scene(NamedTuple):
    """What can be asked for."""

    workspace_id: UUID
    person: PersonId
    teams: tuple[str, ...]
    items: tuple[str, ...]
    disputed: tuple[str, ...]
    """The items with a pushback: those whose page people open."""
    events: int
    people: tuple[str, ...]


class _Item:
    __slots__ = ("digest", "digests", "estimates", "pushbacks", "sign_offs", "stream")

    def __init__(self, stream: UUID) -> None:
        self.stream, self.digest = stream, ""
        self.digests: dict[str, str] = {}
        self.pushbacks = self.estimates = self.sign_offs = 0


class _Writer:
    def __init__(self, random: Random, scale: Scale) -> None:
        self.random, self.scale = random, scale
        self.workspace_id = uuid7()
        self.people = [PersonId(stream_key("psn", uuid7())) for _ in range(PEOPLE)]
        self.teams = [TeamId(stream_key("tem", uuid7())) for _ in range(TEAMS)]
        self.items = [_Item(uuid7()) for _ in range(scale.items)]

    def said(self) -> Iterator[tuple[UUID, Event, PersonId]]:
        """(stream, event, actor), in order."""
        yield from self._opening()
        for item in self.items:
            yield from self._draft(item)
        lives = [self._dispute] * self.scale.pushbacks
        lives += [self._estimate] * self.scale.estimates
        lives += [self._sign] * self.scale.sign_offs
        self.random.shuffle(lives)
        for live in lives:
            yield from live(self.random.choice(self.items))

    def _opening(self) -> Iterator[tuple[UUID, Event, PersonId]]:
        admin = self.people[0]
        yield self.workspace_id, WorkspaceOpened(name="Measured"), admin
        for person in self.people:
            yield _stream(person), PersonRegistered(commitment="0" * 64, account=person[-6:]), admin
        for team in self.teams:
            yield _stream(team), TeamFormed(kind=TeamKind.FEATURE, name=f"Team {team[-4:]}"), admin
            for ordinal, person in enumerate(self.random.sample(self.people, 12), 1):
                role = Role.PRODUCT_OWNER if ordinal == 1 else Role.DEVELOPER
                assigned = RoleAssigned(assignment=ordinal, person_id=person, role=role, starts_at=_START)
                yield _stream(team), assigned, admin

    def _draft(self, item: _Item) -> Iterator[tuple[UUID, Event, PersonId]]:
        content = Content(title=self._text(7), narrative=self._text(30), why=self._text(10), criteria=(self._text(9),))
        salt = f"{self.random.getrandbits(256):064x}"
        item.digests = section_digests(salt, content)
        item.digest = revision_digest(item.digests)
        drafted = ItemDrafted(
            team_id=self.random.choice(self.teams),
            track=self.random.choice([*Track]),
            kind=self.random.choice([*ItemKind]),
            rank=rank.at_end(_START, item.stream) + f"{self.random.getrandbits(30):x}1",
            section_digests=item.digests,
            digest=item.digest,
            salt=salt,
            title=content.title,
            narrative=content.narrative,
            why=content.why,
            criteria=content.criteria,
        )
        yield item.stream, drafted, self._person()

    def _dispute(self, item: _Item) -> Iterator[tuple[UUID, Event, PersonId]]:
        item.pushbacks += 1
        ordinal, raiser, owner = item.pushbacks, self._person(), self._person()
        raised = PushbackRaised(
            pushback=ordinal,
            revision=1,
            digest=item.digest,
            stance=self.random.choice([*Stance]),
            reason=self.random.choice([*Reason]),
            statement=self._text(20),
            lifts_when=self._text(8),
        )
        yield item.stream, raised, raiser
        responses = self.random.randint(1, 4)
        for number in range(1, responses + 1):
            yield item.stream, PushbackResponded(pushback=ordinal, text=self._text(15)), owner
            if number < responses:
                rejected = PushbackVerificationRejected(pushback=ordinal, why=self._text(8))
                yield item.stream, rejected, raiser
        if self.random.random() < 0.5:
            yield item.stream, PushbackAnswered(pushback=ordinal), raiser

    def _estimate(self, item: _Item) -> Iterator[tuple[UUID, Event, PersonId]]:
        item.estimates += 1
        points = float(self.random.choice([1, 2, 3, 5, 8, 13]))
        recorded = EstimateRecorded(estimate=item.estimates, revision=1, digest=item.digest, points=points)
        yield item.stream, recorded, self._person()

    def _sign(self, item: _Item) -> Iterator[tuple[UUID, Event, PersonId]]:
        item.sign_offs += 1
        granted = SignOffGranted(
            sign_off=item.sign_offs,
            label=self.random.choice([*Label]),
            revision=1,
            digest_signed=item.digest,
            section_digests=item.digests,
            statement=self._text(8),
        )
        yield item.stream, granted, self._person()
        if item.sign_offs > 1:
            superseded = SignOffSuperseded(sign_off=item.sign_offs - 1, by_sign_off=item.sign_offs)
            yield item.stream, superseded, self._person()

    def _person(self) -> PersonId:
        return self.random.choice(self.people)

    def _text(self, words: int) -> str:
        start = self.random.randrange(len(_WORDS))
        return " ".join(_WORDS[(start + n) % len(_WORDS)] for n in range(words)).capitalize()


async def build(ledger: Ledger, scale: Scale, seed: int = 1) -> Scene:
    """Write a workspace of this size; the read tables are the caller's to make."""
    writer = _Writer(Random(seed), scale)
    await ledger.open_workspace(writer.workspace_id, "Measured")
    versions: Counter[UUID] = Counter()
    said = writer.said()
    events = 0
    while batch := list(islice(said, _BATCH_EVENTS)):
        new = [_new(versions, *one) for one in batch]
        await ledger.append(Append(writer.workspace_id, uuid7(), b"scenery", tuple(new)))
        events += len(batch)
    items = [(stream_key("itm", item.stream), item.pushbacks) for item in writer.items]
    return Scene(
        workspace_id=writer.workspace_id,
        person=writer.people[0],
        teams=tuple(writer.teams),
        items=tuple(key for key, _ in items),
        disputed=tuple(key for key, pushbacks in items if pushbacks),
        events=events,
        people=tuple(writer.people),
    )


async def fold_anew(cluster: Cluster) -> None:
    """Fold everything, and leave PostgreSQL nothing to tidy up or to learn while it is measured."""
    await rebuild_all(cluster)
    connection = await cluster.connect_to_migrate()
    await connection.execute("VACUUM ANALYZE")
    await connection.close()


async def token_for(backend: Backend, scene: Scene) -> str:
    """A token, kept as the app keeps them; the person has no role that could issue one."""
    asker = Asker(workspace_id=scene.workspace_id, person_id=scene.person)
    return await backend.credentials.keep(asker, f"crd_{uuid7().hex}_1")


def _new(versions: Counter[UUID], stream: UUID, event: Event, actor: PersonId) -> NewEvent:
    versions[stream] += 1
    act = Act(actor=actor, actor_kind=ActorKind.HUMAN, acting_role="DEVELOPER", authorised_by="rule:bench")
    return NewEvent(stream, versions[stream], event, act)


def _stream(key: str) -> UUID:
    return stream_id(key)
