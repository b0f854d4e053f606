"""The table of what a change does to everything that stands on an item, found by giving the real commands.

`python -m tests.docs.changes` writes it into docs/sign-off.md.
"""

from typing import Any, Final

from msgspec.structs import replace

from domain.commands.challenge import challenge_editorial_claim
from domain.commands.item import record_estimate, revise_item
from domain.commands.pushbacks.pushback import raise_pushback
from domain.commands.question import ask_question
from domain.commands.readiness import confirm_readiness
from domain.commands.sign_offs.granting import grant_sign_off
from domain.commands.sign_offs.requests import request_sign_off
from domain.entry import Event
from domain.events import DefinitionAdopted
from domain.events.definition import DefinitionUse
from domain.events.people import Role
from domain.events.sign_off import Label
from domain.state.item import Item
from domain.state.person import Person
from tests.docs.guides import Made
from tests.given import after, drafted, given, given_team, together, who

IN_GUIDE: Final = Made("sign-off.md", "written by tests.docs.changes")
CHANGES: Final = ("a substantive revision", "an editorial revision", "its challenge")
ADOPTED: Final = DefinitionAdopted(
    definition=1,
    number=1,
    use=DefinitionUse.READY,
    criteria=("wording", "rest"),
    sections=("title", "why"),
    evidence_required=(False, False),
)
DEFINITIONS: Final = (given_team(("paula", ADOPTED)).definitions,)
PAULA, ADA, DORA = (
    replace(person, definitions=DEFINITIONS)
    for person in together(who("paula", Role.PRODUCT_OWNER), who("ada", Role.ARCHITECT), who("dora", Role.DEVELOPER))
)
THINGS: Final = {
    "a live sign-off": "sign_off",
    "an open request for one": "sign_off_request",
    "the estimate": "estimate",
    "an open pushback that points into the changed section": "pushback",
    "an open question": "question",
}


def the_item() -> Item:
    """An item with one of everything."""
    item = given(("dana", drafted()))
    shown: dict[str, Any] = {"expected_digest": item.digest}
    for person, outcome in (
        (PAULA, grant_sign_off(item, PAULA, label=Label.ACCEPTANCE, **shown)),
        (ADA, request_sign_off(item, ADA, label=Label.READY, person=Person(id=DORA.person_id))),
        (DORA, record_estimate(item, DORA, points=3, **shown)),
        (ADA, raise_pushback(item, ADA, statement="No", anchors=("title",))),
        (ADA, ask_question(item, ADA, text="How many?", routed_to=Person(id=PAULA.person_id))),
        (DORA, confirm_readiness(item, DORA, criterion="wording")),
        (DORA, confirm_readiness(item, DORA, criterion="rest")),
    ):
        item = after(item, person, outcome)
    return item


def changes() -> list[tuple[Item, tuple[Event, ...], Item]]:
    """For each change: the item before, what is recorded, the item after."""
    item, told = the_item(), []
    for before, is_editorial in ((item, False), (item, True)):
        outcome = revise_item(
            before, PAULA, expected_digest=before.digest, title="Pay by any card", editorial=is_editorial
        )
        told.append((before, outcome.events, after(before, PAULA, outcome)))
    carried = told[-1][2]
    outcome = challenge_editorial_claim(carried, PAULA, why="It promises more")
    return [*told, (carried, outcome.events, after(carried, PAULA, outcome))]


def table() -> str:
    """What each change does to each thing; an event is what records it."""
    rows = [[name, *(_recorded(field, events) for _, events, _ in changes())] for name, field in THINGS.items()]
    for name, criterion in (("the changed section", "wording"), ("another section", "rest")):
        ends = ["stays" if criterion in now.confirmations else "ends" for _, _, now in changes()]
        rows.append([f"a confirmed criterion of ready about {name}", *ends])
    lines = [["what stands on the item", *CHANGES], ["---"] * (len(CHANGES) + 1), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def _recorded(field: str, events: tuple[Event, ...]) -> str:
    names = [type(event).__name__ for event in events if getattr(event, field, None)]
    return " and ".join(f"`{name}`" for name in names) or "stays"


if __name__ == "__main__":
    IN_GUIDE.put(table())
