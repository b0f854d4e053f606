"""Refusals about questions."""

from domain.refusals.refused import Refused


class UnknownQuestion(Refused):
    """There is no such question in this workspace; check the id."""


class AskedOneself(Refused):
    """A question goes to somebody else; name another person, or leave it out."""


class NoRoleHere(Refused):
    """This person holds no role here, so nobody can expect an answer of them; name somebody who does."""

    suggested = ("assign_role",)


class NobodyToAsk(Refused):
    """Nobody else here would answer this as a rule; name the person who should."""

    suggested = ("assign_role",)


class NotAsked(Refused):
    """Only the person this question was put to, or an owner of the item's track, can say that."""


class OwnQuestion(Refused):
    """Nobody answers what they asked; close it if you know."""

    suggested = ("close_question",)


class AskerOnly(Refused):
    """Only the person who asked this can say that."""

    suggested = ("answer_question",)


class QuestionEnded(Refused):
    """This question has ended; ask again if something is still open."""

    suggested = ("ask_question",)
