"""A tale of a term: a Technical Product Owner for three months, and what he accepted outlasts his role."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from domain.events.item import ItemKind, Track
from domain.events.people import Role
from domain.events.pushback import Reason, Stance
from domain.events.sign_off import Label
from infra.demo.company import COMPANY, Cast, Story
from infra.demo.founding import TERM, TERM_OWNER, TERM_STARTS, TERM_TEAM
from infra.demo.refinement import concern
from infra.demo.stage import Career, Stage
from infra.demo.teller import Teller, Told

_MOVE: Final = (
    (ItemKind.SPIKE, "Which database for the archive?", "Three candidates, one week each.", 3),
    (ItemKind.ENABLER, "Write every archive record twice for a month", "So that one can go back on any day.", 8),
    (ItemKind.ENABLER, "Compare both databases each night", "Nobody signs a move on a feeling.", 5),
    (
        ItemKind.ENABLER,
        "Move the archive desk to the new database",
        "The desk is the last that writes to the old.",
        13,
    ),
)


def move_of_the_archive(stage: Stage) -> Iterator[tuple[str, Career]]:
    """A Technical Product Owner for three months: what he accepted stays accepted when his role has ended."""
    cast, begins = next(cast for cast in COMPANY.teams if cast.name == TERM_TEAM), stage.period.start + TERM_STARTS
    for number, move in enumerate(_MOVE):
        at = begins + timedelta(days=2 + 9 * number, hours=2)
        yield f"move/{number}", _move(Teller(stage, cast, Track.TECHNICAL, at, f"move/{number}"), *move)
    at = begins + TERM - timedelta(days=8)
    yield "move/last", _switch_off(Teller(stage, cast, Track.TECHNICAL, at, "move/last"))


def _move(teller: Teller, kind: ItemKind, title: str, why: str, points: float) -> Told:
    """He writes it, the architect asks how one gets back, the team builds it, he accepts his own story."""
    cast: Cast = teller.cast
    yield from teller.draft(TERM_OWNER, Story(title, why, None, Track.TECHNICAL, kind))
    teller.pause(12)
    back = concern(
        Reason.DEPLOYMENT_UNACCOUNTED,
        Role.ARCHITECT,
        "What do we do when it fails on the second day?",
        "The way back is written down and was tried once.",
    )
    yield from teller.push_back(cast.architect, back, Stance.BLOCKING)
    teller.pause(20)
    yield from teller.revise(TERM_OWNER, "deployment", "Back to the old database within ten minutes, tried on a copy.")
    teller.pause(1)
    yield from teller.claim(TERM_OWNER, teller.pushbacks[-1], "Written down; tried on Thursday.")
    teller.pause(10)
    yield from teller.on(cast.architect, "settle_pushback", teller.pushbacks[-1])
    teller.pause(5)
    yield from teller.move_up(TERM_OWNER, 0.05, "The old contract ends in December.")
    teller.pause(10)
    yield from teller.estimate(cast.developers[0], points)
    teller.pause(2)
    yield from teller.sign(cast.developers[1], Label.READY)
    teller.pause(10)
    yield from teller.sign(cast.architect, Label.ARCHITECTURE)
    teller.pause(130)
    yield from teller.sign(TERM_OWNER, Label.ACCEPTANCE)


def _switch_off(teller: Teller) -> Told:
    """Begun by him, accepted by the Product Owner, since his term is over by then."""
    cast = teller.cast
    why = "Two databases cost twice."
    yield from teller.draft(
        TERM_OWNER, Story("Switch the old archive database off", why, None, Track.TECHNICAL, ItemKind.ENABLER)
    )
    teller.pause(30)
    yield from teller.estimate(cast.developers[2], 2)
    teller.at += timedelta(days=12)
    teller.pause(2)
    yield from teller.sign(cast.developers[2], Label.READY)
    teller.pause(2)
    yield from teller.sign(cast.architect, Label.ARCHITECTURE)
    teller.pause(40)
    yield from teller.sign(cast.owner, Label.ACCEPTANCE, "In place of Jonas Lindqvist, whose term is over.")
