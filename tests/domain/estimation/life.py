"""Every state a round can reach and every move between them, found by giving the real commands.

`python -m tests.domain.estimation.life` draws them into docs/estimation.md.
"""

from collections.abc import Iterator
from datetime import timedelta
from functools import reduce
from itertools import product
from pathlib import Path
from typing import Any, Final, NamedTuple

from domain.authority import Who
from domain.commands import COMMANDS
from domain.entry import ActorKind, Event
from domain.events.estimation import VoteKind
from domain.events.people import Role
from domain.ids import SYSTEM
from domain.refusals import Refused
from domain.state import item
from domain.state.item import Item
from graphql_api.types.fields import camel
from projections.rows import items
from projections.rows.estimation import rounds
from projections.rows.estimation.rounds import RoundState
from tests.given import ITEM, NEW_ITEM, NOW, entry, given_team, together, who

GUIDE: Final = Path(__file__).parents[3] / "docs" / "estimation.md"
MARKS: Final = ("<!-- drawn by tests.domain.estimation.life -->\n", "<!-- drawn until here -->\n")
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


class _Case(NamedTuple):
    """An item as rules read it, and the rows that clients see of it and of its round."""

    item: Item
    shown: Any = None
    round: Any = None
    version: int = 0

    def then(self, by: Who, events: tuple[Event, ...]) -> "_Case":
        return reduce(_Case.after, [(by, event) for event in events], self)

    def after(self, said: tuple[Who, Event]) -> "_Case":
        line = entry(ITEM, self.version + 1, said[0].person_id, said[1])
        shown, held = self.shown, self.round
        if type(line.event) in items.PROJECTION.events:
            shown = items.PROJECTION.evolve(shown, line, None)
        if type(line.event) in rounds.PROJECTION.events:
            held = rounds.PROJECTION.evolve(held, line, shown)
        return _Case(item.evolve(self.item, line), shown, held, line.version)

    @property
    def situation(self) -> Any:
        """What decides what may happen next."""
        return self.item.rounds[1].phase, tuple(sorted(self.item.rounds[1].votes.items())), self.round.state


def explored() -> Steps:
    """Everything that can become of one round."""
    drafted = COMMANDS["draft_item"].decide(NEW_ITEM, PAULA, team=given_team(), title="Pay by card")
    case = _Case(NEW_ITEM).then(PAULA, drafted.events)
    opened = COMMANDS["open_round"].decide(case.item, SAM, closes_at=NOW + timedelta(days=1))
    first = case.then(SAM, opened.events)
    seen, waiting, steps = {repr(first.situation)}, [first], Steps()
    while waiting:
        case = waiting.pop()
        for name, after in _moves(case):
            steps.setdefault((case.round.state, after.round.state), set()).add(name)
            if repr(after.situation) not in seen and after.round.state in (RoundState.OPEN, RoundState.REVEALED):
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


def in_guide(text: str) -> str:
    """What stands between the marks."""
    return text.partition(MARKS[0])[2].partition(MARKS[1])[0]


def redrawn(text: str) -> str:
    """The guide with the picture as it is now."""
    before, _, rest = text.partition(MARKS[0])
    assert MARKS[1] in rest, "the guide has lost its marks"
    return before + MARKS[0] + drawn() + MARKS[1] + rest.partition(MARKS[1])[2]


if __name__ == "__main__":
    GUIDE.write_text(redrawn(GUIDE.read_text(encoding="utf-8")), encoding="utf-8")
