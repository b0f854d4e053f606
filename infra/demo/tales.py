"""The tales of the demo worth following: each is one item, or a few, told step by step."""

from collections.abc import Iterator
from datetime import timedelta

from domain.events.item import ItemKind, Track
from domain.events.people import Role
from domain.events.pushback import Reason, Stance
from infra.demo.archive_move import move_of_the_archive
from infra.demo.company import COMPANY, Story
from infra.demo.refinement import DISPUTED_TEAM, cannot_estimate, concern, rinse_and_repeat
from infra.demo.seldom import seldom_seen
from infra.demo.stage import Career, Stage
from infra.demo.teller import Teller, Told


def tales(stage: Stage) -> Iterator[tuple[str, Career]]:
    """Each with its name; they belong to the same weeks as everything else."""
    start, end = stage.period
    teams = {cast.name: cast for cast in COMPANY.teams}
    rights, accounts, live = (teams[name] for name in (DISPUTED_TEAM, "Audience accounts", "Live streaming"))
    functional, technical = Track.FUNCTIONAL, Track.TECHNICAL
    begins = end - timedelta(days=41)
    yield "cannot-estimate", cannot_estimate(Teller(stage, rights, functional, begins, "cannot-estimate"))
    begins = start + timedelta(days=64)
    yield "rinse-and-repeat", rinse_and_repeat(Teller(stage, accounts, functional, begins, "rinse-and-repeat"))
    yield from move_of_the_archive(stage)
    yield from seldom_seen(stage)
    begins = end - timedelta(hours=9)
    yield "last-night", _last_night(Teller(stage, live, technical, begins, "last-night"))


def _last_night(teller: Teller) -> Told:
    """A few hours ago: what went wrong on air becomes an item, and both sides are awake."""
    cast, minutes = teller.cast, timedelta(minutes=1)
    narrative = "The main channel froze for four minutes; the alarm came from a viewer's call."
    story = Story(
        "The alarm must see a frozen picture",
        "Four minutes without a picture.",
        narrative,
        Track.TECHNICAL,
        ItemKind.BUG,
    )
    yield from teller.draft(cast.developers[0], story)
    teller.at += 34 * minutes
    size = concern(
        Reason.UNSORTED,
        Role.ARCHITECT,
        "A studio still looks frozen too. This will ring all night.",
        "It is tried on a week of recordings first.",
    )
    yield from teller.push_back(cast.architect, size, Stance.BLOCKING, is_sorted=False)
    teller.at += 41 * minutes
    yield from teller.on(
        cast.developers[0], "answer_pushback", teller.pushbacks[-1], text="Only when the sound stops as well."
    )
    teller.at += 66 * minutes
    value = concern(
        Reason.WRONG_PRIORITY, Role.SCRUM_MASTER, "This pushes the second encoder out of the sprint. Is that meant?"
    )
    yield from teller.push_back(cast.scrum_master, value, Stance.ADVISORY)
    teller.at += 52 * minutes
    yield from teller.move_up(cast.owner, 0, "Before election night.")
