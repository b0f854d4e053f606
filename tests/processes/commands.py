"""Random commands by random people on shared items, made from what they were last told, which may be old."""

import random
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from domain import ids
from domain.commands import COMMANDS
from domain.events.item import Track
from domain.events.people import Role
from domain.events.pushback import Reason, Stance
from domain.events.sign_off import Label
from graphql_api.types.fields import camel
from infra.deciding import Asker, Request
from infra.people.registration import register_person
from infra.uuid7 import uuid7
from tests.cast import Cast
from tests.processes.site import Site

_TARGETS: Final = {"itm": "item", "tem": "team", "psn": "person"}
_WORDS: Final = ("volumes", "latency", "cost", "the law", "privacy", "tests", "roll-back", "money")


class Told(NamedTuple):
    """What a client made of an answer: done up to a position, or refused, with why and how things stand.

    A refusal at a gate has a position too: where it is recorded.
    """

    position: int | None
    positions: tuple[int, ...] = ()
    refusal: tuple[Any, ...] = ()
    recorded_at: int | None = None


@dataclass
class Shared:
    """What people know of one item: its digests, oldest first, and the ids of what is on it."""

    item: str
    digests: list[str]
    pushbacks: list[str] = field(default_factory=list)
    sign_offs: list[str] = field(default_factory=list)


class Situation:
    """The items that everybody works on, and the people."""

    def __init__(self, cast: Cast, shared: list[Shared], newcomer: Asker, seed: int) -> None:
        self.cast, self.shared, self.newcomer = cast, shared, newcomer
        self.people = (cast.paula, cast.tom, cast.arno, cast.dora, newcomer)
        self.assignments: list[str] = []
        self._dice = random.Random(seed)

    @classmethod
    async def make(cls, site: Site, cast: Cast, items: int, seed: int) -> "Situation":
        """Items drafted in both backlogs, and somebody who has no role yet."""
        shared = []
        for number in range(items):
            track, who = ((Track.FUNCTIONAL, cast.paula), (Track.TECHNICAL, cast.arno))[number % 2]
            said = {"team": cast.team, "title": f"Item {number}", "track": track}
            done = await cast.do(who, "draft_item", **said)
            shared.append(Shared(done.subject_id, [done.entries[0].event.digest]))  # type: ignore[attr-defined]
        person = await register_person(cast.deciding, site.backend.ledger, cast.ada, uuid7(), {"name": "Nora"})
        newcomer = Asker(workspace_id=cast.ada.workspace_id, person_id=ids.PersonId(person.subject_id))
        return cls(cast, shared, newcomer, seed)

    def next(self) -> Request:
        """A command that somebody might give now."""
        dice, shared = self._dice, self._dice.choice(self.shared)
        kind = dice.choices(list(_WEIGHTS), [*_WEIGHTS.values()])[0]
        who, target, arguments = dice.choice(self.people), shared.item, {}
        match kind:
            case "revise_item" | "grant_sign_off" | "record_estimate":
                arguments = self._about_content(kind, shared)
            case "rank_item":
                above, below = dice.sample(self.shared, 2)
                arguments = {"above": above.item, "below": below.item if dice.random() < 0.5 else None}
            case "raise_pushback":
                arguments = {"statement": self._words(), "stance": dice.choice([*Stance])}
                arguments["lifts_when"] = self._words() if dice.random() < 0.7 else None
            case "revoke_sign_off":
                target, arguments = self._one(shared.sign_offs, "sof", shared), {"why": self._words()}
            case "assign_role" | "end_role":
                who, target, arguments = self._about_roles(kind)
            case _:
                target, arguments = self._one(shared.pushbacks, "pbk", shared), self._about_pushback(kind, shared)
        return Request(asker=who, command=kind, command_id=uuid7(), target=target, arguments=arguments)

    def learn(self, request: Request, subject: dict[str, Any]) -> None:
        """What the answer showed."""
        if request.command in ("assign_role", "end_role"):
            self.assignments.append(subject["id"])
            return
        stream = ids.stream_id(subject["id"])
        shared = next(each for each in self.shared if ids.stream_id(each.item) == stream)
        known = {"itm": shared.digests, "pbk": shared.pushbacks, "sof": shared.sign_offs}[subject["id"][:3]]
        told = subject.get("digest", subject["id"])
        if told not in known:
            known.append(told)

    def _about_content(self, kind: str, shared: Shared) -> dict[str, Any]:
        dice = self._dice
        digest = shared.digests[-1] if dice.random() < 0.8 else dice.choice(shared.digests)
        if kind == "grant_sign_off":
            return {"expected_digest": digest, "label": dice.choice([*Label])}
        if kind == "record_estimate":
            return {"expected_digest": digest, "points": dice.choice((1, 2, 3, 5, 8, 5000))}
        section = dice.choice(("title", "narrative", "why"))
        return {"expected_digest": digest, "editorial": dice.random() < 0.3, section: self._words()}

    def _about_pushback(self, kind: str, shared: Shared) -> dict[str, Any]:
        dice = self._dice
        match kind:
            case "answer_pushback":
                revision = ids.thing_key("rev", shared.item, dice.randint(1, len(shared.digests)))
                return {"text": self._words(), "fixed_in": revision if dice.random() < 0.3 else None}
            case "reject_answer":
                return {"why": self._words()}
            case "concede_pushback":
                return {"consequence": self._words()}
            case "sort_pushback":
                return {"reason": dice.choice([*Reason])}
        return {}

    def _about_roles(self, kind: str) -> tuple[Asker, str, dict[str, Any]]:
        """The newcomer is a developer now and then."""
        who = self.cast.ada if self._dice.random() < 0.9 else self._dice.choice(self.people)
        if kind == "assign_role":
            return who, self.cast.team, {"person": self.newcomer.person_id, "role": Role.DEVELOPER}
        known = self.assignments[-1:] or [ids.thing_key("asg", self.cast.team, 999)]
        return who, known[0], {"why": self._words()}

    def _one(self, known: list[str], prefix: str, shared: Shared) -> str:
        """One of the newest, mostly; sometimes one that nobody knows."""
        if known and self._dice.random() < 0.95:
            return self._dice.choice(known[-4:])
        return ids.thing_key(prefix, shared.item, self._dice.randint(1, 999))

    def _words(self) -> str:
        return " ".join(self._dice.choices(_WORDS, k=3))


_WEIGHTS: Final = {
    "revise_item": 12,
    "rank_item": 4,
    "record_estimate": 8,
    "raise_pushback": 14,
    "sort_pushback": 6,
    "answer_pushback": 12,
    "settle_pushback": 6,
    "reject_answer": 6,
    "concede_pushback": 3,
    "withdraw_pushback": 4,
    "grant_sign_off": 14,
    "revoke_sign_off": 5,
    "assign_role": 3,
    "end_role": 3,
}


def mutation(request: Request) -> tuple[str, dict[str, Any]]:
    """The operation that carries it out, and its input."""
    command = COMMANDS[request.command]
    name, subject = camel(command.name), command.subject
    given = f"{name[0].upper()}{name[1:]}Input"
    shown = "id digest" if subject == "Item" else "id"
    text = f"""mutation($input: {given}!) {{ {name}(input: $input) {{ __typename
      ... on {subject}Success {{ position events {{ position }} subject {{ {shown} }} }}
      ... on Refusal {{ code path unmet current recordedPosition }} }} }}"""
    said = {camel(key): value for key, value in request.arguments.items()}
    said[camel(command.thing or _TARGETS[command.target_prefix])] = request.target
    return text, {"input": {**said, "commandId": str(request.command_id)}}


def told(answer: dict[str, Any]) -> Told:
    """The answer in short."""
    (said,) = answer.values()
    if said["__typename"] == "Refusal":
        refusal = (said["code"], tuple(said["path"][1:]), tuple(said["unmet"]), said["current"])
        return Told(None, (), refusal, said["recordedPosition"])
    return Told(said["position"], tuple(event["position"] for event in said["events"]))
