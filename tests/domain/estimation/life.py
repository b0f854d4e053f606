"""Every state a round can reach and every move between them, found by giving the real commands.

`python -m tests.domain.estimation.life` draws them into docs/estimation.md.
"""

from collections.abc import Iterator
from datetime import timedelta
from itertools import product
from typing import Any, Final

from domain.authority import Who
from domain.commands import COMMANDS
from domain.entry import ActorKind
from domain.events.estimation import VoteKind
from domain.events.people import Role
from domain.ids import SYSTEM
from domain.refusals import Refused
from graphql_api.types.fields import camel
from projections.rows.estimation import rounds
from projections.rows.estimation.rounds import RoundState
from tests.docs.guides import Made
from tests.domain.lives.case import Case
from tests.given import NEW_ITEM, NOW, given_team, together, who

IN_GUIDE: Final = Made("estimation.md", "drawn by tests.domain.estimation.life")
PAULA, DORA, DAN, SAM = PEOPLE = together(
    who("paula", Role.PRODUCT_OWNER),
    who("dora", Role.DEVELOPER),
    who("dan", Role.DEVELOPER),
    who("sam", Role.SCRUM_MASTER),
)
CLOCK: Final = Who(person_id=SYSTEM, kind=ActorKind.SYSTEM, now=NOW + timedelta(days=365), salt="")
MOVES: Final[dict[str, tuple[dict[str, Any], ...]]] = {
    "cast_vote": ({"points": 3.0}, {"points": 40.0}, {"kind": VoteKind.CANNOT_ESTIMATE, "missing": "The volumes"}),
    "reveal_votes": ({}, {"without_missing": True}),
    "reveal_votes_on_time": ({},),
    "give_rationale": ({"text": "Because"},),
    "conclude_round": ({},),
    "cancel_round": ({"why": "Nobody is there"},),
    "revise_item": ({"title": "Pay by invoice", "why": "Otherwise"},),
    "withdraw_item": ({"why": "Not wanted"},),
}
"""What is tried, with these arguments."""

Steps = dict[tuple[RoundState, RoundState], set[str]]


class _Case(Case):
    """A round on an item."""

    __slots__ = ()

    @property
    def situation(self) -> Any:
        """What decides what may happen next."""
        return self.item.rounds[1].phase, tuple(sorted(self.item.rounds[1].votes.items())), self.thing.state


def explored() -> Steps:
    """Everything that can become of one round."""
    drafted = COMMANDS["draft_item"].decide(NEW_ITEM, PAULA, team=given_team(), title="Pay by card")
    case = _Case(rounds.PROJECTION, "rnd", NEW_ITEM).then(PAULA, drafted.events)
    opened = COMMANDS["open_round"].decide(case.item, SAM, closes_at=NOW + timedelta(days=1))
    first = case.then(SAM, opened.events)
    seen, waiting, steps = {repr(first.situation)}, [first], Steps()
    while waiting:
        case = waiting.pop()
        for name, after in _moves(case):
            steps.setdefault((case.thing.state, after.thing.state), set()).add(name)
            if repr(after.situation) not in seen and after.thing.state in (RoundState.OPEN, RoundState.REVEALED):
                seen.add(repr(after.situation))
                waiting.append(after)
    return steps


def _moves(case: _Case) -> Iterator[tuple[str, _Case]]:
    for name, by in product(MOVES, (*PEOPLE, CLOCK)):
        command = COMMANDS[name]
        digest = {"expected_digest": case.item.digest} if "expected_digest" in command.arguments else {}
        for said in MOVES[name] if command.by_system == (by is CLOCK) else ():
            try:
                outcome = command.decide(case.item, by, *((1,) if command.thing else ()), **said, **digest)
            except Refused:
                continue
            yield name, case.then(by, outcome.events)


def drawn() -> str:
    """The picture, for the guide."""
    steps, ordered = explored(), [*RoundState]
    lines = ["```mermaid", "stateDiagram-v2", "    [*] --> OPEN: openRound"]
    for before, after in product(ordered, ordered):
        if (before, after) in steps and before is not after:
            lines.append(f"    {before} --> {after}: {', '.join(sorted(map(camel, steps[before, after])))}")
    ended = [state for state in ordered if state not in (RoundState.OPEN, RoundState.REVEALED)]
    lines += [*(f"    {state} --> [*]" for state in ended), "```"]
    stays = sorted({camel(name) for (before, after), names in steps.items() if before is after for name in names})
    return "\n".join(lines) + f"\n\nThese leave it in its state: {', '.join(f'`{name}`' for name in stays)}.\n"


if __name__ == "__main__":
    IN_GUIDE.put(drawn())
