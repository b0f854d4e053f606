"""Makes the demo workspace, goes on where a killed run stopped, and does nothing where all is there."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID, uuid5

from domain.events import PersonRegistered
from domain.ids import PersonId, stream_key, thing_key
from infra.deciding import Asker, Deciding
from infra.demo.clock import Period, later, opening, period
from infra.demo.company import COMPANY, Cast, Story, stories
from infra.demo.founding import appointment, audit, change_of_team, founding
from infra.demo.lives import life
from infra.demo.refinement import CONTESTED
from infra.demo.stage import Career, Stage, command_id
from infra.demo.tales import tales
from infra.demo.teller import Teller
from infra.ledger import Ledger
from infra.people.registration import open_workspace
from infra.scheduling.scheduler import Scheduler

DEMO_ID: Final = uuid5(UUID(int=0), "pushback/demo/1")
"""The demo's workspace id, the same everywhere: what is done to another one never touches it."""

_FIRST_WEEKS: Final = timedelta(days=16)
_SHARE_OF_FIRST_WEEKS: Final = 0.25
_OPENING_ENTRIES: Final = 3


class Demo(NamedTuple):
    """The demo as it is there: who administers it, what it tells of, and the ids of what to look at first."""

    administrator: Asker
    period: Period
    item_id: str
    pushback_id: str


async def make_demo(
    ledger: Ledger, deciding: Deciding, scheduler: Scheduler, tell: Callable[[Period, datetime], None]
) -> Demo:
    """The demo workspace, made as far as it is not there; `tell` hears how far it has come. Raises DemoRefused."""
    administrator, told = await _opened(ledger)
    if (await ledger.settle(DEMO_ID, _command_id("audit"), ())).recorded is None:
        stage = Stage(deciding, ledger, scheduler, administrator, told)
        for careers in (_beginnings, _lives, _endings):
            await stage.play(careers(stage), lambda at: tell(told, at))
    disputed = (await ledger.settle(DEMO_ID, _command_id("cannot-estimate"), ())).recorded
    assert disputed is not None  # noqa: S101 - it was just made
    stream_id = disputed.entries[0].stream_id
    item_id = stream_key("itm", stream_id)
    return Demo(administrator, told, item_id, thing_key("pbk", item_id, CONTESTED))


async def _opened(ledger: Ledger) -> tuple[Asker, Period]:
    """Its administrator and its time, from its first entries when it has been opened before."""
    for entry in await ledger.read_after(DEMO_ID, 0, _OPENING_ENTRIES):
        if isinstance(entry.event, PersonRegistered):
            person_id = PersonId(stream_key("psn", entry.stream_id))
            return Asker(workspace_id=DEMO_ID, person_id=person_id), period(entry.effective_at)
    opened_at = opening(datetime.now(UTC))
    name = f"{COMPANY.name} (demo)"
    administrator = await open_workspace(ledger, name, COMPANY.administrator, opened_at, workspace_id=DEMO_ID)
    return administrator, period(opened_at)


def _beginnings(stage: Stage) -> dict[str, Career]:
    return {"founding": founding(stage)}


def _lives(stage: Stage) -> dict[str, Career]:
    """Everything that happens at once, each under the name that its commands' ids are made from."""
    careers = {"appointment": appointment(stage), "change-of-team": change_of_team(stage), **dict(tales(stage))}
    for cast in COMPANY.teams:
        for number, story in enumerate(stories(cast)):
            name = f"{cast.name}/{number}"
            careers[name] = _life(stage, cast, story, name)
    return careers


def _life(stage: Stage, cast: Cast, story: Story, name: str) -> Career:
    teller = Teller(stage, cast, story.track, stage.period.start, name)
    start, end = stage.period
    first_weeks = (start + timedelta(hours=4), start + _FIRST_WEEKS)
    begins, ends = first_weeks if teller.happens(_SHARE_OF_FIRST_WEEKS) else (start + _FIRST_WEEKS, end)
    teller.at = later(begins + (ends - begins) * teller.chance.random(), 1, teller.chance)
    return life(teller, story)


def _endings(stage: Stage) -> dict[str, Career]:
    """The last command of all: where it is recorded, nothing is left to do."""
    return {"audit": audit(stage)}


def _command_id(career: str) -> UUID:
    return command_id(DEMO_ID, f"{career}/1")
