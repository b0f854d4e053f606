"""Every state a pushback can reach and every move between them, found by giving the real commands.

`python -m tests.domain.pushbacks.life` draws them into docs/disagreement.md.
"""

from collections.abc import Iterator
from functools import cache
from itertools import product
from typing import Any, Final, NamedTuple

from msgspec.structs import replace

from domain.authority import Who
from domain.commands import COMMANDS
from domain.decision import Command
from domain.events.endings import Outcome
from domain.events.escalation import Ruling
from domain.events.pushback import Reason, ResponseKind, Stance
from domain.ids import SYSTEM, PersonId, RevisionId, thing_key
from domain.refusals import Refused
from domain.state.item import Item
from domain.state.person import Person
from domain.state.pushback import PushbackState as State
from graphql_api.types.fields import camel
from projections.rows import pushbacks
from projections.rows.pushback_row import PushbackState
from tests.docs.guides import Made
from tests.domain.lives.case import Case
from tests.domain.pushbacks.casts import CASTS, CLOCK, PAULA, SAM, ZOE, Cast
from tests.given import ITEM_ID, NEW_ITEM, NOW, given_team

IN_GUIDE: Final = Made("disagreement.md", "drawn by tests.domain.pushbacks.life")

MOVES: Final = [
    command
    for command in COMMANDS.values()
    if (command.thing == "pushback" and "conversation" not in command.name)
    or command.name in ("revise_item", "withdraw_item")
]
"""A noted conversation moves nothing, as beside/test_conversations.py shows for every state: it is not tried here."""
ARGUMENTS: Final[dict[str, tuple[Any, ...]]] = {
    **dict.fromkeys(
        ("text", "why", "statement", "lifts_when", "consequence", "rationale", "concern_restated"), ("Some words",)
    ),
    "title": ("Pay by card", "Pay by invoice"),
    "reason": (Reason.TOO_LARGE,),
    "stance": tuple(Stance),
    "kind": tuple(ResponseKind),
    "emergency": (False, True),
    "ruling": tuple(Ruling),
    "fixed_in": (None, RevisionId(thing_key("rev", ITEM_ID, 2))),
    "person": (Person(id=ZOE.person_id), Person(id=PAULA.person_id)),
}
"""What is tried for each argument; one that is not named here must have a default."""

BEGINNINGS: Final = {"raise_pushback": PushbackState.OPEN, "place_hold": PushbackState.HELD}
SIDES: Final = (
    "The raiser, or who took it over",
    "The item's side",
    "Who may override, second or ratify",
    "A Scrum Master",
    "Who may rule",
    "The clock",
    "Whose concern it is too",
)
JOINING: Final = {"join_pushback", "leave_pushback"}
RULING: Final = {"rule_on_escalation", "recuse_from_escalation"}
OVERRIDING: Final = {"propose_override", "rescind_override", "second_emergency_override", "ratify_override"}
UNREAD_AFTERWARDS: Final = (
    "stance", "reason", "revision", "sections", "claimed_revision", "spoke_ids", "sided_ids", "hold_until",
)  # fmt: skip
RAISED: Final = State(raiser_id=SYSTEM, holder_id=SYSTEM, stance=Stance.ADVISORY, reason=Reason.UNSORTED, revision=1)
REVISIONS_TOLD_APART: Final = 2
"""Whether there is one that may be claimed: how many more there are, no rule reads."""
Label = PushbackState | Outcome
Situation = tuple[Any, ...]


class Move(NamedTuple):
    """Somebody's command, and the situations before and after it."""

    before: Situation
    command: str
    by: PersonId
    after: Situation


class Life(NamedTuple):
    """All situations found, with the state each shows to a client, and the moves between them.

    `altered` are the moves that changed anything about a pushback that had ended.
    """

    states: dict[Situation, Label]
    moves: set[Move]
    altered: set[Move]


class _Case(Case):
    """A pushback on an item."""

    __slots__ = ()

    @property
    def situation(self) -> Situation:
        """What decides what may happen next: all that rules read of the pushback, and of the item around it.

        Of one that has ended that is little: what it said and who answered are history.
        """
        owing = tuple((owing.debt, owing.barred, bool(owing.made_in)) for owing in self.item.owing.values())
        revision = min(self.item.revision, REVISIONS_TOLD_APART)
        pushback = self.item.pushbacks[1]
        if pushback.is_open:
            silence = pushback.silence and replace(pushback.silence, since=NOW, due_at=NOW)
            read = replace(pushback, spoke_ids=pushback.spoke_ids - {self.item.author_id}, silence=silence)
            read = read if self.label is PushbackState.HELD else replace(read, hold_until=None)
            return (read, owing, revision, self.item.is_withdrawn, self.label)
        read = replace(pushback, **{name: getattr(RAISED, name) for name in UNREAD_AFTERWARDS})
        return (read, owing, 0, self.item.is_withdrawn, self.label)

    @property
    def label(self) -> Label:
        label: Label = self.thing.outcome or self.thing.state
        return label


def explored(cast: Cast) -> Life:
    """Everything that can become of one pushback."""
    author, raiser = (each for name in cast[:2] for each in cast.people if each.person_id == name.person_id)
    drafted = COMMANDS["draft_item"].decide(NEW_ITEM, author, team=given_team(), title="Pay by card")
    waiting = list(_begun(_Case(pushbacks.PROJECTION, "pbk", NEW_ITEM).then(author, drafted.events), raiser))
    life = Life({case.situation: case.label for case in waiting}, set(), set())
    while waiting:
        case = waiting.pop()
        before = case.situation
        for command, by, then in _moves(case, cast):
            after = then.situation
            if after not in life.states:
                life.states[after] = then.label
                waiting.append(then)
            move = Move(before, command.name, by.person_id, after)
            life.moves.add(move)
            if not case.item.pushbacks[1].is_open and then.item.pushbacks != case.item.pushbacks:
                life.altered.add(move)
    return life


def _begun(drafted: _Case, raiser: Who) -> Iterator[_Case]:
    """A pushback is raised, or the item held by who may."""
    for name in BEGINNINGS:
        if _is_offered(COMMANDS[name], raiser, drafted.item):
            outcome = COMMANDS[name].decide(drafted.item, raiser, statement="No", anchors=("title",))
            yield drafted.then(raiser, outcome.events)


@cache
def life_of(cast: str) -> Life:
    """The same, by the name of the cast, found once."""
    return explored(CASTS[cast])


def _moves(case: _Case, cast: Cast) -> Iterator[tuple[Command, Who, _Case]]:
    silence = case.item.pushbacks[1].silence
    clock = replace(CLOCK, now=silence.due_at if silence else CLOCK.now, place=cast.people[0].place)
    for command, by in _offered(case.item, cast, clock):
        for arguments in _arguments(command, case.item):
            try:
                outcome = command.decide(case.item, by, *((1,) if command.thing else ()), **arguments)
            except Refused:
                continue
            yield command, by, case.then(by, outcome.events)


def _offered(said_on: Item, cast: Cast, clock: Who) -> Iterator[tuple[Command, Who]]:
    """Who is offered which command; several ask the same question first."""
    asked: dict[tuple[Any, PersonId], bool] = {}
    for command in MOVES:
        people = cast.joining if command.name == "join_pushback" else cast.people
        for by in (clock,) if command.by_system else people:
            question = (command.allowed, by.person_id)
            if question not in asked:
                asked[question] = _is_offered(command, by, said_on)
            if asked[question]:
                yield command, by


def _is_offered(command: Command, by: Who, said_on: Item) -> bool:
    assert command.allowed
    try:
        command.allowed(said_on, by, *((1,) if command.thing else ()))
    except Refused:
        return False
    return True


def _arguments(command: Command, said_on: Item) -> Iterator[dict[str, Any]]:
    tried = {**ARGUMENTS, "expected_digest": (said_on.digest,)}
    names = [
        name for name, parameter in command.arguments.items() if name in tried or parameter.default is parameter.empty
    ]
    for values in product(*(tried[name] for name in names)):
        yield dict(zip(names, values, strict=True))


def leading(life: Life, goals: set[Situation], without: Who) -> set[Situation]:
    """From where one of these can still come when one person does nothing more, and nobody takes the item away."""
    steps: dict[Situation, set[Situation]] = {}
    for move in life.moves:
        if move.by != without.person_id and move.command != "withdraw_item":
            steps.setdefault(move.after, set()).add(move.before)
    found, waiting = set(goals), [*goals]
    while waiting:
        new = steps.get(waiting.pop(), set()) - found
        found |= new
        waiting += new
    return found


def drawn() -> str:
    """The picture and what it leaves out, for the guide."""
    moves = [
        (life.states[move.before], camel(move.command), _side(move), life.states[move.after])
        for life in map(life_of, CASTS)
        for move in life.moves
        if isinstance(life.states[move.before], PushbackState)
    ]
    steps: dict[tuple[Label, Label], set[str]] = {}
    for before, command, _, after in moves:
        if before is not after:
            steps.setdefault((before, after), set()).add(command)
    stays = sorted({command for before, command, _, after in moves if before is after})
    sides = [
        f"{side}: {', '.join(f'`{name}`' for name in sorted({told[1] for told in moves if told[2] == side}))}."
        for side in SIDES
    ]
    still = f"These leave it in its state: {', '.join(f'`{name}`' for name in stays)}."
    count = f"{len({state for step in steps for state in step})} states, {len(steps)} moves between them."
    return "\n\n".join(["\n".join(_picture(steps)), count, *sides, still]) + "\n"


def _side(move: Move) -> str:
    """An owner of the track may hold a pushback too; what they do to the item they do as its owner."""
    if move.by == CLOCK.person_id:
        return SIDES[5]
    if move.command in OVERRIDING:
        return SIDES[2]
    if move.command in JOINING:
        return SIDES[6]
    if move.command in RULING:
        return SIDES[4]
    if move.by == SAM.person_id:
        return SIDES[3]
    is_holders = move.by == move.before[0].holder_id and COMMANDS[move.command].thing == "pushback"
    return SIDES[0] if is_holders else SIDES[1]


def _picture(steps: dict[tuple[Label, Label], set[str]]) -> Iterator[str]:
    ordered = [*PushbackState, *Outcome]
    yield from ("```mermaid", "stateDiagram-v2")
    yield from (f"    [*] --> {state}: {camel(name)}" for name, state in BEGINNINGS.items())
    for before, after in product(ordered, ordered):
        if (before, after) in steps:
            yield f"    {before} --> {after}: {', '.join(sorted(steps[before, after]))}"
    yield from (f"    {outcome} --> [*]" for outcome in ordered if isinstance(outcome, Outcome))
    yield "```"


if __name__ == "__main__":
    IN_GUIDE.put(drawn())
