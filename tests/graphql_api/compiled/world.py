"""A workspace with something of everything: every kind of event, with texts that are hard to write as JSON.

Values follow from the fields' annotations, so an event that is added is in it without a line here. It obeys no rules:
what the folds make of any history is shown the same by SQL and by the oracle.
"""

import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from itertools import cycle
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from domain import events
from domain.entry import EVENTS, Act, ActorKind, Entry, Event
from domain.ids import SYSTEM, stream_key, thing_key
from infra.append import Append, NewEvent
from infra.ledger import Ledger
from infra.pool import Pool
from projections.entries import PREFIXES

TEXTS: Final = (
    "Keep listening data", "", " ", 'a "quoted" word', "back\\slash and /", "line\nbreak\tand tab", "\x01\x1f\x7f",
    "naïve café ☃ 𝄞 👩‍👩‍👧", "{'json': [1, null]}", "</script><!--", "null", "'; drop table item; --", "x" * 300,
    "\u2028\u2029", "%s {t} $1 :name",
)  # fmt: skip
NUMBERS: Final = (0.0, 0.5, 1.0, 3.0, 8.0, 13.0, 0.1, 1e21, 123456789.125, 1e-7)
STARTS_AT: Final = datetime(2024, 1, 1, tzinfo=UTC)
OPENING: Final = {
    events.PushbackRaised: "pushback",
    events.QuestionAsked: "question",
    events.SignOffGranted: "sign_off",
    events.SignOffRequested: "sign_off_request",
    events.EstimateRecorded: "estimate",
    events.TrackerVerdictRecorded: "verdict",
    events.EstimationRoundOpened: "round",
    events.VoteRevealed: "vote",
    events.CredentialIssued: "credential",
    events.RoleAssigned: "assignment",
    events.DelegationGranted: "delegation",
    events.ProductOwnerHandedOver: "assignment",
    events.ItemRevised: "revision",
    events.PolicyAdopted: "policy",
    events.DefinitionAdopted: "definition",
    events.CommandRefused: "refusal",
    events.WebhookRegistered: "webhook",
}
"""Events that begin a thing inside their stream, and the field that counts it; others speak of one that is there."""

ORDINALS: Final = {
    "by_sign_off": "sign_off", "by_revision": "revision", "replaces": "policy", "by_verdict": "verdict",
    "ended_assignment": "assignment",
    "by_definition": "definition", "replaces_definition": "definition",
    **{name: name for name in OPENING.values()},
}  # fmt: skip
SUBJECTS_TRIED: Final = 8
"""On how many subjects an event is tried until one has the thing it speaks of."""
FIRST: Final = (events.WorkspaceOpened, events.PersonRegistered, events.TeamFormed)
ITEM_FIRST: Final = (events.ItemDrafted, events.IssueImported)


class World:
    """A history in the making: `said` grows by one event at a time."""

    def __init__(self, workspace_id: UUID, seed: int) -> None:
        self.workspace_id = workspace_id
        self.random = random.Random(seed)
        self.said: list[tuple[UUID, Event, Act]] = []
        self.people: list[UUID] = []
        self.teams: list[UUID] = []
        self.items: list[UUID] = []
        self.counts: dict[UUID, Counter[str]] = defaultdict(Counter)
        self._now = STARTS_AT

    def populate(self, people: int, teams: int, items: int, more: int) -> None:
        """Everybody and everything first, then `more` events of any kind."""
        self.say(self.workspace_id, events.WorkspaceOpened)
        for _ in range(people):
            self.people.append(self._stream(events.PersonRegistered))
        for _ in range(teams):
            self.teams.append(self._stream(events.TeamFormed))
        for number in range(items):
            self.items.append(self._stream(ITEM_FIRST[number % 2]))
        rest = [kind for kind in EVENTS.values() if kind not in (*FIRST, *ITEM_FIRST)]
        often = [kind for kind in rest if kind in OPENING or kind.__name__.startswith("Pushback")]
        each = cycle(rest)
        for number in range(more):
            kind = next(each) if number % 3 else self.random.choice(often)
            any(self.say(self._subject(kind), kind) for _ in range(SUBJECTS_TRIED))

    def _stream(self, kind: type[Event]) -> UUID:
        stream_id = UUID(int=self.random.getrandbits(128), version=4)
        self.say(stream_id, kind)
        return stream_id

    def _subject(self, kind: type[Event]) -> UUID:
        if kind in (events.RoleAssigned, events.RoleAssignmentEnded, events.PolicyAdopted):
            return self.random.choice([*self.teams, self.workspace_id])
        prefix = PREFIXES.get(kind)
        if prefix == "wsp":
            return self.workspace_id
        if prefix:
            return self.random.choice(self.people if prefix == "psn" else self.teams)
        return self.random.choice(self.items[: len(self.items) - 2])  # two stay as they began

    def say(self, stream_id: UUID, kind: type[Event]) -> bool:
        """One event more, unless it speaks of a thing that is not there; whether there is one."""
        counts, opens = self.counts[stream_id], OPENING.get(kind)
        if opens:
            counts[opens] += 1
        if kind in ITEM_FIRST:
            counts["revision"] = 1
        values = {}
        for name, hint in get_type_hints(kind, include_extras=True).items():
            if name in kind.__struct_fields__:
                values[name] = self._value(name, hint, counts, is_new=name == opens)
        if any(values.get(name) == 0 for name in ORDINALS):
            return False
        self._now += timedelta(microseconds=self.random.choice([0, 1, 10**6, 3_600_500_000]))
        self.said.append((stream_id, kind(**values), self._act()))
        return True

    def _act(self) -> Act:
        actor = stream_key("psn", self.random.choice(self.people)) if self.people else SYSTEM
        return Act(
            actor=actor,
            actor_kind=self.random.choice(list(ActorKind)),
            acting_role=self.random.choice(["ARCHITECT", "DEVELOPER", 'odd "role"']),
            authorised_by=self.random.choice(["rule:any/1", "asg_x"]),
            on_behalf_of=self.random.choice([None, actor]),
            credential=self.random.choice([None, thing_key("crd", actor, 1)]),
            occurred_at=self._now,
        )

    def _value(self, name: str, hint: Any, counts: Counter[str], *, is_new: bool) -> Any:
        if name == "positions":
            return tuple(self.random.sample(range(1, len(self.said) + 1), 2))
        if name in ORDINALS:
            count = counts[ORDINALS[name]]
            return count if is_new or not count else self.random.randint(1, count)
        return self._by_hint(hint)

    def _by_hint(self, hint: Any) -> Any:
        if get_origin(hint) is Annotated:
            return self._by_hint(get_args(hint)[0])
        if get_origin(hint) in (Union, UnionType):
            some = next(told for told in get_args(hint) if told is not NoneType)
            return None if self.random.random() < 0.25 else self._by_hint(some)
        if get_origin(hint) is tuple:
            return tuple(self._by_hint(get_args(hint)[0]) for _ in range(self.random.randrange(4)))
        if get_origin(hint) is dict:
            names = self.random.sample(["title", "why", 'odd "name"', "criteria", "É"], self.random.randrange(4))
            return {name: f"{self.random.getrandbits(64):x}" for name in names}
        return self._plain(hint)

    def _plain(self, hint: Any) -> Any:
        if hasattr(hint, "__supertype__"):
            streams = {
                "TeamId": ("tem", self.teams),
                "PersonId": ("psn", self.people),
                "ItemId": ("itm", self.items),
                "DefinitionId": ("dfn", self.teams),
            }
            prefix, known = streams[hint.__name__]
            return stream_key(prefix, self.random.choice(known or [self.workspace_id]))
        if issubclass(hint, Enum):
            return self.random.choice(list(hint))
        if hint is bool:
            return self.random.random() < 0.5
        if issubclass(hint, date):
            moment = STARTS_AT + timedelta(microseconds=self.random.randrange(10**14))
            return moment if hint is datetime else moment.date()
        return {int: self.random.randrange(9), float: self.random.choice(NUMBERS), str: self._text()}[hint]

    def _text(self) -> str:
        return self.random.choice(TEXTS)


async def record(world: World, ledger: Ledger) -> list[Entry[Any]]:
    """Append the world's events as commands of one to four events, and give the ledger's entries."""
    await ledger.open_workspace(world.workspace_id, "test")
    versions: Counter[UUID] = Counter()
    left = list(world.said)
    while left:
        size = world.random.randint(1, 4)
        command, left = left[:size], left[size:]
        new = []
        for stream_id, event, act in command:
            versions[stream_id] += 1
            new.append(NewEvent(stream_id, versions[stream_id], event, act))
        command_id = UUID(int=world.random.getrandbits(128), version=4)
        await ledger.append(Append(world.workspace_id, command_id, b"test", tuple(new)))
    return await ledger.read_after(world.workspace_id, 0, len(world.said) + 1)


async def name_people(world: World, pool: Pool) -> dict[str, str | None]:
    """Names for most people; some are erased, some were never known."""
    names: dict[str, str | None] = {}
    for number, stream_id in enumerate(world.people):
        person_id = stream_key("psn", stream_id)
        if number % 4 == 3:
            continue
        names[person_id] = None if number % 4 == 2 else world.random.choice(TEXTS) + str(number)
        await pool.fetchval(world.workspace_id, _NAME, world.workspace_id, person_id, names[person_id])
    return names


_NAME: Final = (
    "insert into ledger.person (workspace_id, person_id, name, email, salt) values ($1, $2, $3, null, 'salt')"
)


def kinds(history: Sequence[Entry[Any]]) -> set[type[Event]]:
    """The kinds of events in a history."""
    return {type(entry.event) for entry in history}
