"""A question about an item: asked of somebody, answered, and ended. It never stops anything."""

from domain.entry import Event, Prose
from domain.ids import PersonId


class QuestionAsked(Event, frozen=True, kw_only=True):
    """Somebody asked something about an item; the one it is routed to should answer."""

    question: int
    revision: int
    routed_to: PersonId
    text: Prose = None


class QuestionAnswered(Event, frozen=True, kw_only=True):
    """A question got an answer; the turn is the asker's."""

    question: int
    text: Prose = None


class QuestionClosed(Event, frozen=True, kw_only=True):
    """A question ended without becoming a pushback."""

    question: int


class QuestionPromoted(Event, frozen=True, kw_only=True):
    """The asker made a pushback of a question, which ended it."""

    question: int
    pushback: int
