"""The broadcaster of the demo: its teams, its people, what they want, and what they hold against it."""

from pathlib import Path
from typing import Final

import msgspec

from domain.events.item import ItemKind, Track
from domain.events.people import Role, TeamKind
from domain.events.pushback import Reason


class Story(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an item will say; its words may hold the names of a team's things, as `{database}`."""

    title: str
    why: str
    narrative: str | None = None
    track: Track = Track.FUNCTIONAL
    kind: ItemKind = ItemKind.STORY


class Cast(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A team: its people, what its things are called, and the stories that are its alone."""

    name: str
    kind: TeamKind
    owner: str
    technical_owner: str | None
    architect: str
    scrum_master: str
    developers: tuple[str, ...]
    words: dict[str, str]
    functional: tuple[Story, ...]
    technical: tuple[Story, ...]


class Company(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole of it; `programme` holds the stories that every team has in its own words."""

    name: str
    administrator: str
    auditor: str
    chief_architect: str
    teams: tuple[Cast, ...]
    programme: tuple[Story, ...]

    @property
    def people(self) -> tuple[str, ...]:
        """Everybody but the administrator, who is there before them, each once."""
        named = [self.chief_architect, self.auditor]
        for team in self.teams:
            named += [team.owner, team.architect, team.scrum_master, *team.developers]
            named += [team.technical_owner] if team.technical_owner else []
        return tuple(dict.fromkeys(named))


class Objection(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A pushback and what may come of it: an answer, why that is not enough, a fix of one section, or the ends."""

    reason: Reason
    by: Role
    says: str
    lifts_when: str
    answer: str
    not_yet: str
    section: str
    fix: str
    concession: str
    withdrawal: str


_FOLDER: Final = Path(__file__).parent
COMPANY: Final = msgspec.json.decode((_FOLDER / "company.json").read_bytes(), type=Company)
OBJECTIONS: Final = msgspec.json.decode((_FOLDER / "objections.json").read_bytes(), type=tuple[Objection, ...])


def stories(team: Cast) -> tuple[Story, ...]:
    """Everything on a team's backlog, in its own words."""
    technical = tuple(
        msgspec.structs.replace(story, track=Track.TECHNICAL, kind=ItemKind.ENABLER) for story in team.technical
    )
    ours = tuple(_worded(story, team.words) for story in COMPANY.programme)
    return (*team.functional, *technical, *ours)


def _worded(story: Story, words: dict[str, str]) -> Story:
    narrative = _sentence(story.narrative, words) if story.narrative else None
    return msgspec.structs.replace(
        story, title=_sentence(story.title, words), why=_sentence(story.why, words), narrative=narrative
    )


def _sentence(template: str, words: dict[str, str]) -> str:
    text = template.format(**words)
    return text[0].upper() + text[1:]
