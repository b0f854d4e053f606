"""The questions on an item as rules read them."""

from collections.abc import Mapping
from enum import Enum, auto
from types import MappingProxyType
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from domain.entry import Entry
from domain.events import QuestionAnswered, QuestionAsked, QuestionClosed, QuestionPromoted
from domain.ids import PersonId


class QuestionPhase(Enum):
    """Where a question stands: whose turn it is, or over."""

    ASKED = auto()
    ANSWERED = auto()
    ENDED = auto()


class QuestionState(msgspec.Struct, frozen=True, kw_only=True):
    """A question as rules read it."""

    asker_id: PersonId
    routed_to: PersonId
    phase: QuestionPhase = QuestionPhase.ASKED

    @property
    def is_open(self) -> bool:
        """Whether somebody may still say something about it."""
        return self.phase is not QuestionPhase.ENDED


Questions = Mapping[int, QuestionState]
NO_QUESTIONS: Final[Questions] = MappingProxyType({})


def evolve(questions: Questions, entry: Entry[Any]) -> Questions:
    """An item's questions after an entry, by ordinal; total."""
    event = entry.event
    if isinstance(event, QuestionAsked):
        asked = QuestionState(asker_id=PersonId(entry.act.actor), routed_to=event.routed_to)
        return {**questions, event.question: asked}
    ordinal = getattr(event, "question", 0)
    if ordinal not in questions:
        return questions
    match event:
        case QuestionAnswered():
            return {**questions, ordinal: replace(questions[ordinal], phase=QuestionPhase.ANSWERED)}
        case QuestionClosed() | QuestionPromoted():
            return {**questions, ordinal: replace(questions[ordinal], phase=QuestionPhase.ENDED)}
        case _:
            return questions
