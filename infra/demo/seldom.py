"""Tales of what teams do seldom and visitors want to see: rounds, overrides, holds, a concern of several, a talk."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from domain.events.estimation import VoteKind
from domain.events.item import Track
from domain.events.people import Role
from domain.events.pushback import Reason, Stance
from domain.events.sign_off import Label
from domain.ids import thing_key
from infra.demo.company import COMPANY, Story
from infra.demo.refinement import concern
from infra.demo.stage import Career, Stage
from infra.demo.teller import Teller, Told

_ROUNDS_TEAM: Final = "Recommendations"
_OVERRIDES_TEAM: Final = "Catalogue search"
_HOLDS_TEAM: Final = "Editorial desk"
_MINUTES: Final = timedelta(minutes=2)
_MISSING: Final = "Whether hiding a series hides its films too, and for how long."


def seldom_seen(stage: Stage) -> Iterator[tuple[str, Career]]:
    """Each with its name; an override and a hold are not over when the demo ends."""
    start, end = stage.period
    teams = {cast.name: cast for cast in COMPANY.teams}

    def teller(team: str, begins: datetime, name: str) -> Teller:
        return Teller(stage, teams[team], Track.FUNCTIONAL, begins, name)

    yield "rounds", _two_rounds(teller(_ROUNDS_TEAM, start + timedelta(days=88), "rounds"))
    yield "override", _overridden(teller(_OVERRIDES_TEAM, start + timedelta(days=109), "override"))
    yield "override-pending", _overriding(teller(_OVERRIDES_TEAM, end - timedelta(days=2), "override-pending"))
    yield "hold", _held(teller(_HOLDS_TEAM, start + timedelta(days=123), "hold"))
    yield "hold-now", _holding(teller(_HOLDS_TEAM, end - timedelta(days=2), "hold-now"))


def _two_rounds(teller: Teller) -> Told:
    """In the first somebody cannot estimate, and what is missing blocks the item; in the second they agree."""
    owner, developers = teller.cast.owner, teller.cast.developers
    narrative = "As a viewer I want to hide what I never want to see again."
    yield from teller.draft(owner, Story("Never suggest this again", "Each tenth letter asks for it.", narrative))
    teller.pause(20)
    lacking = {"kind": VoteKind.CANNOT_ESTIMATE, "reason": Reason.UNCLEAR_SCOPE, "missing": _MISSING}
    yield from _round(teller, 1, (lacking, {"points": 8.0}, {"points": 3.0}))
    block = thing_key("pbk", teller.item_id, 1)
    teller.pause(22)
    yield from teller.revise(owner, "criteria", "Hiding a series hides its films, until it is shown again.")
    teller.pause(1)
    yield from teller.claim(owner, block, "Both are in the criteria now.")
    teller.pause(8)
    yield from teller.on(developers[0], "settle_pushback", block)
    teller.pause(16)
    yield from _round(teller, 2, ({"points": 5.0}, {"points": 8.0}, {"points": 8.0}))
    teller.pause(4)
    yield from teller.sign(developers[1], Label.READY)


def _round(teller: Teller, number: int, votes: Sequence[dict[str, Any]]) -> Told:
    """One of the developers facilitates it: each votes, and all is laid open at once."""
    facilitator, held = teller.cast.developers[2], thing_key("rnd", teller.item_id, number)
    yield from teller.on(facilitator, "open_round", teller.item_id, expected_digest=teller.digest)
    for name, vote in zip(teller.cast.developers, votes, strict=True):
        teller.at += _MINUTES
        yield from teller.on(name, "cast_vote", held, **vote)
    for command in ("reveal_votes", "conclude_round"):
        teller.at += _MINUTES
        yield from teller.on(facilitator, command, held)


def _overridden(teller: Teller) -> Told:
    """The owner goes ahead; the raiser says that this is not the concern, and still disagrees afterwards."""
    owner, architect = teller.cast.owner, teller.cast.architect
    yield from teller.draft(owner, Story("Search while people type", "They wait, and then they leave."))
    teller.pause(20)
    load = concern(
        Reason.NOT_FEASIBLE, Role.ARCHITECT, "Each letter is a search: ten times the load.", "It is tried at eight p.m."
    )
    yield from teller.push_back(architect, load, Stance.BLOCKING)
    block = teller.pushbacks[-1]
    teller.pause(8)
    words = {"concern_restated": "Our machines are too small.", "rationale": "The new page is announced for Friday."}
    yield from teller.on(owner, "propose_override", block, **words)
    teller.pause(3)
    yield from teller.on(architect, "dispute_understanding", block, text="Larger ones do not help: the index is one.")
    teller.pause(120)
    yield from teller.on(architect, "record_dissent", block, text="I expect it to stand still on the first evening.")


def _overriding(teller: Teller) -> Told:
    """Nobody knows yet how this one ends: the raiser still has time to reply."""
    owner, architect, end = teller.cast.owner, teller.cast.architect, teller.stage.period.end
    yield from teller.draft(owner, Story("Show what others searched for", "People find what they did not look for."))
    teller.at = end - timedelta(hours=8, minutes=21)
    names = concern(Reason.COMPLIANCE, Role.ARCHITECT, "People search for names.", "A lawyer has read what is shown.")
    yield from teller.push_back(architect, names, Stance.BLOCKING)
    teller.at = end - timedelta(hours=2, minutes=48)
    words = {"concern_restated": "Names of private people could be shown.", "rationale": "Only the top 20 are shown."}
    yield from teller.on(owner, "propose_override", teller.pushbacks[-1], **words)


def _held(teller: Teller) -> Told:
    """The architect is not sure yet; then it is a concern of two, and they talk before they write."""
    owner, architect, developer = teller.cast.owner, teller.cast.architect, teller.cast.developers[0]
    yield from teller.draft(owner, Story("Publish without a second pair of eyes", "At night there is one editor."))
    teller.pause(6)
    yield from teller.on(architect, "place_hold", teller.item_id, statement="May one person publish by law?")
    held = teller.pushbacks[-1]
    teller.pause(8)
    yield from teller.on(
        architect,
        "substantiate_hold",
        held,
        statement="The statutes ask for two people, also at night.",
        stance=Stance.BLOCKING,
        lifts_when="A second person agrees, if by telephone.",
        reason=Reason.COMPLIANCE,
    )
    teller.pause(5)
    yield from teller.on(developer, "join_pushback", held, why="We would have to log who it was, too.")
    teller.pause(9)
    there = (teller.stage.people[architect],)
    said = "A text message to the editor in chief is enough, and is kept."
    yield from teller.on(owner, "note_conversation", held, participants=there, summary=said)
    teller.pause(2)
    yield from teller.on(architect, "confirm_conversation", held, conversation=1)
    teller.pause(10)
    yield from teller.revise(owner, "criteria", "The editor in chief agrees by text message, which is kept.")
    teller.pause(1)
    yield from teller.claim(owner, held, "As we said in the corridor.")
    teller.pause(12)
    yield from teller.on(architect, "settle_pushback", held)


def _holding(teller: Teller) -> Told:
    """One is held now: whether there is a concern nobody knows yet."""
    owner, architect, end = teller.cast.owner, teller.cast.architect, teller.stage.period.end
    yield from teller.draft(owner, Story("Correct a headline within a minute", "It stood there wrong for an hour."))
    teller.at = end - timedelta(hours=4, minutes=5)
    yield from teller.on(architect, "place_hold", teller.item_id, statement="Do the partners' caches let us?")
