"""Two tales of refinement: the item that cannot be estimated, and the one that goes round in circles."""

from datetime import timedelta
from typing import Final

from domain.events.people import Role
from domain.events.pushback import Reason, Stance
from domain.events.sign_off import Label
from infra.demo.company import COMPANY, Objection, Story
from infra.demo.teller import Teller, Told

DISPUTED_TITLE: Final = "Take programmes offline on the day their licence ends"
"""The item that cannot be estimated: the one to look at first."""

DISPUTED_TEAM: Final = "Rights and licences"
CONTESTED: Final = 2
"""The number of its pushback that is still open, at the product owner's turn."""


def concern(reason: Reason, by: Role, says: str, lifts_when: str = "") -> Objection:
    """A concern of one tale's own, whose answers stand in the tale."""
    return Objection(reason, by, says, lifts_when, "", "", "", "", "", "")


def cannot_estimate(teller: Teller) -> Told:
    """One sentence on a card; an architect who cannot say what it means; a Product Owner who thinks it is obvious."""
    owner, architect, end = teller.cast.owner, teller.cast.architect, teller.stage.period.end
    yield from teller.draft(
        owner, Story(DISPUTED_TITLE, "We showed 212 programmes too long last year, and paid for it.")
    )
    teller.pause(20)
    missing = concern(
        Reason.MISSING_INFORMATION,
        Role.ARCHITECT,
        "This cannot be estimated as it stands: how many programmes a day, and which copies of them?",
        "Volumes a day and at the turn of the year, and every place a copy lies, are named.",
    )
    yield from teller.push_back(architect, missing, Stance.BLOCKING)
    volumes = teller.pushbacks[-1]
    teller.pause(6)
    yield from teller.on(
        owner, "answer_pushback", volumes, text="All programmes, all copies. That is what offline means."
    )
    teller.pause(4)
    why = "All is 1.9 million files with three delivery networks and the TV sets' caches. A day's work or a quarter's?"
    yield from teller.on(architect, "reject_answer", volumes, why=why)
    yield from _make_estimable(teller, volumes)
    teller.pause(30)
    yield from teller.sign(owner, Label.ACCEPTANCE)
    yield from _disagree_again(teller)
    contested = teller.pushbacks[CONTESTED - 1]
    teller.at = end - timedelta(hours=3, minutes=11)
    yield from teller.on(owner, "answer_pushback", contested, text="The one in the contract.")
    teller.at = end - timedelta(hours=1, minutes=37)
    why = "Contracts name none. Half of ours are with holders six hours west of us."
    yield from teller.on(architect, "reject_answer", contested, why=why)


def _make_estimable(teller: Teller, volumes: str) -> Told:
    """Two revisions until the concern is settled; then a number, and the team's and the architect's signatures."""
    owner, architect = teller.cast.owner, teller.cast.architect
    teller.pause(22)
    criterion = "Up to 300 programmes a day, 9,000 on the first of January, are gone from web, app and TV by 1 a.m."
    yield from teller.revise(owner, "criteria", criterion)
    yield from teller.claim(owner, volumes, "Volumes are in the criteria now.")
    teller.pause(15)
    why = "Volumes yes, copies no: downloads for the way and the archive's previews are not named."
    yield from teller.on(architect, "reject_answer", volumes, why=why)
    teller.pause(26)
    yield from teller.revise(
        owner, "criteria", "Downloads stop playing at the same hour; previews in the archive stay."
    )
    teller.pause(1)
    yield from teller.claim(owner, volumes, "And the copies. Is it enough for a number?")
    teller.pause(9)
    yield from teller.on(architect, "settle_pushback", volumes)
    teller.pause(28)
    yield from teller.estimate(teller.cast.developers[0], 13)
    teller.pause(2)
    yield from teller.sign(teller.cast.developers[1], Label.READY)
    teller.pause(8)
    yield from teller.sign(architect, Label.ARCHITECTURE, "For the volumes as stated.")


def _disagree_again(teller: Teller) -> Told:
    """A change of what was signed voids every sign-off, and brings the next two concerns."""
    owner, architect = teller.cast.owner, teller.cast.architect
    teller.at = max(teller.at, teller.stage.period.end - timedelta(days=4))
    teller.pause(2)
    yield from teller.move_up(owner, 0, "Before the turn of the year.")
    teller.pause(2)
    yield from teller.revise(owner, "criteria", "A court's order takes a programme offline within the hour.")
    teller.pause(3)
    zone = concern(
        Reason.AMBIGUOUS_CRITERIA,
        Role.ARCHITECT,
        "By 1 a.m. of which country? Licences name the day only.",
        "The time zone of a licence's last day is a criterion.",
    )
    yield from teller.push_back(architect, zone, Stance.BLOCKING)
    teller.pause(2)
    says = "Within the hour is another story: it needs somebody on call, and I signed something else."
    yield from teller.push_back(architect, concern(Reason.NOT_AS_AGREED, Role.ARCHITECT, says), Stance.ADVISORY)


_ROUNDS: Final = (
    (
        Reason.UNCLEAR_SCOPE,
        "Everything? Does that include what we derived, such as suggestions?",
        "Derived data are part of it: suggestions, segments, and why.",
    ),
    (
        Reason.RETENTION,
        "Logs are kept for 30 days and name people. Part of it or not?",
        "Logs that name the person are part of it, for the 30 days they exist.",
    ),
    (
        Reason.COMPLIANCE,
        "A family account holds other people's data. To whom do we hand them?",
        "Each profile is handed to its own person; children's to who holds the account.",
    ),
    (
        Reason.NOT_FEASIBLE,
        "Some accounts have eleven years of positions. In 20 seconds?",
        "A link by mail within a day; the page shows how far it is.",
    ),
    (
        Reason.DEPENDENCY_UNRESOLVED,
        "The post office must say who somebody is first, and has no date.",
        "Until the post office is ready, a letter with a code.",
    ),
)


def rinse_and_repeat(teller: Teller) -> Told:
    """Estimate, object, revise, and the estimate is void: five rounds, until the Scrum Master speaks up."""
    owner, architect, cast = teller.cast.owner, COMPANY.chief_architect, teller.cast
    narrative = "As a viewer I want everything you know about me in one file."
    yield from teller.draft(owner, Story("Hand out everything we know about a viewer", "Article 15.", narrative))
    for number, (reason, says, fix) in enumerate(_ROUNDS):
        teller.pause(40)
        yield from teller.estimate(cast.developers[number % 3], (5, 8, 13, 20, 40)[number])
        teller.pause(20)
        raiser = architect if number % 2 else cast.architect
        yield from teller.push_back(raiser, concern(reason, Role.ARCHITECT, says), Stance.ADVISORY)
        teller.pause(30)
        yield from teller.revise(owner, "criteria", fix)
        teller.pause(1)
        yield from teller.claim(owner, teller.pushbacks[-1], f"Now it says: {fix}")
        teller.pause(20)
        yield from teller.on(raiser, "settle_pushback", teller.pushbacks[-1])
    yield from _break_the_loop(teller)


def _break_the_loop(teller: Teller) -> Told:
    """The item is cut to its first step, and that is accepted."""
    owner, cast = teller.cast.owner, teller.cast
    teller.pause(16)
    loop = concern(
        Reason.TOO_LARGE,
        Role.SCRUM_MASTER,
        "Five rounds, five estimates, from 5 to 40 points. We go round in circles: cut it, or send two people ahead.",
    )
    yield from teller.push_back(cast.scrum_master, loop, Stance.ADVISORY)
    teller.pause(8)
    yield from teller.on(
        owner,
        "concede_pushback",
        teller.pushbacks[-1],
        consequence="Profiles and consent first; two people look at the rest for a week.",
    )
    teller.pause(24)
    yield from teller.revise(owner, "narrative", "First step: profile, consent and watch list, nothing else.")
    teller.pause(20)
    yield from teller.estimate(cast.developers[1], 5)
    teller.pause(3)
    yield from teller.sign(cast.developers[2], Label.READY)
    teller.pause(120)
    yield from teller.sign(owner, Label.ACCEPTANCE, "For the first step.")
