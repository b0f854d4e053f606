"""Every state that a sign-off, a request for one and a question can reach, and every move between them.

`python -m tests.domain.lives.machines` draws them into docs/sign-off.md and docs/disagreement.md.
"""

from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from itertools import product
from typing import Any, Final, NamedTuple

from msgspec.structs import replace

from domain.authority import Who
from domain.commands import COMMANDS
from domain.decision import Command
from domain.entry import ActorKind
from domain.events.people import Role
from domain.events.sign_off import Label
from domain.ids import SYSTEM
from domain.policy import Policy
from domain.refusals import Refused
from domain.state.item import Item
from domain.state.person import Person
from graphql_api.types.fields import camel
from projections.declare import Projection
from projections.rows import questions, sign_off_requests, sign_offs
from projections.rows.questions import QuestionState
from projections.rows.sign_off_requests import SignOffRequestState
from projections.rows.sign_offs import SignOffState
from tests.docs.guides import Made
from tests.domain.lives.case import Case
from tests.given import NEW_ITEM, NOW, given_team, together, who

POLICY: Final = Policy(sign_off_expiry_days=1)
PEOPLE: Final = tuple(
    replace(each, policy=POLICY)
    for each in together(who("dora", Role.DEVELOPER), who("paula", Role.PRODUCT_OWNER), who("sam", Role.SCRUM_MASTER))
)
DORA, PAULA, SAM = PEOPLE
CLOCK: Final = Who(person_id=SYSTEM, kind=ActorKind.SYSTEM, now=NOW + timedelta(days=365), salt="", policy=POLICY)
TO_PAULA: Final = Person(id=PAULA.person_id)
ACCEPTS: Final = {"label": Label.ACCEPTANCE}
TO_THE_ITEM: Final[dict[str, tuple[dict[str, Any], ...]]] = {
    "revise_item": ({"title": "Pay by invoice", "editorial": True}, {"criteria": ("It is paid",)}),
    "challenge_editorial_claim": ({"why": "It says more"},),
    "withdraw_item": ({"why": "Not wanted"},),
}
SIGNING: Final[dict[str, tuple[dict[str, Any], ...]]] = {
    **TO_THE_ITEM,
    "grant_sign_off": (ACCEPTS, {"label": Label.READY}),
    "decline_sign_off": ({**ACCEPTS, "statement": "It is not"},),
    "name_implementer": ({"person": TO_PAULA},),
    "revoke_sign_off": ({"why": "I was wrong"},),
    "expire_sign_off": ({},),
    "withdraw_sign_off_request": ({},),
}
ASKING: Final[dict[str, tuple[dict[str, Any], ...]]] = {
    **TO_THE_ITEM,
    "answer_question": ({"text": "Ten"},),
    "close_question": ({},),
    "promote_question": ({"statement": "Too many"},),
}
REVISIONS_TOLD_APART: Final = 3
"""The item as it was, a change of its wording, and one of more: what comes after that is the same again."""


class Machine(NamedTuple):
    """A kind of thing on an item: its rows, how one begins, what is tried, and the states in which it goes on."""

    guide: str
    row: Projection
    prefix: str
    states: tuple[Any, ...]
    open: frozenset[Any]
    begins: tuple[Who, str, dict[str, Any]]
    tried: dict[str, tuple[dict[str, Any], ...]]


MACHINES: Final[dict[str, Machine]] = {
    "sign-off": Machine(
        "sign-off.md", sign_offs.PROJECTION, "sof", (*SignOffState,), frozenset({SignOffState.LIVE}),
        (PAULA, "grant_sign_off", ACCEPTS), SIGNING,
    ),
    "request": Machine(
        "sign-off.md", sign_off_requests.PROJECTION, "srq", (*SignOffRequestState,),
        frozenset({SignOffRequestState.ASKED}), (DORA, "request_sign_off", {**ACCEPTS, "person": TO_PAULA}), SIGNING,
    ),
    "question": Machine(
        "disagreement.md", questions.PROJECTION, "qst", (*QuestionState,),
        frozenset({QuestionState.ASKED, QuestionState.ANSWERED}),
        (SAM, "ask_question", {"text": "How many?", "routed_to": TO_PAULA}), ASKING,
    ),
}  # fmt: skip

Steps = dict[tuple[Any, Any], set[str]]


class _Case(Case):
    """One of them on an item."""

    __slots__ = ()

    @property
    def situation(self) -> Any:
        """What decides what may happen next."""
        held = self.item
        signed = tuple((key, one.is_live, one.digest_signed == held.digest) for key, one in held.sign_offs.items())
        asked = tuple(one.is_open for one in held.sign_off_requests.values())
        named = (tuple(sorted(held.implementers)), bool(held.pushbacks), min(held.revision, REVISIONS_TOLD_APART))
        return (self.thing.state, signed[:2], asked[:2], *named, held.substance == held.revision)


@cache
def explored(name: str) -> Steps:
    """Everything that can become of one of them."""
    machine = MACHINES[name]
    by, opening, said = machine.begins
    drafted = COMMANDS["draft_item"].decide(NEW_ITEM, DORA, team=given_team(), title="Pay by card", criteria=("Paid",))
    case = _Case(machine.row, machine.prefix, NEW_ITEM).then(DORA, drafted.events)
    begun = COMMANDS[opening].decide(case.item, by, **said, **_shown(COMMANDS[opening], case.item))
    first = case.then(by, begun.events)
    seen, waiting, steps = {repr(first.situation)}, [first], Steps()
    while waiting:
        case = waiting.pop()
        for command, after in _moves(case, machine.tried):
            steps.setdefault((case.thing.state, after.thing.state), set()).add(command)
            if repr(after.situation) not in seen:
                seen.add(repr(after.situation))
                waiting.append(after)
    return steps


def _moves(case: _Case, tried: dict[str, tuple[dict[str, Any], ...]]) -> Iterator[tuple[str, _Case]]:
    for name, by in product(tried, (*PEOPLE, CLOCK)):
        command = COMMANDS[name]
        for said in tried[name] if command.by_system == (by is CLOCK) else ():
            try:
                outcome = command.decide(
                    case.item, by, *((1,) if command.thing else ()), **said, **_shown(command, case.item)
                )
            except Refused:
                continue
            yield name, case.then(by, outcome.events)


def _shown(command: Command, held: Item) -> dict[str, str]:
    return {"expected_digest": held.digest} if "expected_digest" in command.arguments else {}


def drawn(name: str) -> str:
    """The picture, for the guide."""
    machine, steps = MACHINES[name], explored(name)
    ordered = machine.states
    lines = ["```mermaid", "stateDiagram-v2", f"    [*] --> {ordered[0]}: {camel(machine.begins[1])}"]
    for before, after in product(ordered, ordered):
        if (before, after) in steps and before is not after:
            lines.append(f"    {before} --> {after}: {', '.join(sorted(map(camel, steps[before, after])))}")
    lines += [*(f"    {state} --> [*]" for state in ordered if state not in machine.open), "```"]
    return "\n".join(lines) + "\n"


def in_guide(name: str) -> Made:
    """Where the guide shows it."""
    return Made(MACHINES[name].guide, f"drawn by tests.domain.lives.machines: {name}")


if __name__ == "__main__":
    for each in MACHINES:
        in_guide(each).put(drawn(each))
