"""Tells one item's life: each method is a command that somebody gives some working hours after the one before."""

from collections.abc import Callable, Generator, Mapping
from datetime import datetime
from random import Random
from typing import Any, Final, TypeAlias

from domain.events import ItemDrafted, ItemRevised, PushbackRaised, SignOffGranted
from domain.events.item import Track
from domain.events.pushback import Stance
from domain.events.sign_off import Label
from domain.ids import thing_key
from infra.deciding import Done
from infra.demo.clock import later
from infra.demo.company import Cast, Objection, Story
from infra.demo.founding import TERM, TERM_OWNER, TERM_STARTS, TERM_TEAM
from infra.demo.stage import Stage, Step

Told: TypeAlias = Generator[Step, Done, None]
"""A part of an item's life."""

_POINTS: Final = (1, 2, 3, 3, 5, 5, 5, 8, 8, 13)


class Teller:
    """One item as those who work on it know it: what it says, what is open, what its digest is."""

    def __init__(self, stage: Stage, cast: Cast, track: Track, at: datetime, seed: str) -> None:
        self.stage = stage
        self.cast = cast
        self.track = track
        self.at = at
        self.chance = Random(seed)  # noqa: S311 - a story, not a secret
        self.author = ""
        self.item_id = ""
        self.digest = ""
        self.revision = 0
        self.said: dict[str, Any] = {}
        self.pushbacks: list[str] = []
        self.open_blocks: set[str] = set()
        self.sign_offs: list[str] = []

    @property
    def owner(self) -> str:
        """Who owns the item's track at the next step."""
        if self.track is Track.FUNCTIONAL:
            return self.cast.owner
        begins = self.stage.period.start + TERM_STARTS
        is_term = self.cast.name == TERM_TEAM and begins < self.at < begins + TERM
        return (TERM_OWNER if is_term else self.cast.technical_owner) or self.cast.owner

    def pause(self, hours: float) -> None:
        """Let about so many hours pass until the next step."""
        self.at = later(self.at, hours, self.chance)

    def happens(self, share: float) -> bool:
        """Whether chance has it so, in this share of cases."""
        return self.chance.random() < share

    def words(self, template: str) -> str:
        """A sentence about this team's things."""
        chance = self.chance
        figures = {
            "days": chance.choice((30, 60, 90, 180)),
            "ms": chance.choice((150, 300, 500, 800)),
            "count": f"{chance.choice((4, 12, 40, 90, 250)) * 1000:,}",
        }
        text = template.format(**self.cast.words, **figures)
        return text[0].upper() + text[1:]

    def draft(self, author: str, story: Story, **sections: object) -> Told:
        """Put it on the backlog."""
        self.author = author
        self.said = {"narrative": story.narrative, "why": story.why, **sections}
        given = {name: text for name, text in self.said.items() if text}
        team = self.stage.teams[self.cast.name]
        arguments = {"team": team, "title": story.title, "track": story.track, "kind": story.kind, **given}
        yield from self._say(author, "draft_item", None, arguments)

    def revise(self, who: str, section: str, addition: str) -> Told:
        """Add a sentence, or a criterion, to a section: what was signed before does not hold any more."""
        before = self.said.get(section)
        text = (*(before or ()), addition) if section == "criteria" else " ".join(filter(None, (before, addition)))
        self.said[section] = text
        yield from self._say(who, "revise_item", self.item_id, {"expected_digest": self.digest, section: text})

    def reword(self, who: str, narrative: str) -> Told:
        """Change the wording only: sign-offs are carried to the new revision."""
        self.said["narrative"] = narrative
        arguments = {"expected_digest": self.digest, "editorial": True, "narrative": narrative}
        yield from self._say(who, "revise_item", self.item_id, arguments)

    def push_back(self, who: str, objection: Objection, stance: Stance, *, is_sorted: bool = True) -> Told:
        """Raise a pushback in the words of the objection."""
        arguments: dict[str, object] = {"statement": self.words(objection.says), "expected_digest": self.digest}
        if stance is Stance.BLOCKING:
            arguments |= {"stance": stance, "lifts_when": self.words(objection.lifts_when)}
        if is_sorted:
            arguments["reason"] = objection.reason
        yield from self._say(who, "raise_pushback", self.item_id, arguments)

    def on(self, who: str, command: str, pushback: str, **arguments: object) -> Told:
        """Say something about one of its pushbacks."""
        yield from self._say(who, command, pushback, arguments)

    def claim(self, who: str, pushback: str, text: str) -> Told:
        """Answer that the current revision fixes it."""
        revision = thing_key("rev", self.item_id, self.revision)
        yield from self.on(who, "answer_pushback", pushback, text=text, fixed_in=revision)

    def estimate(self, who: str, points: float | None = None) -> Told:
        """The team's size, recorded by one of the developers."""
        size = float(points or self.chance.choice(_POINTS))
        yield from self._say(who, "record_estimate", self.item_id, {"points": size, "expected_digest": self.digest})

    def sign(self, who: str, label: Label, statement: str | None = None) -> Told:
        """Accept exactly what it says now."""
        arguments = {"label": label, "expected_digest": self.digest, "statement": statement}
        yield from self._say(who, "grant_sign_off", self.item_id, arguments)

    def move_up(self, who: str, places: float, why: str | None) -> Told:
        """Move it up to the place after this part (0 to 1) of the backlog, as that stands when it is done.

        The first item of a backlog has nowhere to go.
        """

        def arguments() -> Mapping[str, object]:
            others = self._others()
            place = int(places * len(others))
            above, below = (others[place - 1] if place else None), (others[place] if place < len(others) else None)
            return {"above": above, "below": below, "why": why}

        if self._others():
            yield from self._say(who, "rank_item", self.item_id, arguments)

    def _others(self) -> list[str]:
        """The other items of its backlog, the first to do first."""
        ranks = next(ranks for ranks in self.stage.ranks.values() if self.item_id in ranks)
        return sorted((item for item in ranks if item != self.item_id), key=ranks.__getitem__)

    def _say(
        self, who: str, command: str, target: str | None, arguments: Mapping[str, Any] | Callable[[], Mapping[str, Any]]
    ) -> Told:
        done = yield Step(self.at, who, command, target, arguments)
        event = done.entries[0].event
        if isinstance(event, ItemDrafted):
            self.item_id, self.digest, self.revision = done.subject_id, event.digest, 1
        if isinstance(event, ItemRevised):
            self.digest, self.revision = event.digest, event.revision
        if isinstance(event, PushbackRaised):
            self.pushbacks.append(done.subject_id)
            self.open_blocks |= {done.subject_id} if event.stance is Stance.BLOCKING else set()
        if isinstance(event, SignOffGranted):
            self.sign_offs.append(done.subject_id)
